"""Article bodies that come without their page → a page that says in its head what the container knows."""

from __future__ import annotations

from html import escape

from backfile.model import Hints

_PAGE = (
    '<!doctype html><html{lang}><head><meta charset="utf-8">{head}</head>'
    "<body><article>{title}{body}</article></body></html>"
)


def meta_tags(hints: Hints, url: str = "") -> bytes:
    """Tags of a page's head, in ASCII: true in whatever encoding follows."""
    fields = [
        ("property", "og:title", hints.title),
        ("property", "article:published_time", hints.published),
        ("property", "og:site_name", hints.publisher),
        ("property", "og:url", url),
        *(("name", "author", author) for author in hints.authors),
    ]
    tags = [f'<meta {kind}="{key}" content="{escape(value)}">' for kind, key, value in fields if value]
    heading = f"<title>{escape(hints.title)}</title>" if hints.title else ""
    return (heading + "".join(tags)).encode("ascii", "xmlcharrefreplace")


def wrap_body(body: str, hints: Hints, url: str = "") -> bytes:
    """A page around an article's HTML; a whole page stays as it is."""
    if "<body" in body[:20_000].lower():
        return body.encode("utf-8", "replace")
    head = meta_tags(hints, url).decode()
    shown = "" if "<h1" in body[:2000] or not hints.title else f"<h1>{escape(hints.title)}</h1>"
    lang = f' lang="{escape(hints.lang)}"' if hints.lang else ""
    return _PAGE.format(lang=lang, head=head, title=shown, body=body).encode("utf-8", "replace")
