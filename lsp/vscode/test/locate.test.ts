import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";

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
};

function program(change: Partial<Surroundings>): string {
    return path.relative(top, locate({ ...around, ...change }).program);
}

test("the setting wins, however it is written", () => {
    const written = ["tools/devbox-lint", "${workspaceFolder}/tools/devbox-lint", `${workspace}/tools/devbox-lint`];
    for (const setting of [...written, "~/workspace/tools/devbox-lint", "${userHome}/workspace/tools/devbox-lint"]) {
        assert.equal(program({ setting }), "workspace/tools/devbox-lint", setting);
    }
});

test("a setting that leads nowhere is an error, not a reason to take another", () => {
    assert.throws(
        () => program({ setting: "nowhere/devbox-lint" }),
        (error) => error instanceof NotFound && error.message.includes(path.join(workspace, "nowhere", "devbox-lint")),
    );
    assert.throws(() => program({ setting: "tools" }), NotFound, "a folder is no program");
});

test("then the interpreter of the workspace, then .venv, then PATH", () => {
    assert.equal(program({}), "chosen/bin/devbox-lint");
    assert.equal(program({ interpreters: [path.join(top, "empty", "python")] }), "workspace/.venv/bin/devbox-lint");
    assert.equal(program({ interpreters: [], folders: [] }), "on-path/devbox-lint");
});

test("the second folder's environment serves where the first has none", () => {
    const folders = [path.join(top, "other"), workspace];
    assert.equal(program({ interpreters: [], folders }), "workspace/.venv/bin/devbox-lint");
});

test("nothing of a workspace that is not trusted is run", () => {
    assert.equal(program({ trusted: false }), "on-path/devbox-lint");
});

test("a relative entry of PATH is passed over: it would lead into the workspace", () => {
    const before = process.cwd();
    process.chdir(workspace);
    try {
        assert.throws(() => program({ interpreters: [], folders: [], environment: { PATH: "tools:.:" } }), NotFound);
    } finally {
        process.chdir(before);
    }
});

test("where it is nowhere, the sentence says what to do", () => {
    const nowhere = { interpreters: [], folders: [], environment: {} };
    const message = (trusted: boolean): string => {
        try {
            return program({ ...nowhere, trusted });
        } catch (error) {
            return error instanceof NotFound ? error.message : "";
        }
    };
    assert.match(
        message(true),
        /^devbox-lint is neither in the workspace's Python environment nor on PATH\. Install it there/,
    );
    assert.match(message(false), /^devbox-lint is not on PATH, and the workspace is not trusted/);
});

test("a file that may not be run is not taken", () => {
    const folder = install("not-executable");
    fs.chmodSync(path.join(folder, "devbox-lint"), 0o644);
    assert.throws(() => program({ interpreters: [], folders: [], environment: { PATH: folder } }), NotFound);
});

test("Windows has programs with .exe, in Scripts, and a PATH that may be called Path", () => {
    install("windows/venv/Scripts", "devbox-lint.exe");
    install("windows/python/Scripts", "devbox-lint.exe");
    const windows = { platform: "win32", folders: [], interpreters: [] } as const;
    assert.equal(
        program({ ...windows, interpreters: [path.join(top, "windows/venv/Scripts/python.exe")] }),
        "windows/venv/Scripts/devbox-lint.exe",
    );
    assert.equal(
        program({ ...windows, interpreters: [path.join(top, "windows/python/python.exe")] }),
        "windows/python/Scripts/devbox-lint.exe",
    );
    assert.equal(
        program({ ...windows, folders: [path.join(top, "windows")] }),
        "windows/venv/Scripts/devbox-lint.exe",
    );
    const Path = `relative;${path.join(top, "windows/venv/Scripts")}`;
    assert.equal(program({ ...windows, environment: { Path } }), "windows/venv/Scripts/devbox-lint.exe");
});
