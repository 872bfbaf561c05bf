import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";

import { launch } from "../src/launch";
import { NotFound, locate, type Surroundings } from "../src/locate";

const top = fs.mkdtempSync(path.join(os.tmpdir(), "locate-"));
after(() => fs.rmSync(top, { recursive: true }));

/** A program in a folder below the temporary one; the folder. */
function install(folder: string, name = "devbox-lint"): string {
    const full = path.join(top, folder);
    fs.mkdirSync(full, { recursive: true });
    fs.writeFileSync(path.join(full, name), "#!/bin/sh\n", { mode: 0o755 });
    return full;
}

const workspace = path.join(top, "workspace");
const chosen = install("chosen/bin");
const onPath = install("on-path");
install("workspace/.venv/bin");
install("workspace/tools");

const around: Surroundings = {
    setting: "",
    folders: [workspace],
    interpreters: [path.join(chosen, "python")],
    trusted: true,
    environment: { PATH: `relative:${onPath}` },
    platform: "linux",
    home: top,
    endsWell: () => Promise.resolve(false),
};

async function program(change: Partial<Surroundings>): Promise<string> {
    return path.relative(top, (await locate({ ...around, ...change })).program);
}

test("the setting wins, however it is written", async () => {
    const written = ["tools/devbox-lint", "${workspaceFolder}/tools/devbox-lint", `${workspace}/tools/devbox-lint`];
    for (const setting of [...written, "~/workspace/tools/devbox-lint", "${userHome}/workspace/tools/devbox-lint"]) {
        assert.equal(await program({ setting }), "workspace/tools/devbox-lint", setting);
    }
});

test("a setting that leads nowhere is an error, not a reason to take another", async () => {
    await assert.rejects(
        () => program({ setting: "nowhere/devbox-lint" }),
        (error) => error instanceof NotFound && error.message.includes(path.join(workspace, "nowhere", "devbox-lint")),
    );
    await assert.rejects(() => program({ setting: "tools" }), NotFound, "a folder is no program");
});

test("then the interpreter of the workspace, then .venv, then PATH", async () => {
    assert.equal(await program({}), "chosen/bin/devbox-lint");
    assert.equal(await program({ interpreters: [path.join(top, "empty", "python")] }), "workspace/.venv/bin/devbox-lint");
    assert.equal(await program({ interpreters: [], folders: [] }), "on-path/devbox-lint");
});

test("the second folder's environment serves where the first has none", async () => {
    const folders = [path.join(top, "other"), workspace];
    assert.equal(await program({ interpreters: [], folders }), "workspace/.venv/bin/devbox-lint");
});

test("nothing of a workspace that is not trusted is run", async () => {
    assert.equal(await program({ trusted: false }), "on-path/devbox-lint");
});

test("a relative entry of PATH is passed over: it would lead into the workspace", async () => {
    const before = process.cwd();
    process.chdir(workspace);
    try {
        await assert.rejects(() => program({ interpreters: [], folders: [], environment: { PATH: "tools:.:" } }), NotFound);
    } finally {
        process.chdir(before);
    }
});

test("where it is nowhere, the sentence says what to do", async () => {
    const nowhere = { interpreters: [], folders: [], environment: {} };
    const message = async (trusted: boolean): Promise<string> => {
        try {
            return await program({ ...nowhere, trusted });
        } catch (error) {
            return error instanceof NotFound ? error.message : "";
        }
    };
    assert.match(
        await message(true),
        /^devbox-lint is neither in the workspace's Python environment nor on PATH\. Install it there/,
    );
    assert.match(await message(false), /^devbox-lint is not on PATH, and the workspace is not trusted/);
});

test("a file that may not be run is not taken", async () => {
    const folder = install("not-executable");
    fs.chmodSync(path.join(folder, "devbox-lint"), 0o644);
    await assert.rejects(() => program({ interpreters: [], folders: [], environment: { PATH: folder } }), NotFound);
});

test("Windows has programs with .exe, in Scripts, and a PATH that may be called Path", async () => {
    install("windows/venv/Scripts", "devbox-lint.exe");
    install("windows/python/Scripts", "devbox-lint.exe");
    const windows = { platform: "win32", folders: [], interpreters: [] } as const;
    assert.equal(
        await program({ ...windows, interpreters: [path.join(top, "windows/venv/Scripts/python.exe")] }),
        "windows/venv/Scripts/devbox-lint.exe",
    );
    assert.equal(
        await program({ ...windows, interpreters: [path.join(top, "windows/python/python.exe")] }),
        "windows/python/Scripts/devbox-lint.exe",
    );
    assert.equal(
        await program({ ...windows, folders: [path.join(top, "windows")] }),
        "windows/venv/Scripts/devbox-lint.exe",
    );
    const Path = `relative;${path.join(top, "windows/venv/Scripts")}`;
    assert.equal(await program({ ...windows, environment: { Path } }), "windows/venv/Scripts/devbox-lint.exe");
});

test("what a user installed for himself is found, the newest first", async () => {
    const nothing = { interpreters: [], folders: [] };
    const home = path.join(top, "person");
    install("person/.local/bin");
    assert.equal(await program({ ...nothing, home, environment: {} }), "person/.local/bin/devbox-lint");
    const windows = { ...nothing, platform: "win32", home: path.join(top, "none") } as const;
    const roaming = path.join(top, "Roaming");
    install("Roaming/Python/Python39/Scripts", "devbox-lint.exe");
    install("Roaming/Python/Python313/Scripts", "devbox-lint.exe");
    assert.equal(
        await program({ ...windows, environment: { AppData: roaming } }),
        "Roaming/Python/Python313/Scripts/devbox-lint.exe",
    );
    const store = "Local/Packages/PythonSoftwareFoundation.Python.3.13_qbz5n2kfra8p0/LocalCache/local-packages/Python313/Scripts";
    install(store, "devbox-lint.exe");
    const environment = { LOCALAPPDATA: path.join(top, "Local") };
    assert.equal(await program({ ...windows, environment }), `${store}/devbox-lint.exe`);
    install("Library/Python/3.12/bin");
    assert.equal(await program({ ...nothing, platform: "darwin", environment: {} }), "Library/Python/3.12/bin/devbox-lint");
});

test("a Python that has it as a module runs it, and takes nothing of the current folder for it", async () => {
    const asked: string[] = [];
    const python = path.join(install("with-python", "python3"), "python3");
    const endsWell = (command: string, args: readonly string[]): Promise<boolean> => {
        asked.push([path.relative(top, command), ...args].join(" "));
        return Promise.resolve(true);
    };
    const nothing = { folders: [], home: path.join(top, "none"), endsWell };
    const chosen = { ...around, ...nothing, interpreters: [python], environment: {} };
    const onPath = { ...around, ...nothing, interpreters: [], environment: { PATH: path.dirname(python) } };
    for (const where of [chosen, onPath]) {
        const found = await locate(where);
        assert.equal(found.program, python);
        assert.deepEqual(launch(found, {}).args, ["-P", "-m", "devbox_lint", "server"]);
    }
    assert.deepEqual(asked, Array(2).fill("with-python/python3 -P -m devbox_lint --version"));
    await assert.rejects(() => locate({ ...chosen, trusted: false }), NotFound);
});
