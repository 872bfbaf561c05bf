/** The talk with a built-in server in a worker; `lsp/browser/src/conversation.mjs` is its other end. */

import { AbstractMessageReader, AbstractMessageWriter, Emitter, type DataCallback, type Message } from "vscode-languageserver-protocol";

/** What is said to a worker. */
export type ToWorker =
    | { readonly type: "start"; readonly folder?: string; readonly files?: Record<string, Uint8Array> }
    | { readonly type: "message"; readonly message: Message }
    | { readonly type: "write"; readonly path: string; readonly content: string | Uint8Array | null }
    | { readonly type: "mount"; readonly root: string; readonly place: string };

/** What a worker says. */
export type FromWorker =
    | { readonly type: "progress"; readonly step: "runtime" | "program" | "ready" }
    | { readonly type: "message"; readonly message: Message }
    | { readonly type: "failed"; readonly reason: string };

/** A worker of any kind. */
export interface Port {
    post(said: ToWorker): void;
    /** Hear all that it says; `ended` is called when it ends by itself, with the reason if there is one. */
    listen(heard: (said: FromWorker) => void, ended: (reason?: Error) => void): void;
    end(): void;
}

class Reader extends AbstractMessageReader {
    readonly emitter = new Emitter<Message>();

    listen(callback: DataCallback): { dispose(): void } {
        return this.emitter.event(callback);
    }

    fail(reason: Error): void {
        this.fireError(reason);
    }

    close(): void {
        this.fireClose();
    }
}

class Writer extends AbstractMessageWriter {
    constructor(private readonly port: Port) {
        super();
    }

    write(message: Message): Promise<void> {
        this.port.post({ type: "message", message });
        if ("method" in message && message.method === "exit") {
            this.port.end();
        }
        return Promise.resolve();
    }

    end(): void {
        // The exit notification has ended it.
    }
}

export interface Conversation {
    readonly reader: Reader;
    readonly writer: Writer;
    /** Resolves when the server runs, and rejects if it cannot. */
    readonly ready: Promise<void>;
}

/** Start the server in a worker, and talk with it. */
export function converse(port: Port, start: ToWorker): Conversation {
    const reader = new Reader();
    const writer = new Writer(port);
    const ready = new Promise<void>((resolve, reject) => {
        port.listen(
            (said) => {
                if (said.type === "message") {
                    reader.emitter.fire(said.message);
                } else if (said.type === "failed") {
                    const reason = new Error(`the built-in server cannot be started: ${said.reason}`);
                    reject(reason);
                    reader.fail(reason);
                    port.end();
                } else if (said.step === "ready") {
                    resolve();
                }
            },
            (reason) => {
                reject(reason ?? new Error("the built-in server ended"));
                reader.close();
            },
        );
        port.post(start);
    });
    return { reader, writer, ready };
}
