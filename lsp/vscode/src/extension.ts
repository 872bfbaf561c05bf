/** What VS Code calls when the extension is needed and when it is not any more. */

import * as vscode from "vscode";

import { DOCUMENTS } from "./launch";
import { SchemaComment } from "./schemaComment";
import { Server } from "./server";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const log = vscode.window.createOutputChannel("devbox-lint", { log: true });
    const running = new Server(log);
    server = running;
    context.subscriptions.push(
        log,
        running,
        vscode.commands.registerCommand("devbox-lint.restart", () => running.restart()),
        vscode.commands.registerCommand("devbox-lint.showLog", () => log.show()),
        vscode.languages.registerCodeActionsProvider(DOCUMENTS, new SchemaComment(), SchemaComment.metadata),
    );
    await running.restart();
}

export async function deactivate(): Promise<void> {
    await server?.stop();
}
