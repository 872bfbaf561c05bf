/**
 * Both servers, started as the extension starts them, with a client that asks as VS Code's does. The built-in one is in
 * `dist`, where `npm run package` puts it.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import {
    type CodeAction,
    CodeActionKind,
    CodeActionRequest,
    type Diagnostic,
    DidChangeTextDocumentNotification,
    DidChangeWatchedFilesNotification,
    DidOpenTextDocumentNotification,
    DocumentDiagnosticRequest,
    ExitNotification,
    InitializeRequest,
    InitializedNotification,
    type ProtocolConnection,
    ShutdownRequest,
    StreamMessageReader,
    StreamMessageWriter,
    type TextEdit,
    createProtocolConnection,
} from "vscode-languageserver-protocol/node";

import { type FromWorker, converse } from "../src/conversation";
import { launch } from "../src/launch";
import { type Surroundings, locate } from "../src/locate";
import { mountOf, toServer } from "../src/places";

const BROKEN = `\
$schema: "1.0"
name: web-team
image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2
tasks:
  - name: ~/gitclone
      description: Clone the site
    parameters:
      repositoryUrl: https://dev.azure.com/contoso/🚀/_git/site
      pat: {{https://contoso-web.vault.azure.net/secrets/site-pat}}
`;
const FIX_ALL = "source.fixAll.devbox-lint";

interface Finding {
    readonly code: string;
    readonly message: string;
    readonly location: { readonly row: number };
}

const repository = path.resolve(__dirname, "../../../..");
const where: Surroundings = {
    setting: "",
    folders: [repository],
    interpreters: [],
    trusted: true,
    environment: process.env,
    platform: process.platform,
    home: os.homedir(),
    endsWell: () => Promise.resolve(false),
};

/** The text after the edits, which do not touch each other. */
function edited(text: string, edits: readonly TextEdit[]): string {
    const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
    const offset = (place: { line: number; character: number }): number => (starts[place.line] ?? 0) + place.character;
    return [...edits]
        .sort((one, other) => offset(other.range.start) - offset(one.range.start))
        .reduce((all, edit) => all.slice(0, offset(edit.range.start)) + edit.newText + all.slice(offset(edit.range.end)), text);
}

/** A server that runs: how it is talked with, when it has ended, and what a file is called there. */
interface Running {
    readonly connection: ProtocolConnection;
    readonly ended: Promise<number | null>;
    uriOf(file: string): string;
    kill(): void;
}

async function installed(): Promise<Running> {
    const { command, args, options } = launch(await locate(where), process.env);
    const server = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
    const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    return { connection, ended, uriOf: (file) => pathToFileURL(file).href, kill: () => server.kill() };
}

async function builtIn(): Promise<Running> {
    const dist = path.join(repository, "lsp/vscode/dist");
    const thread = new Worker(path.join(dist, "desktop-worker.mjs"));
    const port = {
        post: (said: unknown) => thread.postMessage(said),
        listen(heard: (said: FromWorker) => void, ended: (reason?: Error) => void): void {
            thread.on("message", heard);
            thread.once("error", ended);
        },
        end: () => void thread.terminate(),
    };
    const ended = new Promise<number | null>((resolve) => thread.once("exit", () => resolve(0)));
    const { reader, writer, ready } = converse(port, { type: "start", folder: path.join(dist, "server") });
    await ready;
    const address = (file: string) => ({ scheme: "file", authority: "", path: pathToFileURL(file).pathname });
    port.post({ type: "mount", ...mountOf(address(os.tmpdir())) });
    const connection = createProtocolConnection(reader, writer);
    return { connection, ended, uriOf: (file) => toServer(address(file), "", true), kill: port.end };
}

function suite(start: () => Promise<Running>): void {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "server-"));
    const file = path.join(folder, "imagedefinition.yaml");
    let running: Running;
    let connection: ProtocolConnection;
    let textDocument: { uri: string };
    let program: string;

    before(async () => {
        program = (await locate(where)).program;
        running = await start();
        connection = running.connection;
        textDocument = { uri: running.uriOf(file) };
        connection.listen();
        const workspaceFolders = [{ uri: running.uriOf(folder), name: "workspace" }];
        const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
            processId: process.pid,
            rootUri: null,
            workspaceFolders,
            capabilities: {
                general: { positionEncodings: ["utf-16"] },
                textDocument: {
                    diagnostic: { dynamicRegistration: true },
                    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source"] } } },
                },
                workspace: { workspaceFolders: true },
            },
        });
        assert.ok(capabilities.diagnosticProvider !== undefined);
        await connection.sendNotification(InitializedNotification.type, {});
    });

    after(() => {
        running.kill();
        fs.rmSync(folder, { recursive: true });
    });

    async function diagnostics(): Promise<Diagnostic[]> {
        const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
        assert.equal(report.kind, "full");
        return report.kind === "full" ? report.items : [];
    }

    function devboxLint(...args: string[]): string {
        try {
            return execFileSync(program, args, { encoding: "utf8" });
        } catch (error) {
            // The exit code says that there are findings.
            return String((error as { stdout: string }).stdout);
        }
    }

    test("the diagnostics are the command line's, and link to the pages of the rules", async () => {
        fs.writeFileSync(file, BROKEN);
        await connection.sendNotification(DidOpenTextDocumentNotification.type, {
            textDocument: { ...textDocument, languageId: "yaml", version: 1, text: BROKEN },
        });

        const shown = await diagnostics();
        const findings = (JSON.parse(devboxLint("check", "--output-format", "json", file)) as { diagnostics: Finding[] }).diagnostics;
        assert.ok(findings.length >= 2);
        assert.deepEqual(
            shown.map(({ code, message, range }) => [code, message, range.start.line + 1]).sort(),
            findings.map(({ code, message, location }) => [code, message, location.row]).sort(),
        );
        assert.ok(shown.every(({ source, codeDescription }) => source === "devbox-lint" && codeDescription !== undefined));
    });

    test("all safe fixes make of the text what --fix makes of the file", async () => {
        const whole = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
        const actions = await connection.sendRequest(CodeActionRequest.type, {
            textDocument,
            range: whole,
            context: { diagnostics: [], only: [CodeActionKind.SourceFixAll] },
        });

        const [action] = (actions ?? []) as CodeAction[];
        assert.equal(action?.kind, FIX_ALL);
        devboxLint("check", "--fix", file);
        const fixed = fs.readFileSync(file, "utf8");
        assert.notEqual(fixed, BROKEN);
        assert.equal(edited(BROKEN, action.edit?.changes?.[textDocument.uri] ?? []), fixed);

        await connection.sendNotification(DidChangeTextDocumentNotification.type, {
            textDocument: { ...textDocument, version: 2 },
            contentChanges: [{ text: fixed }],
        });
        assert.ok((await diagnostics()).length < 2);
    });

    test("what lies beside the file is read from the disk", async () => {
        const uses = "name: web\nimage: x\ntasks:\n  - name: ours\n    parameters:\n      wrong: 1\n";
        const task = path.join(folder, "tasks", "ours", "task.yaml");
        fs.mkdirSync(path.dirname(task), { recursive: true });
        fs.writeFileSync(task, "name: ours\ndescription: x\ncommand: exit 0\nparameters:\n  right:\n    type: string\n");
        fs.mkdirSync(path.join(folder, ".git"));
        fs.writeFileSync(path.join(folder, ".git", "HEAD"), "");
        await connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [] });
        await connection.sendNotification(DidChangeTextDocumentNotification.type, {
            textDocument: { ...textDocument, version: 3 },
            contentChanges: [{ text: uses }],
        });
        // Changed files count after a pause.
        const known = async (): Promise<boolean> => (await diagnostics()).some(({ code }) => code === "DBX204");
        for (let turn = 0; turn < 200 && !(await known()); turn += 1) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.ok(await known());
    });

    test("the server ends when it is told to", async () => {
        await connection.sendRequest(ShutdownRequest.type);
        await connection.sendNotification(ExitNotification.type);
        assert.equal(await running.ended, 0);
    });
}

describe("the installed server", () => suite(installed));
describe("the built-in server", () => suite(builtIn));
