// The server in a web worker. The page posts
//   { type: "start", runtime, bundle, files }   addresses of the folder with Pyodide and of the archive; files by path
//   { type: "message", message }                a message of the client
//   { type: "write", path, content }            a file of the workspace that is not open; null takes it away
// and gets
//   { type: "progress", step }                  "runtime", "program", "ready"
//   { type: "message", message }                a message of the server
//   { type: "failed", reason }                  it could not be started; said again to each message that comes then

import { start } from "./server.mjs";

let server;
let reason;
const waiting = [];

async function begin({ runtime, bundle, files }) {
    const archive = fetched(bundle);
    const { loadPyodide } = await import(new URL("pyodide.mjs", runtime).href);
    server = await start({
        loadPyodide,
        indexURL: runtime,
        bundle: archive,
        files,
        onMessage: (message) => postMessage({ type: "message", message }),
        onProgress: (step) => postMessage({ type: "progress", step }),
    });
    for (const data of waiting.splice(0)) {
        handle(data);
    }
}

async function fetched(address) {
    const answer = await fetch(address);
    if (!answer.ok) {
        throw new Error(`${address}: ${answer.status}`);
    }
    return answer.arrayBuffer();
}

function handle(data) {
    if (reason !== undefined) {
        postMessage({ type: "failed", reason });
    } else if (server === undefined) {
        waiting.push(data);
    } else if (data.type === "message") {
        server.send(data.message);
    } else if (data.type === "write") {
        server.write(data.path, data.content);
    }
}

addEventListener("message", ({ data }) => {
    if (data.type === "start") {
        begin(data).catch((error) => {
            reason = String(error);
            postMessage({ type: "failed", reason });
        });
    } else {
        handle(data);
    }
});
