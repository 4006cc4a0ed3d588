"""What the elements of HTML are to an article."""

from __future__ import annotations

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
STRONG = frozenset({"strong", "b"})
EMPHASIS = frozenset({"em", "i"})
CODE = frozenset({"code", "kbd", "samp", "tt"})
LISTS = frozenset({"ul", "ol", "menu", "dir"})
SKIPPED = frozenset([
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "svg", "canvas", "map", "rp",
    "param", "source", "track", "col", "colgroup", "datalist", "input",
])  # fmt: skip
"""Elements without words of their own to a reader."""
PLAYERS = frozenset({"iframe", "embed", "object", "video", "audio"})
BLOCKS = frozenset([
    "address", "article", "aside", "body", "blockquote", "caption", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre",
    "search", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr",
    "ul",
])  # fmt: skip
"""Elements that begin and end a paragraph; all others, known or not, stand inside one."""
PLAYER_ELEMENTS = frozenset({"lite-youtube", "amp-youtube", "lite-vimeo", "amp-iframe", "amp-twitter"})
ITEMS = frozenset({"li", "dt", "dd"})
CONTAINERS = LISTS | ITEMS | {"blockquote", "dl"}
