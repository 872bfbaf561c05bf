/** The commands of the palette. */

import * as vscode from "vscode";
import type { BaseLanguageClient, Location, Position } from "vscode-languageclient";

import { asksAzure, checkOnline, describe, exportWinGet } from "./requests";
import { BUILT_IN, type Session } from "./session";

const OURS = "devbox-lint";
const FIX_ALL = "source.fixAll.devbox-lint";

export function registerCommands(session: Session, log: vscode.LogOutputChannel): vscode.Disposable[] {
    const commands: Record<string, (...words: never[]) => unknown> = {
        restart: () => session.restart(),
        showLog: () => log.show(),
        checkWithAzure: () => withServer(session, checkWithAzure),
        fixAll: () => vscode.commands.executeCommand("editor.action.codeAction", { kind: FIX_ALL, apply: "first" }),
        exportWinGet: () => withServer(session, toWinGet),
        openRule,
        showReferences: (uri: string, position: Position, locations: Location[]) => showReferences(session, uri, position, locations),
    };
    return Object.entries(commands).map(([name, act]) => vscode.commands.registerCommand(`${OURS}.${name}`, act));
}

/** Do something with the server, which is started where it does not run. */
async function withServer(session: Session, act: (client: BaseLanguageClient, which: string) => Promise<void>): Promise<void> {
    if (session.state.is !== "running") {
        await session.restart();
    }
    const { state } = session;
    if (state.is === "running") {
        await act(state.client, state.which);
    }
}

/** What a lens does: the server says where, in its own form, and the editor wants its own. */
async function showReferences(session: Session, uri: string, position: Position, locations: Location[]): Promise<void> {
    if (session.state.is === "running") {
        const to = session.state.client.protocol2CodeConverter;
        const where = locations.map((location) => to.asLocation(location));
        await vscode.commands.executeCommand("editor.action.showReferences", to.asUri(uri), to.asPosition(position), where);
    }
}

async function checkWithAzure(client: BaseLanguageClient, which: string): Promise<void> {
    if (asksAzure(client)) {
        return checkOnline(client);
    }
    const why =
        which === BUILT_IN
            ? "The built-in server asks nobody anything, Azure neither. Install devbox-lint with its part for Azure into a Python environment, and it is used instead."
            : "This devbox-lint cannot ask Azure.";
    if ((await vscode.window.showInformationMessage(why, "How To")) !== undefined) {
        await vscode.env.openExternal(vscode.Uri.parse("https://github.com/devbox-lint/devbox-lint/blob/main/docs/online.md"));
    }
}

async function toWinGet(client: BaseLanguageClient): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const kind = document === undefined ? null : (await describe(client, document).catch(() => ({ kind: null }))).kind;
    if (document === undefined || (kind !== "imagedefinition" && kind !== "user")) {
        void vscode.window.showInformationMessage("Only a team file or a user customization becomes a WinGet configuration.");
        return;
    }
    const exported = await exportWinGet(client, document);
    const made = await vscode.workspace.openTextDocument({ language: "yaml", content: exported.configuration });
    await vscode.window.showTextDocument(made, { viewColumn: vscode.ViewColumn.Beside });
    if (!exported.complete) {
        void vscode.window.showWarningMessage("Not all of it can be said in a WinGet configuration: its comments say what is missing.");
    }
}

/** Open the page of the rule behind what is found where the cursor is, else behind anything in the file. */
async function openRule(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
        return;
    }
    const found = vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === OURS);
    const here = found.filter(({ range }) => range.start.line <= editor.selection.active.line && editor.selection.active.line <= range.end.line);
    const pages = new Map<string, vscode.Uri>();
    for (const { code, message } of here.length > 0 ? here : found) {
        if (typeof code === "object") {
            pages.set(`${code.value}: ${message}`, code.target);
        }
    }
    if (pages.size === 0) {
        void vscode.window.showInformationMessage("devbox-lint finds nothing in this file.");
        return;
    }
    const [only] = pages.keys();
    const chosen = pages.size === 1 ? only : await vscode.window.showQuickPick([...pages.keys()], { title: "Open the page of which rule?" });
    const page = chosen === undefined ? undefined : pages.get(chosen);
    if (page !== undefined) {
        await vscode.env.openExternal(page);
    }
}
