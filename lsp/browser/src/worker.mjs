// The server in a web worker; conversation.mjs says what is posted. It starts with
//   { type: "start", runtime, bundle, files }   addresses of the folder with Pyodide and of the archive; files by path

import { converse } from "./conversation.mjs";

async function prepare({ runtime, bundle, files }) {
    const archive = fetched(bundle);
    const { loadPyodide } = await import(new URL("pyodide.mjs", runtime).href);
    return { loadPyodide, indexURL: runtime, bundle: archive, files };
}

async function fetched(address) {
    const answer = await fetch(address);
    if (!answer.ok) {
        throw new Error(`${address}: ${answer.status}`);
    }
    return answer.arrayBuffer();
}

const hear = converse((said) => postMessage(said), prepare);
addEventListener("message", ({ data }) => hear(data));
