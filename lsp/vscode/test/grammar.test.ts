/**
 * What is coloured, and as what: with VS Code's own engine, in the grammar of YAML that VS Code had until 1.93. Where
 * DEVBOX_LINT_WORKBENCH is what `nox -s workbench` has installed, in the grammars that VS Code has now too.
 */

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, test } from "node:test";

import { OnigScanner, OnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, type IGrammar, Registry, parseRawGrammar } from "vscode-textmate";

const extension = path.resolve(__dirname, "../..");
const { contributes } = JSON.parse(fs.readFileSync(path.join(extension, "package.json"), "utf8")) as {
    contributes: { grammars: { scopeName: string; path: string; injectTo: string[] }[] };
};
const modules = path.join(extension, "node_modules");
const wasm = fs.readFileSync(path.join(modules, "vscode-oniguruma/release/onig.wasm"));
const engine = loadWASM(new Uint8Array(wasm).buffer).then(() => ({
    createOnigScanner: (sources: string[]) => new OnigScanner(sources),
    createOnigString: (text: string) => new OnigString(text),
}));
const POWERSHELL = "meta.embedded.block.powershell";
const REFERENCE = "meta.template.expression.devbox-lint";

/** A piece of a line and its scopes, `source.yaml` left out. */
type Piece = readonly [string, string];

async function yaml(files: Record<string, string>, isInjected: boolean): Promise<IGrammar> {
    const ours = contributes.grammars.map(({ scopeName, path: place }) => [scopeName, path.join(extension, place)]);
    const all: Record<string, string> = { ...files, ...Object.fromEntries(ours) };
    const registry = new Registry({
        onigLib: engine,
        loadGrammar: (scope) => {
            const file = all[scope];
            return Promise.resolve(file === undefined ? null : parseRawGrammar(fs.readFileSync(file, "utf8"), file));
        },
        getInjections: (scope) =>
            isInjected ? contributes.grammars.filter(({ injectTo }) => injectTo.includes(scope)).map(({ scopeName }) => scopeName) : [],
    });
    const grammar = await registry.loadGrammar("source.yaml");
    assert.ok(grammar !== null);
    return grammar;
}

function pieces(grammar: IGrammar, text: string): Piece[][] {
    let stack = INITIAL;
    return text.split("\n").map((line) => {
        const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
        stack = ruleStack;
        return tokens.map(({ startIndex, endIndex, scopes }) => [line.slice(startIndex, endIndex), scopes.slice(1).join(" ")]);
    });
}

const TEAM = `\
name: web
tasks:
  - name: ~/powershell  # first
    description: Say hello
    parameters:
      command: |
        $x = "{{https://contoso.vault.azure.net/secrets/pat}}"
        if ($x -eq 'never closed) { Get-Item }

        @"
      script: Write-Host 'x' # said
    timeout: 1800
  - name: ~/winget
    parameters:
      package: Git.Git
      command: |
        echo of another task
`;
const NESTED = `\
userTasks:
- name: ~/powershell
  parameters:
    command: |
      Write-Host 1
- name: ~/powershell
  parameters:
    command: "Write-Host 2"
  displayName: x
description: y
`;
const TASK = "name: task\ncommand: |-\n  param($x)\n  Write-Host {{x}}\nparameters:\n  x:\n    type: string\n";
const CONFIGURATION = "properties:\n  resources:\n    - resource: PSDscResources/Script\n      settings:\n        SetScript: |\n          Write-Host x\n        id: y\n";
/** What has the same keys elsewhere, and is no PowerShell. */
const OTHERS = {
    CircleCI: "jobs:\n  build:\n    steps:\n      - run:\n          name: Greet\n          command: |\n            echo $x\n",
    GitLab: "build:\n  script: |\n    echo $x\n",
    Compose: "services:\n  web:\n    command: |\n      sh -c x\n",
    Kubernetes: "spec:\n  containers:\n    - name: powershell\n      command: [x]\n      script: |\n        echo $x\n",
    Actions: "steps:\n  - name: x\n    run: echo \${{ github.ref }} \${{x}}\n",
    Helm: "name: {{ .Values.name }} {{- include \"x\" . }}\n",
};

function suite(files: Record<string, string>): void {
    async function both(text: string): Promise<{ ours: Piece[][]; plain: Piece[][] }> {
        return { ours: pieces(await yaml(files, true), text), plain: pieces(await yaml(files, false), text) };
    }
    const has = (lines: Piece[][], line: number, piece: string, ...scopes: string[]): void => {
        const found = lines[line]?.find(([text]) => text.trim() === piece);
        assert.ok(found !== undefined && scopes.every((scope) => found[1].includes(scope)), `${piece}: ${JSON.stringify(lines[line])}`);
    };

    test("the script of the built-in task is PowerShell, in a block and in a line", async () => {
        const { ours, plain } = await both(TEAM);
        has(ours, 5, "command", "entity.name.tag.yaml");
        has(ours, 6, "x", POWERSHELL, "variable.other.readwrite.powershell");
        has(ours, 6, "https://contoso.vault.azure.net/secrets/pat", POWERSHELL, REFERENCE);
        has(ours, 7, "if", POWERSHELL, "keyword.control.powershell");
        has(ours, 10, "script", "entity.name.tag.yaml");
        has(ours, 10, "Write-Host", POWERSHELL, "support.function.powershell");
        has(ours, 10, "#", "comment.line.number-sign.yaml");
        // What is open in the script ends with it, and nothing behind the task has changed.
        assert.ok(ours.slice(10).every((line) => line.every(([text, scopes]) => text !== "timeout" || !scopes.includes(POWERSHELL))));
        assert.deepEqual(ours.slice(12), plain.slice(12));
        assert.deepEqual(ours.slice(0, 2), plain.slice(0, 2));
    });

    test("so it is at the margin, and quoted text stays text", async () => {
        const { ours, plain } = await both(NESTED);
        has(ours, 4, "Write-Host", POWERSHELL, "support.function.powershell");
        assert.ok(ours.slice(5).flat().every(([, scopes]) => !scopes.includes(POWERSHELL)));
        assert.deepEqual(ours.slice(9), plain.slice(9));
    });

    test("so is the command of a task definition, and what follows it is YAML again", async () => {
        const { ours, plain } = await both(TASK);
        has(ours, 2, "param", POWERSHELL, "keyword.control.powershell");
        has(ours, 3, "Write-Host", POWERSHELL);
        has(ours, 3, "x", POWERSHELL, REFERENCE, "variable.other.readwrite.devbox-lint");
        assert.deepEqual(ours.slice(4), plain.slice(4));
    });

    test("so are the scripts of a resource of DSC", async () => {
        const { ours, plain } = await both(CONFIGURATION);
        has(ours, 5, "Write-Host", POWERSHELL, "support.function.powershell");
        assert.deepEqual(ours[6]?.map(([text]) => text), plain[6]?.map(([text]) => text));
        assert.ok(ours[6]?.every(([, scopes]) => !scopes.includes("powershell")));
    });

    test("files of others look as they did", async () => {
        for (const [name, text] of Object.entries(OTHERS)) {
            const { ours, plain } = await both(text);
            assert.deepEqual(ours, plain, name);
        }
    });

    test("references stand out in plain and quoted values", async () => {
        const { ours } = await both('a: x{{version}}y\nb: "{{ado://contoso}}"\nc: {{user}}\n# {{user}}\n');
        has(ours, 0, "version", REFERENCE, "variable.other.readwrite.devbox-lint");
        has(ours, 1, "ado://contoso", REFERENCE, "string.other.link.devbox-lint");
        has(ours, 2, "user", REFERENCE);
        assert.ok(ours[3]?.every(([, scopes]) => !scopes.includes(REFERENCE)));
    });
}

const old = path.join(modules, "tm-grammars/grammars");
describe("in the grammar of older versions", () =>
    suite({ "source.yaml": path.join(old, "yaml.json"), "source.powershell": path.join(old, "powershell.json") }));

const workbench = process.env["DEVBOX_LINT_WORKBENCH"];
if (workbench !== undefined) {
    const own = path.join(workbench, "node_modules/code-server/lib/vscode/extensions");
    const parts = ["1.0", "1.1", "1.2", "1.3", "embedded"].map((part) => [`source.yaml.${part}`, `yaml/syntaxes/yaml-${part}.tmLanguage.json`]);
    const files = [...parts, ["source.yaml", "yaml/syntaxes/yaml.tmLanguage.json"], ["source.powershell", "powershell/syntaxes/powershell.tmLanguage.json"]];
    describe("in VS Code's own grammars", () => suite(Object.fromEntries(files.map(([scope, file]) => [scope, path.join(own, file ?? "")]))));
}
