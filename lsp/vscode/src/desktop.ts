/** The extension on the desktop, or wherever VS Code runs extensions in Node. */

import { execFile } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { Worker } from "node:worker_threads";

import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

import { activateWith } from "./activation";
import type { FromWorker, Port } from "./conversation";
import { Interpreters } from "./interpreters";
import { launch } from "./launch";
import { type Surroundings, locate } from "./locate";
import type { Platform, Program, Session } from "./session";

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const log = vscode.window.createOutputChannel("devbox-lint", { log: true });
    let restart = (): void => {};
    const interpreters = new Interpreters(log, () => restart());
    const platform: Platform = {
        hasDisk: true,
        worker: () => Promise.resolve(worker(context.asAbsolutePath("dist"))),
        find: () => find(interpreters),
        connect: (options, server) => new LanguageClient("devbox-lint", "devbox-lint", server as never, options),
        dispose: () => interpreters.dispose(),
    };
    session = activateWith(context, platform, log);
    const current = session;
    restart = () => current.restartIfNeeded();
    await current.begin();
}

export async function deactivate(): Promise<void> {
    await session?.stop();
}

function worker(dist: string): { port: Port; start: { type: "start"; folder: string } } {
    const thread = new Worker(path.join(dist, "desktop-worker.mjs"), { name: "devbox-lint" });
    const port: Port = {
        post: (said) => thread.postMessage(said),
        listen(heard, ended) {
            thread.on("message", (said: FromWorker) => heard(said));
            thread.once("error", ended);
            thread.once("exit", () => ended());
        },
        end: () => void thread.terminate(),
    };
    return { port, start: { type: "start", folder: path.join(dist, "server") } };
}

async function find(interpreters: Interpreters): Promise<Program> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    const trusted = vscode.workspace.isTrusted;
    const setting = vscode.workspace.getConfiguration().get("devbox-lint.path", "");
    const around: Surroundings = {
        setting,
        folders: folders.map((folder) => folder.uri.fsPath),
        interpreters: trusted && setting === "" ? await interpreters.of(folders) : [],
        trusted,
        environment: process.env,
        platform: process.platform,
        home: os.homedir(),
        endsWell,
    };
    const found = await locate(around);
    return { launch: launch(found, process.env), because: found.because };
}

function endsWell(command: string, args: readonly string[]): Promise<boolean> {
    return new Promise((resolve) => {
        const options = { cwd: os.homedir(), timeout: 10_000, windowsHide: true };
        execFile(command, [...args], options, (error) => resolve(error === null));
    });
}
