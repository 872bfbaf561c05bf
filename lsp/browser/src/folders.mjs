// Folders of this machine in the file system that Python sees; Node.js alone.

/** The number of "read-only file system" in that system. */
const EROFS = 69;
/** The systems of which nothing can be written any more: each Pyodide has its own. */
const guarded = new WeakSet();

/**
 * Shows a folder, only to be read.
 *
 * @param {object} pyodide
 * @param {string} root the folder, as Node.js writes it
 * @param {string} place where it is seen; no link inside leads out of it but relative ones
 */
export function mountReadOnly(pyodide, root, place) {
    const { FS } = pyodide;
    const { NODEFS } = FS.filesystems;
    const refuse = () => {
        throw new FS.ErrnoError(EROFS);
    };
    const { node_ops: ofNodes, stream_ops: ofStreams } = NODEFS;
    if (!guarded.has(NODEFS)) {
        guarded.add(NODEFS);
        const readlink = ofNodes.readlink;
        ofNodes.readlink = (node) => inside(readlink(node), node.mount);
        Object.assign(ofNodes, { setattr: refuse, mknod: refuse, rename: refuse, unlink: refuse, rmdir: refuse, symlink: refuse });
        ofStreams.write = refuse;
    }
    FS.mkdirTree(place);
    FS.mount(NODEFS, { root }, place);
}

/** Where an absolute target of a link is seen; others stay what they are. */
function inside(target, { opts, mountpoint }) {
    const plain = (path) => path.replaceAll("\\", "/").replace(/^\/\/\?\//, "");
    const root = plain(opts.root).replace(/\/$/, "");
    const path = plain(target);
    return path.toLowerCase().startsWith(`${root.toLowerCase()}/`) ? mountpoint + path.slice(root.length) : path;
}
