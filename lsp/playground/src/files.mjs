// The files of the page: each has an editor of its own, behind a tab.

import { faultOf } from "./kinds.mjs";

export class Files {
    /**
     * @param {HTMLElement} tabs the list of tabs
     * @param {HTMLElement} editors where the editors go
     * @param {{ create(path: string, text: string, parent: HTMLElement): { view: object, close(): void },
     *     write(path: string, content: string | null): void, shown(file: object): void, changed(): void }} host
     */
    constructor(tabs, editors, host) {
        this.tabs = tabs;
        this.editors = editors;
        this.host = host;
        this.all = [];
        this.active = null;
        this.number = 0;
        tabs.addEventListener("keydown", (event) => this.#key(event));
    }

    at(path) {
        return this.all.find((file) => file.path === path);
    }

    /** This path, or one like it in a folder of its own where there is such a file. */
    free(path) {
        let free = path;
        for (let number = 2; this.at(free); number += 1) {
            const [, folders, name] = /^(.*\/)?([^/]+)$/.exec(path);
            free = `${folders ? folders.replace(/\/$/, `-${number}/`) : `folder-${number}/`}${name}`;
        }
        return free;
    }

    /** Puts other files in the place of all there are. */
    replace(files) {
        for (const file of [...this.all]) {
            this.#remove(file);
        }
        for (const { path, text } of files) {
            this.add(path, text, false);
        }
        this.show(this.all[0]);
    }

    /** Adds a file, or puts its text in the place of that of the file with its path. */
    add(path, text, show = true) {
        const fault = faultOf(path);
        if (fault) {
            throw new Error(fault);
        }
        const known = this.at(path);
        if (known) {
            this.#remove(known);
        }
        this.number += 1;
        const panel = document.createElement("div");
        panel.id = `panel-${this.number}`;
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", `tab-${this.number}`);
        panel.hidden = true;
        this.editors.append(panel);
        const tab = document.createElement("button");
        tab.type = "button";
        tab.id = `tab-${this.number}`;
        tab.textContent = path;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", panel.id);
        this.tabs.append(tab);
        this.host.write(path, text);
        const file = { path, panel, tab, diagnostics: [], kind: null, editor: this.host.create(path, text, panel) };
        tab.addEventListener("click", () => this.show(file));
        this.all.push(file);
        if (show) {
            this.show(file);
        }
        return file;
    }

    /** The text of a file as it is in its editor. */
    text(file) {
        return file.editor.view.state.doc.toString();
    }

    show(file) {
        this.active = file;
        for (const each of this.all) {
            const isShown = each === file;
            each.panel.hidden = !isShown;
            each.tab.setAttribute("aria-selected", String(isShown));
            each.tab.tabIndex = isShown ? 0 : -1;
        }
        file.editor.view.requestMeasure();
        this.host.shown(file);
    }

    rename(file, path) {
        const text = this.text(file);
        const fault = path === file.path ? "" : this.at(path) ? "there is a file with this path" : faultOf(path);
        if (fault) {
            throw new Error(fault);
        }
        const place = this.all.indexOf(file);
        this.#remove(file);
        const added = this.add(path, text, false);
        this.all.splice(place, 0, this.all.pop());
        this.tabs.insertBefore(added.tab, this.tabs.children[place] ?? null);
        this.show(added);
    }

    /** Closes a file; the last one stays. */
    close(file) {
        if (this.all.length > 1) {
            const place = this.all.indexOf(file);
            this.#remove(file);
            this.show(this.all[Math.min(place, this.all.length - 1)]);
            this.active.tab.focus();
        }
    }

    #remove(file) {
        file.editor.close();
        this.host.write(file.path, null);
        file.panel.remove();
        file.tab.remove();
        this.all.splice(this.all.indexOf(file), 1);
        this.host.changed();
    }

    #key(event) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const place = this.all.indexOf(this.active);
        const next = event.key === "Home" ? 0 : event.key === "End" ? this.all.length - 1
            : step && (place + step + this.all.length) % this.all.length;
        if (next !== undefined && this.all[next]) {
            event.preventDefault();
            this.show(this.all[next]);
            this.active.tab.focus();
        }
    }
}
