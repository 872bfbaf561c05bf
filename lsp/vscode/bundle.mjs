// Bundles the extension into dist/extension.js with the licences of what is in it; with --test the tests, each alone.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const common = {
    bundle: true,
    platform: "node",
    target: "node20",
    conditions: ["node"],
    external: ["vscode"],
    logLevel: "warning",
};

/** The notices of the packages that went into the bundle, as their licences ask for. */
async function notices(inputs) {
    const packages = new Set(
        Object.keys(inputs).flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
    );
    const parts = [];
    for (const folder of [...packages].sort()) {
        const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
        const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
        if (file === undefined) {
            throw new Error(`${name} has no licence file`);
        }
        const text = (await readFile(path.join(folder, file), "utf8")).trim();
        parts.push(`${name} ${version} (${license})\n\n${text}\n`);
    }
    return `The extension contains these packages:\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

if (process.argv.includes("--test")) {
    await rm("dist/test", { recursive: true, force: true });
    const tests = (await readdir("test")).filter((name) => name.endsWith(".test.ts"));
    await build({ ...common, entryPoints: tests.map((name) => `test/${name}`), outdir: "dist/test", sourcemap: "inline" });
} else {
    await mkdir("dist", { recursive: true });
    const { metafile } = await build({
        ...common,
        entryPoints: ["src/extension.ts"],
        outfile: "dist/extension.js",
        minify: true,
        metafile: true,
    });
    await writeFile("dist/NOTICES.txt", await notices(metafile.inputs));
}
