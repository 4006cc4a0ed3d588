"""What a site's user knows of a publisher's pages: `content/publishers/<domain>.toml`.

What was decided of a part of a page for every article of its site:

    [[rules]]
    action = "drop"                 or "restore"
    text = "…"                      of the whole part, as the article or the receipt has it
    after = "…"                     the beginning of the block behind which a restored part goes, where it is needed

A rule holds for all hosts below its domain, and below the `domains` of the file's profile. One that is taken out of the
file holds no more from the next `reclean`. Beside the rules, or without any, the file may hold a publisher profile, in
the form of those that come along (`cleaning/publishers`), without `domains` for the file's own.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from backfile.choices import Text, plain_text, read_text, with_choices
from backfile.cleaning.publishers import Profile, profile_in
from backfile.config import Site
from backfile.files import write_durable
from backfile.learning import host_of, text_of
from backfile.markdown import load_article
from backfile.model import Choice, Cleaned, CleanOptions
from backfile.receipts import StoredReceipt
from backfile.report import ReadError, SiteError
from backfile.revising import Revision
from backfile.scanning import scan

_FILE_BYTES = 1 << 20
_HEAD = "# Decided for all articles of this site with `restore --rule` and `drop --rule`.\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublisherFile:
    """What a file says."""

    domains: tuple[str, ...]
    """For which it is: its own name, and those of its profile."""
    rules: tuple[Choice, ...] = ()
    profile: Profile | None = None


def load_publishers(folder: Path) -> list[PublisherFile]:
    """Every file of a folder, by name. Raises SiteError for one that is wrong."""
    return [_read(folder / name) for name in sorted(scan(folder, ".toml"))] if folder.is_dir() else []


def cleaning_of(site: Site) -> CleanOptions:
    """How a site wants its pages cleaned. Raises SiteError where a file of a publisher is wrong."""
    files = load_publishers(site.root / "content" / "publishers")
    rules: dict[str, tuple[Choice, ...]] = {}
    for file in files:
        for domain in file.domains if file.rules else ():
            rules[domain] = (*rules.get(domain, ()), *file.rules)
    return replace(site.cleaning, rules=rules, own=tuple(file.profile for file in files if file.profile))


def read_publisher(path: Path) -> PublisherFile:
    """What a file says of a publisher. Raises OSError, and ValueError, which says what is wrong."""
    with path.open("rb") as file:
        data = file.read(_FILE_BYTES + 1)
    if len(data) > _FILE_BYTES:
        raise ValueError("it is larger than 1 MB")
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("its brackets are nested too deep") from error
    rules = msgspec.convert(table.pop("rules", ()), tuple[Choice, ...])
    domain = path.name.removesuffix(".toml")
    profile = profile_in({"domains": (domain,), **table}) if table else None
    domains = dict.fromkeys((domain, *(profile.domains if profile else ())))
    return PublisherFile(domains=tuple(domains), rules=rules, profile=profile)


def _read(path: Path) -> PublisherFile:
    try:
        return read_publisher(path)
    except (OSError, ValueError) as error:  # of which those of TOML, UTF-8 and msgspec are kinds
        raise SiteError(f"content/publishers/{path.name} cannot be used ({error}). Mend it or move it away") from error


def rules_for(rules: Mapping[str, tuple[Choice, ...]], host: str) -> tuple[Choice, ...]:
    """The rules of a host and of the domains above it."""
    labels = host.split(".")
    domains = (".".join(labels[start:]) for start in range(len(labels)))
    return tuple(choice for domain in domains for choice in rules.get(domain, ()))


def with_rules(text: Text, rules: Iterable[Choice]) -> Text:
    """A text as its site's rules want it: whole blocks that are dropped, and removed parts that are put back."""
    for rule in rules:
        wanted = " ".join(rule.text.split())
        if rule.action == "drop":
            there = any(plain_text(block) == wanted for block in text.blocks)
        else:
            there = any(" ".join(part.text.split()) == wanted for part in text.removed)
        text = with_choices(text, [rule]) if there else text
    return text


def ruled(cleaned: Cleaned, url: str, rules: Mapping[str, tuple[Choice, ...]]) -> Cleaned:
    """A cleaned page as the rules of its site want it."""
    found = rules_for(rules, urlsplit(url).hostname or "") if rules else ()
    before = read_text(cleaned.article.body, cleaned.receipt.removed) if found else Text(blocks=())
    after = with_rules(before, found)
    if after == before:
        return cleaned
    article, receipt = replace(cleaned.article, body=after.body), replace(cleaned.receipt, removed=after.removed)
    return replace(cleaned, article=article, receipt=receipt)


def rule_of(stored: StoredReceipt, choice: Choice) -> tuple[str, Choice]:
    """(domain, rule) that a choice in an article makes. Raises ReadError where it cannot be one."""
    host = host_of(stored)
    if not host:
        raise ReadError(f"{stored.article} has no address, so no rule of its site can be made")
    blocks = (plain_text(block) for block in text_of(stored).blocks)
    if choice.action == "drop" and choice.text not in blocks:
        raise ReadError("a rule takes out whole paragraphs. Give all the words of one")
    return host, choice


def changed_by(domain: str, rule: Choice, stored: Iterable[StoredReceipt]) -> Iterator[Revision]:
    """The articles that a rule changes, as it leaves them."""
    for each in stored:
        before = text_of(each) if rules_for({domain: (rule,)}, host_of(each)) else Text(blocks=())
        after = with_rules(before, [rule])
        if after != before:
            article = replace(load_article(each.markdown).article, body=after.body)
            yield Revision(stored=each, article=article, receipt=replace(each.receipt, removed=after.removed))


def add_rule(folder: Path, domain: str, rule: Choice) -> Path:
    """Write a rule to its domain's file, behind what stands there; gives back the file. Raises SiteError, OSError."""
    path = folder / f"{domain}.toml"
    known = _read(path).rules if path.exists() else ()
    kept = [each for each in known if each.text == rule.text]
    if rule not in known and kept:
        raise SiteError(f"content/publishers/{path.name} says otherwise of the same text. Change its rule there")
    if rule not in known:
        lines = [f"{key} = {_quoted(value)}" for key, value in _values(rule)]
        before = path.read_text("utf-8").rstrip("\n") + "\n" if path.exists() else _HEAD
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durable(path, "\n".join([before, "[[rules]]", *lines, ""]).encode("utf-8"))
    return path


def _values(rule: Choice) -> Iterator[tuple[str, str]]:
    yield "action", rule.action
    yield "text", rule.text
    if rule.after:
        yield "after", rule.after


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's too, but for the delete sign, which JSON leaves bare."""
    return json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
