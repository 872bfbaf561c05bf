/** What the extension is, wherever it runs. */

import * as vscode from "vscode";

import { registerCommands } from "./commands";
import { selectorFor } from "./documents";
import { SchemaComment } from "./schemaComment";
import { type Platform, Session } from "./session";
import { Status } from "./status";

export function activateWith(context: vscode.ExtensionContext, platform: Platform, log: vscode.LogOutputChannel): Session {
    const session = new Session(platform, log);
    const schemes = ["file", ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)];
    context.subscriptions.push(
        log,
        session,
        new Status(session, selectorFor(schemes)),
        ...registerCommands(session, log),
        vscode.languages.registerCodeActionsProvider(selectorFor(schemes), new SchemaComment(), SchemaComment.metadata),
    );
    return session;
}
