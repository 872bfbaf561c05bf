/** The one server of a window, for all its folders. */

import * as os from "node:os";

import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn } from "vscode-languageclient/node";

import { Interpreters } from "./interpreters";
import { DOCUMENTS, launch } from "./launch";
import { locate, type Surroundings } from "./locate";

const SETTING = "devbox-lint.path";

export class Server implements vscode.Disposable {
    private readonly interpreters: Interpreters;
    private readonly subscriptions: vscode.Disposable[];
    private client: LanguageClient | undefined;
    private last: Promise<void> = Promise.resolve();

    constructor(private readonly log: vscode.LogOutputChannel) {
        const restart = (): void => void this.restart();
        this.interpreters = new Interpreters(log, restart);
        this.subscriptions = [
            this.interpreters,
            vscode.workspace.onDidGrantWorkspaceTrust(restart),
            vscode.workspace.onDidChangeConfiguration((change) => {
                if (change.affectsConfiguration(SETTING)) {
                    restart();
                }
            }),
        ];
    }

    /** Start the server, after stopping it if it runs. One start follows the other: there are never two servers. */
    restart(): Promise<void> {
        this.last = this.last.then(() => this.startAnew());
        return this.last;
    }

    async stop(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        if (client?.needsStop() === true) {
            await client.stop();
        }
    }

    dispose(): void {
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    private async startAnew(): Promise<void> {
        try {
            await this.stop();
        } catch (error) {
            this.log.warn(`The server did not stop as it should: ${String(error)}`);
        }
        try {
            const found = locate(await this.surroundings());
            this.log.info(`Starting ${found.program}: ${found.because}`);
            this.client = new LanguageClient("devbox-lint", "devbox-lint", launch(found.program, process.env), {
                documentSelector: DOCUMENTS,
                outputChannel: this.log,
                revealOutputChannelOn: RevealOutputChannelOn.Never,
                diagnosticPullOptions: { onChange: true, onSave: true },
            });
            await this.client.start();
        } catch (error) {
            this.client = undefined;
            const sentence = error instanceof Error ? error.message : String(error);
            this.log.error(sentence);
            void this.tell(sentence);
        }
    }

    private async surroundings(): Promise<Surroundings> {
        const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
        const trusted = vscode.workspace.isTrusted;
        const setting = vscode.workspace.getConfiguration().get(SETTING, "");
        return {
            setting,
            folders: folders.map((folder) => folder.uri.fsPath),
            interpreters: trusted && setting === "" ? await this.interpreters.of(folders) : [],
            trusted,
            environment: process.env,
            platform: process.platform,
            home: os.homedir(),
        };
    }

    private async tell(sentence: string): Promise<void> {
        const chosen = await vscode.window.showWarningMessage(sentence, "Open Settings", "Show Log");
        if (chosen === "Open Settings") {
            await vscode.commands.executeCommand("workbench.action.openSettings", SETTING);
        } else if (chosen === "Show Log") {
            this.log.show();
        }
    }
}
