// Ask the page's own script: `node ask.cjs ENGINE SITE` reads [[query, by date]…] as JSON and writes the answers.
"use strict";
const fs = require("fs"), path = require("path"), vm = require("vm");

const [engine, site] = process.argv.slice(2);
vm.runInThisContext(fs.readFileSync(engine, "utf8"), { filename: engine });

// A classic script from disk: the browser decodes it by its byte order mark.
async function load(file) {
  const text = fs.readFileSync(path.join(site, file)).toString("utf16le").replace(/^\ufeff/, "");
  try { vm.runInThisContext(text); } catch (error) { /* a browser reports it and goes on */ }
}

async function main() {
  const index = BackfileEngine.open(load), answers = [];
  for (const [query, byDate] of JSON.parse(fs.readFileSync(0, "utf8"))) {
    const answer = await index.answer(query, byDate), hits = [];
    for (const hit of answer.found) hits.push([((await index.article(hit.place)) || {}).path, hit.score, index.date(hit.place), hit.lacks]);
    answers.push({ hits, unknown: [...answer.unknown], common: answer.common, count: answer.found.length });
  }
  process.stdout.write(JSON.stringify({ answers, troubles: index.troubles }));
}
main();
