/** A quick fix for what the YAML extension says of `$schema: "1.0"`. */

import * as vscode from "vscode";

import { NO_SCHEMA, givesVersion, hasModeline } from "./schemaVersion";

const OURS = "devbox-lint";

export class SchemaComment implements vscode.CodeActionProvider {
    static readonly metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };

    provideCodeActions(
        document: vscode.TextDocument,
        _range: vscode.Range,
        context: vscode.CodeActionContext,
    ): vscode.CodeAction[] {
        const theirs = context.diagnostics.filter(
            (diagnostic) =>
                diagnostic.source !== OURS && givesVersion(document.lineAt(diagnostic.range.start.line).text),
        );
        if (theirs.length === 0 || hasModeline(document.getText())) {
            return [];
        }
        const action = new vscode.CodeAction(
            "Tell the YAML extension that this is the format's version, not a schema",
            vscode.CodeActionKind.QuickFix,
        );
        action.diagnostics = theirs;
        action.edit = new vscode.WorkspaceEdit();
        const end = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
        action.edit.insert(document.uri, new vscode.Position(0, 0), NO_SCHEMA + end);
        return [action];
    }
}
