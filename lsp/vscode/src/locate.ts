/** Where devbox-lint is: the setting, then the workspace's Python, then a .venv, then PATH. Knows nothing of VS Code. */

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
}

export interface Found {
    /** Absolute path of the program. */
    readonly program: string;
    /** Why this one, for the log. */
    readonly because: string;
}

export class NotFound extends Error {}

/** Find devbox-lint, or throw `NotFound` with a sentence that says what to do. */
export function locate(around: Surroundings): Found {
    if (around.setting.trim() !== "") {
        return fromSetting(around);
    }
    if (around.trusted) {
        for (const interpreter of around.interpreters) {
            const program = beside(path.dirname(interpreter), around.platform);
            if (program !== undefined) {
                return { program, because: `it is installed for ${interpreter}` };
            }
        }
        for (const folder of around.folders) {
            for (const environment of [".venv", "venv"]) {
                const program = beside(path.join(folder, environment, scripts(around.platform)), around.platform);
                if (program !== undefined) {
                    return { program, because: `it is in ${environment} of the workspace` };
                }
            }
        }
    }
    // Relative entries of PATH mean the current folder, which may be the workspace: they are passed over.
    const entries = Object.entries(around.environment).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
    for (const entry of entries.split(around.platform === "win32" ? ";" : ":")) {
        const program = path.isAbsolute(entry) ? beside(entry, around.platform) : undefined;
        if (program !== undefined) {
            return { program, because: "it is on PATH" };
        }
    }
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
    return { program, because: "the setting devbox-lint.path says so" };
}

function scripts(platform: NodeJS.Platform): string {
    return platform === "win32" ? "Scripts" : "bin";
}

/** The program in a folder, or, for a Python installed for the whole of Windows, in the folder's `Scripts`. */
function beside(folder: string, platform: NodeJS.Platform): string | undefined {
    const candidates =
        platform === "win32"
            ? [path.join(folder, "devbox-lint.exe"), path.join(folder, "Scripts", "devbox-lint.exe")]
            : [path.join(folder, "devbox-lint")];
    return candidates.find(runnable);
}

function runnable(program: string): boolean {
    try {
        fs.accessSync(program, fs.constants.X_OK);
        return fs.statSync(program).isFile();
    } catch {
        return false;
    }
}
