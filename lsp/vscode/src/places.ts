/**
 * Where the built-in server sees a document: it knows files alone, and those below its own root.
 *
 * A file on the disk is below `/disk`, on Windows below its drive there, one of another machine below `/shares`. A document that is elsewhere, such as
 * in a repository on GitHub, is below `/workspace`, in a folder that is named after its scheme and authority, into which
 * `Mirror` writes the files around it. What has no name yet stays what it is. Knows nothing of VS Code.
 */

export interface Address {
    readonly scheme: string;
    readonly authority: string;
    readonly path: string;
}

/** A folder of this machine as the server is to see it. */
export interface Mount {
    readonly root: string;
    readonly place: string;
}

const DISK = "/disk";
const SHARES = "/shares";
const WORKSPACE = "/workspace";

/** Whether the server can only see a copy of it. */
export function isMirrored({ scheme }: Address, hasDisk: boolean): boolean {
    return scheme !== "untitled" && !(hasDisk && scheme === "file");
}

/** The path in the server's workspace, as `write` of it takes it. */
export function mirroredPath({ scheme, authority, path }: Address): string {
    return [encodeURIComponent(`${scheme}+${authority}`), ...path.split("/").filter((part) => part !== "")].join("/");
}

/** The URI that the server knows. */
export function toServer(address: Address, written: string, hasDisk: boolean): string {
    if (address.scheme === "untitled") {
        return written;
    }
    if (isMirrored(address, hasDisk)) {
        return asFile(`${WORKSPACE}/${mirroredPath(address)}`);
    }
    const { place } = mountOf(address);
    return asFile(place + withoutRoot(address));
}

/** What must be mounted so that the server sees a file on the disk. */
export function mountOf({ authority, path }: Address): Mount {
    if (authority !== "") {
        const share = path.split("/")[1] ?? "";
        return { root: `\\\\${authority}\\${share}`, place: `${SHARES}/${authority}/${share}` };
    }
    const drive = driveOf(path);
    return drive === undefined ? { root: "/", place: DISK } : { root: `${drive}:/`, place: `${DISK}/${drive}:` };
}

/** The document that the server means; undefined for what was not translated. */
export function fromServer(uri: string): Address | undefined {
    const path = /^file:\/\/(\/.*)$/.exec(uri)?.[1];
    const [, top, first, ...rest] = path?.split("/").map(decodeURIComponent) ?? [];
    if (top === "workspace" && first !== undefined) {
        const [scheme = "", authority = ""] = decodeURIComponent(first).split(/\+(.*)/s);
        return { scheme, authority, path: `/${rest.join("/")}` };
    }
    if (top === "shares" && first !== undefined) {
        return { scheme: "file", authority: first, path: `/${rest.join("/")}` };
    }
    if (top !== "disk" || first === undefined) {
        return undefined;
    }
    return { scheme: "file", authority: "", path: `/${[first, ...rest].join("/")}` };
}

function driveOf(path: string): string | undefined {
    return /^\/([A-Za-z]):(?=\/|$)/.exec(path)?.[1]?.toLowerCase();
}

function withoutRoot({ authority, path }: Address): string {
    if (authority !== "") {
        return path.replace(/^\/[^/]*/, "");
    }
    return driveOf(path) === undefined ? path : path.slice(3);
}

function asFile(path: string): string {
    return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}
