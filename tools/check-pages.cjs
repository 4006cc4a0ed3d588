// Look at built pages in Chromium: accessibility (axe-core), overflow, console messages, requests that leave the site.
//
//   NODE_PATH=FOLDER/node_modules node tools/check-pages.cjs page.html…        (FOLDER: npm install playwright-core axe-core)
//
// CHROMIUM names the browser (otherwise /usr/bin/chromium), SHOTS a folder that is given a picture of each page.
// Ends with 1 and a line for each fault, or with 0.
"use strict";

const path = require("path");
const { pathToFileURL } = require("url");
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;

const SIZES = { phone: { width: 320, height: 700 }, desktop: { width: 1280, height: 900 } };

async function look(page, file, label, faults) {
  await page.goto(pathToFileURL(path.resolve(file)).href);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) faults.push(`${label}: ${wide} px too wide`);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const rule of found.violations) faults.push(`${label}: ${rule.id} (${rule.nodes.length}): ${rule.nodes[0].html.slice(0, 120)}`);
  if (process.env.SHOTS) {
    await page.screenshot({ path: path.join(process.env.SHOTS, label.replace(/[/ ]+/g, "-") + ".png"), fullPage: true });
  }
}

async function main(files) {
  const faults = [];
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      page.on("console", (message) => faults.push(`${page.url()}: console: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
      page.on("request", (request) => { if (!request.url().startsWith("file:")) faults.push(`${page.url()}: asks for ${request.url()}`); });
      for (const file of files) await look(page, file, `${file} ${size} ${colorScheme}`, faults);
      await context.close();
    }
  }
  await browser.close();
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length ? 1 : 0;
}

main(process.argv.slice(2));
