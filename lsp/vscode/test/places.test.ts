import assert from "node:assert/strict";
import { test } from "node:test";

import { type Address, fromServer, isMirrored, mirroredPath, mountOf, toServer } from "../src/places";

const DOCUMENTS: [Address, string, string | undefined][] = [
    [{ scheme: "file", authority: "", path: "/home/a b/ü.yaml" }, "file:///disk/home/a%20b/%C3%BC.yaml", "/"],
    [{ scheme: "file", authority: "", path: "/c:/Users/x/task.yaml" }, "file:///disk/c%3A/Users/x/task.yaml", "c:/"],
    [{ scheme: "file", authority: "server", path: "/share/x/task.yaml" }, "file:///shares/server/share/x/task.yaml", "\\\\server\\share"],
    [
        { scheme: "vscode-vfs", authority: "github", path: "/contoso/web/task.yaml" },
        "file:///workspace/vscode-vfs%252Bgithub/contoso/web/task.yaml",
        undefined,
    ],
    [
        { scheme: "vscode-remote", authority: "ssh+host:1", path: "/x/50%.yaml" },
        "file:///workspace/vscode-remote%252Bssh%252Bhost%253A1/x/50%25.yaml",
        undefined,
    ],
];

test("a document is found again by what the server calls it", () => {
    for (const [address, uri, root] of DOCUMENTS) {
        assert.equal(toServer(address, "unused", true), uri);
        assert.deepEqual(fromServer(uri), address);
        assert.equal(isMirrored(address, true), root === undefined);
        if (root !== undefined) {
            assert.equal(mountOf(address).root, root);
        }
    }
});

test("the copy of a file lies where the server looks for the file", () => {
    for (const [address, , root] of DOCUMENTS) {
        const copied = `file:///workspace/${mirroredPath(address).split("/").map(encodeURIComponent).join("/")}`;
        assert.equal(toServer(address, "unused", root !== undefined) === copied, root === undefined);
        assert.equal(toServer(address, "unused", false), copied);
        assert.deepEqual(fromServer(copied), address);
    }
});

test("drives are the same in whatever way they are written", () => {
    const drive = mountOf({ scheme: "file", authority: "", path: "/C:/x" });
    assert.deepEqual(drive, { root: "c:/", place: "/disk/c:" });
    assert.equal(toServer({ scheme: "file", authority: "", path: "/C:/x" }, "", true), "file:///disk/c%3A/x");
});

test("what has no file yet, and what is no document, keeps its name", () => {
    const untitled = { scheme: "untitled", authority: "", path: "Untitled-1" };
    assert.equal(toServer(untitled, "untitled:Untitled-1", true), "untitled:Untitled-1");
    assert.equal(fromServer("untitled:Untitled-1"), undefined);
    assert.equal(fromServer("https://example.com/x"), undefined);
});
