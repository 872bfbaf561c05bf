/** What only our server is asked, by its commands. */

import type * as vscode from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";

export interface Description {
    /** The word for the kind; null for a document that is not ours or is left out. */
    readonly kind: string | null;
}

export interface Exported {
    readonly complete: boolean;
    readonly configuration: string;
    readonly notes: readonly string[];
    readonly entries: readonly { readonly line: number; readonly state: string; readonly notes: readonly string[] }[];
}

/** What the server says of an open document. */
export function describe(client: BaseLanguageClient, document: vscode.TextDocument): Promise<Description> {
    return ask(client, "devbox-lint.describe", client.code2ProtocolConverter.asUri(document.uri));
}

/** The WinGet configuration that does what an open document does. */
export function exportWinGet(client: BaseLanguageClient, document: vscode.TextDocument): Promise<Exported> {
    return ask(client, "devbox-lint.export", client.code2ProtocolConverter.asUri(document.uri), "winget");
}

/** Whether this server can ask Azure. */
export function asksAzure(client: BaseLanguageClient): boolean {
    return client.initializeResult?.capabilities.executeCommandProvider?.commands.includes(CHECK_ONLINE) ?? false;
}

/** Ask Azure about all open files; the server tells how far it is, and what goes wrong. */
export function checkOnline(client: BaseLanguageClient): Promise<void> {
    return ask(client, CHECK_ONLINE);
}

const CHECK_ONLINE = "devbox-lint.checkOnline";

function ask<Answer>(client: BaseLanguageClient, command: string, ...args: unknown[]): Promise<Answer> {
    return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args }) as Promise<Answer>;
}
