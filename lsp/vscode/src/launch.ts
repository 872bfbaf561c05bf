/** How the server is started. Knows nothing of VS Code, so that a test can do the same. */

import type { Found } from "./locate";

export interface Launch {
    readonly command: string;
    readonly args: string[];
    readonly options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string };
}

/** The command that runs the server of this devbox-lint on standard input and output. */
export function launch({ program, before }: Pick<Found, "program" | "before">, environment: NodeJS.ProcessEnv): Launch {
    // A server's messages are UTF-8 whatever the system's code page is.
    return { command: program, args: [...before, "server"], options: { env: { ...environment, PYTHONUTF8: "1" } } };
}
