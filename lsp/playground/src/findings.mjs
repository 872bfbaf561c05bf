// What the server finds: marks in the editors, and the list of all of it.

import { setDiagnostics } from "@codemirror/lint";
import { LSPPlugin } from "@codemirror/lsp-client";

const SEVERITIES = ["", "error", "warning", "info", "hint"];
const PAGES = /^https:\/\/github\.com\/devbox-lint\/devbox-lint\/blob\/main\/docs\/rules\/(.+)\.md$/;

/** The page of this site that an address of the documentation means, or the address itself. */
export function onThisSite(address) {
    const page = PAGES.exec(address);
    return page ? `../rules/${page[1]}/` : address;
}

/** An element with attributes and content. */
export function element(name, attributes = {}, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key in made && typeof value !== "string") {
            made[key] = value;
        } else {
            made.setAttribute(key, value);
        }
    }
    made.append(...content);
    return made;
}

const nameOf = (item) => String(item.code ?? "");

/** The link to the rule's page, by its code. */
function ruleLink(item) {
    const href = item.codeDescription?.href;
    return href ? element("a", { href: onThisSite(href), target: "_blank", rel: "noopener" }, nameOf(item)) : nameOf(item);
}

/** What stands on a finding in the editor. */
function tooltip(item) {
    const line = element("span", { class: "finding-text" }, `${item.message} `);
    line.append(ruleLink(item));
    return line;
}

/**
 * Marks the findings of a file in its editor.
 *
 * @param {object} file one of `Files`
 * @param {{ title: string, run(): void }[][]} fixes those of each finding, in the order of the findings
 */
export function mark(file, fixes = []) {
    const { view } = file.editor;
    const plugin = LSPPlugin.get(view);
    if (!plugin) {
        return;
    }
    const place = (position) => plugin.unsyncedChanges.mapPos(plugin.fromPosition(position, plugin.syncedDoc));
    const marks = file.diagnostics.map((item, number) => ({
        from: place(item.range.start),
        to: place(item.range.end),
        severity: SEVERITIES[item.severity ?? 1],
        message: item.message,
        renderMessage: () => tooltip(item),
        actions: (fixes[number] ?? []).map(({ title, run }) => ({ name: title, apply: run })),
    }));
    view.dispatch(setDiagnostics(view.state, marks));
}

/**
 * Writes the list of all findings.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} summary
 * @param {object[]} files
 * @param {{ go(file: object, item: object): void }} host
 */
export function show(list, summary, files, host) {
    // Who stands on a finding with the keyboard stands on the same one, or on its successor, afterwards.
    const held = list.contains(document.activeElement) ? [...list.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
    const count = { error: 0, warning: 0, info: 0, hint: 0 };
    const parts = [];
    for (const file of files) {
        file.tab.dataset.findings = file.diagnostics.length || "";
        if (file.diagnostics.length === 0) {
            continue;
        }
        const rows = element("ol");
        file.diagnostics.forEach((item, number) => {
            const severity = SEVERITIES[item.severity ?? 1];
            count[severity] += 1;
            const { line, character } = item.range.start;
            const go = element("button", { type: "button", class: "go" }, `${line + 1}:${character + 1} `, item.message);
            go.addEventListener("click", () => host.go(file, item));
            const row = element("li", { class: severity }, element("span", { class: "severity" }, severity), " ", go, " ", ruleLink(item));
            for (const { title, run } of file.fixes?.[number] ?? []) {
                const button = element("button", { type: "button", class: "fix" }, title);
                button.addEventListener("click", run);
                row.append(" ", button);
            }
            rows.append(row);
        });
        parts.push(element("h3", {}, file.path), rows);
    }
    list.replaceChildren(...parts);
    const words = Object.entries(count).filter(([, number]) => number).map(([name, number]) => `${number} ${name}${number > 1 && name !== "info" ? "s" : ""}`);
    const text = words.length ? words.join(", ") : "Nothing is found.";
    if (summary.textContent !== text) {
        summary.textContent = text;
    }
    if (held >= 0) {
        const buttons = list.querySelectorAll("button, a");
        (buttons[Math.min(held, buttons.length - 1)] ?? summary.parentElement.querySelector("h2")).focus();
    }
}
