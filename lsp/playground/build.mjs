// Bundles the page and its worker into the folder that is given, beside what ../browser/build.mjs writes there.

import { copyFile } from "node:fs/promises";
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
