// The editor of one file.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting, HighlightStyle } from "@codemirror/language";
import { powerShell } from "@codemirror/legacy-modes/mode/powershell";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const powershell = StreamLanguage.define(powerShell);

// Colours are the page's, which has them light and dark.
const highlighting = HighlightStyle.define([
    { tag: [tags.definition(tags.propertyName), tags.propertyName, tags.attributeName], color: "var(--key)" },
    { tag: [tags.string, tags.special(tags.string), tags.content], color: "var(--string)" },
    { tag: [tags.comment, tags.lineComment], color: "var(--comment)", fontStyle: "italic" },
    { tag: [tags.keyword, tags.bool, tags.number, tags.typeName, tags.labelName], color: "var(--word)" },
    { tag: [tags.variableName, tags.standard(tags.variableName)], color: "var(--word)" },
    { tag: [tags.punctuation, tags.separator, tags.meta, tags.operator], color: "var(--mark)" },
]);

const shared = [
    EditorView.cspNonce.of("editor"),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    foldGutter(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    lintGutter(),
    EditorState.tabSize.of(4),
    indentUnit.of("  "),
    syntaxHighlighting(highlighting),
    // Tab indents; after Escape it leaves the editor, whatever else Escape does.
    Prec.highest(keymap.of([{ key: "Escape", run: (view) => view.setTabFocusMode(2000) }])),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
];

/** The editor of a file; `more` are the extensions that talk to the server. */
export function createEditor(path, text, parent, more) {
    const isScript = /\.ps1$/i.test(path);
    const isYaml = /\.(ya?ml|winget)$/i.test(path);
    const state = EditorState.create({
        doc: text,
        extensions: [
            EditorView.contentAttributes.of({ "aria-label": `Text of ${path}`, tabindex: "0" }),
            more,
            shared,
            isScript ? powershell : isYaml ? yaml() : [],
        ],
    });
    return new EditorView({ state, parent });
}
