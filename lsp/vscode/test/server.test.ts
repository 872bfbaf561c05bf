/** The server, started as the extension starts it, with a client that asks as VS Code's does. */

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import {
    type CodeAction,
    CodeActionKind,
    CodeActionRequest,
    type Diagnostic,
    DidChangeTextDocumentNotification,
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

import { launch } from "../src/launch";
import { locate } from "../src/locate";

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
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "server-"));
const file = path.join(folder, "imagedefinition.yaml");
const textDocument = { uri: pathToFileURL(file).href };
const { program } = locate({
    setting: "",
    folders: [repository],
    interpreters: [],
    trusted: true,
    environment: process.env,
    platform: process.platform,
    home: os.homedir(),
});

let server: ChildProcess;
let connection: ProtocolConnection;
let ended: Promise<number | null>;

before(async () => {
    const { command, args, options } = launch(program, process.env);
    server = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
    ended = new Promise((resolve) => server.once("exit", resolve));
    assert.ok(server.stdout !== null && server.stdin !== null);
    connection = createProtocolConnection(
        new StreamMessageReader(server.stdout),
        new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: "workspace" }];
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
    server.kill();
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

/** The text after the edits, which do not touch each other. */
function edited(text: string, edits: readonly TextEdit[]): string {
    const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
    const offset = (place: { line: number; character: number }): number => (starts[place.line] ?? 0) + place.character;
    return [...edits]
        .sort((one, other) => offset(other.range.start) - offset(one.range.start))
        .reduce((all, edit) => all.slice(0, offset(edit.range.start)) + edit.newText + all.slice(offset(edit.range.end)), text);
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

test("the server ends when it is told to", async () => {
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    assert.equal(await ended, 0);
});
