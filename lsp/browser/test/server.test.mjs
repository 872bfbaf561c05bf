// The server in Pyodide says of real files what the command line says of them.
//     DEVBOX_LINT_SERVED    the folder that build.mjs writes
//     DEVBOX_LINT_FINDINGS  a JSON file: folder, and for each file in it code and place (from 0) of what is found

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { WORKSPACE, start } from "../src/server.mjs";

const served = process.env.DEVBOX_LINT_SERVED;
const bundle = await readFile(path.join(served, "devbox-lint.zip"));
const runtime = path.join(served, "runtime");
const { loadPyodide } = await import(path.join(runtime, "pyodide.mjs"));
const { folder, files } = JSON.parse(await readFile(process.env.DEVBOX_LINT_FINDINGS, "utf8"));
const answers = new Map();
const published = new Map();
let server;
let number = 0;

const uriOf = (name) => `file://${WORKSPACE}/${name.split("/").map(encodeURIComponent).join("/")}`;

async function until(found) {
    for (let turn = 0; turn < 2000; turn += 1) {
        const value = found();
        if (value !== undefined) {
            return value;
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error("no answer");
}

async function request(method, params) {
    number += 1;
    const id = number;
    server.send({ jsonrpc: "2.0", id, method, params });
    const answer = await until(() => answers.get(id));
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    return answer.result;
}

function open(uri, text) {
    published.delete(uri);
    const textDocument = { uri, languageId: "yaml", version: 1, text };
    server.send({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument } });
    return until(() => published.get(uri));
}

before(async () => {
    server = await start({
        loadPyodide,
        indexURL: runtime,
        bundle,
        folder,
        onMessage: (message) => {
            if (message.method === "textDocument/publishDiagnostics") {
                published.set(message.params.uri, message.params.diagnostics);
            } else if (message.id !== undefined && message.method === undefined) {
                answers.set(message.id, message);
            }
        },
    });
    const workspaceFolders = [{ uri: `file://${WORKSPACE}`, name: "workspace" }];
    await request("initialize", { processId: null, rootUri: `file://${WORKSPACE}`, capabilities: {}, workspaceFolders });
    server.send({ jsonrpc: "2.0", method: "initialized", params: {} });
});

after(() => {
    server.send({ jsonrpc: "2.0", method: "exit" });
});

test("what is found in files is what the command line finds", async () => {
    const names = Object.keys(files);
    assert.ok(names.length > 0);
    for (const name of names) {
        const uri = uriOf(name);
        const found = await open(uri, (await readFile(path.join(folder, name), "utf8")).replace(/^\ufeff/, ""));
        const told = found.map(({ code, range }) => [code, range.start.line, range.start.character]);
        assert.deepEqual(told.sort(), files[name].sort(), name);
        server.send({ jsonrpc: "2.0", method: "textDocument/didClose", params: { textDocument: { uri } } });
    }
});

test("a file with a wrong type gets its finding", async () => {
    const found = await open(uriOf("wrong/imagedefinition.yaml"), "name: web\nimage: [a]\ntasks:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n");
    assert.ok(found.some(({ code }) => code === "DBX106"), JSON.stringify(found));
});

test("completion and hover work, and no online check is offered", async () => {
    const uri = uriOf("new/workload.yaml");
    await open(uri, "name: web\ntasks:\n  - name: ~/winget\n");
    const textDocument = { uri };
    const { items } = await request("textDocument/completion", { textDocument, position: { line: 3, character: 0 } });
    assert.ok(items.some(({ label }) => label === "userTasks"));
    const hover = await request("textDocument/hover", { textDocument, position: { line: 2, character: 12 } });
    assert.match(hover.contents.value, /winget/);
});

test("files that are given are found, and gone when they are taken away", async () => {
    const sent = [];
    const other = await start({ loadPyodide, indexURL: runtime, bundle, files: { ".git/HEAD": "" }, onMessage: (message) => sent.push(message) });
    const last = () => sent.findLast(({ method }) => method === "textDocument/publishDiagnostics")?.params.diagnostics.map(({ code }) => code);
    const task = "name: install\ndescription: x\ncommand: .\\\\install.ps1\n";
    const textDocument = { uri: `file://${WORKSPACE}/tasks/install/task.yaml`, languageId: "yaml", version: 1, text: task };
    const changed = () => other.send({ jsonrpc: "2.0", method: "workspace/didChangeWatchedFiles", params: { changes: [] } });
    other.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: `file://${WORKSPACE}`, capabilities: {} } });
    other.send({ jsonrpc: "2.0", method: "initialized", params: {} });
    other.write("tasks/install/install.ps1", "exit 0\n");
    other.send({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument } });
    assert.ok(!(await until(last)).includes("DBX604"));
    other.write("tasks/install/install.ps1", null);
    other.write("tasks/install/never.ps1", null);
    changed();
    await until(() => last().includes("DBX604") || undefined);
    assert.throws(() => other.write("../x", ""), /not a path inside/);
});

test("nothing is written into a folder of this machine", () => {
    assert.throws(() => server.write("x.yaml", "x"), /only read/);
});
