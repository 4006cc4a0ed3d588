// Look at built pages in Chromium: accessibility (axe-core), overflow, console messages, requests that leave the site.
//
//   NODE_PATH=FOLDER/node_modules node tools/check-pages.cjs ADDRESS…        (FOLDER: npm install playwright-core axe-core)
//
// An ADDRESS is that of a page (file: or http:), or NAME=ADDRESS. Each is looked at as on a phone, a desktop and a desktop
// at 200 %, by day and by night. CHROMIUM names the browser (otherwise /usr/bin/chromium); SHOTS a folder that is given a
// picture of each page; AXE=0 leaves accessibility out. Ends with 1 and a line for each fault, or with 0.
"use strict";

const path = require("path");
const { chromium } = require("playwright-core");
const axe = process.env.AXE === "0" ? "" : require("axe-core").source;

const VIEWS = {
  phone: { viewport: { width: 320, height: 700 }, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 900 } },
  zoomed: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
};
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TALLEST = 6000;

async function look(page, { name, address }, label, faults) {
  await page.goto(address);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) faults.push(`${label} ${address}: ${wide} px too wide`);
  if (axe) {
    await page.evaluate(axe);
    const found = await page.evaluate((rules) => window.axe.run({ preload: false, runOnly: rules }), RULES);
    for (const rule of found.violations) faults.push(`${label} ${address}: ${rule.id} (${rule.nodes.length}): ${rule.nodes[0].html.slice(0, 160)}`);
  }
  if (process.env.SHOTS) {
    const size = page.viewportSize();
    const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), TALLEST);
    const file = path.join(process.env.SHOTS, `${name}--${label}.png`.replace(/[/ ]+/g, "-"));
    await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: size.width, height: Math.max(height, size.height) } });
  }
}

async function main(pages) {
  const faults = [];
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  const origin = (address) => (address.startsWith("file:") ? "file:" : new URL(address).origin);
  for (const [view, options] of Object.entries(VIEWS)) {
    for (const colorScheme of view === "zoomed" ? ["light"] : ["light", "dark"]) {
      const context = await browser.newContext({ ...options, colorScheme, bypassCSP: Boolean(axe) });
      const page = await context.newPage();
      page.on("console", (message) => faults.push(`${page.url()}: console: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
      page.on("request", (request) => {
        if (!request.url().startsWith(origin(pages[0].address))) faults.push(`${page.url()}: asks for ${request.url()}`);
      });
      for (const each of pages) await look(page, each, `${view}-${colorScheme}`, faults);
      await context.close();
    }
  }
  await browser.close();
  for (const fault of [...new Set(faults)]) console.log(fault);
  console.log(`${pages.length} pages, ${faults.length} faults`);
  process.exitCode = faults.length ? 1 : 0;
}

main(process.argv.slice(2).map((text) => {
  const [, name, address] = /^(?:([^=:]+)=)?(.*)$/.exec(text);
  return { name: name || path.basename(address, ".html"), address };
}));
