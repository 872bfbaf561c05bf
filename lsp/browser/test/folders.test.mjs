// Folders of this machine are read and followed, and nothing is written there. DEVBOX_LINT_SERVED as in server.test.mjs.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { mountReadOnly } from "../src/folders.mjs";

const runtime = path.join(process.env.DEVBOX_LINT_SERVED, "runtime");
const { loadPyodide } = await import(path.join(runtime, "pyodide.mjs"));

test("a folder is read through its links, and not written to", async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "folders-"));
    t.after(() => rm(folder, { recursive: true }));
    await mkdir(path.join(folder, "inner"));
    await writeFile(path.join(folder, "inner", "file.yaml"), "name: x\n");
    try {
        await symlink(path.join(folder, "inner"), path.join(folder, "absolute"));
        await symlink("inner", path.join(folder, "relative"));
    } catch (error) {
        if (error.code === "EPERM") {
            return t.skip("Windows lets not everyone make links");
        }
        throw error;
    }
    const pyodide = await loadPyodide({ indexURL: runtime });
    mountReadOnly(pyodide, folder, "/disk/here");
    // A second folder is guarded too, by the same guard.
    mountReadOnly(pyodide, path.join(folder, "inner"), "/disk/again");
    const read = (place) => pyodide.runPython(`open(${JSON.stringify(place)}).read()`);
    for (const place of ["here/inner", "here/absolute", "here/relative", "again"]) {
        assert.equal(read(`/disk/${place}/file.yaml`), "name: x\n", place);
    }
    const before = await readdir(folder, { recursive: true });
    for (const attempt of [
        'open("/disk/here/new", "w")',
        'open("/disk/here/inner/file.yaml", "w")',
        'open("/disk/here/inner/file.yaml", "r+b", 0).write(b"y")',
        'open("/disk/again/file.yaml", "ab", 0).write(b"y")',
        '__import__("os").remove("/disk/here/inner/file.yaml")',
        '__import__("os").rename("/disk/here/inner", "/disk/here/outer")',
        '__import__("os").mkdir("/disk/here/made")',
        '__import__("os").symlink("inner", "/disk/here/link")',
        '__import__("os").chmod("/disk/here/inner/file.yaml", 0)',
        '__import__("os").utime("/disk/here/inner/file.yaml", (1, 1))',
    ]) {
        assert.throws(() => pyodide.runPython(attempt), /Read-only file system/, attempt);
    }
    assert.deepEqual(await readdir(folder, { recursive: true }), before);
    assert.equal(await readFile(path.join(folder, "inner", "file.yaml"), "utf8"), "name: x\n");
});
