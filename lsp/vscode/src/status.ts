/** What runs, and whether the file that is seen is checked: in the language status of VS Code. */

import * as vscode from "vscode";

import { describe } from "./requests";
import type { Session } from "./session";

/** What a person calls the kinds of the server. */
const KINDS: Readonly<Record<string, string>> = {
    imagedefinition: "Checked as a team file",
    user: "Checked as a user customization",
    task: "Checked as a task definition",
    script: "Checked as a script that a task runs",
    configuration: "Checked as a WinGet configuration",
};
const NOT_OURS = "Not checked: not a Dev Box file, or left out by the settings";
/** Milliseconds after the last change until it is looked at again. */
const PAUSE = 700;

export class Status implements vscode.Disposable {
    private readonly item: vscode.LanguageStatusItem;
    private readonly subscriptions: vscode.Disposable[];
    private timer: ReturnType<typeof setTimeout> | undefined;
    /** Which answer is the newest. */
    private turn = 0;

    constructor(
        private readonly session: Session,
        selector: vscode.DocumentSelector,
    ) {
        this.item = vscode.languages.createLanguageStatusItem("devbox-lint", selector);
        this.item.name = "devbox-lint";
        this.item.command = { command: "devbox-lint.showLog", title: "Show Log" };
        const now = (): void => void this.show();
        this.subscriptions = [
            this.item,
            session.onDidChange(now),
            vscode.window.onDidChangeActiveTextEditor(now),
            vscode.workspace.onDidChangeTextDocument(({ document }) => {
                if (document === vscode.window.activeTextEditor?.document) {
                    clearTimeout(this.timer);
                    this.timer = setTimeout(now, PAUSE);
                }
            }),
        ];
        now();
    }

    dispose(): void {
        clearTimeout(this.timer);
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    private async show(): Promise<void> {
        const turn = ++this.turn;
        const { state } = this.session;
        const document = vscode.window.activeTextEditor?.document;
        this.item.busy = state.is === "starting";
        this.item.severity =
            state.is === "failed" ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
        if (state.is !== "running") {
            this.item.text = "devbox-lint";
            this.item.detail = { idle: NOT_OURS, starting: "Starting", failed: state.is === "failed" ? state.sentence : "" }[state.is];
            return;
        }
        this.item.text = `devbox-lint ${state.version}`;
        const which = state.which[0]?.toUpperCase() + state.which.slice(1);
        let checked = "";
        if (!vscode.workspace.getConfiguration("devbox-lint").get("enable", true)) {
            checked = "Not checked: checking is turned off";
        } else if (document !== undefined && vscode.languages.match(this.item.selector, document) > 0) {
            try {
                const { kind } = await describe(state.client, document);
                checked = kind === null ? NOT_OURS : (KINDS[kind] ?? `Checked as ${kind}`);
            } catch {
                // An older server does not tell; or the file was closed in the meantime.
            }
        }
        if (turn === this.turn) {
            this.item.detail = checked === "" ? which : `${checked} · ${which}`;
        }
    }
}
