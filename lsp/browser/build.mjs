// Writes what a page or a program serves to run the server: node build.mjs BUNDLE FOLDER [--stored]
//     BUNDLE            the archive of tools/browser_bundle.py
//     FOLDER/runtime    Pyodide, as far as the server needs it
//     FOLDER/devbox-lint.zip
//     --stored          the archives are not compressed: what packs them as a whole makes them smaller
// Python's library and the bundle are compiled here, by the Python that will run them, which halves the time to start.

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const [bundle, output, how] = process.argv.slice(2);
if (output === undefined) {
    throw new Error("node build.mjs BUNDLE FOLDER");
}
const pyodide = path.dirname(fileURLToPath(import.meta.resolve("pyodide")));
const runtime = path.join(output, "runtime");
await mkdir(runtime, { recursive: true });
for (const name of ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]) {
    await copyFile(path.join(pyodide, name), path.join(runtime, name));
}
// No package of Pyodide's own distribution is loaded: its list of them stays empty.
const lock = JSON.parse(await readFile(path.join(pyodide, "pyodide-lock.json"), "utf8"));
await writeFile(path.join(runtime, "pyodide-lock.json"), JSON.stringify({ ...lock, packages: {} }));

const python = await loadPyodide();
const compile = python.runPython(`
import io, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

# Parts of the library that no server uses: other programs, other protocols, other processes, and tests.
UNUSED = (
    "_pyrepl/", "ensurepip/", "idlelib/", "lib2to3/", "multiprocessing/", "pydoc_data/", "test/", "tkinter/", "turtledemo/",
    "unittest/", "venv/", "wsgiref/", "xml/dom/", "xmlrpc/", "_pyio.py", "doctest.py", "ftplib.py", "http/cookiejar.py", "http/server.py", "imaplib.py", "mailbox.py", "optparse.py",
    "pdb.py", "pickletools.py", "pstats.py", "pydoc.py", "smtplib.py", "trace.py",
)

def compiled(data, place, read, is_stored):
    """The archive with code in the place of sources, with docstrings below read alone: those of rules are shown."""
    method = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data.to_bytes())) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            if name.endswith("/") or name.startswith(UNUSED):
                continue
            content = old.read(name)
            if name.endswith(".py"):
                level = 0 if name.startswith(read) else 2
                code = compile(content, place + name, 'exec', dont_inherit=True, optimize=level)
                # Whoever imports it looks at no source: there is none.
                name, content = name + "c", _code_to_hash_pyc(code, bytes(8), False)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, method, 9)
    return result.getvalue()

compiled
`);
for (const [source, target, place, read] of [
    [bundle, path.join(output, "devbox-lint.zip"), "/opt/devbox-lint/", "devbox_lint_rules/"],
    [path.join(pyodide, "python_stdlib.zip"), path.join(runtime, "python_stdlib.zip"), "/lib/python/", "pyodide/"],
]) {
    const made = compile(new Uint8Array(await readFile(source)), place, read, how === "--stored");
    await writeFile(target, made.toJs());
}

