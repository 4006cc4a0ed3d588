"""Publisher profiles in the making: a skeleton from a page, and what a profile changes."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from backfile.cleaning.clean import clean_capture
from backfile.cleaning.page import parse_page
from backfile.cleaning.publishers import Profile
from backfile.model import Capture, Cleaned, CleanOptions
from backfile.report import ReadError, SiteError
from backfile.rules import read_publisher
from backfile.saving import first_page, page_of

_DATED = re.compile(r"\d{3,}|[0-9a-f]{8,}")
_NAME = re.compile(r"[A-Za-z_][\w-]{0,60}")
_DOUBTFUL = 3
"""Boxes that hold removed text and are offered to be dropped."""


def fetched_page(url: str, *, allow_private: bool) -> Capture:
    """The page at an address. Raises SiteError where it cannot be had."""
    import tempfile

    from backfile.fetch.options import FetchOptions
    from backfile.fetching import fetch_pages
    from backfile.report import Report

    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        fetch_pages([url], Path(folder), FetchOptions(allow_private=allow_private), report, lambda *_: None)
        kept = next((path for path in sorted(Path(folder).rglob("*")) if path.is_file()), None)
        if not kept:
            raise SiteError("; ".join(map(str, report.notices)) or f"{url} cannot be had")
        return first_page(kept, url)


def skeleton(capture: Capture) -> str:
    """A profile for the publisher of a page, with what the general cleaner makes of it as its first check.

    Selectors are those of the smallest box that holds the text, and of boxes within it whose text was removed.
    """
    cleaned = clean_capture(capture, CleanOptions(profiles=False))
    host = (urlsplit(cleaned.article.url or capture.url).hostname or "publisher.example").removeprefix("www.")
    tree = parse_page(capture.data, capture.charset).tree
    body = _body_box(tree, cleaned)
    headline = next(iter(tree.iter("h1")), None)
    lines = [
        f"name = {_quoted(cleaned.article.publisher or host)}",
        f"domains = [{_quoted(host)}]",
        "",
        "[[layouts]]",
        "# CSS selectors of the boxes that hold the article's text.",
        f"body = [{_quoted(_selector(body) if body is not None else 'article')}]",
        '# standfirst = [".standfirst"]',
        f"{'# ' * (headline is None)}title = [{_quoted(_selector(headline) if headline is not None else 'h1')}]",
        "# until = 2024-12-31      # where pages published later look otherwise: add [[layouts]] for them above",
        "",
        "[layouts.drop]",
        "# reason = selectors of boxes inside the body that are not the article's",
    ]
    lines += [f"{_quoted(reason)} = [{_quoted(where)}]" for reason, where in _drops(body, cleaned)]
    lines += [
        "",
        "# What must come of a page. Write one in your own words in the publisher's markup, as short as it can be;",
        "# then: backfile profile test THIS-FILE SAVED-PAGES",
        "[[checks]]",
        f'page = """<main>{_sample(body)}</main>"""',
        'title = "A headline in our own words"',
        'text = """The first paragraph, which is long enough to be taken for a paragraph of an article.\n'
        'The second paragraph, which is there so that the article has more than a single one."""',
    ]
    return "\n".join(lines) + "\n"


def read_profile(path: Path) -> Profile:
    """The profile in a file. Raises ReadError where it is wrong."""
    try:
        found = read_publisher(path).profile
    except OSError as error:
        raise ReadError(f"{path} cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(f"{path} is not TOML: {error}") from error
    except ValueError as error:
        raise ReadError(f"{path}: {error}. docs/extending.md has the keys") from error
    if not found:
        raise ReadError(f"{path} holds no profile. docs/extending.md tells how to make one")
    return found


def failed_checks(profile: Profile) -> Iterator[str]:
    """What is wrong with a profile's checks, a line each."""
    for number, check in enumerate(profile.checks, 1):
        capture = page_of(check.page.encode(), f"https://{profile.domains[0]}/2024/05/page.html", "text/html")
        cleaned = _cleaned(capture, profile)
        if cleaned.receipt.profile != profile.name:
            yield f"check {number}: no layout fits: none of the selectors of `body` is on the page"
        elif cleaned.article.title != check.title:
            yield f"check {number}: the title is {cleaned.article.title!r}, not {check.title!r}"
        elif cleaned.text != check.text:
            yield f"check {number}: the text is {cleaned.text!r}, not {check.text!r}"


def compare_on(profile: Profile, path: Path) -> Iterator[str]:
    """What a profile changes on a saved page: lines that come (+) and go (-)."""
    capture = first_page(path, f"https://{profile.domains[0]}/")
    before = clean_capture(capture, CleanOptions(profiles=False))
    after = _cleaned(capture, profile)
    fits = after.receipt.profile == profile.name
    yield f"{path}: {'the profile fits' if fits else 'the profile does not fit: another domain, or no such boxes'}"
    if before.article.title != after.article.title:
        yield f"  title: {before.article.title!r} became {after.article.title!r}"
    old, new = (Counter(cleaned.text.splitlines()) for cleaned in (before, after))
    yield from (f"  - {line}" for line in (old - new))
    yield from (f"  + {line}" for line in (new - old))


def _cleaned(capture: Capture, profile: Profile) -> Cleaned:
    return clean_capture(capture, CleanOptions(own=(profile,)))


def _body_box(tree: etree._Element, cleaned: Cleaned) -> etree._Element | None:
    """The smallest box with nine tenths of the text's words."""
    lines = {line for line in cleaned.text.splitlines() if len(line) > 40}
    paragraphs = [p for p in tree.iter("p") if " ".join("".join(map(str, p.itertext())).split()) in lines]
    votes: Counter[etree._Element] = Counter()
    for paragraph in paragraphs:
        votes.update(paragraph.iterancestors())
    enough = [box for box, found in votes.items() if found >= 0.9 * len(paragraphs)]
    return max(enough, key=lambda box: sum(1 for _ in box.iterancestors()), default=None)


def _drops(body: etree._Element | None, cleaned: Cleaned) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    removed = {" ".join(part.text.split()): part.reason for part in cleaned.receipt.removed if part.text.strip()}
    for box in body.iter("div", "aside", "section", "ul") if body is not None else ():
        reason = removed.get(" ".join("".join(map(str, box.itertext())).split()))
        selector = _selector(box)
        if reason and selector.startswith((".", "#")) and len(found) < _DOUBTFUL:
            found.setdefault(reason, selector)
    return list(found.items())


def _selector(box: etree._Element) -> str:
    """What tells a box from others: an id or a class without numbers in it, else the tag's name."""
    for sign, key in (("#", "id"), (".", "class")):
        for name in (box.get(key) or "").split():
            if _NAME.fullmatch(name) and not _DATED.search(name):
                return sign + name
    return str(box.tag)


def _sample(body: etree._Element | None) -> str:
    first = "<p>The first paragraph, which is long enough to be taken for a paragraph of an article.</p>"
    second = "<p>The second paragraph, which is there so that the article has more than a single one.</p>"
    name = "article" if body is None else str(body.tag)
    key = _selector(body) if body is not None else ""
    attribute = {"#": f' id="{key[1:]}"', ".": f' class="{key[1:]}"'}.get(key[:1], "")
    return f"<h1>A headline in our own words</h1>\n<{name}{attribute}>{first}\n{second}</{name}>"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
