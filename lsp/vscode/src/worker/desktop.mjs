// The built-in server in a thread of the desktop's extension host. It starts with { type: "start", folder }: where what
// lsp/browser/build.mjs made is.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";

import { converse } from "../../../browser/src/conversation.mjs";

async function prepare({ folder }) {
    const runtime = path.join(folder, "runtime");
    const bundle = readFile(path.join(folder, "devbox-lint.zip"));
    const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
    return { loadPyodide, indexURL: runtime, bundle };
}

parentPort.on(
    "message",
    converse((said) => parentPort.postMessage(said), prepare),
);
