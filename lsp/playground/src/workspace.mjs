// The files of the page as the client of the language server sees them: all are open, each in an editor of its own.

import { LSPPlugin, Workspace } from "@codemirror/lsp-client";

export class PlaygroundWorkspace extends Workspace {
    constructor(client, host) {
        super(client);
        this.host = host;
        this.files = [];
        this.versions = new Map();
    }

    #version(uri) {
        const version = (this.versions.get(uri) ?? 0) + 1;
        this.versions.set(uri, version);
        return version;
    }

    syncFiles() {
        const updates = [];
        for (const file of this.files) {
            const plugin = LSPPlugin.get(file.view);
            if (plugin && !plugin.unsyncedChanges.empty) {
                updates.push({ changes: plugin.unsyncedChanges, file, prevDoc: file.doc });
                file.doc = file.view.state.doc;
                file.version = this.#version(file.uri);
                plugin.clear();
            }
        }
        return updates;
    }

    openFile(uri, languageId, view) {
        const file = { uri, languageId, version: this.#version(uri), doc: view.state.doc, view, getView: () => view };
        this.files.push(file);
        this.client.didOpen(file);
    }

    closeFile(uri) {
        const file = this.getFile(uri);
        if (file) {
            this.files.splice(this.files.indexOf(file), 1);
            this.client.didClose(uri);
        }
    }

    async displayFile(uri) {
        return this.host.show(uri);
    }
}
