/** How the server is started, and for which documents. Knows nothing of VS Code, so that a test can do the same. */

/**
 * The documents whose text goes to the server.
 *
 * By pattern, not by language: the Ansible extension makes `Tasks/NAME/task.yaml` a document of language `ansible`.
 * All YAML files and all WinGet configurations, not some names: a user customization may have any name, and other products use ours; the server
 * tells by name and content which are which, as the command line does, and says nothing about the others.
 */
export const DOCUMENTS = [
    { scheme: "file", pattern: "**/*.{yaml,yml,winget,YAML,YML}" },
    // Scripts that a file of ours runs; the server has nothing to say of others.
    { scheme: "file", pattern: "**/*.{ps1,PS1}" },
    { scheme: "untitled", language: "yaml" },
];

export interface Launch {
    readonly command: string;
    readonly args: string[];
    readonly options: { readonly env: NodeJS.ProcessEnv };
}

/** The command that runs the server of this devbox-lint on standard input and output. */
export function launch(program: string, environment: NodeJS.ProcessEnv): Launch {
    // A server's messages are UTF-8 whatever the system's code page is.
    return { command: program, args: ["server"], options: { env: { ...environment, PYTHONUTF8: "1" } } };
}
