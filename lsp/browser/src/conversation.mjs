// What a server in a worker and its owner say to each other. The owner posts
//   { type: "start", ... }                      whatever the worker needs to begin
//   { type: "message", message }                a message of the client
//   { type: "write", path, content }            a file of the workspace that is not open; null takes it away
//   { type: "mount", root, place }              a folder of this machine, only read (Node.js alone)
// and gets
//   { type: "progress", step }                  "runtime", "program", "ready"
//   { type: "message", message }                a message of the server
//   { type: "failed", reason }                  it could not be started; said again to each message that comes then

import { start } from "./server.mjs";

/**
 * Serves one owner.
 *
 * @param {(said: object) => void} post says something to the owner
 * @param {(said: object) => Promise<object>} prepare from what "start" brings makes what `start` of `server.mjs` takes
 * @returns {(said: object) => void} takes what the owner posts
 */
export function converse(post, prepare) {
    let server;
    let reason;
    const waiting = [];

    async function begin(said) {
        server = await start({
            ...(await prepare(said)),
            onMessage: (message) => post({ type: "message", message }),
            onProgress: (step) => post({ type: "progress", step }),
        });
        for (const each of waiting.splice(0)) {
            hear(each);
        }
    }

    function hear(said) {
        if (said.type === "start") {
            begin(said).catch((error) => {
                reason = String(error);
                post({ type: "failed", reason });
            });
        } else if (reason !== undefined) {
            post({ type: "failed", reason });
        } else if (server === undefined) {
            waiting.push(said);
        } else if (said.type === "message") {
            server.send(said.message);
        } else if (said.type === "write") {
            server.write(said.path, said.content);
        } else if (said.type === "mount") {
            server.mount(said.root, said.place);
        }
    }

    return hear;
}
