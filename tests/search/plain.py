"""A plain implementation of the search: every article read from its text for every question, no index."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from backfile.dates import day
from backfile.markdown import load_article
from backfile.paths import article_output
from backfile.reading import entry_of
from backfile.search.analysis import HEAVIEST, PEOPLE, STANDFIRST, TITLE, TOPICS
from backfile.search.layout import segments
from backfile.search.letters import fold, paired_pattern, pairs, split, word_pattern
from backfile.search.places import bits_for, day_number, is_dated, numbers_of_day
from backfile.search.query import Question, parse
from backfile.search.stems import primary, stems
from backfile.search.text import text_of


@dataclass
class Doc:
    path: str
    place: int
    entry: object
    terms: dict[str, list[int]]
    weights: dict[str, int]
    spellings: list[tuple[str, str]]


class Plain:
    """A folder of articles, asked by reading all of them."""

    def __init__(self, articles: Path, kept: int) -> None:
        self.kept = kept
        read = {}
        for path in articles.rglob("*.md"):
            source = path.relative_to(articles).as_posix()
            text = path.read_text("utf-8")
            read[source] = (entry_of(source, "", load_article(text)), text)
        days = Counter(day_number(entry.published, source) for source, (entry, _) in read.items())
        self.bits = bits_for(max(days.values(), default=0))
        self.docs = []
        for number in days:
            of_day = [s for s, (entry, _) in read.items() if day_number(entry.published, s) == number]
            for source, place in numbers_of_day(number, of_day, self.bits).items():
                self.docs.append(make_doc(article_output(source), place, *read[source]))
        self.docs.sort(key=lambda doc: doc.place)
        self.segments = list(segments([doc.place for doc in self.docs], self.bits))
        spelled: dict[str, Counter] = {}
        for doc in self.docs:
            for spelling, term in doc.spellings:
                spelled.setdefault(spelling, Counter())[term] += 1
        self.spellings = spelled

    def segment(self, doc: Doc):
        return next(s for s in self.segments if s.start <= doc.place < s.end)

    def ask(self, text: str, by_date: bool = False) -> list[tuple[str, float, tuple[str, ...]]]:
        """(page, score, what it lacks), best first."""
        question = parse(text)
        if question.is_empty or question.odd:
            return []
        return _Asked(self, question, by_date).answer()


class _Asked:
    def __init__(self, plain: Plain, question: Question, by_date: bool) -> None:
        self.plain, self.question, self.by_date = plain, question, by_date
        clauses = [c for group in question.groups for c in group] + list(question.without)
        self.words = {clause: [self.terms_of(clause, word) for word in clause.words] for clause in clauses}
        everything = {terms for some in self.words.values() for terms in some}
        self.known = {terms: self.known_docs(terms) for terms in everything}
        self.rarity = {terms: rarity(len(plain.docs), self.frequency(terms)) for terms in everything}

    def terms_of(self, clause, word: str) -> tuple[str, ...]:
        spelled = self.plain.spellings
        if not clause.prefix and word in spelled:
            return tuple(sorted(spelled[word]))
        if (clause.prefix or clause.last) and (len(word) > 1 or not word.isascii()):
            begin = [s for s in spelled if s.startswith(word)]
            begin.sort(key=lambda s: (-sum(spelled[s].values()).bit_length(), s))
            if begin:
                return tuple(sorted({term for s in begin[:32] for term in spelled[s]}))
        endings = [word[:-cut] for cut in (1, 2, 3) if len(word) - cut >= 4 and not clause.prefix]
        return next((tuple(sorted(spelled[shorter])) for shorter in endings if shorter in spelled), ())

    def known_docs(self, terms) -> dict[int, tuple[set[int], bool]]:
        """Segment → (places of the articles whose posting is kept, whether some were left out)."""
        found = {}
        for segment in self.plain.segments:
            inside = [d for d in self.plain.docs if segment.start <= d.place < segment.end]
            kept, partial = set(), False
            for term in terms:
                having = [d for d in inside if term in d.terms]
                having.sort(key=lambda d: (-d.weights[term], -d.place))
                kept |= {(d.place, term) for d in having[: self.plain.kept]}
                partial |= len(having) > self.plain.kept
            found[segment.start] = (kept, partial)
        return found

    def frequency(self, terms) -> int:
        assert all(not partial for _, partial in self.known[terms].values()) or self.plain.kept < 1024
        total = 0
        for segment in self.plain.segments:
            kept, partial = self.known[terms][segment.start]
            union = len({place for place, _ in kept})
            if partial:
                counts = [
                    sum(term in d.terms for d in self.plain.docs if segment.start <= d.place < segment.end)
                    for term in terms
                ]
                most = [rounded(n) for n in counts if n > self.plain.kept]
                total += max(union + 1, *most)
            else:
                total += union
        return total

    def positions(self, doc, terms) -> set[int]:
        kept, _ = self.known[terms][self.plain.segment(doc).start]
        return {p for term in terms if (doc.place, term) in kept for p in doc.terms[term] if p < 0xFFFF}

    def has(self, doc, terms) -> bool:
        kept, _ = self.known[terms][self.plain.segment(doc).start]
        return any((doc.place, term) in kept for term in terms)

    def partial(self, doc, terms) -> bool:
        return self.known[terms][self.plain.segment(doc).start][1]

    def matches(self, doc, clause) -> bool:
        words = list(enumerate(self.words[clause]))
        checked = [(n, w) for n, w in words if not self.partial(doc, w)] or words
        if not all(self.has(doc, w) for _, w in checked):
            return False
        if len(checked) == 1:
            return True
        first, terms = checked[0]
        return any(
            all(p + n - first in self.positions(doc, w) for n, w in checked[1:]) for p in self.positions(doc, terms)
        )

    def is_partial(self, doc, clause) -> bool:
        return all(self.partial(doc, w) for w in self.words[clause])

    def answers(self, doc, missing: int) -> bool:
        groups = self.question.groups
        whole = [g for g in groups if not any(self.is_partial(doc, c) for c in g)]
        filtering = whole or groups
        missing = missing if whole else 0
        had = sum(any(self.matches(doc, c) for c in group) for group in filtering)
        if had < len(filtering) - missing or (filtering and not had):
            return False
        if any(self.matches(doc, clause) for clause in self.question.without):
            return False
        return all(fits(doc.entry, wanted) for wanted in self.question.filters) and self.in_time(doc)

    def in_time(self, doc) -> bool:
        after, before = self.question.after, self.question.before
        when = day(doc.entry.published)
        if (after or before) and not when:
            return False
        return (not after or when >= whole(after)) and (not before or when < whole(before))

    def weight(self, doc, terms) -> int:
        kept, _ = self.known[terms][self.plain.segment(doc).start]
        return max((doc.weights[t] for t in terms if (doc.place, t) in kept), default=0)

    def score(self, doc) -> float:
        score = 0.0
        for group in self.question.groups:
            for clause in group:
                if self.matches(doc, clause):
                    for terms in self.words[clause]:
                        score += self.rarity[terms] * self.weight(doc, terms)
        single = [self.words[g[0]][0] if len(g) == 1 and len(g[0].words) == 1 else None for g in self.question.groups]
        for one, other in pairwise(single):
            if one is not None and other is not None:
                beside = {p + 1 for p in self.positions(doc, one)} & self.positions(doc, other)
                score += (self.rarity[one] + self.rarity[other]) * 8 if beside else 0
        return score

    def lacks(self, doc) -> tuple[str, ...]:
        absent = [
            group
            for group in self.question.groups
            if not any(self.matches(doc, c) or self.is_partial(doc, c) for c in group)
        ]
        return tuple(" OR ".join(" ".join(clause.words) for clause in group) for group in absent)

    def answer(self) -> list[tuple[str, float, tuple[str, ...]]]:
        found = [(doc, self.score(doc), ()) for doc in self.plain.docs if self.answers(doc, 0)]
        if len(found) < 10 and len(self.question.groups) >= 3:
            loose = [(doc, self.score(doc), self.lacks(doc)) for doc in self.plain.docs if self.answers(doc, 1)]
            found = [(doc, score / 2 if lacks else score, lacks) for doc, score, lacks in loose]
        dated = self.by_date or not self.question.groups
        found.sort(key=lambda f: (is_dated(f[0].place >> self.plain.bits) if dated else f[1], f[0].place), reverse=True)
        return [(doc.path, score, lacks) for doc, score, lacks in found]


def make_doc(path: str, place: int, entry, source: str) -> Doc:
    lines = text_of(entry, source).split("\n")
    language = primary(entry.lang)
    stemmed = stems(language)
    at, terms, spellings = 0, {}, set()
    counts: Counter[str] = Counter()
    length = 0
    for number, line in enumerate(lines):
        weight = {0: TITLE, 1: STANDFIRST, len(lines) - 2: TOPICS, len(lines) - 1: PEOPLE}.get(number, 1)
        for run in word_pattern().findall(line):
            if paired_pattern().match(run):
                words = [(fold(pair), fold(pair)) for pair in pairs(run)]
            else:
                words = [(fold(run), stemmed[run])]
            for spelling, term in words:
                if term:
                    terms.setdefault(term, []).append(at)
                    counts[term] += weight
                    spellings.add((run, spelling, term) if spelling == fold(run) else (spelling, spelling, term))
                at += 1
        at += 1
        length = at - 1
    norm = 1.2 * (1 - 0.6 + 0.6 * min(length // 32, 999) * 32 / 500)
    weights = {term: max(1, round(HEAVIEST * min(n, 255) / (min(n, 255) + norm))) for term, n in counts.items()}
    pairs_of = sorted((spelling, term) for _, spelling, term in spellings)
    return Doc(path, place, entry, terms, weights, pairs_of)


def rarity(articles: int, frequency: int) -> float:
    ratio, whole_part = articles / max(frequency, 1), 1
    while ratio >= 2:
        ratio, whole_part = ratio / 2, whole_part + 1
    return whole_part + max(ratio - 1, 0.0)


def rounded(frequency: int) -> int:
    shift = frequency.bit_length() - 4
    return frequency if shift < 0 else ((frequency >> shift) + 1) << shift


def whole(period: str) -> str:
    """The first day; a day that the month lacks is so many days after its first one."""
    year, month, number = (*map(int, period.split("-")), 1, 1)[:3]
    return (dt.date(year, month, 1) + dt.timedelta(number - 1)).isoformat()


def fits(entry, wanted) -> bool:
    values = {
        "author": (*entry.authors, *entry.agencies),
        "publisher": (entry.publisher,),
        "tag": entry.tags,
        "lang": (entry.lang,),
    }[wanted.field]
    return any(value_fits(value, wanted) for value in values if value) != wanted.negative


def value_fits(value: str, wanted) -> bool:
    words = split(value)
    if wanted.exact:
        return words == list(wanted.words)
    if wanted.field == "lang":
        return words[: len(wanted.words)] == list(wanted.words)
    return set(wanted.words) <= set(words)
