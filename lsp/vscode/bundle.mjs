// Bundles the extension into `dist`, with the licences of what is in it; with --test the tests, each alone. With --server
// it makes `dist/server`: what the built-in server runs from, of this very checkout. That needs a Python with pip and
// what builds our wheel: DEVBOX_LINT_PYTHON, or that of ../../.venv.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";

const BROWSER = "../browser";
const common = { bundle: true, logLevel: "warning" };
const node = { ...common, platform: "node", target: "node20", conditions: ["node"], external: ["vscode"] };
const web = { ...common, platform: "browser", target: "es2022", external: ["vscode"] };

/** The notices of the packages that went into the bundle, as their licences ask for. */
async function notices(inputs) {
    const packages = new Set(
        inputs.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
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
    const { dependencies } = JSON.parse(await readFile(path.join(BROWSER, "package.json"), "utf8"));
    parts.push(
        `pyodide ${dependencies.pyodide} (MPL-2.0), with CPython (PSF-2.0): https://github.com/pyodide/pyodide has its source\n\n` +
            "The licences of the Python packages are in dist/server/devbox-lint.zip.\n",
    );
    return `The extension contains these packages:\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function bundleTests() {
    await rm("dist/test", { recursive: true, force: true });
    const tests = (await readdir("test")).filter((name) => name.endsWith(".test.ts"));
    await build({ ...node, entryPoints: tests.map((name) => `test/${name}`), outdir: "dist/test", sourcemap: "inline" });
}

async function bundleExtension() {
    await mkdir("dist", { recursive: true });
    const last = { minify: true, metafile: true };
    const made = await Promise.all([
        build({ ...node, ...last, entryPoints: ["src/desktop.ts"], outfile: "dist/extension.js" }),
        build({ ...node, ...last, entryPoints: ["src/worker/desktop.mjs"], outfile: "dist/desktop-worker.mjs", format: "esm" }),
        build({ ...web, ...last, entryPoints: ["src/browser.ts"], outfile: "dist/browser.js", format: "cjs" }),
        build({ ...web, ...last, entryPoints: ["src/worker/web.mjs"], outfile: "dist/web-worker.js", format: "iife" }),
    ]);
    await writeFile("dist/NOTICES.txt", await notices(made.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
}

async function makeServer() {
    const own = path.resolve("../../.venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
    const python = process.env.DEVBOX_LINT_PYTHON ?? (existsSync(own) ? own : "python3");
    const run = (command, args, folder = ".") =>
        execFileSync(command, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], shell: command === "npm" && process.platform === "win32" });
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], BROWSER);
    const temporary = await mkdtemp(path.join(tmpdir(), "devbox-lint-"));
    try {
        const wheels = path.join(temporary, "wheels.zip");
        run(python, ["../../tools/browser_bundle.py", wheels]);
        await rm("dist/server", { recursive: true, force: true });
        run(process.execPath, ["build.mjs", wheels, path.resolve("dist/server"), "--stored"], BROWSER);
    } finally {
        await rm(temporary, { recursive: true });
    }
}

if (process.argv.includes("--test")) {
    await bundleTests();
} else if (process.argv.includes("--server")) {
    await makeServer();
} else {
    await bundleExtension();
}
