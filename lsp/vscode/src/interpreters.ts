/** The Python interpreters that are chosen for the workspace's folders. */

import { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

/** What the Python extension knows; nothing where it is not installed. It is started when first asked. */
export class Interpreters implements vscode.Disposable {
    private python: PythonExtension | undefined;
    private subscription: vscode.Disposable | undefined;

    constructor(
        private readonly log: vscode.LogOutputChannel,
        private readonly changed: () => void,
    ) {}

    /** Paths of the interpreters, the first folder's first, without those that do not exist. */
    async of(folders: readonly vscode.WorkspaceFolder[]): Promise<string[]> {
        try {
            const environments = (await this.extension())?.environments;
            if (environments === undefined) {
                return [];
            }
            const found: string[] = [];
            for (const folder of folders.length > 0 ? folders : [undefined]) {
                const chosen = environments.getActiveEnvironmentPath(folder);
                const executable = (await environments.resolveEnvironment(chosen))?.executable.uri?.fsPath;
                if (executable !== undefined) {
                    found.push(executable);
                }
            }
            return found;
        } catch (error) {
            this.log.warn(`The Python extension does not tell which interpreter is chosen: ${String(error)}`);
            return [];
        }
    }

    dispose(): void {
        this.subscription?.dispose();
    }

    private async extension(): Promise<PythonExtension | undefined> {
        if (this.python === undefined && vscode.extensions.getExtension("ms-python.python") !== undefined) {
            this.python = await PythonExtension.api();
            this.subscription = this.python.environments.onDidChangeActiveEnvironmentPath(this.changed);
        }
        return this.python;
    }
}
