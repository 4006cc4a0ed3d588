"""How to cite an article: plain words, BibTeX, RIS, CSL-JSON; COinS and schema.org for programs such as Zotero.

Fields follow BibLaTeX, the RIS tag list, CSL 1.0.2, Z39.88-2004 (journal article) and schema.org/NewsArticle. What the
page does not give is left out, never filled in.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup

from backfile.dates import day
from backfile.i18n import language_tag
from backfile.model import Article
from backfile.paths import slug, web_address

_SPECIAL = re.compile(r"[\\{}&%$#_~^]")
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SCHEMA_TYPES = {"opinion": "OpinionNewsArticle", "live": "LiveBlogPosting"}
_encode = msgspec.json.Encoder().encode


def citations(article: Article) -> dict[str, str]:
    """The name of a format → the article cited in it."""
    return {"BibTeX": bibtex(article), "RIS": ris(article), "CSL-JSON": csl_json(article)}


def plain(article: Article) -> str:
    """The citation as one line of words."""
    names = ", ".join(article.authors or article.agencies)
    parts = [names, f"“{article.title}”" if article.title else "", article.publisher, day(article.published)]
    words = ". ".join(part for part in parts if part)
    return f"{words}. {web_address(article.url)}".strip() if words else web_address(article.url)


def bibtex(article: Article) -> str:
    """A BibLaTeX `@article` of a newspaper."""
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in article.authors),
        "organization": _tex(", ".join(article.agencies)),
        "title": f"{{{_tex(article.title)}}}" if article.title else "",
        "journaltitle": _tex(article.publisher),
        "entrysubtype": "newspaper",
        "date": day(article.published),
        "url": web_address(article.url),
        "urldate": day(article.captured),
        "langid": article.lang,
        "keywords": _tex(", ".join(article.tags)),
    }
    lines = "".join(f"  {name} = {{{_line(value)}}},\n" for name, value in fields.items() if value)
    key = slug(f"{(article.authors or (article.publisher,))[0]} {article.published[:4]} {article.title[:30]}")
    return f"@article{{{key},\n{lines}}}"


def ris(article: Article) -> str:
    """An RIS record."""
    published, read = day(article.published), day(article.captured)
    pairs = [
        ("TY", "NEWS"),
        *(("AU", name) for name in article.authors),
        ("TI", article.title),
        ("T2", article.publisher),
        ("SE", article.section),
        ("DA", published.replace("-", "/")),
        ("PY", published[:4]),
        ("DP", ", ".join(article.agencies)),
        ("LA", article.lang),
        ("AB", article.description),
        *(("KW", tag) for tag in article.tags),
        ("UR", web_address(article.url)),
        ("Y2", read.replace("-", "/")),
    ]
    return "".join(f"{tag}  - {_line(value)}\n" for tag, value in pairs if value) + "ER  - "


def csl_json(article: Article) -> str:
    """A CSL-JSON list of one item."""
    item: dict[str, Any] = {
        "id": article.id or slug(article.title),
        "type": "article-newspaper",
        "title": article.title,
        "author": [{"literal": name} for name in article.authors],
        "container-title": article.publisher,
        "section": article.section,
        "issued": _date_parts(article.published),
        "accessed": _date_parts(article.captured),
        "source": ", ".join(article.agencies),
        "language": article.lang,
        "URL": web_address(article.url),
    }
    return _encode([{name: value for name, value in item.items() if value}]).decode()


def coins(article: Article) -> str:
    """The `title` of a COinS span."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", article.title),
        ("rft.jtitle", article.publisher),
        ("rft.date", day(article.published)),
        ("rft.language", article.lang),
        *(("rft.au", name) for name in article.authors),
        ("rft_id", web_address(article.url)),
    ]
    return urlencode([(name, value) for name, value in pairs if value], errors="replace")


def json_ld(article: Article) -> Markup:
    """The schema.org description, safe inside a `script` element."""
    url = web_address(article.url)
    item: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _SCHEMA_TYPES.get(article.kind, "NewsArticle"),
        "headline": article.title,
        "description": article.description,
        "datePublished": article.published,
        "dateModified": article.modified,
        "inLanguage": language_tag(article.lang),
        "articleSection": article.section,
        "keywords": list(article.tags),
        "author": [
            *({"@type": "Person", "name": name} for name in article.authors),
            *({"@type": "Organization", "name": name} for name in article.agencies),
        ],
        "publisher": {"@type": "NewsMediaOrganization", "name": article.publisher} if article.publisher else None,
        "url": url,
        "image": [web_address(figure.url) for figure in article.figures if figure.lead and web_address(figure.url)],
    }
    text = _encode({name: value for name, value in item.items() if value}).decode("utf-8", "replace")
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _date_parts(date: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day(date).split("-")]]} if date else None


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED.get(found[0], "\\" + found[0]), text)


def _line(text: str) -> str:
    return " ".join(text.split())
