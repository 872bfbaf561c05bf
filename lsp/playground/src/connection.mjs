// The language server in its worker, as a transport for the client of CodeMirror.

/** Where the worker has the files that are shown here. */
export const ROOT = "file:///workspace";

/** The URI of a file by its path, which has `/` between its parts. */
export const uriOf = (path) => `${ROOT}/${path.split("/").map(encodeURIComponent).join("/")}`;

/**
 * Starts the server.
 *
 * @param {{ onStep(step: "runtime" | "program" | "ready"): void, onFailure(reason: string): void }} heard
 */
export function startServer({ onStep, onFailure }) {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    const handlers = new Set();
    let begun = false;
    worker.addEventListener("error", (event) => onFailure(event.message || "the worker could not be loaded"));
    worker.addEventListener("message", ({ data }) => {
        if (data.type === "progress") {
            onStep(data.step);
        } else if (data.type === "failed") {
            onFailure(data.reason);
        } else if (data.type === "message") {
            const text = JSON.stringify(data.message);
            handlers.forEach((handler) => handler(text));
        }
    });
    const here = (name) => new URL(name, import.meta.url).href;
    worker.postMessage({ type: "start", runtime: here("runtime/"), bundle: here("devbox-lint.zip"), files: { ".git/HEAD": "" } });
    return {
        transport: {
            send(text) {
                const message = JSON.parse(text);
                if (!begun && message.method === "initialize") {
                    begun = true;
                    // The client says that it asks for diagnostics; it takes those that are sent, so the server must send.
                    delete message.params.capabilities.textDocument.diagnostic;
                    message.params.workspaceFolders = [{ uri: ROOT, name: "playground" }];
                }
                worker.postMessage({ type: "message", message });
            },
            subscribe: (handler) => handlers.add(handler),
            unsubscribe: (handler) => handlers.delete(handler),
        },
        /** Puts a file where the server finds it; null takes it away. */
        write(path, content) {
            worker.postMessage({ type: "write", path, content });
        },
    };
}
