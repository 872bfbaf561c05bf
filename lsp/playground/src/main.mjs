// The page: files, findings, and the server in its worker.

import { LSPClient, LSPPlugin, hoverTooltips, jumpToDefinitionKeymap, serverCompletion, signatureHelp, findReferencesKeymap } from "@codemirror/lsp-client";
import { EditorView, keymap } from "@codemirror/view";
import { startServer, uriOf } from "./connection.mjs";
import { createEditor } from "./editor.mjs";
import { loadExamples } from "./examples.mjs";
import { Files } from "./files.mjs";
import { element, mark, onThisSite, show } from "./findings.mjs";
import { fixAll, quickFixes } from "./fixes.mjs";
import { safeMarkup } from "./markup.mjs";
import { KINDS } from "./kinds.mjs";
import { packed, unpacked } from "./link.mjs";
import { PlaygroundWorkspace } from "./workspace.mjs";

const by = (id) => document.getElementById(id);
/** Says something, and offers to take it back where it can be. */
function notice(text, undo) {
    by("notice").textContent = text;
    by("undo").hidden = undo === undefined;
    by("undo").onclick = undo;
}
/** Fixes are asked for when nothing was typed for so long, in milliseconds. */
const PAUSE = 250;

// The server begins to load before anything is drawn.

const STEPS = {
    runtime: [1, "Loading the checker: Python itself"],
    program: [2, "Loading the checker: the rules"],
    ready: [3, "Loading the checker: the first check"],
};
let isReady = false;
const server = startServer({
    onStep(step) {
        [by("bar").value, by("step").textContent] = STEPS[step];
    },
    onFailure(reason) {
        by("progress").hidden = true;
        notice(`The checker could not be loaded, so nothing is checked: ${reason}`);
    },
});
by("progress").hidden = false;

const client = new LSPClient({
    rootUri: "file:///workspace",
    timeout: 120_000,
    sanitizeHTML: safeMarkup,
    workspace: (client) => new PlaygroundWorkspace(client, { show: (uri) => showUri(uri) }),
    notificationHandlers: { "textDocument/publishDiagnostics": (_, params) => received(params) },
    extensions: [serverCompletion(), hoverTooltips(), signatureHelp(), keymap.of([...jumpToDefinitionKeymap, ...findReferencesKeymap])],
});

const files = new Files(by("tabs"), by("editors"), {
    create(path, text, parent) {
        const view = createEditor(path, text, parent, [
            client.plugin(uriOf(path), /\.ps1$/i.test(path) ? "powershell" : "yaml"),
            EditorView.updateListener.of((update) => update.docChanged && edited()),
            keymap.of([{ key: "Mod-.", run: goToFixes }]),
        ]);
        return { view, close: () => view.destroy() };
    },
    write(path, content) {
        server.write(path, content);
        const type = content === null ? 3 : 1;
        client.notification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(path), type }] });
    },
    shown(file) {
        by("path").value = file.path;
        describe(file);
    },
    changed: () => list(),
});

function showUri(uri) {
    const file = files.all.find((each) => uriOf(each.path) === uri);
    if (file) {
        files.show(file);
    }
    return file?.editor.view ?? null;
}

// An edit goes to the server at once; while one is being looked at the next ones wait for its findings.

let waitsForFindings = false;
let isBehind = false;
let patience;
let begun;

function edited() {
    untouched = false;
    history.replaceState(null, "", location.pathname + location.search);
    if (waitsForFindings) {
        isBehind = true;
    } else {
        waitsForFindings = true;
        isBehind = false;
        begun = performance.now();
        queueMicrotask(() => client.sync());
        clearTimeout(patience);
        patience = setTimeout(caughtUp, 1000);
    }
}

function caughtUp() {
    waitsForFindings = false;
    if (isBehind) {
        edited();
    }
}

function received({ uri, version, diagnostics }) {
    const file = files.all.find((each) => uriOf(each.path) === uri);
    const known = client.workspace.getFile(uri);
    if (file && known && (version == null || version === known.version)) {
        file.diagnostics = diagnostics;
        file.fixes = null;
        mark(file);
        list();
        askForFixes();
        if (!isReady) {
            isReady = true;
            by("progress").hidden = true;
            by("fix-all").disabled = by("export").disabled = false;
            performance.mark("first-findings");
        }
        if (file === files.active && waitsForFindings) {
            // For whoever measures; the last one alone is kept.
            performance.clearMeasures("check");
            performance.measure("check", { start: begun, end: performance.now() });
            clearTimeout(patience);
            caughtUp();
        }
    }
    return true;
}

function list() {
    show(by("findings"), by("summary"), files.all, { go });
}

function go(file, item) {
    files.show(file);
    const { view } = file.editor;
    const plugin = LSPPlugin.get(view);
    const place = (position) => plugin.fromPosition(position);
    view.dispatch({ selection: { anchor: place(item.range.start), head: place(item.range.end) }, scrollIntoView: true });
    view.focus();
}

let pause;
function askForFixes() {
    clearTimeout(pause);
    pause = setTimeout(async () => {
        for (const file of [...files.all]) {
            if (file.fixes === null && file.diagnostics.length && files.all.includes(file)) {
                file.fixes = await quickFixes(client, file, by("unsafe").checked);
                if (file.fixes !== null) {
                    mark(file, file.fixes);
                    file.fixes = file.fixes.map((each) => each.filter(({ isFix }) => isFix));
                }
            }
        }
        list();
        describe(files.active);
    }, PAUSE);
}

/** Leads to the fixes of the finding at the cursor, in the list. */
function goToFixes(view) {
    const { line, character } = LSPPlugin.get(view).toPosition(view.state.selection.main.head);
    const file = files.active;
    const isHere = ({ range: { start, end } }) => start.line <= line && line <= end.line && (start.line < line || start.character <= character + 1);
    const number = file.diagnostics.findLastIndex(isHere);
    const heading = [...by("findings").querySelectorAll("h3")].find((each) => each.textContent === file.path);
    const row = number >= 0 ? heading?.nextElementSibling?.children[number] : null;
    (row?.querySelector(".fix") ?? row?.querySelector(".go"))?.focus();
    return true;
}

// What the server says of a file as a whole.

const command = (name, ...args) => client.request("workspace/executeCommand", { command: `devbox-lint.${name}`, arguments: args });

async function describe(file) {
    const kinds = by("kind");
    const { kind } = isReady ? await command("describe", uriOf(file.path)).catch(() => ({ kind: null })) : { kind: null };
    if (file === files.active) {
        kinds.value = kind ?? "";
        by("recognised").textContent = isReady && kind === null ? "Not recognised as one of ours, so not checked: choose its kind." : "";
    }
}

async function refusal() {
    if (!isReady) {
        return "Not copied: the checker has to look for credentials first, and is still loading.";
    }
    client.sync();
    for (const file of files.all) {
        const { secret } = await command("describe", uriOf(file.path));
        const credential = file.diagnostics.find(({ code }) => /^DBX4/.test(code));
        if (secret || credential) {
            return `Not copied: ${file.path} holds a credential${credential ? ` (${credential.code}, line ${credential.range.start.line + 1})` : ""}, and whoever gets a link has all that is in it. Take it out first; if it is a real one, revoke it.`;
        }
    }
    return "";
}

async function share() {
    try {
        const refused = await refusal();
        if (refused) {
            notice(refused);
            return;
        }
        const fragment = await packed(files.all.map((file) => ({ path: file.path, text: files.text(file) })));
        history.replaceState(null, "", fragment);
        await navigator.clipboard.writeText(location.href).then(
            () => notice("The link is copied. It carries the files itself, behind the #, which no browser sends to a server."),
            () => notice("The link is in the address bar. It carries the files itself, behind the #, which no browser sends to a server."),
        );
    } catch (error) {
        notice(`Not copied: ${error.message}`);
    }
}

function save(path, text) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = element("a", { href: address, download: path.split("/").at(-1) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function openFiles(chosen) {
    for (const each of chosen) {
        if (each.size > 1_000_000) {
            notice(`${each.name} is longer than 1 MB, and not opened.`);
            continue;
        }
        files.add(each.webkitRelativePath || each.name, await each.text());
    }
}

async function exportTo(target) {
    const file = files.active;
    try {
        const result = await command("export", uriOf(file.path), target);
        const left = result.entries.filter(({ state }) => state === "left out").length;
        by("export-summary").textContent = `${result.entries.length} entries, ${left} of them left out.`;
        by("export-notes").replaceChildren(
            ...result.entries.map((entry) => element("li", {}, `line ${entry.line}, ${entry.task || "an entry"}: ${entry.state}`, ...entry.notes.map((note) => element("p", {}, note)))),
            ...result.notes.map((note) => element("li", {}, note)),
        );
        const path = `${file.path.replace(/\.[^./]*$/, "")}.winget`;
        by("export-open").onclick = () => {
            by("export-report").close();
            files.add(path, result.configuration);
        };
        by("export-save").onclick = () => save(path, result.configuration);
        by("export-report").showModal();
        by("export-title").focus();
    } catch (error) {
        notice(`Not exported: ${error.message ?? error}.`);
    }
}

// The controls.

async function attempt(work) {
    try {
        notice("");
        await work();
    } catch (error) {
        notice(`Not done: ${error.message}.`);
    }
}

function chosen(select, work) {
    select.addEventListener("change", () => {
        const { value } = select;
        select.value = "";
        if (value) {
            attempt(() => work(value));
        }
    });
}

for (const [kind, name] of Object.entries(KINDS)) {
    by("kind").append(element("option", { value: kind }, name));
    by("new").append(element("option", { value: kind }, name));
}
const starterOf = async (kind) => (await examples).starters.find((each) => each.kind === kind);
chosen(by("new"), async (kind) => {
    const { path, text } = await starterOf(kind);
    files.add(files.free(path), text);
    files.active.editor.view.focus();
});
by("kind").addEventListener("change", () => attempt(async () => {
    const file = files.active;
    const { path } = await starterOf(by("kind").value);
    const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1);
    files.rename(file, files.free(folder + path.slice(path.lastIndexOf("/") + 1)));
}));
by("path").addEventListener("change", () => attempt(() => files.rename(files.active, by("path").value.trim())));
by("close").addEventListener("click", () => files.close(files.active));
by("open").addEventListener("click", () => by("files").click());
by("files").addEventListener("change", async () => {
    try {
        await openFiles([...by("files").files]);
    } catch (error) {
        notice(`Not opened: ${error.message}.`);
    }
    by("files").value = "";
});
addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
addEventListener("drop", (event) => {
    if (event.dataTransfer?.files.length) {
        event.preventDefault();
        openFiles([...event.dataTransfer.files]).catch((error) => notice(`Not opened: ${error.message}.`));
    }
});
by("save").addEventListener("click", () => save(files.active.path, files.text(files.active)));
by("share").addEventListener("click", share);
by("fix-all").addEventListener("click", async () => {
    const fixed = [];
    for (const file of [...files.all]) {
        if (await fixAll(client, file).catch(() => false)) {
            fixed.push(file.path);
        }
    }
    notice(fixed.length ? `Fixed: ${fixed.join(", ")}. Ctrl+Z in a file takes it back.` : "There is nothing that can be fixed by itself.");
});
by("unsafe").addEventListener("change", () => {
    client.notification("workspace/didChangeConfiguration", { settings: { unsafeFixes: by("unsafe").checked } });
    files.all.forEach((file) => {
        file.fixes = null;
    });
    askForFixes();
});
chosen(by("export"), exportTo);
by("export-close").addEventListener("click", () => by("export-report").close());
by("look").addEventListener("click", () => {
    const isDark = by("look").getAttribute("aria-pressed") !== "true";
    by("look").setAttribute("aria-pressed", String(isDark));
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
});
by("look").setAttribute("aria-pressed", String(matchMedia("(prefers-color-scheme: dark)").matches));

// What is there at first.

const examples = loadExamples(by("example"), (found) => attempt(() => take(found)));
let untouched = true;

/** Shows other files; those that somebody has written in can be had back. */
function take(found) {
    const before = files.all.map((file) => ({ path: file.path, text: files.text(file) }));
    const wasTouched = !untouched;
    files.replace(found);
    untouched = true;
    if (wasTouched) {
        notice("Your files made room for the example.", () => {
            files.replace(before);
            untouched = false;
            notice("");
            files.active.editor.view.focus();
        });
    }
}

async function begin() {
    try {
        const shared = await unpacked(location.hash);
        if (shared) {
            files.replace(shared);
            return;
        }
    } catch (error) {
        notice(`The link could not be read: ${error.message}.`);
    }
    const rule = /^#rule=(DBX\d+)$/.exec(location.hash)?.[1];
    files.replace(await examples.then((all) => all.first(rule)));
}
addEventListener("hashchange", () => location.hash && begin());
await begin();
performance.mark("usable");
client.connect(server.transport);
