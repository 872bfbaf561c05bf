// The built-in server of the extension for VS Code as a process: node built_in_server.mjs DIST, over standard streams.

import path from "node:path";
import { Worker } from "node:worker_threads";

const dist = path.resolve(process.argv[2]);
const worker = new Worker(path.join(dist, "desktop-worker.mjs"));
worker.on("message", ({ type, message, reason }) => {
    if (type === "message") {
        const body = Buffer.from(JSON.stringify(message));
        process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
        process.stdout.write(body);
    } else if (type === "failed") {
        throw new Error(reason);
    }
});
worker.postMessage({ type: "start", folder: path.join(dist, "server") });

let unread = Buffer.alloc(0);
process.stdin.on("data", (data) => {
    unread = Buffer.concat([unread, data]);
    for (;;) {
        const end = unread.indexOf("\r\n\r\n");
        const length = end < 0 ? NaN : Number(/content-length: *(\d+)/i.exec(unread.subarray(0, end).toString())[1]);
        if (!(unread.length >= end + 4 + length)) {
            return;
        }
        const message = JSON.parse(unread.subarray(end + 4, end + 4 + length).toString());
        unread = unread.subarray(end + 4 + length);
        worker.postMessage({ type: "message", message });
        if (message.method === "exit") {
            process.exit(0);
        }
    }
});
