// A server of files for the tests, and a browser that reaches nothing else.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".png": "image/png",
};

/** Serves a folder on this machine, packed as hosts of static pages pack; `sent` counts the bytes of all bodies. */
export async function serve(folder) {
    const known = new Map();
    const sent = { bytes: 0 };
    const server = createServer(async (request, response) => {
        let place = path.join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
        place += place.endsWith(path.sep) ? "index.html" : "";
        try {
            if (!known.has(place)) {
                const body = await readFile(place);
                known.set(place, /\.(zip|png|gz)$/.test(place) ? { body } : { body: gzipSync(body), encoding: "gzip" });
            }
            const { body, encoding } = known.get(place);
            sent.bytes += body.length;
            response.writeHead(200, {
                "content-type": TYPES[path.extname(place)] ?? "application/octet-stream",
                ...(encoding && { "content-encoding": encoding }),
            });
            response.end(body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { address: `http://127.0.0.1:${server.address().port}/`, sent, close: () => server.close() };
}

/** A browser without a network of its own. */
export function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
}

/** A page in a context of its own, with what it said and asked for that it must not: other hosts are refused. */
export async function open(browser, { unrouted = false, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    const trouble = [];
    const foreign = [];
    // Each request that is looked at takes a while, which whoever measures does without.
    await context.route(unrouted ? "http://nowhere.invalid/" : "**/*", (route) => {
        const { hostname, protocol } = new URL(route.request().url());
        if (hostname === "127.0.0.1" || protocol === "blob:" || protocol === "data:") {
            return route.continue();
        }
        foreign.push(route.request().url());
        return route.abort();
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => trouble.push(String(error)));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && trouble.push(message.text()));
    return { page, context, trouble, foreign };
}
