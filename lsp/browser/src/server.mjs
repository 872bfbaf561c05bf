// The language server in Python, on WebAssembly: messages of the Language Server Protocol in and out, nothing else.
// Nothing is fetched but the runtime and the bundle, both from where the caller has them.

import { mountReadOnly } from "./folders.mjs";

/** Where the files of the workspace are for the server. */
export const WORKSPACE = "/workspace";

const PROGRAM = `
import sys
sys.path.insert(0, "/opt/devbox-lint")
import json
from devbox_lint_lsp.embedded import embed
from devbox_lint_rules import RULES

def start(send):
    return embed(lambda: RULES, send)
start
`;

/**
 * Starts a server.
 *
 * @param {object} options
 * @param {(options?: object) => Promise<object>} options.loadPyodide what the npm package `pyodide` exports
 * @param {string} [options.indexURL] where the files of that package are
 * @param {Uint8Array | ArrayBuffer | Promise<ArrayBuffer>} options.bundle the archive that `tools/browser_bundle.py` makes, compiled by
 *     `build.mjs` or not; it may still be on its way
 * @param {(message: object) => void} options.onMessage gets each message of the server
 * @param {Record<string, string | Uint8Array>} [options.files] files of the workspace by their paths in it, with `/`
 * @param {string} [options.folder] a folder of this machine that is the workspace instead, only read (Node.js alone)
 * @param {(step: "runtime" | "program" | "ready") => void} [options.onProgress]
 * @returns {Promise<{
 *     send(message: object): void,
 *     write(path: string, content: string | Uint8Array | null): void,
 *     mount(root: string, place: string): void,
 * }>} `write` with null takes a file away, if there is one; `mount` shows a folder of this machine elsewhere, only to be
 *     read (Node.js alone)
 */
export async function start({ loadPyodide, indexURL, bundle, onMessage, files = {}, folder, onProgress = () => {} }) {
    onProgress("runtime");
    const pyodide = await loadPyodide(indexURL === undefined ? {} : { indexURL });
    onProgress("program");
    // Pyodide takes no subclass such as Buffer.
    pyodide.unpackArchive(new Uint8Array(await bundle), "zip", { extractDir: "/opt/devbox-lint" });
    pyodide.FS.mkdirTree(WORKSPACE);
    if (folder !== undefined) {
        mountReadOnly(pyodide, folder, WORKSPACE);
    }
    const write = (path, content) => {
        if (folder !== undefined) {
            throw new Error("the workspace is a folder of this machine, which is only read");
        }
        const parts = path.split("/");
        if (parts.some((part) => part === "" || part === "." || part === "..")) {
            throw new Error(`not a path inside the workspace: ${path}`);
        }
        const place = `${WORKSPACE}/${parts.join("/")}`;
        if (content === null) {
            if (pyodide.FS.analyzePath(place).exists) {
                pyodide.FS.unlink(place);
            }
            return;
        }
        pyodide.FS.mkdirTree(place.slice(0, place.lastIndexOf("/")));
        pyodide.FS.writeFile(place, content);
    };
    for (const [path, content] of Object.entries(files)) {
        write(path, content);
    }
    const begin = await pyodide.runPythonAsync(PROGRAM);
    const receive = begin((text) => onMessage(JSON.parse(text)));
    begin.destroy();
    onProgress("ready");
    return {
        send: (message) => receive(JSON.stringify(message)),
        write,
        mount: (root, place) => mountReadOnly(pyodide, root, place),
    };
}
