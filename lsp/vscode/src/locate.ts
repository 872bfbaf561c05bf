/**
 * Where devbox-lint is: the setting, then the workspace's Python, then a .venv, then PATH, then what the user installed for
 * himself. Knows nothing of VS Code.
 */

import * as fs from "node:fs";
import * as path from "node:path";

/** All that decides which devbox-lint runs. */
export interface Surroundings {
    /** The setting `devbox-lint.path`, empty if not set. */
    readonly setting: string;
    /** Folders of the workspace; relative settings start in the first. */
    readonly folders: readonly string[];
    /** Python interpreters chosen for the folders, in their order. */
    readonly interpreters: readonly string[];
    /** Whether programs that lie in the workspace may be run. */
    readonly trusted: boolean;
    readonly environment: NodeJS.ProcessEnv;
    readonly platform: NodeJS.Platform;
    readonly home: string;
    /** Whether this command ends well; asked only where the files do not tell. */
    readonly endsWell: (command: string, args: readonly string[]) => Promise<boolean>;
}

export interface Found {
    /** Absolute path of the program. */
    readonly program: string;
    /** Arguments that come before those of devbox-lint. */
    readonly before: readonly string[];
    /** Why this one, for the log. */
    readonly because: string;
}

export class NotFound extends Error {}

/** What runs devbox-lint in a Python. `-P`: nothing that lies in the current folder is taken for a module. */
const AS_MODULE = ["-P", "-m", "devbox_lint"];

/** Find devbox-lint, or throw `NotFound` with a sentence that says what to do. */
export async function locate(around: Surroundings): Promise<Found> {
    if (around.setting.trim() !== "") {
        return fromSetting(around);
    }
    return (
        (around.trusted ? await inWorkspace(around) : undefined) ??
        onPath(around) ??
        ofUser(around) ??
        (await asModule(pythonsOnPath(around), around)) ??
        fail(around)
    );
}

async function inWorkspace(around: Surroundings): Promise<Found | undefined> {
    for (const interpreter of around.interpreters) {
        const because = `it is installed for ${interpreter}`;
        const found = installed(path.dirname(interpreter), because, around) ?? (await asModule([interpreter], around));
        if (found !== undefined) {
            return found;
        }
    }
    for (const folder of around.folders) {
        for (const name of [".venv", "venv"]) {
            const environment = path.join(folder, name, scripts(around.platform));
            const found = installed(environment, `it is in ${name} of the workspace`, around);
            if (found !== undefined) {
                return found;
            }
        }
    }
    return undefined;
}

function onPath(around: Surroundings): Found | undefined {
    return first(entriesOfPath(around), (entry) => installed(entry, "it is on PATH", around));
}

/** Where `pip install --user`, pipx and uv put programs, which is on PATH only if somebody saw to it. */
function ofUser(around: Surroundings): Found | undefined {
    const { environment, home, platform } = around;
    const folders = [path.join(home, ".local", "bin")];
    if (platform === "win32") {
        const roaming = valueOf(environment, "APPDATA") ?? path.join(home, "AppData", "Roaming");
        const local = valueOf(environment, "LOCALAPPDATA") ?? path.join(home, "AppData", "Local");
        folders.push(...below(path.join(roaming, "Python"), /^Python3\d+$/, "Scripts"));
        // Python from the Store keeps what is installed for it in its own folder.
        for (const store of below(path.join(local, "Packages"), /^PythonSoftwareFoundation\.Python\./, "LocalCache/local-packages")) {
            folders.push(...below(store, /^Python3\d+$/, "Scripts"));
        }
        folders.push(...below(path.join(local, "Programs", "Python"), /^Python3\d+$/, "Scripts"));
    } else if (platform === "darwin") {
        folders.push(...below(path.join(home, "Library", "Python"), /^3\.\d+$/, "bin"));
    }
    return first(folders, (folder) => installed(folder, `it is installed in ${folder}`, around));
}

function pythonsOnPath(around: Surroundings): string[] {
    const names = around.platform === "win32" ? ["py.exe", "python.exe", "python3.exe"] : ["python3", "python"];
    return names.flatMap((name) => entriesOfPath(around).map((entry) => path.join(entry, name)).filter(isThere).slice(0, 1));
}

async function asModule(interpreters: readonly string[], around: Surroundings): Promise<Found | undefined> {
    for (const program of interpreters) {
        if (await around.endsWell(program, [...AS_MODULE, "--version"])) {
            return { program, before: AS_MODULE, because: `it is a module of ${program}` };
        }
    }
    return undefined;
}

function fail(around: Surroundings): never {
    throw new NotFound(
        around.trusted
            ? "devbox-lint is neither in the workspace's Python environment nor on PATH. Install it there, or name it in the setting devbox-lint.path."
            : "devbox-lint is not on PATH, and the workspace is not trusted. Trust it to run the one of its Python environment, or install one on PATH.",
    );
}

function fromSetting(around: Surroundings): Found {
    const folder = around.folders[0] ?? around.home;
    const written = around.setting
        .trim()
        .replaceAll("${workspaceFolder}", folder)
        .replaceAll("${userHome}", around.home)
        .replace(/^~(?=[\\/]|$)/, around.home);
    const program = path.resolve(folder, written);
    if (!runnable(program)) {
        throw new NotFound(`The setting devbox-lint.path leads to ${program}, where there is no program.`);
    }
    return { program, before: [], because: "the setting devbox-lint.path says so" };
}

/** The program in a folder, or, for a Python installed for the whole of Windows, in the folder's `Scripts`. */
function installed(folder: string, because: string, { platform }: Surroundings): Found | undefined {
    const candidates =
        platform === "win32"
            ? [path.join(folder, "devbox-lint.exe"), path.join(folder, "Scripts", "devbox-lint.exe")]
            : [path.join(folder, "devbox-lint")];
    const program = candidates.find(runnable);
    return program === undefined ? undefined : { program, before: [], because };
}

function scripts(platform: NodeJS.Platform): string {
    return platform === "win32" ? "Scripts" : "bin";
}

/** The absolute entries: relative ones mean the current folder, which may be the workspace. */
function entriesOfPath({ environment, platform }: Surroundings): string[] {
    const entries = valueOf(environment, "PATH") ?? "";
    return entries.split(platform === "win32" ? ";" : ":").filter((entry) => path.isAbsolute(entry));
}

/** Windows knows names of variables in any case. */
function valueOf(environment: NodeJS.ProcessEnv, wanted: string): string | undefined {
    return Object.entries(environment).find(([name]) => name.toUpperCase() === wanted)?.[1];
}

/** `inner` in those folders of `folder` whose names are such, the newest version first. */
function below(folder: string, name: RegExp, inner: string): string[] {
    try {
        const versions = fs.readdirSync(folder).filter((each) => name.test(each));
        versions.sort((one, other) => other.localeCompare(one, "en", { numeric: true }));
        return versions.map((each) => path.join(folder, each, inner));
    } catch {
        return [];
    }
}

function first<Each, Found>(all: readonly Each[], look: (each: Each) => Found | undefined): Found | undefined {
    for (const each of all) {
        const found = look(each);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}

function isThere(file: string): boolean {
    try {
        // Programs from the Store are links that nothing but the system can follow.
        fs.lstatSync(file);
        return true;
    } catch {
        return false;
    }
}

function runnable(program: string): boolean {
    try {
        fs.accessSync(program, fs.constants.X_OK);
        return fs.statSync(program).isFile();
    } catch {
        return false;
    }
}
