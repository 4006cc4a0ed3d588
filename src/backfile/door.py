"""The browser door of `backfile serve`: a page of this machine alone that takes files, text and addresses.

What it takes goes through `backfile add` in a process of its own, as if typed. Nothing of it is in built files. Against
other sites (cross-site requests, names that lead to this machine) stand: a Host header that must name this machine, an
Origin header that must be our own, and a token that only our own page has.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backfile.importers.html import looks_like_html
from backfile.limits import limits
from backfile.paths import article_output
from backfile.recleaning import find_article, stored_of
from backfile.report import BackfileError
from backfile.terminal import plain

DOOR = "/-backfile/"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: browsers would then name no origin when they send the form.
    "Referrer-Policy": "same-origin",
}
_PARTS = 200
"""Files of one request."""
_KEPT = 20
"""Accounts that can still be looked at."""
_SECONDS = 900
"""For one `backfile add`."""
_NAME = re.compile(rb'; name="([^"\r\n]{1,100})"')
_FILENAME = re.compile(rb'; filename="([^"\r\n]{0,1000})"')
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")
_UNSAFE = re.compile(r"[^\w .()-]|^[. -]+")
STYLE = """\
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem;
  color-scheme: light dark; }
fieldset { border: 1px solid #888; border-radius: .4rem; margin: 0 0 1rem; padding: .8rem 1rem; }
fieldset.over { outline: 3px solid #2a6fbb; }
textarea, input[type=url] { box-sizing: border-box; width: 100%; font: inherit; }
button { font: inherit; padding: .4rem 1.2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid #8886;
  overflow-wrap: anywhere; }
"""
SCRIPT = """\
"use strict";
const form = document.querySelector("form"), files = document.querySelector("input[type=file]");
if (form && files) {
  const box = files.closest("fieldset");
  addEventListener("dragover", event => { event.preventDefault(); box.classList.add("over"); });
  addEventListener("dragleave", () => box.classList.remove("over"));
  addEventListener("drop", event => {
    event.preventDefault();
    box.classList.remove("over");
    if (event.dataTransfer.files.length) { files.files = event.dataTransfer.files; form.submit(); }
  });
}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a request is answered with."""

    status: int
    body: str = ""
    location: str = ""
    """Where to go on, with status 303."""


class Door:
    """What the door of one running server knows."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._token = secrets.token_urlsafe(32)
        self._accounts: dict[int, dict[str, Any]] = {}
        self._number = 0
        self._busy = threading.Lock()

    @property
    def most(self) -> int:
        """Bytes of a request at most."""
        return limits().page_mb << 20

    def get(self, path: str) -> Answer:
        """The page at a path below the door's."""
        name, _, rest = path.partition("/")
        if not path:
            return Answer(status=200, body=_page("Add to the archive", self._form()))
        if name == "account" and rest.isdigit() and int(rest) in self._accounts:
            return Answer(status=200, body=_page("What came of it", _account(self._accounts[int(rest)])))
        if name == "receipt":
            return self._receipt(rest)
        return Answer(status=404, body=_page("Not here", "<p>There is no such page.</p>"))

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take what a form brings. The caller has checked host and origin."""
        fields = _fields(headers.get("Content-Type") or "", body)
        if not secrets.compare_digest(_text(fields, "token").encode(), self._token.encode()):
            return refused("This form is not of this server, or of an earlier run of it. Open the page again.")
        with self._busy, tempfile.TemporaryDirectory(prefix="door-", dir=self._cache()) as folder:
            names = [*_stored(Path(folder), fields), *_address(_text(fields, "address"))]
            told = self._add(names) if names else _nothing("Choose a file, paste a text or write an address first")
        self._number += 1
        self._accounts[self._number] = told
        self._accounts.pop(self._number - _KEPT, None)
        return Answer(status=303, location=f"{DOOR}account/{self._number}")

    def _cache(self) -> Path:
        cache = self._root / ".backfile"
        cache.mkdir(exist_ok=True)
        return cache

    def _add(self, names: list[str]) -> dict[str, Any]:
        command = [sys.executable, "-m", "backfile", "add", "--json", "--site", str(self._root), "--", *names]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
            told: dict[str, Any] = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return _nothing(f"It took more than {_SECONDS // 60} minutes and was ended. What was done is kept")
        except ValueError:
            return _nothing(done.stderr.decode("utf-8", "replace").strip() or "Nothing came of it")
        return told

    def _form(self) -> str:
        return f"""<form method="post" action="{DOOR}add" enctype="multipart/form-data">
<input type="hidden" name="token" value="{self._token}">
<fieldset><legend>Saved pages</legend><p>Drop files anywhere on this page, or choose them. Also exports, web archives,
mail and ZIP files; {self.most >> 20} MB at a time.</p>
<label>Files <input type="file" name="files" multiple></label></fieldset>
<fieldset><legend>Or text</legend><label>Pasted text or HTML<br>
<textarea name="text" rows="8"></textarea></label></fieldset>
<fieldset><legend>Or an address</legend><label>Address of a page, which is then fetched<br>
<input type="url" name="address" placeholder="https://"></label></fieldset>
<button>Add to the archive</button></form>
<script src="{DOOR}door.js"></script>"""

    def _receipt(self, name: str) -> Answer:
        content = self._root / "content"
        try:
            source = find_article(content / "articles", name)
            receipt = stored_of(content / "articles", content / "receipts", source).receipt
        except BackfileError as error:
            return Answer(status=404, body=_page("No receipt", f"<p>{_shown(str(error))}.</p>"))
        facts = {
            "Article": f"content/articles/{source}",
            "Original": receipt.origin + (f"#{receipt.member}" if receipt.member else ""),
            "Address": receipt.url,
            "Sure of the text": f"{receipt.confidence:.0%}",
        }
        told = "".join(f"<tr><th>{what}<td>{_shown(value)}" for what, value in facts.items() if value)
        rows = "".join(
            f"<tr><td>{n}<td>{_shown(r.reason)}<td>{_shown(r.text)}" for n, r in enumerate(receipt.removed, 1)
        )
        body = f"""<table>{told}</table><h2>Removed parts</h2>
<p>Put some back with <code>backfile restore {_shown(source)} NUMBER</code></p>
<table><tr><th>Number<th>Reason<th>Text{rows}</table>
<p><a href="/{quote(article_output(source))}">Read the article</a> · <a href="{DOOR}">Add more</a></p>"""
        return Answer(status=200, body=_page("Receipt", body))


def is_ours(headers: Mapping[str, str], port: int) -> bool:
    """True for a request that names this machine as its host: a name that was made to lead here does not."""
    return headers.get("Host", "").lower() in {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """True for a request that one of our own pages sent, as far as the browser tells."""
    origin = headers.get("Origin")
    if origin is not None:
        return origin.lower() == f"http://{headers.get('Host', '').lower()}"
    return headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def refused(why: str) -> Answer:
    """An answer to a request that may not be."""
    return Answer(status=403, body=_page("Refused", f"<p>{escape(why)}</p>"))


def too_large(most: int) -> Answer:
    """An answer to a request of unknown or excessive size."""
    return Answer(status=413, body=_page("Too large", f"<p>Send at most {most >> 20} MB at a time.</p>"))


def _page(title: str, body: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · Backfile</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="{DOOR}door.css"></head>
<body><p><a href="/">The archive</a> · <a href="{DOOR}">Add</a></p><main><h1>{title}</h1>{body}</main></body></html>"""


def _account(told: dict[str, Any]) -> str:
    counts = ", ".join(f"{number:,} {escape(what)}" for what, number in told["counts"].items() if number)
    notices = "".join(
        f"<li>{_shown(': '.join(filter(None, (n['level'], n['where'], n['what']))))}. {_shown(n['hint'])}</li>"
        for n in told["notices"]
    )
    articles = "".join(
        f'<li><a href="/{quote(article_output(name))}">{_shown(name)}</a> '
        f'(<a href="{DOOR}receipt/{quote(name)}">receipt</a>)</li>'
        for name in told.get("articles", ())
    )
    return f"""<p role="status">{counts or "nothing new"}</p><ul>{articles}</ul><ul>{notices}</ul>
<p><a href="{DOOR}">Add more</a></p>"""


def _shown(text: str) -> str:
    return escape(plain(text))


def _nothing(why: str) -> dict[str, Any]:
    return {"counts": {}, "notices": [{"level": "error", "what": why, "where": "", "hint": ""}]}


def _text(fields: list[tuple[str, str, bytes]], name: str) -> str:
    return next((data.decode("utf-8", "replace") for field, _, data in fields if field == name), "")


def _address(text: str) -> list[str]:
    return [text.strip()] if _ADDRESS.fullmatch(text.strip()) else []


def _stored(folder: Path, fields: list[tuple[str, str, bytes]]) -> list[str]:
    """The files of a form, and its text as one, written into a folder; their paths."""
    named = [(_safe(filename), data) for field, filename, data in fields if field == "files" and filename and data]
    text = next((data for field, _, data in fields if field == "text" and data.strip()), b"")
    if text:
        kind = "html" if looks_like_html(text[:4096], "") else "txt"
        named.append((f"pasted-{hashlib.sha256(text).hexdigest()[:12]}.{kind}", text))
    paths = []
    for number, (name, data) in enumerate(named):
        path = folder / str(number) / name
        path.parent.mkdir()
        path.write_bytes(data)
        paths.append(str(path))
    return paths


def _safe(filename: str) -> str:
    """A file's name as a browser tells it, without folders and odd characters."""
    name = _UNSAFE.sub("_", re.split(r"[/\\]", filename)[-1])
    return name[-100:].lstrip(". ") or "page"


def _fields(content_type: str, body: bytes) -> list[tuple[str, str, bytes]]:
    """(name, file name, bytes) of each part of a form (RFC 7578); nothing for a body that is none."""
    found = re.fullmatch(r'multipart/form-data; *boundary="?([\w\'()+,./:=?-]{1,70})"?', content_type.strip())
    if not found:
        return []
    fields = []
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode(), _PARTS + 1)[1 : _PARTS + 1]:
        head, blank, data = part.partition(b"\r\n\r\n")
        name = _NAME.search(head[:4096])
        filename = _FILENAME.search(head[:4096])
        if name and blank:
            fields.append(
                (
                    name[1].decode("utf-8", "replace"),
                    (filename[1] if filename else b"").decode("utf-8", "replace"),
                    data,
                )
            )
    return fields
