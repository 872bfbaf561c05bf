// The playground in Chromium, as a person uses it. PLAYGROUND is the folder of the site, SCREENSHOTS where pictures go.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./serving.mjs";

const shots = process.env.SCREENSHOTS;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CONTROL = process.platform === "darwin" ? "Meta" : "Control";
let site;
let browser;
let now;
let page;

before(async () => {
    site = await serve(process.env.PLAYGROUND);
    browser = await launch();
    now = await open(browser);
    page = now.page;
    await visit();
});

after(async () => {
    await browser?.close();
    site?.close();
});

/** Loads the playground, and waits for the first findings. */
async function visit(fragment = "", where = page) {
    await where.goto(`${site.address}playground/${fragment && `?${Math.random()}${fragment}`}`);
    await where.locator(".found li").first().waitFor({ timeout: 120_000 });
}

/** The text of the editor that is shown, also what is scrolled out of sight. */
const shown = (where = page) => where.evaluate(() => document.querySelector("[role=tabpanel]:not([hidden]) .cm-content").cmTile.view.state.doc.toString());

const editor = (where = page) => where.locator("[role=tabpanel]:not([hidden]) .cm-content");

/** Writes this text in the place of all that is in the editor. */
async function write(text, where = page) {
    await editor(where).focus();
    await where.keyboard.press(`${CONTROL}+a`);
    // As if pasted: what is typed gets brackets and indentation from the editor.
    await where.evaluate((text) => document.activeElement.cmTile.view.dispatch(document.activeElement.cmTile.view.state.replaceSelection(text)), text);
}

const found = (code, where = page) => where.locator(".found li", { has: where.locator("a", { hasText: code }) });

async function shoot(name, where = page) {
    if (shots) {
        await where.screenshot({ path: path.join(shots, `${name}.png`) });
    }
}

async function start(example = "The same without", where = page) {
    await where.getByLabel("Example").selectOption({ label: example });
}

test("a mistake is marked at its characters as it is typed, explained, and repaired", async () => {
    await start();
    await write("$schema: \"1.0\"\nname: web\nimage: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\ntasks:\n  - name: ~/winget\n    parameters:\n      packge: Git.Git\n");
    await found("DBX204").waitFor();
    const mark = editor().locator(".cm-lintRange-error", { hasText: "packge" }).first();
    assert.equal(await mark.textContent(), "packge");
    await mark.hover();
    const tip = page.locator(".cm-tooltip .cm-diagnostic", { hasText: "packge" });
    await tip.waitFor();
    await shoot("hover");
    assert.match(await tip.locator("a").getAttribute("href"), /^\.\.\/rules\/dbx204-unknown-parameter\/$/);
    await found("DBX204").getByRole("button", { name: /Rename/ }).click();
    await found("DBX204").waitFor({ state: "detached" });
    assert.match(await shown(), /package: Git\.Git/);
});

test("hover explains what is right, and completion offers what can stand there", async () => {
    await editor().getByText("~/winget").hover();
    await page.locator(".cm-lsp-hover-tooltip").waitFor();
    assert.match(await page.locator(".cm-lsp-hover-tooltip").textContent(), /winget/i);
    await page.mouse.move(0, 0);
    await editor().focus();
    await page.keyboard.press(`${CONTROL}+End`);
    await page.keyboard.type("user");
    await page.locator(".cm-tooltip-autocomplete").getByText("userTasks").waitFor();
    await page.keyboard.press("Escape");
});

test("all is fixed at once, and with the switch what may change the meaning too", async () => {
    await start("A repository with mistakes");
    await found("DBX105").first().waitFor();
    await page.getByRole("button", { name: "Fix all" }).click();
    await found("DBX105").first().waitFor({ state: "detached" });
    assert.equal(await found("DBX104").count(), 1);
    await page.getByLabel(/may change the meaning/).check();
    await page.getByRole("button", { name: "Fix all" }).click();
    await found("DBX104").waitFor({ state: "detached" });
    await page.getByLabel(/may change the meaning/).uncheck();
});

test("files know each other", async () => {
    await start("A catalog of tasks, and two teams that use it");
    await found("DBX204").waitFor();
    await page.getByRole("tab", { name: "task.yaml" }).click();
    await write((await shown()).replaceAll("version", "release"));
    const other = found("DBX204").filter({ hasText: "`version`" }).first();
    await other.waitFor();
    await other.locator(".go").click();
    assert.match(await page.getByRole("tab", { selected: true }).textContent(), /imagedefinition/);
});

test("a file is made by its kind, told by its content, and renamed by its kind", async () => {
    await start();
    await page.getByLabel("New file").selectOption("configuration");
    assert.equal(await page.getByLabel("Path", { exact: true }).inputValue(), "configuration.winget");
    await page.getByLabel("Path", { exact: true }).fill("odd.yaml");
    await page.getByLabel("Path", { exact: true }).press("Enter");
    await write("name: web\nuserTasks: []\n");
    await page.getByText("Not recognised as one of ours").waitFor();
    await page.locator("#kind").selectOption("imagedefinition");
    assert.equal(await page.getByLabel("Path", { exact: true }).inputValue(), "imagedefinition.yaml");
    await page.getByText("Not recognised as one of ours").waitFor({ state: "detached" });
});

test("a link carries the files, and what opens it sends none of them", async () => {
    await start();
    const text = (await shown()).replace(/^name: .*$/m, "name: told-by-a-link");
    await write(text);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.waitForFunction(() => location.hash.startsWith("#files="));
    const address = page.url();
    const other = await open(browser);
    const asked = [];
    other.page.on("request", (request) => asked.push(request.url() + (request.postData() ?? "")));
    await other.page.goto(address);
    await editor(other.page).getByText("told-by-a-link").waitFor();
    assert.equal(await shown(other.page), text);
    assert.equal(await other.page.getByRole("tab").count(), await page.getByRole("tab").count());
    assert.ok(asked.length > 3 && asked.every((each) => !each.includes("files=") && !each.includes("told-by")), asked.join("\n"));
    assert.deepEqual(other.foreign, []);
    await other.context.close();
});

test("no link is made while a credential is in it", async () => {
    await start();
    const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    const token = `ghp_${Array.from({ length: 36 }, () => letters[Math.floor(Math.random() * letters.length)]).join("")}`;
    await write(`name: web\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: git clone https://${token}@github.com/contoso/web\n`);
    await page.getByRole("button", { name: "Copy link" }).click();
    const status = page.getByRole("status").filter({ hasText: "Not copied" });
    await status.waitFor();
    assert.match(await status.textContent(), /holds a credential/);
    assert.ok(!(await status.textContent()).includes(token));
    assert.equal(new URL(page.url()).hash, "");
    await write(`name: web\n# devbox-lint: ignore[DBX4] tried\npassword: ${token}\n`);
    await page.getByRole("button", { name: "Copy link" }).click();
    await status.waitFor();
    assert.equal(new URL(page.url()).hash, "");
});

test("a WinGet configuration is made of it, with a word on every entry", async () => {
    await start();
    await page.getByLabel("Export").selectOption("winget");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    assert.match(await dialog.textContent(), /line \d+/);
    await shoot("export");
    await dialog.getByRole("button", { name: "Open it here" }).click();
    assert.match(await shown(), /configurationVersion/);
});

test("what was written is not lost to an example", async () => {
    await start();
    await write("name: mine\n");
    await start("A repository with mistakes");
    await page.getByRole("button", { name: "Put them back" }).click();
    assert.equal(await shown(), "name: mine\n");
});

test("files are opened from the disk, and saved to it", async () => {
    const chosen = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open files" }).click();
    await (await chosen).setFiles([{ name: "mine.yaml", mimeType: "text/yaml", buffer: Buffer.from("name: mine\ntasks:\n  - name: ~/winget\n") }]);
    await page.getByRole("tab", { name: "mine.yaml" }).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save file" }).click();
    const saved = await download;
    assert.equal(saved.suggestedFilename(), "mine.yaml");
    assert.match(await readFile(await saved.path(), "utf8"), /name: mine/);
});

test("by keyboard alone a finding is reached and repaired", async () => {
    await start();
    await write("name: web\nimage: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\ntasks:\n  - name: ~/winget\n    parameters:\n      packge: Git.Git\n");
    await found("DBX204").getByRole("button", { name: /Rename/ }).waitFor();
    await editor().focus();
    await page.keyboard.press(`${CONTROL}+End`);
    await page.keyboard.press("F8");
    await page.keyboard.press("F8");
    await page.keyboard.press(`${CONTROL}+.`);
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Rename/);
    await page.keyboard.press("Enter");
    await found("DBX204").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.closest(".cm-editor") && document.activeElement.outerHTML.slice(0, 300)), null);
});

test("what a link brings runs nothing", async () => {
    const other = await open(browser);
    await other.page.goto(`${site.address}playground/`);
    await write("name: \"<img src=x onerror=window.struck=1>\"\ntasks:\n  - name: \"~/<script>window.struck=1</script>\"\n", other.page);
    await other.page.locator(".found li").first().waitFor({ timeout: 120_000 });
    await editor(other.page).getByText("script").first().hover();
    await other.page.waitForTimeout(600);
    assert.equal(await other.page.evaluate(() => window.struck), undefined);
    await other.context.close();
});

test("axe-core finds nothing, light, dark and narrow, and all of it fits", async () => {
    const other = await open(browser);
    await visit("", other.page);
    await other.page.locator(".fix").first().waitFor();
    await other.page.evaluate(axe);
    for (const [name, colorScheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 390], ["narrow-dark", "dark", 390]]) {
        await other.page.emulateMedia({ colorScheme });
        await other.page.setViewportSize({ width, height: 844 });
        await shoot(name, other.page);
        const { violations } = await other.page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html, nodes[0].failureSummary]), [], name);
        const wide = await other.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wide, 0, name);
    }
    assert.deepEqual(other.trouble, []);
    assert.deepEqual(other.foreign, []);
    await other.context.close();
});

test("nothing was asked of another host, and nothing went wrong", () => {
    assert.deepEqual(now.foreign, []);
    assert.deepEqual(now.trouble, []);
});
