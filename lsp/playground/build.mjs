// Bundles the page into the folder that is given: the page, the worker, and Pyodide's runtime, as they are served.

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";

const output = process.argv[2];
if (output === undefined) {
    throw new Error("which folder? node build.mjs FOLDER");
}
const here = import.meta.dirname;
const common = { bundle: true, format: "esm", target: "es2022", minify: true, logLevel: "warning", legalComments: "linked" };
await build({ ...common, entryPoints: { playground: path.join(here, "src/main.mjs") }, outdir: output });
await build({ ...common, entryPoints: { worker: path.join(here, "../browser/src/worker.mjs") }, outdir: output });
await build({ ...common, entryPoints: { playground: path.join(here, "src/playground.css") }, outdir: output });
await copyFile(path.join(here, "src/index.html"), path.join(output, "index.html"));

// Pyodide takes its own files from beside itself.
const pyodide = path.dirname(createRequire(path.join(here, "../browser/package.json")).resolve("pyodide/package.json"));
await mkdir(path.join(output, "runtime"), { recursive: true });
for (const name of ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]) {
    await copyFile(path.join(pyodide, name), path.join(output, "runtime", name));
}
// No package of Pyodide's own distribution is loaded, so that its list of them stays empty.
const lock = JSON.parse(await readFile(path.join(pyodide, "pyodide-lock.json"), "utf8"));
await writeFile(path.join(output, "runtime", "pyodide-lock.json"), JSON.stringify({ ...lock, packages: {} }));
