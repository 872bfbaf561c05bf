/** The files of folders that are on no disk, written to where the built-in server reads them. */

import * as vscode from "vscode";

import type { ToWorker } from "./conversation";
import { isMirrored, mirroredPath } from "./places";

/** More files than a repository of definitions has; of a larger one the rest is not known. */
const MOST_FILES = 20_000;
const MOST_FOLDERS = 2_000;
/** Bytes of a file that the server reads; it refuses larger ones itself. */
const LARGEST = 1_000_000;
/** What the server reads; of other files it asks only whether they are there. */
const READ = /\.(?:ya?ml|winget|ps1|psm1|psd1|toml|json)$|\/\.gitignore$|\/\.devbox-lint[^/]*$/i;
const PASSED_OVER = /(?:^|\/)(?:\.git|node_modules)(?:\/|$)/;

export class Mirror {
    constructor(
        private readonly post: (said: ToWorker) => void,
        private readonly hasDisk: boolean,
        private readonly log: vscode.LogOutputChannel,
    ) {}

    /** Write what is in these folders, as far as they need it. */
    async add(folders: readonly vscode.WorkspaceFolder[]): Promise<void> {
        for (const { uri } of folders) {
            if (!isMirrored(uri, this.hasDisk)) {
                continue;
            }
            // A folder without a disk is a repository; the server looks for definitions up to its top.
            this.write(`${mirroredPath(uri)}/.git/HEAD`, "");
            const files = await this.filesOf(uri);
            if (files.length >= MOST_FILES) {
                this.log.warn(`${uri.toString()} has more files than are read: what is said of missing ones may be wrong`);
            }
            const started = Date.now();
            for (let first = 0; first < files.length; first += 20) {
                await Promise.all(files.slice(first, first + 20).map((file) => this.copy(file)));
            }
            this.log.info(`Read ${files.length} files of ${uri.toString()} in ${Date.now() - started} ms`);
        }
    }

    /** Write some files again, which have changed or are gone. */
    async refresh(files: readonly vscode.Uri[]): Promise<void> {
        await Promise.all(files.filter((file) => isMirrored(file, this.hasDisk)).map((file) => this.copy(file)));
    }

    private async copy(file: vscode.Uri): Promise<void> {
        try {
            const isRead = READ.test(file.path) && (await vscode.workspace.fs.stat(file)).size <= LARGEST;
            this.write(mirroredPath(file), isRead ? await vscode.workspace.fs.readFile(file) : "");
        } catch {
            this.write(mirroredPath(file), null);
        }
    }

    private write(path: string, content: string | Uint8Array | null): void {
        this.post({ type: "write", path, content });
    }

    private async filesOf(folder: vscode.Uri): Promise<vscode.Uri[]> {
        const all = new vscode.RelativePattern(folder, "**/*");
        const found = await vscode.workspace.findFiles(all, "**/{.git,node_modules}/**", MOST_FILES);
        // Not everything that provides files can search them.
        return found.length > 0 ? found : this.walk(folder);
    }

    private async walk(top: vscode.Uri): Promise<vscode.Uri[]> {
        const files: vscode.Uri[] = [];
        const folders = [top];
        for (let visited = 0; visited < folders.length && visited < MOST_FOLDERS; visited += 1) {
            const folder = folders[visited];
            if (folder === undefined) {
                break;
            }
            for (const [name, type] of await vscode.workspace.fs.readDirectory(folder)) {
                const child = vscode.Uri.joinPath(folder, name);
                if (PASSED_OVER.test(child.path) || files.length >= MOST_FILES) {
                    continue;
                }
                if ((type & vscode.FileType.Directory) !== 0) {
                    folders.push(child);
                } else {
                    files.push(child);
                }
            }
        }
        return files;
    }
}
