/** The extension in a browser: vscode.dev, github.dev, and whoever runs web extensions. */

import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";

import { activateWith } from "./activation";
import type { FromWorker, Port, ToWorker } from "./conversation";
import type { Session } from "./session";

/** What the worker needs; lsp/browser/build.mjs makes it. */
const FILES = ["devbox-lint.zip", "runtime/pyodide.mjs", "runtime/pyodide.asm.mjs", "runtime/pyodide.asm.wasm", "runtime/python_stdlib.zip", "runtime/pyodide-lock.json"];

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const log = vscode.window.createOutputChannel("devbox-lint", { log: true });
    session = activateWith(
        context,
        {
            hasDisk: false,
            worker: () => worker(vscode.Uri.joinPath(context.extensionUri, "dist")),
            connect(options, server) {
                if (typeof server !== "function") {
                    throw new Error("a browser runs no programs");
                }
                return new LanguageClient("devbox-lint", "devbox-lint", server, options);
            },
            dispose() {},
        },
        log,
    );
    await session.begin();
}

export async function deactivate(): Promise<void> {
    await session?.stop();
}

async function worker(dist: vscode.Uri): Promise<{ port: Port; start: ToWorker }> {
    const read = (name: string): Thenable<Uint8Array> => vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, ...name.split("/")));
    const script = await read("web-worker.js");
    const files = Object.fromEntries(await Promise.all(FILES.map(async (name) => [name, await read(`server/${name}`)] as const)));
    const address = URL.createObjectURL(new Blob([script as BlobPart], { type: "text/javascript" }));
    const web = new Worker(address, { name: "devbox-lint" });
    const port: Port = {
        post: (said) => web.postMessage(said),
        listen(heard, ended) {
            web.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => heard(data));
            web.addEventListener("error", ({ message }) => ended(new Error(message)));
        },
        end() {
            web.terminate();
            URL.revokeObjectURL(address);
        },
    };
    return { port, start: { type: "start", files } };
}
