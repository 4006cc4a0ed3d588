// The search itself: reads the files of the index and answers questions, as `backfile search` does, step by step.
// docs/search.md describes files, questions and ranking. Nothing here knows of the page around it.
var backfileSearch; // what every file of the index calls
var BackfileEngine = (function () {
  "use strict";
  const FORMAT = 2, BEYOND = 0xffff, DAYS = 18, UNDATED = 2 ** 18 - 4096, EXPANDED = 32, NEAR = 8, MANY = 3, FEW = 10, LONGEST = 40;
  const FIRST = Date.UTC(1599, 11, 31) / 864e5;
  const utf8 = new TextDecoder(), toUtf8 = new TextEncoder();

  // ---- Bytes
  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  function crc32(bytes) {
    let crc = -1;
    for (const byte of bytes) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
    return ~crc >>> 0;
  }
  const fileName = (start) => start ? crc32(toUtf8.encode(start)).toString(16).padStart(8, "0") : "first";

  async function inflated([length, check, text]) {
    const bytes = new Uint8Array(length + 1);
    let at = 0;
    for (let i = 0; i < text.length; i++) {
      let unit = text.charCodeAt(i);
      if (unit === 0xe000) unit = (text.charCodeAt(++i) - 0x1000) & 0xffff;
      bytes[at++] = unit & 255;
      bytes[at++] = unit >> 8;
    }
    const small = bytes.subarray(0, length);
    if (crc32(small) !== check) throw new Error("damaged");
    const stream = new Blob([small]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  class Columns {
    constructor(bytes) { this.data = bytes; this.at = 0; }
    bytes(count) { return this.data.subarray(this.at, this.at += count); }
    numbers(count) {
      const found = new Array(count).fill(0), planes = this.bytes(1)[0];
      for (let plane = 0, scale = 1; plane < planes; plane++, scale *= 256) {
        const part = this.bytes(count);
        for (let i = 0; i < count; i++) found[i] += part[i] * scale;
      }
      return found;
    }
    number() { return this.numbers(1)[0]; }
    text() { return utf8.decode(this.bytes(this.number())); }
  }
  function summed(gaps, start) {
    let last = start;
    return gaps.map((gap) => (last += gap));
  }

  // ---- Words, in the order of code points
  function compare(a, b) {
    const least = Math.min(a.length, b.length);
    for (let i = 0; i < least; i++) {
      let x = a.charCodeAt(i), y = b.charCodeAt(i);
      if (x === y) continue;
      if (x >= 0xd800 && y >= 0xd800) { x += x >= 0xe000 ? -0x800 : 0x2000; y += y >= 0xe000 ? -0x800 : 0x2000; }
      return x - y;
    }
    return a.length - b.length;
  }
  function startOf(starts, word) {
    let low = 0, high = starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (compare(starts[middle], word) <= 0) low = middle; else high = middle;
    }
    return low;
  }

  function makeLetters(data) {
    const char = (n) => `\\u{${n.toString(16)}}`;
    const ranges = (row) => row.reduce((text, n, i) => text + (i % 2 ? "-" : "") + char(n), "");
    const run = new RegExp(`[${ranges(data.words)}]+|[${ranges(data.pairs)}]+|\n`, "gu");
    const paired = new RegExp(`^[${ranges(data.pairs)}]`, "u");
    const table = new Map(), to = data.to.split("\t");
    for (let i = 0, k = 0; i < data.from.length; i += 2) {
      for (let n = data.from[i]; n <= data.from[i + 1]; n++) table.set(String.fromCodePoint(n), to[k++]);
    }
    function fold(word) {
      let found = "";
      for (const c of word) found += table.has(c) ? table.get(c) : c;
      return Array.from(found).slice(0, LONGEST).join("");
    }
    // [text, start, end] of every word, pairs taken apart; the ends of lines too, since they count as places
    function runs(text) {
      const found = [];
      for (const match of text.matchAll(run)) {
        if (!paired.test(match[0])) { found.push([match[0], match.index, match.index + match[0].length]); continue; }
        const chars = Array.from(match[0]);
        let at = match.index;
        chars.forEach((c, i) => {
          const pair = c + (chars[i + 1] || "");
          found.push([pair, at, at + pair.length]);
          at += c.length;
        });
      }
      return found;
    }
    const split = (text) => runs(text.normalize("NFC")).filter((r) => r[0] !== "\n").map((r) => fold(r[0])).filter(Boolean);
    return { fold, runs, split, isPaired: (word) => paired.test(word) };
  }

  // ---- Questions
  const PART = /(-?)(?:(author|publisher|tag|lang|after|before):)?(?:"([^"]*)"?|([^ "]+))/g;
  const DATE = /^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$/;
  function parse(text, letters) {
    const question = { groups: [], without: [], filters: [], after: "", before: "" };
    const typed = text.replace(/[\t\n\r\u00a0\u3000]/g, " ");
    let joined = false;
    for (const found of typed.matchAll(PART)) {
      const [whole, minus, field, quoted, bare] = found;
      if (bare === "OR" && !minus && !field) { joined = true; continue; }
      const value = bare === undefined ? quoted : bare;
      if (field === "after" || field === "before") {
        if (DATE.test(value)) question[field] = value;
      } else if (field) {
        const words = letters.split(value);
        if (words.length) question.filters.push({ field, words, exact: bare === undefined, negative: !!minus });
      } else {
        const last = bare !== undefined && found.index + whole.length === typed.length;
        const clause = readClause(value, bare !== undefined, last, letters);
        if (clause && minus) question.without.push(clause);
        else if (clause && joined && question.groups.length) question.groups[question.groups.length - 1].push(clause);
        else if (clause) question.groups.push([clause]);
      }
      joined = false;
    }
    const parts = question.groups.length + question.without.length + question.filters.length;
    question.isEmpty = !parts && !question.after && !question.before;
    return question;
  }
  function readClause(text, bare, last, letters) {
    const words = letters.split(text), size = (word) => Array.from(word).length;
    if (!words.length) return null;
    const end = words[words.length - 1];
    if (words.length > 1 && letters.isPaired(end) && size(end) === 1 && size(words[words.length - 2]) === 2) words.pop();
    const single = words.length === 1;
    const pair = letters.isPaired(words[0]) && size(words[0]) === 1;
    return { words, prefix: single && (pair || (bare && text.endsWith("*"))), last: single && last };
  }

  // ---- Answers
  function rarity(articles, frequency) {
    let ratio = articles / Math.max(frequency, 1), whole = 1;
    while (ratio >= 2) { ratio /= 2; whole++; }
    return whole + Math.max(ratio - 1, 0);
  }
  function isNear(word, other) {
    const a = Array.from(word), b = Array.from(other);
    if (Math.abs(a.length - b.length) > 1 || word === other) return false;
    const start = a.findIndex((c, i) => i < b.length && c !== b[i]);
    if (start < 0) return true;
    const rest = (chars, from) => chars.slice(from).join("");
    if (a.length > b.length) return rest(a, start + 1) === rest(b, start);
    if (a.length < b.length) return rest(b, start + 1) === rest(a, start);
    const swapped = a[start] === b[start + 1] && a[start + 1] === b[start] && rest(a, start + 2) === rest(b, start + 2);
    return swapped || rest(a, start + 1) === rest(b, start + 1);
  }
  function merged(found) {
    if (found.length === 1) return found[0];
    const weights = new Map(), positions = new Map();
    for (const rows of found) {
      for (const [place, weight] of rows.weights) {
        weights.set(place, Math.max(weight, weights.get(place) || 0));
        positions.set(place, [...(positions.get(place) || []), ...rows.positions.get(place)].sort((a, b) => a - b));
      }
    }
    const partial = found.filter((rows) => rows.partial).map((rows) => rows.frequency);
    const frequency = Math.max(weights.size + (partial.length ? 1 : 0), ...partial, 0);
    return { frequency, weights, positions, partial: frequency > weights.size };
  }
  function stands(place, offset, rows, rest) {
    const others = rest.map(([other, found]) => [other - offset, found.positions.get(place)]);
    return rows.positions.get(place).some((position) => position !== BEYOND && others.every(
      ([step, positions]) => position + step !== BEYOND && positions.includes(position + step)));
  }
  function placesOf(words, rows) {
    const known = words.map((word, offset) => [offset, rows.get(word.spelling)]);
    const complete = known.filter((each) => !each[1].partial);
    const [first, ...rest] = complete.length ? complete : known;
    const places = new Set();
    for (const place of first[1].weights.keys()) {
      if (rest.every((each) => each[1].weights.has(place)) && (!rest.length || stands(place, first[0], first[1], rest))) {
        places.add(place);
      }
    }
    return { places, partial: first[1].partial };
  }
  function fits(words, wanted) {
    const n = wanted.words.length;
    if (wanted.exact) return words.length === n && words.every((word, i) => word === wanted.words[i]);
    if (wanted.field === "lang") return wanted.words.every((word, i) => word === words[i]);
    return wanted.words.every((word) => words.includes(word));
  }
  function firstDay(period) {
    const [year, month = 1, day = 1] = period.split("-").map(Number);
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    return Math.min(Math.max(Math.round(date.getTime() / 864e5) - FIRST, 0), UNDATED - 1);
  }

  // `load(path)` makes a file of the index call `backfileSearch`, and rejects where it cannot.
  function open(load) {
    const troubles = [], arrived = new Map(), files = new Map(), shelves = new Map();
    let entry = null, letters = null, stamps = null;
    backfileSearch = (name, stamp, ...sections) => arrived.set(name, { stamp, sections });

    async function read(key, stamp) {
      try {
        if (!arrived.has(key)) await load(`search/${key}.js`).catch(() => { throw new Error("missing"); });
        const file = arrived.get(key);
        arrived.delete(key);
        if (!file) throw new Error("damaged");
        if (file.stamp !== stamp) throw new Error("foreign");
        return await Promise.all(file.sections.map(inflated));
      } catch (error) {
        troubles.push([`search/${key}.js`, ["missing", "foreign"].includes(error.message) ? error.message : "damaged"]);
        return null;
      }
    }
    function file(key) {
      if (!files.has(key)) files.set(key, read(key, stamps.get(key)));
      return files.get(key);
    }

    let started = null;
    function start() { return started || (started = begin()); }
    async function begin() {
      const sections = await read("index", FORMAT);
      if (!sections) return false;
      entry = JSON.parse(utf8.decode(sections[0]));
      entry.segments = entry.segments.map(([start, bits, count, step]) => {
        const size = 2 ** bits;
        return { start, end: start + size, count, step, name: `${bits}-${Math.floor(start / size).toString(16)}` };
      });
      const names = ["letters", ...entry.spellings.map((s) => `w/${fileName(s)}`)];
      const shelfNames = entry.shelves.map(fileName);
      for (const { name, step } of entry.segments) {
        for (let n = 0; n < shelfNames.length; n += step) names.push(`t/${name}/${shelfNames[n]}`);
      }
      for (let block = 0; block < entry.blocks; block++) names.push(`d/${block.toString(16)}`);
      for (const segment of entry.segments) for (const kind of "fga") names.push(`${kind}/${segment.name}`);
      const numbers = new Columns(sections[1]).numbers(names.length);
      stamps = new Map(names.map((name, i) => [name, numbers[i]]));
      const data = await file("letters");
      if (data) letters = makeLetters(JSON.parse(utf8.decode(data[0])));
      return !!letters;
    }

    async function spellings(number) {
      const key = `w/${fileName(entry.spellings[number])}`, sections = await file(key);
      if (!sections) return [];
      if (!sections.lines) sections.lines = utf8.decode(sections[0]).split("\n").filter(Boolean).map((line) => line.split("\t"));
      return sections.lines;
    }
    const asSpelling = ([spelling, frequency, ...codes]) => {
      const chars = Array.from(spelling);
      return { spelling, frequency: frequency.charCodeAt(0) - 48,
        terms: codes.map((code) => chars.slice(0, chars.length - code.charCodeAt(0) + 48).join("") + code.slice(1)) };
    };
    async function lookUp(word) {
      const line = (await spellings(startOf(entry.spellings, word))).find((each) => each[0] === word);
      return line && asSpelling(line);
    }
    async function beginning(prefix) {
      const parts = [];
      for (let n = startOf(entry.spellings, prefix); n < entry.spellings.length; n++) {
        const start = entry.spellings[n];
        if (compare(start, prefix) > 0 && !start.startsWith(prefix)) break;
        parts.push(spellings(n));
      }
      return (await Promise.all(parts)).flat().filter((line) => line[0].startsWith(prefix)).map(asSpelling);
    }
    const byFrequency = (a, b) => b.frequency - a.frequency || compare(a.spelling, b.spelling);
    async function suggestion(word) {
      const first = Array.from(word)[0];
      const near = (await beginning(first)).filter((found) => isNear(word, found.spelling));
      return near.length ? near.sort(byFrequency)[0].spelling : "";
    }

    // Where a term stands in a segment; a file of postings is taken apart once.
    async function rows(segment, term) {
      const number = startOf(entry.shelves, term);
      const key = `t/${segment.name}/${fileName(entry.shelves[number - number % segment.step])}`;
      if (!shelves.has(key)) shelves.set(key, file(key).then((sections) => sections ? shelf(sections) : new Map()));
      const found = (await shelves.get(key)).get(term);
      return found ? found() : { frequency: 0, weights: new Map(), positions: new Map(), partial: false };
    }
    function shelf([head, rest]) {
      const columns = new Columns(head), more = new Columns(rest), found = new Map();
      const names = columns.text().split("\n"), count = columns.number();
      const kept = columns.numbers(count), frequencies = columns.numbers(count);
      const total = kept.reduce((sum, n) => sum + n, 0);
      const gaps = columns.numbers(total), weights = columns.bytes(total), counts = more.numbers(total);
      const positions = more.numbers(more.number());
      let at = 0, placeAt = 0;
      kept.forEach((number, i) => {
        const from = at, positionsFrom = placeAt;
        at += number;
        for (let row = from; row < at; row++) placeAt += counts[row];
        let made = null;
        found.set(names[i], () => made || (made = term(from, number, positionsFrom, frequencies[i])));
      });
      function term(from, number, position, frequency) {
        const places = summed(gaps.slice(from, from + number), 0), weighed = new Map(), standing = new Map();
        places.forEach((place, n) => {
          weighed.set(place, weights[from + n]);
          standing.set(place, positions.slice(position, position += counts[from + n]));
        });
        return { frequency, weights: weighed, positions: standing, partial: frequency > number };
      }
      return found;
    }

    async function word(clause, spelling, result) {
      const known = clause.prefix ? null : await lookUp(spelling);
      if (known) return { spelling, terms: known.terms };
      const ascii = /^[\x00-\x7f]*$/.test(spelling);
      if ((clause.prefix || clause.last) && Array.from(spelling).length > (ascii ? 1 : 0)) {
        const best = (await beginning(spelling)).sort(byFrequency).slice(0, EXPANDED);
        if (best.length) return { spelling: `${spelling}*`, terms: [...new Set(best.flatMap((found) => found.terms))] };
      }
      const chars = Array.from(spelling);
      for (let cut = 1; cut <= 3 && chars.length - cut >= 4 && !clause.prefix; cut++) {
        const shorter = await lookUp(chars.slice(0, -cut).join(""));
        if (shorter) return { spelling, terms: shorter.terms };
      }
      result.unknown.set(spelling, await suggestion(spelling));
      return { spelling: clause.prefix ? `${spelling}*` : spelling, terms: [] };
    }

    // The values of a field for each article of a segment, as [places, values of each].
    const named = (columns, count) => {
      const names = columns.text().split("\n"), counts = columns.numbers(count);
      const flat = columns.numbers(columns.number());
      let at = 0;
      return counts.map((n) => flat.slice(at, at += n).map((number) => names[number]));
    };
    const facetFiles = new Map();
    function facet(segment, field) {
      const key = `${segment.name} ${field}`;
      if (!facetFiles.has(key)) facetFiles.set(key, readFacet(segment, field));
      return facetFiles.get(key);
    }
    async function readFacet(segment, field) {
      const head = await file(`f/${segment.name}`);
      if (!head) return { places: [], values: [] };
      const columns = new Columns(head[0]), count = columns.number();
      const places = summed(columns.numbers(count), segment.start);
      if (field === "publisher" || field === "lang") {
        const publishers = named(columns, count);
        return { places, values: field === "publisher" ? publishers : named(columns, count) };
      }
      const sections = await file(`${field === "tag" ? "g" : "a"}/${segment.name}`);
      return { places, values: sections ? named(new Columns(sections[0]), count) : places.map(() => []) };
    }

    async function inSegment(segment, question, words, here, missing) {
      const sets = question.groups.map((group) => group.map((clause) => placesOf(words.get(clause), here)));
      const union = (group) => new Set(group.flatMap((each) => [...each.places]));
      const whole = sets.filter((group) => !group.some((each) => each.partial));
      const filtering = (whole.length ? whole : sets).map(union);
      let places;
      if (filtering.length) {
        const had = new Map();
        for (const each of filtering) for (const place of each) had.set(place, (had.get(place) || 0) + 1);
        places = [...had.keys()].filter((place) => had.get(place) >= filtering.length - missing);
      } else {
        places = (await facet(segment, "publisher")).places.map((place) => place - segment.start);
      }
      for (const clause of question.without) {
        const gone = placesOf(words.get(clause), here).places;
        places = places.filter((place) => !gone.has(place));
      }
      for (const wanted of question.filters) {
        const facts = await facet(segment, wanted.field), fitting = new Set();
        facts.places.forEach((place, i) => {
          if (facts.values[i].some((value) => fits(letters.split(value), wanted)) !== wanted.negative) fitting.add(place - segment.start);
        });
        places = places.filter((place) => fitting.has(place));
      }
      const day = 2 ** entry.bits;
      const low = question.after ? firstDay(question.after) * day : 0;
      let high = question.before ? firstDay(question.before) * day : 2 ** (DAYS + entry.bits);
      if (question.after) high = Math.min(high, UNDATED * day);
      const single = question.groups.map((group) => group.length === 1 && group[0].words.length === 1 ? words.get(group[0])[0] : null);
      return places.filter((place) => low <= place + segment.start && place + segment.start < high).map((place) => {
        let score = 0;
        question.groups.forEach((group, i) => group.forEach((clause, k) => {
          if (!sets[i][k].places.has(place)) return;
          for (const each of words.get(clause)) score += each.rarity * (here.get(each.spelling).weights.get(place) || 0);
        }));
        for (let i = 1; i < single.length; i++) {
          const one = single[i - 1], other = single[i];
          if (one && other && beside(here.get(one.spelling), here.get(other.spelling), place)) score += (one.rarity + other.rarity) * NEAR;
        }
        return { place: place + segment.start, score };
      });
    }
    function beside(one, other, place) {
      return one.weights.has(place) && other.weights.has(place) && stands(place, 0, one, [[1, other]]);
    }

    // All answers to a text, best first, with what there is to say of it.
    async function answer(text, byDate) {
      const result = { found: [], unknown: new Map(), common: [], words: [], question: null, rows: new Map() };
      if (!(await start())) return result;
      const question = result.question = parse(text, letters);
      if (question.isEmpty) return result;
      const clauses = [...question.groups.flat(), ...question.without], words = new Map();
      for (const clause of clauses) words.set(clause, await Promise.all(clause.words.map((each) => word(clause, each, result))));
      const all = [...words.values()].flat();
      await Promise.all(entry.segments.map(async (segment) => {
        const here = new Map();
        await Promise.all(all.map(async (each) => {
          here.set(each.spelling, merged(await Promise.all(each.terms.map((term) => rows(segment, term)))));
        }));
        result.rows.set(segment, here);
      }));
      for (const each of all) {
        each.frequency = entry.segments.reduce((sum, segment) => sum + result.rows.get(segment).get(each.spelling).frequency, 0);
        each.rarity = rarity(entry.count, each.frequency);
        if (entry.segments.some((s) => result.rows.get(s).get(each.spelling).partial) && !result.common.includes(each.spelling)) result.common.push(each.spelling);
      }
      result.words = question.groups.flat().flatMap((clause) => words.get(clause));
      for (const missing of question.groups.length >= MANY ? [0, 1] : [0]) {
        result.found = [];
        for (const segment of entry.segments) {
          for (const hit of await inSegment(segment, question, words, result.rows.get(segment), missing)) result.found.push(hit);
        }
        result.loose = missing > 0;
        if (result.found.length >= FEW) break;
      }
      const undated = UNDATED * 2 ** entry.bits;
      const key = byDate || !question.groups.length ? (hit) => (hit.place < undated ? 1 : 0) : (hit) => hit.score;
      result.found.sort((a, b) => key(b) - key(a) || b.place - a.place);
      return result;
    }

    // Everything known of an article.
    async function article(place) {
      const block = Math.floor((Math.imul(place % 2 ** 32, 0x9e3779b9) >>> 0) * entry.blocks / 2 ** 32);
      const sections = await file(`d/${block.toString(16)}`);
      if (!sections) return null;
      if (!sections.rows) sections.rows = JSON.parse(utf8.decode(sections[0]));
      const row = sections.rows.find((each) => each[0] === place);
      if (!row) return null;
      const [, path, published, lang, publisher, authors, tags, url, picture, text] = row;
      return { place, path, published, lang, publisher, authors, tags, url, picture, lines: text };
    }
    const segmentOf = (place) => entry.segments.find((segment) => segment.start <= place && place < segment.end);
    // The places in an article's text of each word of an answer.
    function positions(result, place) {
      const segment = segmentOf(place), here = result.rows.get(segment);
      return result.words.map((each) => (here.get(each.spelling).positions.get(place - segment.start) || []));
    }
    // Why an article is where it is: [word, how rare it is, its weight there].
    function reasons(result, place) {
      const segment = segmentOf(place), here = result.rows.get(segment);
      return result.words.map((each) => [each.spelling, each.rarity, here.get(each.spelling).weights.get(place - segment.start) || 0]);
    }
    // How many of the articles have each value of a field, most first.
    async function counts(found, field) {
      const wanted = new Set(found.map((hit) => hit.place)), totals = new Map();
      for (const segment of entry.segments) {
        const facts = await facet(segment, field);
        facts.places.forEach((place, i) => {
          if (wanted.has(place)) for (const value of facts.values[i]) totals.set(value, (totals.get(value) || 0) + 1);
        });
      }
      return [...totals].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
    }
    // `YYYY-MM-DD` of a place, empty for undated articles.
    function date(place) {
      const day = Math.floor(place / 2 ** entry.bits);
      return day < UNDATED ? new Date((day + FIRST) * 864e5).toISOString().slice(0, 10) : "";
    }
    return { start, answer, article, positions, reasons, counts, date, troubles,
      runs: (text) => letters.runs(text), letters: () => letters, articles: () => entry.count };
  }
  return { open };
})();
