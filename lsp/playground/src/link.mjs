// The files of the page in the fragment of a link: packed there, never sent to a server.

const PREFIX = "#files=";
/** More than this, in bytes of text, is in no link: what opens it must not fill the memory. */
const MOST = 1_000_000;
/** Longer links get lost in chats and browsers. */
const LONGEST = 60_000;

async function through(bytes, stream, most = Infinity) {
    const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    const parts = [];
    let size = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) {
            return new Uint8Array(await new Blob(parts).arrayBuffer());
        }
        size += value.length;
        if (size > most) {
            await reader.cancel();
            throw new Error("the link holds too much text");
        }
        parts.push(value);
    }
}

/** The fragment for some files; throws where they are too long for one. */
export async function packed(files) {
    const text = JSON.stringify(files.map(({ path, text }) => [path, text]));
    const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
    const fragment = PREFIX + btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
        .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    if (fragment.length > LONGEST) {
        throw new Error("these files are too long for a link: save them instead");
    }
    return fragment;
}

/** The files of a fragment, null where it has none; throws where they cannot be read. */
export async function unpacked(fragment) {
    if (!fragment.startsWith(PREFIX)) {
        return null;
    }
    const code = fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
    const text = new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"), MOST));
    const files = JSON.parse(text);
    const isFile = (file) => Array.isArray(file) && file.length === 2 && file.every((part) => typeof part === "string");
    if (!Array.isArray(files) || files.length === 0 || !files.every(isFile)) {
        throw new Error("the link holds no files");
    }
    return files.map(([path, text]) => ({ path, text }));
}
