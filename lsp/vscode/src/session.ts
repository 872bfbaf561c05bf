/** The one server of a window, for all its folders: which one it is, and when it runs. */

import * as vscode from "vscode";
import {
    type BaseLanguageClient,
    type LanguageClientOptions,
    type MessageTransports,
    RevealOutputChannelOn,
} from "vscode-languageclient";

import { type Host, builtIn } from "./builtIn";
import { TELLING_NAMES, isScript, mayBeOurs, selectorFor } from "./documents";
import type { Launch } from "./launch";

/** A devbox-lint that is installed. */
export interface Program {
    readonly launch: Launch;
    readonly because: string;
}

/** What the extension can do where it runs: on the desktop, or in a browser. */
export interface Platform extends Host, vscode.Disposable {
    /** The installed devbox-lint, or an error whose message says what to do; undefined where no program can be run. */
    readonly find?: () => Promise<Program>;
    connect(options: LanguageClientOptions, server: Launch | (() => Promise<MessageTransports>)): BaseLanguageClient;
}

export type State =
    | { readonly is: "idle" }
    | { readonly is: "starting"; readonly which: string }
    | { readonly is: "running"; readonly which: string; readonly version: string; readonly client: BaseLanguageClient }
    | { readonly is: "failed"; readonly sentence: string };

export const BUILT_IN = "built-in server";
/** What starts it anew when it changes. */
const SETTINGS = ["devbox-lint.path", "devbox-lint.server"];

export class Session implements vscode.Disposable {
    private readonly subscriptions: vscode.Disposable[];
    private readonly changed = new vscode.EventEmitter<State>();
    readonly onDidChange = this.changed.event;
    private client: BaseLanguageClient | undefined;
    private last: Promise<void> = Promise.resolve();
    private current: State = { is: "idle" };
    /** Whether the workspace has files with names of ours. */
    private hasOurs = false;

    constructor(
        private readonly platform: Platform,
        private readonly log: vscode.LogOutputChannel,
    ) {
        const restart = (): void => this.restartIfNeeded();
        const look = (document: vscode.TextDocument): void => {
            if (this.current.is === "idle" && this.isWorthIt(document)) {
                void this.restart();
            }
        };
        this.subscriptions = [
            this.changed,
            platform,
            vscode.workspace.onDidGrantWorkspaceTrust(restart),
            vscode.workspace.onDidOpenTextDocument(look),
            vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
            vscode.workspace.onDidChangeConfiguration((change) => {
                if (SETTINGS.some((setting) => change.affectsConfiguration(setting))) {
                    restart();
                }
            }),
        ];
    }

    get state(): State {
        return this.current;
    }

    /** Start what is worth it now. */
    async begin(): Promise<void> {
        if (vscode.workspace.textDocuments.some((document) => this.isWorthIt(document))) {
            return this.restart();
        }
        this.hasOurs = (await vscode.workspace.findFiles(TELLING_NAMES, undefined, 1)).length > 0;
        if (vscode.workspace.textDocuments.some((document) => this.isWorthIt(document))) {
            return this.restart();
        }
        if (this.hasOurs) {
            // An installed one starts at once and tells of all files; the built-in one waits for the first.
            return this.inTurn(() => this.start(false));
        }
    }

    /** Start anew what runs or is asked for; the built-in server rather waits until there is something for it. */
    restartIfNeeded(): void {
        if (this.current.is === "idle") {
            void this.begin();
        } else {
            void this.restart();
        }
    }

    /** Start the server, after stopping it if it runs. One start follows the other: there are never two servers. */
    restart(): Promise<void> {
        return this.inTurn(() => this.start(true));
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

    private inTurn(act: () => Promise<void>): Promise<void> {
        this.last = this.last.then(act);
        return this.last;
    }

    private isWorthIt(document: vscode.TextDocument): boolean {
        const { scheme, path } = document.uri;
        if (scheme === "untitled" ? document.languageId !== "yaml" : !this.schemes().has(scheme)) {
            return false;
        }
        return isScript(path) ? this.hasOurs : mayBeOurs(path, document.getText());
    }

    private schemes(): Set<string> {
        return new Set(["file", ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)]);
    }

    private become(state: State): void {
        this.current = state;
        this.changed.fire(state);
    }

    private async start(alsoBuiltIn: boolean): Promise<void> {
        try {
            await this.stop();
        } catch (error) {
            this.log.warn(`The server did not stop as it should: ${sentenceOf(error)}`);
        }
        this.become({ is: "idle" });
        try {
            await this.startEither(alsoBuiltIn);
        } catch (error) {
            const sentence = sentenceOf(error);
            this.log.error(sentence);
            this.become({ is: "failed", sentence });
            void this.tell(sentence);
        }
    }

    private async startEither(alsoBuiltIn: boolean): Promise<void> {
        const settings = vscode.workspace.getConfiguration("devbox-lint");
        const wanted = settings.get<string>("server", "auto");
        if (wanted !== "built-in") {
            const isNamed = settings.get("path", "") !== "";
            try {
                if (this.platform.find === undefined) {
                    throw new Error("No program can be run here: there is the built-in server alone.");
                }
                const { launch, because } = await this.platform.find();
                this.log.info(`Starting ${[launch.command, ...launch.args].join(" ")}: ${because}`);
                return await this.run(launch.command, launch, {});
            } catch (error) {
                if (wanted === "environment" || (isNamed && this.platform.find !== undefined)) {
                    throw error;
                }
                this.log.info(sentenceOf(error));
            }
        }
        if (alsoBuiltIn) {
            this.log.info("Starting the built-in server");
            const { options, transports } = builtIn(this.platform, this.log);
            await this.run(BUILT_IN, transports, options);
        }
    }

    private async run(which: string, server: Launch | (() => Promise<MessageTransports>), more: LanguageClientOptions): Promise<void> {
        this.become({ is: "starting", which });
        const started = Date.now();
        const client = this.platform.connect(
            {
                documentSelector: selectorFor(this.schemes()),
                outputChannel: this.log,
                revealOutputChannelOn: RevealOutputChannelOn.Never,
                diagnosticPullOptions: { onChange: true, onSave: true },
                ...more,
            },
            server,
        );
        this.client = client;
        try {
            await client.start();
        } catch (error) {
            this.client = undefined;
            throw error;
        }
        const version = client.initializeResult?.serverInfo?.version ?? "";
        this.log.info(`devbox-lint ${version} runs after ${Date.now() - started} ms`);
        this.become({ is: "running", which, version, client });
    }

    private async tell(sentence: string): Promise<void> {
        const chosen = await vscode.window.showWarningMessage(sentence, "Open Settings", "Show Log");
        if (chosen === "Open Settings") {
            await vscode.commands.executeCommand("workbench.action.openSettings", "devbox-lint.path");
        } else if (chosen === "Show Log") {
            this.log.show();
        }
    }
}

function sentenceOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
