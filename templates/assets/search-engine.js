// The search itself: reads the files of the index and answers questions, as `backfile search` does, step by step.
// docs/search.md describes files, questions and ranking. Nothing here knows of the page around it.
var backfileSearch; // what every file of the index calls
var BackfileEngine = (function () {
  "use strict";
  const FORMAT = 2, BEYOND = 0xffff, DAYS = 18, UNDATED = 2 ** 18 - 4096, EXPANDED = 32, NEAR = 8, MANY = 3, FEW = 10, LONGEST = 40;
  const FIRST = Date.UTC(1599, 11, 31) / 864e5;
  const utf8 = new TextDecoder(), toUtf8 = new TextEncoder();
  const fromJson = (bytes) => JSON.parse(utf8.decode(bytes));

  // ---- Bytes
  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  function crc32(bytes) {
    let crc = -1;
    for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
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
    const { readable, writable } = new DecompressionStream("deflate-raw"), writer = writable.getWriter();
    Promise.all([writer.write(small), writer.close()]).catch(() => {}); // who reads is told what is wrong
    return new Uint8Array(await new Response(readable).arrayBuffer());
  }

  class Columns {
    constructor(bytes) { this.data = bytes; this.at = 0; }
    bytes(count) { return this.data.subarray(this.at, this.at += count); }
    numbers(count) {
      const planes = this.bytes(1)[0];
      if (planes === 1) return this.bytes(count);
      const found = new (planes < 5 ? Uint32Array : Float64Array)(count);
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
    const found = new Float64Array(gaps.length);
    for (let i = 0; i < gaps.length; i++) found[i] = start += gaps[i];
    return found;
  }
  // Value → how often it is there.
  function tally(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    return counts;
  }

  // ---- Words, in the order of code points
  const inOrder = (text) => text.replace(/[\ud800-\udbff]/g, "\uffff$&"); // what takes two units comes last
  function compare(one, other) {
    const a = inOrder(one), b = inOrder(other);
    return a < b ? -1 : Number(a > b);
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
  const DATE = /^(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
  const READ = 1000; // characters of a question; what follows is not read
  function parse(text, letters) {
    const question = { groups: [], without: [], filters: [], after: "", before: "", odd: [] };
    const typed = Array.from(text.slice(0, 2 * READ)).slice(0, READ).join("").replace(/[\t\n\r\u00a0\u3000]/g, " ");
    let joined = false;
    for (const found of typed.matchAll(PART)) {
      const [whole, minus, field, quoted, bare] = found;
      if (bare === "OR" && !minus && !field) { joined = true; continue; }
      const value = bare === undefined ? quoted : bare;
      if (field === "after" || field === "before") {
        if (DATE.test(value)) question[field] = value; else question.odd.push(whole);
      } else if (field) {
        const words = letters.split(value);
        if (words.length) question.filters.push({ field, words, exact: bare === undefined, negative: !!minus });
      } else {
        const clause = readClause(value, bare !== undefined, found.index + whole.length === typed.length, letters);
        if (clause && minus) question.without.push(clause);
        else if (clause && joined && question.groups.length) question.groups.at(-1).push(clause);
        else if (clause) question.groups.push([clause]);
      }
      joined = false;
    }
    question.isEmpty = !Object.values(question).some((part) => part.length);
    return question;
  }
  function readClause(text, bare, last, letters) {
    const words = letters.split(text), size = (word) => Array.from(word).length;
    if (!words.length) return null;
    const isHalf = (word) => letters.isPaired(word) && size(word) === 1;
    if (words.length > 1 && isHalf(words.at(-1)) && size(words.at(-2)) === 2) words.pop();
    const single = words.length === 1;
    return { words, prefix: single && (isHalf(words[0]) || (bare && text.endsWith("*"))), last: single && bare && last };
  }

  // ---- Answers
  function rarity(articles, frequency) {
    let ratio = articles / Math.max(frequency, 1), whole = 1;
    while (ratio >= 2) { ratio /= 2; whole++; }
    return whole + Math.max(ratio - 1, 0);
  }
  function isNear(word, other) {
    const [a, b] = [Array.from(word), Array.from(other)].sort((x, y) => y.length - x.length), more = a.length - b.length;
    const start = a.findIndex((c, i) => c !== b[i]);
    if (more > 1 || start < 0) return false;
    const same = (from, to) => a.slice(from).join("") === b.slice(to).join("");
    const swapped = a[start] === b[start + 1] && a[start + 1] === b[start] && same(start + 2, start + 2);
    return same(start + 1, start + 1 - more) || (!more && swapped);
  }
  // What is known of a term in a segment: `at` has its places as keys, `weight` and `places` tell of one.
  function merged(found) {
    if (found.length === 1) return found[0];
    const at = new Map();
    for (const rows of found) {
      for (const place of rows.at.keys()) {
        const [heaviest, others] = at.get(place) || [0, []];
        at.set(place, [Math.max(rows.weight(place), heaviest), [...others, ...rows.places(place)].sort((a, b) => a - b)]);
      }
    }
    const most = Math.max(0, ...found.map((rows) => rows.partial && rows.frequency));
    const weight = (place) => at.get(place)?.[0] || 0, places = (place) => at.get(place)?.[1] || [];
    return { frequency: most ? Math.max(at.size + 1, most) : at.size, at, weight, places, partial: most > 0 };
  }
  function stands(place, offset, rows, rest) {
    return rows.places(place).some((position) => position !== BEYOND && rest.every(([other, found]) => {
      const there = position + other - offset;
      return there !== BEYOND && found.places(place).includes(there);
    }));
  }
  function placesOf(clause, segment) {
    const known = clause.known.map((word, offset) => [offset, word.rows.get(segment)]);
    const complete = known.filter((each) => !each[1].partial);
    const [first, ...rest] = complete.length ? complete : known;
    const { at, partial } = first[1];
    return { places: rest.length ? new Set([...at.keys()].filter((place) => stands(place, ...first, rest))) : at, partial };
  }
  function fits(words, wanted) {
    const n = wanted.words.length;
    if (wanted.exact) return words.length === n && words.every((word, i) => word === wanted.words[i]);
    if (wanted.field === "lang") return wanted.words.every((word, i) => word === words[i]);
    return wanted.words.every((word) => words.includes(word));
  }
  function firstDay(period) {
    const [year, month = 1, day = 1] = period.split("-").map(Number);
    const days = new Date(0).setUTCFullYear(year, month - 1, day) / 864e5;
    return Math.min(Math.max(days - FIRST, 0), UNDATED - 1);
  }

  // `load(path)` makes a file of the index call `backfileSearch`, and rejects where it cannot.
  function open(load) {
    const troubles = [], arrived = new Map(), files = new Map();
    let entry, letters, stamps;
    backfileSearch = (name, stamp, ...sections) => arrived.set(name, { stamp, sections });

    async function read(key, stamp) {
      let what = "missing";
      try {
        if (!arrived.has(key)) await load(`search/${key}.js`);
        what = "damaged";
        const file = arrived.get(key);
        arrived.delete(key);
        if (file.stamp !== stamp) what = "foreign";
        else return await Promise.all(file.sections.map(inflated));
      } catch (error) { /* said below */ }
      troubles.push([`search/${key}.js`, what]);
      return null;
    }
    // What `take` makes of the sections of a file, once; null where there is none.
    function file(key, take) {
      if (!files.has(key)) files.set(key, read(key, stamps.get(key)).then((sections) => sections && take(...sections)));
      return files.get(key);
    }

    const started = begin();
    async function begin() {
      const sections = await read("index", FORMAT);
      if (!sections) return false;
      entry = fromJson(sections[0]);
      entry.segments = entry.segments.map(([start, bits, count, step]) => {
        const size = 2 ** bits;
        return { start, end: start + size, count, step, name: `${bits}-${Math.floor(start / size).toString(16)}` };
      });
      const names = ["letters", ...entry.spellings.map((start) => `w/${fileName(start)}`)];
      const shelfNames = entry.shelves.map(fileName);
      for (const { name, step } of entry.segments) {
        names.push(...shelfNames.filter((_, n) => n % step === 0).map((shelf) => `t/${name}/${shelf}`));
      }
      for (let block = 0; block < entry.blocks; block++) names.push(`d/${block.toString(16)}`);
      for (const { name } of entry.segments) names.push(`f/${name}`, `g/${name}`, `a/${name}`);
      const numbers = new Columns(sections[1]).numbers(names.length);
      stamps = new Map(names.map((name, i) => [name, numbers[i]]));
      return letters = await file("letters", (data) => makeLetters(fromJson(data)));
    }

    async function spellings(number) {
      const take = (data) => utf8.decode(data).split("\n").filter(Boolean).map((line) => line.split("\t"));
      return await file(`w/${fileName(entry.spellings[number])}`, take) || [];
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
      const near = (await beginning(Array.from(word)[0])).filter((found) => isNear(word, found.spelling)).sort(byFrequency);
      return near[0]?.spelling || "";
    }

    function postings(segment, term) {
      const number = startOf(entry.shelves, term);
      return file(`t/${segment.name}/${fileName(entry.shelves[number - number % segment.step])}`, shelf);
    }
    async function rows(segment, term) {
      const shelf = await postings(segment, term), found = shelf && shelf.get(term);
      return found ? found() : merged([]);
    }
    function shelf(head, rest) {
      const columns = new Columns(head), more = new Columns(rest), found = new Map();
      const names = columns.text().split("\n"), count = columns.number();
      const kept = columns.numbers(count), frequencies = columns.numbers(count);
      const stops = summed(kept, 0), total = stops.at(-1) || 0;
      const gaps = columns.numbers(total), weights = columns.bytes(total), ends = summed(more.numbers(total), 0);
      const positions = more.numbers(more.number());
      names.forEach((name, i) => {
        let made;
        found.set(name, () => made ||= term(stops[i - 1] || 0, stops[i], frequencies[i]));
      });
      function term(first, stop, frequency) {
        const at = new Map();
        for (let row = first, place = 0; row < stop; row++) at.set(place += gaps[row], row);
        const weight = (place) => weights[at.get(place)] || 0;
        const places = (place) => positions.subarray(ends[at.get(place) - 1] || 0, ends[at.get(place)] || 0);
        return { frequency, at, weight, places, partial: frequency > at.size };
      }
      return found;
    }

    async function word(clause, spelling) {
      if (!clause.prefix) entry.segments.forEach((segment) => postings(segment, spelling)); // where its stem mostly is, too
      const known = clause.prefix ? null : await lookUp(spelling);
      if (known) return { spelling, terms: known.terms };
      if ((clause.prefix || clause.last) && /[^\x00-\x7f]|../.test(spelling)) {
        const best = (await beginning(spelling)).sort(byFrequency).slice(0, EXPANDED);
        if (best.length) return { spelling: `${spelling}*`, terms: [...new Set(best.flatMap((found) => found.terms))] };
      }
      const chars = Array.from(spelling);
      for (let cut = 1; cut <= 3 && chars.length - cut >= 4 && !clause.prefix; cut++) {
        const shorter = await lookUp(chars.slice(0, -cut).join(""));
        if (shorter) return { spelling, terms: shorter.terms };
      }
      return { spelling: clause.prefix ? `${spelling}*` : spelling, terms: [], asked: spelling, meant: await suggestion(spelling) };
    }

    // The values of a field by the number of an article in its segment.
    const named = (columns, count) => {
      const names = columns.text().split("\n"), counts = columns.numbers(count), flat = columns.numbers(columns.number());
      const ends = summed(counts, 0);
      return (i) => Array.from(flat.subarray(ends[i] - counts[i], ends[i]), (number) => names[number]);
    };
    async function facet(segment, field) {
      const head = await file(`f/${segment.name}`, (data) => {
        const columns = new Columns(data), count = columns.number(), places = columns.numbers(count);
        return { places: Array.from(summed(places, segment.start)), publisher: named(columns, count), lang: named(columns, count) };
      });
      if (!head) return { places: [] };
      const { places } = head, more = (data) => named(new Columns(data), places.length);
      const values = head[field] || await file(`${field === "tag" ? "g" : "a"}/${segment.name}`, more);
      return { places, values: values || (() => []) };
    }

    async function inSegment(segment, question, missing) {
      const sets = question.groups.map((group) => group.map((clause) => placesOf(clause, segment)));
      const union = (group) => group.length > 1 ? new Set(group.flatMap((each) => [...each.places.keys()])) : group[0].places;
      const whole = sets.filter((group) => !group.some((each) => each.partial));
      const filtering = (whole.length ? whole : sets).map(union);
      if (!whole.length) missing = 0; // a word of which only the heaviest articles are known may stand in any
      let places;
      if (filtering.length) {
        // One that lacks none is in the smallest set; one that lacks one, in one of the two smallest.
        const some = filtering.sort((a, b) => a.size - b.size).slice(0, missing + 1).flatMap((set) => [...set.keys()]);
        places = [...new Set(some)].filter((place) => filtering.reduce((n, set) => n + !set.has(place), 0) <= missing);
      } else {
        places = (await facet(segment, "publisher")).places.map((place) => place - segment.start);
      }
      for (const clause of question.without) {
        const gone = placesOf(clause, segment).places;
        places = places.filter((place) => !gone.has(place));
      }
      for (const wanted of question.filters) {
        const facts = await facet(segment, wanted.field), fitting = new Set();
        facts.places.forEach((place, i) => {
          if (facts.values(i).some((value) => fits(letters.split(value), wanted)) !== wanted.negative) fitting.add(place - segment.start);
        });
        places = places.filter((place) => fitting.has(place));
      }
      const day = 2 ** entry.bits;
      const low = question.after ? firstDay(question.after) * day : 0;
      let high = question.before ? firstDay(question.before) * day : 2 ** (DAYS + entry.bits);
      if (question.after) high = Math.min(high, UNDATED * day);
      const single = question.groups.map((group) => group.length === 1 && group[0].words.length === 1 ? group[0].known[0] : null);
      return places.filter((place) => low <= place + segment.start && place + segment.start < high).map((place) => {
        let score = 0;
        question.groups.forEach((group, i) => group.forEach((clause, k) => {
          if (!sets[i][k].places.has(place)) return;
          for (const each of clause.known) score += each.rarity * each.rows.get(segment).weight(place);
        }));
        for (let i = 1; i < single.length; i++) {
          const one = single[i - 1], other = single[i];
          if (one && other && stands(place, 0, one.rows.get(segment), [[1, other.rows.get(segment)]])) score += (one.rarity + other.rarity) * NEAR;
        }
        const absent = missing ? question.groups.filter((group, i) => !sets[i].some((each) => each.partial || each.places.has(place))) : [];
        const lacks = absent.map((group) => group.map((clause) => clause.words.join(" ")).join(" OR "));
        return { place: place + segment.start, score: lacks.length ? score / 2 : score, lacks };
      });
    }

    // All answers to a text, best first, with what there is to say of it.
    async function answer(text, byDate) {
      const result = { found: [], unknown: new Map(), common: [], words: [] };
      if (!(await started)) return result;
      const question = result.question = parse(text, letters);
      if (question.isEmpty || question.odd.length) return result;
      const asked = question.groups.flat(), clauses = [...asked, ...question.without];
      await Promise.all(clauses.map(async (clause) => {
        clause.known = await Promise.all(clause.words.map((each) => word(clause, each)));
      }));
      const all = clauses.flatMap((clause) => clause.known);
      for (const each of all) if ("meant" in each) result.unknown.set(each.asked, each.meant);
      await Promise.all(all.map(async (each) => {
        each.rows = new Map(await Promise.all(entry.segments.map(async (segment) =>
          [segment, merged(await Promise.all(each.terms.map((term) => rows(segment, term))))])));
        each.rarity = rarity(entry.count, [...each.rows.values()].reduce((sum, found) => sum + found.frequency, 0));
      }));
      const common = all.filter((each) => [...each.rows.values()].some((found) => found.partial));
      result.common = [...new Set(common.map((each) => each.spelling))];
      result.words = asked.flatMap((clause) => clause.known);
      for (const missing of question.groups.length >= MANY ? [0, 1] : [0]) {
        result.found = [];
        for (const segment of entry.segments) {
          for (const hit of await inSegment(segment, question, missing)) result.found.push(hit);
        }
        result.loose = missing * result.found.length;
        if (result.found.length >= FEW) break;
      }
      const undated = UNDATED * 2 ** entry.bits;
      const key = byDate || !question.groups.length ? (hit) => Number(hit.place < undated) : (hit) => hit.score;
      result.found.sort((a, b) => key(b) - key(a) || b.place - a.place);
      return result;
    }

    // Everything known of an article.
    async function article(place) {
      const block = Math.floor((Math.imul(place % 2 ** 32, 0x9e3779b9) >>> 0) * entry.blocks / 2 ** 32);
      const articles = await file(`d/${block.toString(16)}`, fromJson);
      const row = articles && articles.find((each) => each[0] === place);
      const names = "place path published lang publisher authors tags url picture lines".split(" ");
      return row && Object.fromEntries(names.map((name, i) => [name, row[i]]));
    }
    // Why an article is where it is: [word, how rare it is, its weight there, its places in the text].
    function reasons(result, place) {
      const segment = entry.segments.find((each) => each.start <= place && place < each.end), at = place - segment.start;
      return result.words.map((each) => {
        const rows = each.rows.get(segment);
        return [each.spelling, each.rarity, rows.weight(at), Array.from(rows.places(at))];
      });
    }
    // How many of the articles have each value of a field, most first.
    async function counts(found, field) {
      const wanted = new Set(found.map((hit) => hit.place));
      const all = (await Promise.all(entry.segments.map((segment) => facet(segment, field)))).flatMap(
        ({ places, values }) => places.flatMap((place, i) => wanted.has(place) ? values(i) : []));
      return [...tally(all)].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
    }
    // `YYYY-MM-DD` of a place, empty for undated articles.
    function date(place) {
      const day = Math.floor(place / 2 ** entry.bits);
      return day < UNDATED ? new Date((day + FIRST) * 864e5).toISOString().slice(0, 10) : "";
    }
    return { answer, article, reasons, counts, date, troubles, runs: (text) => letters.runs(text) };
  }
  return { open, tally };
})();
