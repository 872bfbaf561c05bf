// The pages of the site around the playground, in Chromium: none asks another host for anything. PLAYGROUND is its folder.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./serving.mjs";

const PAGES = ["", "first-file/", "rules/", "rules/dbx101-missing-image/", "settings/", "comparison/", "export/"];
let site;
let browser;

before(async () => {
    site = await serve(process.env.PLAYGROUND);
    browser = await launch();
});

after(async () => {
    await browser?.close();
    site?.close();
});

test("no page asks another host, and all of it fits on a phone", async () => {
    // The theme remembers the look of the first page, so that each look needs a context of its own.
    for (const [look, colorScheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 390]]) {
        const { page, context, foreign, trouble } = await open(browser, { colorScheme, viewport: { width, height: 860 } });
        for (const address of PAGES) {
            await page.goto(site.address + address, { waitUntil: look === "light" ? "networkidle" : "load" });
            if (process.env.SCREENSHOTS) {
                const name = address.replaceAll("/", "") || "start";
                await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}-${look}.png`) });
            }
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.ok(wide <= 0, `${address} is ${wide} pixels wider than the window`);
        }
        if (look === "dark") {
            assert.equal(await page.evaluate(() => document.body.dataset.mdColorScheme), "slate");
        }
        assert.deepEqual(foreign, []);
        assert.deepEqual(trouble, []);
        await context.close();
    }
});

test("search finds a rule", async () => {
    const { page, context, foreign } = await open(browser);
    await page.goto(site.address);
    await page.getByRole("button", { name: /search/i }).first().click();
    await page.keyboard.type("missing-image");
    await page.locator('a[href*="dbx101"]').last().waitFor();
    assert.deepEqual(foreign, []);
    await context.close();
});

test("rules are filtered by what they say, group, severity, files and fix", async () => {
    const { page, context, trouble } = await open(browser);
    await page.goto(`${site.address}rules/`);
    const shown = page.locator("tbody tr:visible");
    const all = await shown.count();
    await page.getByLabel("Group").selectOption({ label: "Credentials" });
    assert.ok((await shown.allTextContents()).every((text) => text.trim().startsWith("DBX4")));
    await page.getByLabel("Group").selectOption("");
    await page.getByLabel("Severity").selectOption("info");
    await page.getByLabel("Fix").selectOption("safe");
    const few = await shown.count();
    assert.ok(few > 0 && few < all / 4, `${few} of ${all}`);
    await page.getByLabel("Text").fill("no such rule");
    await page.getByRole("status").filter({ hasText: /^0 of/ }).waitFor();
    assert.deepEqual(trouble, []);
    await context.close();
});

test("the page of a rule leads to its example in the playground", async () => {
    const { page, context } = await open(browser);
    await page.goto(`${site.address}rules/dbx301-malformed-secret-uri/`);
    await page.getByRole("link", { name: "Try it in the playground" }).click();
    await page.locator(".found li", { hasText: "DBX301" }).first().waitFor({ timeout: 120_000 });
    await context.close();
});
