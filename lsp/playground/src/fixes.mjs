// The code actions of the server.

import { LSPPlugin } from "@codemirror/lsp-client";

const FIX_ALL = "source.fixAll.devbox-lint";
const QUICK_FIX = "quickfix";

function actionsOf(client, file, only) {
    const { view } = file.editor;
    const plugin = LSPPlugin.get(view);
    client.sync();
    const range = { start: { line: 0, character: 0 }, end: plugin.toPosition(view.state.doc.length) };
    const textDocument = { uri: plugin.uri };
    return client.request("textDocument/codeAction", { textDocument, range, context: { diagnostics: [], only: [only] } });
}

/** Makes the edits of an action. */
function apply(client, action) {
    const edits = action.edit?.changes ?? {};
    for (const [uri, changes] of Object.entries(edits)) {
        const view = client.workspace.getFile(uri)?.getView();
        const plugin = view && LSPPlugin.get(view);
        if (plugin) {
            view.dispatch({
                changes: changes.map(({ range, newText }) => ({
                    from: plugin.fromPosition(range.start),
                    to: plugin.fromPosition(range.end),
                    insert: newText,
                })),
                userEvent: "input.fix",
            });
        }
    }
}

const samePlace = (one, other) =>
    one.code === other.code &&
    one.range.start.line === other.range.start.line &&
    one.range.start.character === other.range.start.character &&
    one.message === other.message;

/** The quick fixes of each finding of a file, in the order of the findings. */
export async function quickFixes(client, file, unsafe) {
    const { view } = file.editor;
    const asked = view.state.doc;
    const actions = (await actionsOf(client, file, QUICK_FIX)) ?? [];
    if (view.state.doc !== asked) {
        return null;
    }
    const offered = actions.filter(({ title }) => unsafe || !title.endsWith(": may change the meaning"));
    return file.diagnostics.map((item) =>
        offered
            .filter((action) => action.diagnostics?.some((meant) => samePlace(meant, item)))
            .map((action) => ({
                title: action.title.replace(/ \(DBX\d+\)/, ""),
                isFix: !action.title.startsWith("Ignore "),
                run: () => {
                    if (view.state.doc === asked) {
                        apply(client, action);
                        view.focus();
                    }
                },
            })),
    );
}

/** Makes all repairs at once, those that the setting `unsafeFixes` asks for; whether there were any. */
export async function fixAll(client, file) {
    const { view } = file.editor;
    const asked = view.state.doc;
    const [action] = (await actionsOf(client, file, FIX_ALL)) ?? [];
    if (action && view.state.doc === asked) {
        apply(client, action);
    }
    return action !== undefined;
}
