// The built-in server in a web worker of a browser's extension host. It starts with { type: "start", files }: what
// lsp/browser/build.mjs made, by name. Hosts of extensions serve files in ways of their own, which a worker in a worker
// does not always reach, so that nothing is fetched here.

import { converse } from "../../../browser/src/conversation.mjs";

/** Where Pyodide believes that its files are. */
const RUNTIME = "https://devbox-lint.invalid/runtime/";

async function prepare({ files }) {
    // VS Code makes of every worker one of the old kind, which Pyodide tells by this function and does not like.
    self.importScripts = () => {
        throw new Error("not here");
    };
    const fetchOthers = self.fetch;
    self.fetch = async (address, options) => {
        const name = String(address instanceof Request ? address.url : address);
        const content = name.startsWith(RUNTIME) ? files[`runtime/${name.slice(RUNTIME.length)}`] : undefined;
        if (content === undefined) {
            return fetchOthers(address, options);
        }
        return new Response(content, { headers: { "content-type": name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream" } });
    };
    const { loadPyodide } = await load(files["runtime/pyodide.mjs"]);
    const { default: createPyodideModule } = await load(files["runtime/pyodide.asm.mjs"]);
    return {
        loadPyodide: (options) => loadPyodide({ ...options, createPyodideModule }),
        indexURL: RUNTIME,
        bundle: files["devbox-lint.zip"],
    };
}

async function load(script) {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    try {
        return await import(address);
    } finally {
        URL.revokeObjectURL(address);
    }
}

const hear = converse((said) => postMessage(said), prepare);
addEventListener("message", ({ data }) => hear(data));
