// What the page costs: bytes, times and memory, in a fresh browser each time. PLAYGROUND is the folder of the site.
// Times of processors beside those of clocks, since the machine has other work, too.

import { readFile } from "node:fs/promises";
import { launch, open, serve } from "./serving.mjs";

const RUNS = Number(process.env.RUNS ?? 5);
const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
const shown = (numbers) => `${Math.round(median(numbers) * 10) / 10} (${Math.round(Math.min(...numbers) * 10) / 10} to ${Math.round(Math.max(...numbers) * 10) / 10})`;
const rows = { "first paint, ms": [], "editor usable, ms": [], "first findings, ms": [], "processor until then, ms": [], "an edit to its findings, ms": [], "memory of the page, MB": [] };
const site = await serve(process.env.PLAYGROUND);
let bytes = 0;
for (let run = 0; run < RUNS; run += 1) {
    const browser = await launch();
    const { page } = await open(browser, { unrouted: true });
    const session = await browser.newBrowserCDPSession();
    const used = async () => (await session.send("SystemInfo.getProcessInfo")).processInfo;
    site.sent.bytes = 0;
    await page.goto(`${site.address}playground/`);
    await page.waitForFunction(() => performance.getEntriesByName("first-findings").length, null, { polling: 20, timeout: 120_000 });
    const processes = await used();
    bytes = site.sent.bytes;
    const at = (name) => page.evaluate((name) => performance.getEntriesByName(name)[0].startTime, name);
    rows["first paint, ms"].push(await at("first-contentful-paint"));
    rows["editor usable, ms"].push(await at("usable"));
    rows["first findings, ms"].push(await at("first-findings"));
    rows["processor until then, ms"].push(1000 * processes.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0));
    await page.waitForTimeout(1500);
    const edits = await page.evaluate(async () => {
        const { view } = document.querySelector("[role=tabpanel]:not([hidden]) .cm-content").cmTile;
        const task = "  - name: ~/winget\n    displayName: Install Git\n    parameters:\n      package: Git.Git\n";
        const text = `$schema: "1.0"\nname: web\nimage: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\ntasks:\n${task.repeat(14)}`;
        const checked = () => new Promise((resolve) => {
            new PerformanceObserver((entries, observer) => {
                observer.disconnect();
                resolve(entries.getEntries()[0].duration);
            }).observe({ entryTypes: ["measure"] });
        });
        const times = [];
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        await checked();
        for (let number = 0; number < 60; number += 1) {
            await new Promise((resolve) => setTimeout(resolve, 30));
            const done = checked();
            const place = text.indexOf("Git.Git", 700);
            view.dispatch({ changes: number % 2 ? { from: place, to: place + 1 } : { from: place, insert: "x" } });
            times.push(await done);
        }
        return times;
    });
    rows["an edit to its findings, ms"].push(median(edits));
    const renderer = processes.filter(({ type }) => type === "renderer").map(({ id }) => id);
    const sizes = await Promise.all(renderer.map((id) => readFile(`/proc/${id}/status`, "utf8").catch(() => "")));
    // The other one is kept ready by the browser for the next page.
    rows["memory of the page, MB"].push(Math.max(...sizes.map((status) => Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0))) / 1024);
    await browser.close();
}
site.close();
console.log(`bytes packed: ${bytes.toLocaleString("en")}`);
for (const [name, numbers] of Object.entries(rows)) {
    console.log(`${name}: ${shown(numbers)}`);
}
