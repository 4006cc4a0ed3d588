// The search page: what is typed, what is shown. Nothing leaves the page; search-engine.js does the searching.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const words = JSON.parse(byId("search").dataset.words);
  const [form, box, sort, list, facets, status, notes, trouble, after, plot] = "ask q sort results facets status notes trouble after plot".split(" ").map(byId);
  const SAVED = 500, PASSAGE = 36, YEARS = 12, VALUES = 8, MANY_MONTHS = 240;
  let asked = 0, current, shown;

  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
  const root = document.documentElement, locale = root.lang;
  // Elements are made from text only: nothing of an article is ever read as HTML.
  function filled(element, attributes, children) {
    for (const key in attributes) if (attributes[key]) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  }
  const make = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);
  const draw = (name, attributes, ...children) => filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  const index = BackfileEngine.open((path) => new Promise((resolve, reject) => {
    const script = make("script", { fetchpriority: "high", src: path });
    script.async = false; // in the order asked for, which costs a browser less
    script.onload = () => resolve(script.remove());
    script.onerror = reject;
    document.head.append(script);
  }));
  // These take long to make: meanwhile the first files are on their way.
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format;
  const long = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format;
  function languageName(tag) {
    try { return new Intl.DisplayNames([locale], { type: "language" }).of(tag) || tag; } catch (error) { return tag; }
  }
  const dateText = (date) => date ? long(new Date(date)) : words.undated;
  const tongue = (lang) => /^[a-z]{2,3}([-_][a-z\d]{2,8})*$/i.test(lang) ? lang.replace(/_/g, "-") : "";

  // ---- Results
  function marked(text, runs, hits, from, to) {
    const parts = [], before = runs[from - 1], behind = runs[to];
    let at = !before ? 0 : before[0] === "\n" ? before[2] : runs[from][1]; // what stands around words at the ends of a line
    const end = !behind ? text.length : behind[0] === "\n" ? behind[1] : runs[to - 1][2];
    for (let i = from; i < to; i++) {
      if (!hits.has(i) || runs[i][1] < at) continue;
      parts.push(text.slice(at, runs[i][1]), make("mark", null, text.slice(runs[i][1], runs[i][2])));
      at = runs[i][2];
    }
    parts.push(text.slice(at, end));
    return parts;
  }
  function linesOf(runs) {
    const ends = [...runs.flatMap((run, i) => run[0] === "\n" ? [i] : []), runs.length];
    return ends.map((end, i) => [i ? ends[i - 1] + 1 : 0, end]);
  }
  // The stretch of words in one line with the most different words of the question; the opening where there is none.
  function passage(lines, found) {
    let best = null;
    for (const [first, last] of lines.slice(1).filter(([from, to]) => to > from)) {
      for (const start of [first, ...found.flat().filter((p) => first <= p && p < last)]) {
        const to = Math.min(start + PASSAGE, last);
        const kinds = found.filter((places) => places.some((p) => start <= p && p < to)).length;
        if (!best || kinds > best.kinds) best = { from: Math.max(first, start - 8), to, kinds, first, last };
      }
    }
    return best;
  }
  async function resultItem(result, hit) {
    const article = await index.article(hit.place);
    if (!article) return null;
    const text = article.lines.normalize("NFC"), runs = index.runs(text), lines = linesOf(runs);
    const reasons = index.reasons(result, hit.place), found = reasons.map((each) => each[3]), hits = new Set(found.flat());
    const address = encodeURI(article.path), lang = tongue(article.lang);
    const [from, to] = lines[0];
    const title = to > from ? marked(text, runs, hits, from, to) : [text.split("\n")[0] || words.untitled];
    const item = make("li");
    if (article.picture) item.append(make("img", { src: new URL(article.picture, new URL(address, document.baseURI)), alt: "", loading: "lazy" }));
    item.append(make("h2", { lang }, make("a", { href: address }, ...title)));
    const best = passage(lines, found);
    if (best) {
      const parts = marked(text, runs, hits, best.from, best.to);
      if (best.from > best.first) parts.unshift("… ");
      parts.push(best.to < best.last ? " …" : "");
      item.append(make("p", { class: "passage", lang }, ...parts));
    }
    const people = article.authors.slice(0, 3).join(", ");
    item.append(make("p", { class: "meta" }, [article.publisher, dateText(index.date(hit.place)), people].filter(Boolean).join(" · ")));
    if (hit.lacks.length) item.append(make("p", { class: "lacks" }, say(words.lacks, { words: hit.lacks.join(", ") })));
    if (reasons.length) item.append(why(reasons, hit.score));
    return item;
  }
  function why(reasons, score) {
    const rows = reasons.map(([word, rarity, weight]) => make("li", null, `${word}: ${say(words.weighs, { rarity: number(rarity), weight: number(weight) })}`));
    return make("details", { class: "why" }, make("summary", null, words.why), make("ul", null, ...rows), make("p", null, `= ${number(score)}`));
  }
  const itemsOf = (result, from, to) => result.found.slice(from, to).map((hit) => resultItem(result, hit));
  // Shows each as soon as it is there.
  async function showItems(items, turn) {
    for (const item of items) {
      const element = await item;
      if (turn === asked && element) list.append(element);
    }
    if (turn !== asked) return;
    shown += items.length;
    byId("more").hidden = shown >= current.found.length;
    showTroubles();
  }
  async function showMore({ target }) {
    target.disabled = true; // two quick clicks must not bring the same ones twice
    await showItems(itemsOf(current, shown, shown + 10), asked);
    target.disabled = false;
  }

  // ---- Notes
  function showNotes(result) {
    notes.replaceChildren();
    for (const [word, meant] of result.unknown) {
      const note = make("p", null, say(words.unknown, { word }));
      if (meant) {
        const [before, behind] = words.meant.split("{word}"), typed = box.value.normalize("NFC");
        const at = typed.toLowerCase().indexOf(word);
        const instead = at < 0 ? meant : typed.slice(0, at) + meant + typed.slice(at + word.length);
        note.append(" ", before, make("a", { href: asking(instead) }, meant), behind);
      }
      notes.append(note);
    }
    for (const word of result.question?.odd || []) notes.append(make("p", null, say(words.odd, { word })));
    if (result.loose) notes.append(make("p", null, words.loose));
    for (const word of result.common) notes.append(make("p", null, say(words.common, { word })));
  }
  const asking = (query) => `?q=${encodeURIComponent(query)}`;
  function showTroubles() {
    const files = index.troubles.map(([file, what]) => `${file} (${what})`), file = files.slice(0, 3).join(", ") + (files.length > 3 ? " …" : "");
    if (file) trouble.textContent = say(/(index|letters)\.js /.test(files) ? words.unreadable : words.broken, { file });
  }

  // ---- Months, and what narrows
  function monthsOf(result) {
    const at = (month) => month.slice(0, 4) * 12 + Number(month.slice(5)) - 1;
    const months = datesOf(result, 7), keys = [...new Set(months)].sort(), first = at(months.length ? keys[0] : "");
    if (keys.length < 2) return [];
    const span = at(keys.at(-1)) - first + 1, width = span > MANY_MONTHS ? 12 : 1;
    const counts = BackfileEngine.tally(months.map((month) => Math.floor((at(month) - first) / width)));
    const step = 720 / Math.ceil(span / width), most = Math.max(...counts.values());
    const bars = [...counts].sort((a, b) => a[0] - b[0]).map(([bar, n]) => {
      const height = Math.max(n / most * 54, 1.5), month = first + bar * width;
      const label = `${Math.floor(month / 12)}-${String(month % 12 + 1).padStart(2, "0")}: ${number(n)}`;
      return draw("rect", { x: bar * step, y: 54 - height, width: step * 0.85, height }, draw("title", {}, label));
    });
    return [draw("g", { class: "bars" }, ...bars), draw("text", { y: 67 }, keys[0]), draw("text", { x: 720, y: 67 }, keys.at(-1))];
  }
  const datesOf = (result, length) => result.found.map((hit) => index.date(hit.place).slice(0, length)).filter(Boolean);
  let wanted = false; // topics are the larger half of what counts values, so they are counted where somebody looks
  async function showFacets(result, turn) {
    const years = [...BackfileEngine.tally(datesOf(result, 4))].sort().reverse().slice(0, YEARS);
    const sections = [[words.year, values(years, (year) => `after:${year} before:${Number(year) + 1}`)],
      [words.publisher, await counted(result, "publisher")], [words.lang, await counted(result, "lang", languageName)]];
    if (turn !== asked) return;
    const topics = make("details", null, make("summary", null, words.tag));
    topics.ontoggle = async () => {
      wanted = topics.open;
      if (wanted && !topics.children[1]) topics.append(await counted(result, "tag") || "–");
      showTroubles();
    };
    topics.open = wanted;
    facets.replaceChildren(...sections.flatMap(([heading, list]) => list ? [make("h2", null, heading), list] : []), topics);
    showTroubles();
  }
  const counted = async (result, field, show) => values((await index.counts(result.found, field)).slice(0, VALUES), (value) => `${field}:"${value.replace(/"/g, " ")}"`, show);
  function values(counts, clause, show = String) {
    return counts.length > 1 && make("ul", null, ...counts.map(([value, n]) => {
      const query = `${box.value.trim()} ${clause(value)}`.trim();
      return make("li", null, make("a", { href: asking(query) }, show(value)), make("span", { class: "n" }, number(n)));
    }));
  }

  // ---- Asking
  async function ask() {
    const turn = ++asked, text = box.value;
    const began = performance.now(), result = await index.answer(text, sort.value === "date");
    if (turn !== asked) return;
    // Alone the first is there sooner; the months are drawn while its file comes.
    const items = itemsOf(result, 0, 1), months = monthsOf(result);
    await items[0];
    if (turn !== asked) return;
    items.push(...itemsOf(result, 1, 5));
    current = result;
    shown = 0;
    list.replaceChildren();
    plot.replaceChildren(...months);
    plot.parentElement.hidden = !months.length;
    const nothing = result.question?.isEmpty !== false;
    status.textContent = nothing ? "" : result.found.length ? say(words.found, { n: number(result.found.length) }) : words.nothing;
    byId("help").open = nothing;
    after.hidden = facets.hidden = !result.found.length;
    showNotes(result);
    await showItems(items, turn);
    if (turn !== asked) return;
    root.dataset.searched = Math.round(performance.now() - began);
    if (result.found.length) await showFacets(result, turn);
  }
  let waiting;
  function askNow() {
    clearTimeout(waiting);
    ask().finally(remember); // sooner it would keep the browser from fetching files
  }
  // The address always says what is asked, so that it can be kept and shared.
  function remember() {
    const query = new URLSearchParams();
    if (box.value.trim()) query.set("q", box.value);
    if (sort.value) query.set("sort", sort.value);
    const address = String(query) ? `?${query}` : location.pathname;
    try { history.replaceState(null, "", address); } catch (error) { /* some browsers forbid it from disk */ }
  }
  function recall() {
    const query = new URLSearchParams(location.search);
    box.value = query.get("q") || "";
    sort.value = query.get("sort") === "date" ? "date" : "";
    ask();
  }

  // ---- Saving
  async function articles() {
    const found = await Promise.all(current.found.slice(0, SAVED).map((hit) => index.article(hit.place)));
    return found.filter(Boolean).map((a) => ({ ...a, title: a.lines.split("\n")[0], date: a.published.slice(0, 10) }));
  }
  const TEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const tex = (text) => text.replace(/[\\{}&%$#_~^]/g, (c) => TEX[c] || `\\${c}`);
  const FORMS = {
    bib: (all) => all.map((a, i) => {
      const fields = [["title", `{${tex(a.title)}}`], ["author", a.authors.map((name) => `{${tex(name)}}`).join(" and ")], ["date", a.date], ["journaltitle", tex(a.publisher)], ["langid", a.lang], ["keywords", tex(a.tags.join(", "))], ["url", a.url.replace(/[{}\\]/g, encodeURIComponent)]];
      return `@article{backfile${i + 1},\n  entrysubtype = {newspaper},\n${fields.filter((f) => f[1] && f[1] !== "{}").map(([k, v]) => `  ${k} = {${v}},\n`).join("")}}\n`;
    }).join("\n"),
    ris: (all) => all.map((a) => {
      const rows = [["TI", a.title], ...a.authors.map((name) => ["AU", name]), ["T2", a.publisher], ["DA", a.date.replace(/-/g, "/")], ["LA", a.lang], ...a.tags.map((tag) => ["KW", tag]), ["UR", a.url]];
      return ["TY  - NEWS", ...rows.filter((r) => r[1]).map(([k, v]) => `${k}  - ${v}`), "ER  - "].join("\r\n");
    }).join("\r\n") + "\r\n",
    // A cell that a spreadsheet would take for a formula gets an apostrophe.
    csv: (all) => "\ufeff" + ["title,authors,publisher,date,language,tags,url,page".split(","), ...all.map((a) => [a.title, a.authors.join("; "), a.publisher, a.date, a.lang, a.tags.join("; "), a.url, a.path])]
      .map((row) => row.map((cell) => `"${cell.replace(/^[=+\-@\t\r]/, "'$&").replace(/"/g, '""')}"`).join(",")).join("\r\n") + "\r\n",
  };
  async function save(kind) {
    const file = URL.createObjectURL(new Blob([FORMS[kind](await articles())], { type: "text/plain;charset=utf-8" }));
    make("a", { href: file, download: `search.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(file), 1000);
  }

  // ---- Keys
  function move(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [box, ...list.querySelectorAll("h2 a")], at = links.indexOf(document.activeElement);
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  form.hidden = byId("help").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    askNow();
  });
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(askNow, 60);
  });
  sort.addEventListener("change", askNow);
  byId("search").addEventListener("keydown", move);
  byId("more").addEventListener("click", showMore);
  byId("print").addEventListener("click", () => print());
  for (const button of after.querySelectorAll("[data-form]")) button.addEventListener("click", () => save(button.dataset.form));
  if (!location.search) box.focus();
  recall();
})();
