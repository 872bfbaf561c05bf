// The pages of the site around the playground, in Chromium: none asks another host for anything. PLAYGROUND is its folder.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./serving.mjs";

const PAGES = ["", "rules/", "rules/dbx101-missing-image/", "settings/", "comparison/", "editors/", "changelog/"];
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
    const { page, context, foreign, trouble } = await open(browser);
    for (const address of PAGES) {
        const name = address.replaceAll("/", "") || "start";
        for (const [look, colorScheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 390]]) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize({ width, height: 860 });
            await page.goto(site.address + address, { waitUntil: look === "light" ? "networkidle" : "load" });
            if (process.env.SCREENSHOTS) {
                await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}-${look}.png`) });
            }
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${address} is ${wide} pixels wider than the window`);
    }
    assert.deepEqual(foreign, []);
    assert.deepEqual(trouble, []);
    await context.close();
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
