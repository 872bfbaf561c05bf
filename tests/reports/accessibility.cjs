// Looks at pages with axe-core in a browser, light, dark and narrow: `node accessibility.cjs BROWSER FOLDER PAGE...`.
// Screenshots go to FOLDER; the exit code is 1 where a page breaks a rule of axe-core or its own policy.
const fs = require("node:fs");
const path = require("node:path");
const puppeteer = require("puppeteer-core");

const [, , executablePath, folder, ...pages] = process.argv;
const LOOKS = [["light", 1280], ["dark", 1280], ["light", 400]];

(async () => {
  const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
  let broken = 0;
  const say = (words) => { broken += 1; console.log(words); };
  for (const file of pages) {
    for (const [scheme, width] of LOOKS) {
      const name = `${path.basename(file, ".html")}-${scheme}-${width}`;
      const page = await browser.newPage();
      page.on("pageerror", (error) => say(`${name}: ${error}`));
      page.on("console", (message) => { if (message.type() === "error") say(`${name}: ${message.text()}`); });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport({ width, height: 1200 });
      await page.goto(`file://${path.resolve(file)}`);
      await page.screenshot({ path: path.join(folder, `${name}.png`) });
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      // By the debugger, which no policy of a page forbids.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, help, nodes } of violations) say(`${name}: ${id}: ${help}: ${nodes.length} x ${nodes[0].html.slice(0, 120)}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) say(`${name}: ${wide} pixels wider than the window`);
      await page.close();
    }
  }
  await browser.close();
  console.log(broken ? `${broken} complaints` : "no complaints");
  process.exit(broken ? 1 : 0);
})();
