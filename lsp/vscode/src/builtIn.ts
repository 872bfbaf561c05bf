/** The built-in server, in a worker of whatever kind the host has. */

import * as vscode from "vscode";
import type { LanguageClientOptions, MessageTransports } from "vscode-languageclient";

import { type Port, type ToWorker, converse } from "./conversation";
import { Mirror } from "./mirror";
import { fromServer, isMirrored, mountOf, toServer } from "./places";

/** How this host runs a worker. */
export interface Host {
    /** Whether the worker can read files itself. */
    readonly hasDisk: boolean;
    /** A worker, and what it is told to start. */
    worker(): Promise<{ port: Port; start: ToWorker }>;
}

/** What a client needs to talk with it. */
export interface BuiltIn {
    readonly options: LanguageClientOptions;
    transports(): Promise<MessageTransports>;
}

export function builtIn(host: Host, log: vscode.LogOutputChannel): BuiltIn {
    let post: (said: ToWorker) => void = () => {};
    const mirror = new Mirror((said) => post(said), host.hasDisk, log);
    const mounted = new Set<string>();

    function code2Protocol(uri: vscode.Uri): string {
        if (host.hasDisk && uri.scheme === "file") {
            const mount = mountOf(uri);
            if (!mounted.has(mount.place)) {
                mounted.add(mount.place);
                post({ type: "mount", ...mount });
            }
        }
        return toServer(uri, uri.toString(), host.hasDisk);
    }

    function protocol2Code(value: string): vscode.Uri {
        const address = fromServer(value);
        return address === undefined ? vscode.Uri.parse(value) : vscode.Uri.from(address);
    }

    return {
        options: {
            uriConverters: { code2Protocol, protocol2Code },
            middleware: {
                workspace: {
                    async didChangeWatchedFile(event, next) {
                        const uri = protocol2Code(event.uri);
                        if (isMirrored(uri, host.hasDisk)) {
                            await mirror.refresh([uri]);
                        }
                        await next(event);
                    },
                    async didChangeWorkspaceFolders(event, next) {
                        await mirror.add(event.added);
                        await next(event);
                    },
                },
            },
        },
        async transports() {
            const { port, start } = await host.worker();
            mounted.clear();
            post = (said) => port.post(said);
            const { reader, writer, ready } = converse(port, start);
            await Promise.all([ready, mirror.add(vscode.workspace.workspaceFolders ?? [])]);
            return { reader, writer };
        },
    };
}
