"""Bylines as written → people and agencies: cues, roles, addresses, handles and places taken off."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from backfile.cleaning.lexicon import Lexicon, fold

_CONTACTS = re.compile(r"\S+@\S+\.\w+|https?:\S+|www\.\S+|(?<!\w)@\w+")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_MARKS = re.compile(
    r"\s*(?:[;|/•·‧∙▪\n&+]|,(?!\s*(?:Jr|Sr|Ph\.?D|M\.?D|III?|MD)\b)|\s[–—-]\s|\s:\s|、|，|／|・(?=\S*・))\s*"
)
_DEGREES = re.compile(
    r",?\s+\b(?:Ph\.?\s?D|M\.?D|MBA|MPH|MSc|BSc|RD|RDN|CFA|CPA|CFP|Esq|LL\.?M|J\.?D|R\.?N|M\.?A|B\.?A|M\.?S)\b\.?(?=[\s,.]|$).*$"
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_FULL_STOP = re.compile(r"[.!?…][\"'”’»)]*\s*$")
_RUNNING = 3
"""Words in small letters, from which on a line with a full stop is running text."""
_MAX_LINE = 40
_MAX_TEXT, _MAX_NAME, _MAX_WORDS, _MAX_SMALL_WORDS = 2000, 60, 6, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Byline:
    """Who signs: people, desks ("The Times Staff") and agencies, each once, in the order written."""

    people: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    wires: tuple[str, ...] = ()
    """The agencies in the form that the byline writes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NameCues:
    """The words of some languages that stand in bylines, ready to be looked for. A pattern is None without words."""

    words: Lexicon
    introductions: re.Pattern[str] | None
    """What introduces a byline ("by")."""
    announcements: re.Pattern[str] | None
    """Those of several words, which may also stand in its middle ("written by")."""
    others: re.Pattern[str] | None
    """What introduces other crafts and dates ("photo by", "updated")."""
    joints: re.Pattern[str] | None
    places: re.Pattern[str] | None
    roles: frozenset[str]
    labels: frozenset[str]
    """What may stand before a colon and a name."""


_PREPARED: dict[int, NameCues] = {}


def name_cues(words: Lexicon) -> NameCues:
    """The lexicon's words for bylines, prepared once: lexicons are made once for each set of languages."""
    found = _PREPARED.get(id(words))
    if found is None or found.words is not words:
        found = _PREPARED[id(words)] = _prepare(words)
    return found


def _prepare(words: Lexicon) -> NameCues:
    cues = words.cues
    roles = frozenset(cues.get("roles", ()))
    crafts = ("production", "translator", "photo", "updated", "published")
    others = frozenset(c for name in crafts for c in cues.get(name, ()) if len(c) > 3) - roles
    byline = frozenset(cues.get("byline", ())) - others
    return NameCues(
        words=words,
        introductions=_pattern(byline),
        announcements=_pattern(cue for cue in byline if " " in cue),
        others=_pattern(others),
        joints=_pattern(cues.get("and", ()) + cues.get("with", ())),
        places=_pattern(cues.get("place", ())),
        roles=roles,
        labels=byline | roles,
    )


def _pattern(cues: Iterable[str]) -> re.Pattern[str] | None:
    """Any of these cues as whole words."""
    longest_first = "|".join(map(re.escape, sorted(cues, key=lambda cue: (-len(cue), cue))))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.I) if longest_first else None


def read_byline(texts: Iterable[str], words: Lexicon, *, inverted: bool = False) -> Byline:
    """The people and agencies that these texts name, each text a name or a whole byline.

    With `inverted` each text is "Family, Given".
    """
    cues = name_cues(words)
    people: dict[str, str] = {}
    desks: dict[str, str] = {}
    wires: dict[str, str] = {}
    for text in texts:
        for part in _parts(text, cues, inverted=inverted):
            agency = agencies().get(fold(part))
            name = "" if agency else _name(_without_role(part, cues), cues)
            if agency:
                wires.setdefault(agency, part)
            elif name:
                (desks if _is_role(fold(name), cues) else people).setdefault(fold(name), name)
    return Byline(
        people=tuple(name for form, name in people.items() if not _is_part(form, people)),
        desks=tuple(desks.values()),
        agencies=tuple(wires),
        wires=tuple(wires.values()),
    )


def names_agency(text: str) -> bool:
    """Whether the name of an agency stands anywhere in a text: most bylines need not be taken apart to see that."""
    folded = fold(text[:_MAX_TEXT])
    return any(form in folded for form in agencies())


def _is_part(form: str, others: Iterable[str]) -> bool:
    """Whether a name is only the first or last words of another ("Linda" of "Linda McCall")."""
    return any(o != form and (o.startswith(form + " ") or o.endswith(" " + form)) for o in others)


@cache
def agencies() -> dict[str, str]:
    """Folded form → the agency's name as it signs."""
    return {fold(form): name for name, forms in _table()["agencies"].items() for form in (name, *forms)}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files("backfile.cleaning") / "agencies.toml").read_text("utf-8"))


@cache
def _nobody(kind: str) -> frozenset[str]:
    """What stands in bylines and names nobody: whole `names`, words of `companies`."""
    return frozenset(map(fold, _table()["nobody"][kind]))


def _parts(text: str, cues: NameCues, *, inverted: bool) -> Iterator[str]:
    """The names of a byline, as written."""
    text = _BRACKETS.sub(_unbracket, _CONTACTS.sub(" ", text[:_MAX_TEXT])).strip(" ,.-–—:|")
    turned = _turned(text, always=inverted)
    if turned:
        yield turned
        return
    for part in _MARKS.split(_signature(strip_cue(text, cues), cues)):
        pieces = cues.joints.split(part) if cues.joints and fold(part) not in agencies() else [part]
        yield from filter(None, (" ".join(_without_place(p, cues).split()) for p in pieces))


def _unbracket(match: re.Match[str]) -> str:
    """An agency in brackets as a name of its own; anything else there is left out."""
    inside = match[0][1:-1]
    return f", {inside}, " if fold(inside) in agencies() else " "


def _turned(text: str, *, always: bool) -> str:
    """ "Gillman, Steve" as "Steve Gillman"; empty where the comma may mean something else."""
    family, comma, given = (part.strip() for part in text.partition(","))
    if not (comma and family and given) or "," in given:
        return ""
    single = " " not in family + given and family[0].isupper() and given[0].isupper() and len(given) > 2
    known = fold(family) in agencies() or fold(given) in agencies()
    return f"{given} {family}" if always or (single and not known and not given.isupper()) else ""


def strip_cue(text: str, cues: NameCues) -> str:
    """The text without the words that introduce a byline ("By", "Par")."""
    for _ in range(2):
        found = cues.introductions.match(text) if cues.introductions else None
        if found is None or not text[found.end() :].strip():
            break
        text = text[found.end() :].lstrip(" :,.-–|")
    return text


def _signature(text: str, cues: NameCues) -> str:
    """The part of a byline that names its author: after a cue in its middle, before the cues of other crafts."""
    found = cues.others.search(text) if cues.others else None
    if found:
        text = text[: found.start()]
    found = cues.announcements.search(text) if cues.announcements else None
    return text[found.end() :].strip(" :") if found else text


def _name(part: str, cues: NameCues) -> str:
    """The part as a person's or a desk's name; empty where it is not one."""
    part = _after_label(part, cues)
    part = _DEGREES.sub("", strip_cue(part.strip(" .,:;-–—*_\"'“”«»|"), cues)).strip(" .,:;-–—")
    folded, tokens = fold(part), part.split()
    if not part or len(part) > _MAX_NAME or len(tokens) > _MAX_WORDS or _DIGITS.search(part):
        return ""
    if folded in cues.labels or folded in _nobody("names"):
        return ""
    if any(fold(t) in _nobody("companies") for t in tokens):
        return ""
    if len(tokens) > _MAX_SMALL_WORDS and not any(t[0].isupper() or _uncased(t) for t in tokens):
        return ""
    return _calm(part)


def _without_place(part: str, cues: NameCues) -> str:
    """The part before a place: "Jane Doe in Kyiv"."""
    found = cues.places.search(part, 1) if cues.places else None
    return part[: found.start()] if found and part[found.start() - 1] == " " else part


def _after_label(part: str, cues: NameCues) -> str:
    """ "Interview: Jane Doe" without its label; nothing where the label is of something else ("Categories: …")."""
    label, colon, rest = part.partition(":")
    if not colon:
        return part
    return rest.strip() if fold(label) in cues.labels else ""


def _without_role(part: str, cues: NameCues) -> str:
    """A name without the role before it ("Staff Writer Jane Doe") or, in scripts without capitals, after it."""
    tokens = part.split()
    for n in range(min(3, len(tokens) - 2), 0, -1):
        if fold(" ".join(tokens[:n])) in cues.roles and tokens[n][0].isupper():
            return " ".join(tokens[n:])
    if len(tokens) > 1 and _uncased(tokens[0]) and fold(tokens[-1]) in cues.roles:
        return " ".join(tokens[:-1])
    return part


def _is_role(folded: str, cues: NameCues) -> bool:
    """Whether a name is a role or a desk ("Health Editor", "Editor of X")."""
    tokens = folded.split()
    return len(tokens) > 1 and (tokens[-1] in cues.roles or tokens[0] in cues.roles)


def is_full_name(name: str) -> bool:
    """Whether a name is more than a handle: several words, or a script that writes names without blanks."""
    return " " in name or (len(name) > 1 and bool(_UNSPACED.match(name)))


def is_sentence(text: str, words: Lexicon) -> bool:
    """Whether a line is running text, which names nobody: it ends as sentences do, with several words in small letters
    and no role among them."""
    if not _FULL_STOP.search(text):
        return False
    found = (word for word in _WORD.findall(text) if len(word) > 1 and word.islower())
    small = [word for word in found if word not in _nobody("particles")]
    return len(small) >= _RUNNING and name_cues(words).roles.isdisjoint(map(fold, small))


def looks_like_person(text: str, words: Lexicon) -> bool:
    """Whether a line of its own can only be a person's name: two to four capitalised words that say nothing else."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 4 or len(text) > _MAX_LINE or text.isupper():
        return False
    if words.reason(text) or words.opener(text):
        return False
    if not all(t[0].isupper() or t in _nobody("particles") for t in tokens):
        return False
    if not all(c.isalpha() or c in " .-'’" for c in text):
        return False
    cues = name_cues(words)
    return bool(_name(text, cues)) and not _is_role(fold(text), cues) and fold(text) not in agencies()


def _uncased(word: str) -> bool:
    return word[0].isalpha() and word.lower() == word.upper()


def _calm(name: str) -> str:
    """A name in capitals as names are written, where that is safe: several words, none of them short."""
    tokens = name.split()
    if len(tokens) > 1 and name.isupper() and all(len(t) > 3 for t in tokens):
        return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name.lower())
    return name
