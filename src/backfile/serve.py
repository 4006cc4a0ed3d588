"""A preview server for the built site: rebuilds when content, theme or configuration change, and reloads the browser.

What makes a page reload (server-sent events, WHATWG HTML §9.2) is put into pages on their way out, never into files.
"""

from __future__ import annotations

import errno
import html
import posixpath
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backfile.config import CONFIG_NAME
from backfile.door import DOOR, HEADERS, SCRIPT, STYLE, Answer, Door, is_ours, is_same_origin, refused, too_large
from backfile.report import BackfileError, Report, SiteError

LOOPBACK = "127.0.0.1"
_HERE = (LOOPBACK, "localhost", "::1")
OWN = DOOR
"""Where the server answers for itself; no page of a site begins so."""

_POLICY = "default-src 'none';"
_SCRIPT = f'<script src="{OWN}reload.js"></script>'
_FILES = {
    "reload.js": ("text/javascript", 'new EventSource("events").onmessage = () => location.reload();\n'),
    "preview.css": (
        "text/css",
        "#backfile-preview { background: #8b0000; color: #fff; font: 1rem/1.5 sans-serif; padding: 1rem 1.5rem; }\n"
        "#backfile-preview p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }\n",
    ),
    "door.js": ("text/javascript", SCRIPT),
    "door.css": ("text/css", STYLE),
}
_BEAT = 10.0
"""Seconds between signs of life, by which the server learns that a browser has gone."""
_PATIENCE = 60.0
"""Seconds to wait for the rest of what a browser sends."""


class LastBuild:
    """What the last build came to, and a way to wait for the next one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self.problems: tuple[str, ...] = ()
        self.closed = False

    def tell(self, problems: tuple[str, ...]) -> None:
        """Let waiting pages reload."""
        with self._changed:
            self.problems = problems
            self._number += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def wait(self, since: int | None) -> int:
        """The number of the last build: at once where it is another than `since`, else after a time at the latest."""
        with self._changed:
            if since == self._number and not self.closed:
                self._changed.wait(_BEAT)
            return self._number


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, news: LastBuild, directory: str, door: Door | None) -> None:
        self._news = news
        self._door = door
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]  # what the server gives

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Requests are not worth a line each."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_HEAD(self) -> None:
        if self._is_welcome():
            super().do_HEAD()

    def do_GET(self) -> None:
        if not self._is_welcome():
            return
        path = unquote(urlsplit(self.path).path)
        name = path.removeprefix(OWN)
        if path == f"{OWN}events":
            self._events()
        elif path.startswith(OWN) and name in _FILES:
            self._answer(HTTPStatus.OK, *_FILES[name])
        elif path.startswith(OWN):
            self._show(self._door.get(name) if self._door else Answer(status=404))
        elif path.endswith((".html", "/")) or not posixpath.splitext(path)[1]:
            self._page(Path(self.translate_path(self.path)), path)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """Take what a form of the door brings."""
        self.close_connection = True  # what is not read must not be taken for the next request
        if not self._is_welcome():
            return
        size = self.headers.get("Content-Length", "")
        if not self._door or urlsplit(self.path).path != f"{OWN}add":
            self._show(Answer(status=404))
        elif not is_same_origin(self._head()):
            self._show(refused("Another site sent this request."))
        elif not (size.isascii() and size.isdigit()) or len(size) > 12 or int(size) > self._door.most:
            self._show(too_large(self._door.most))
        else:
            self.connection.settimeout(_PATIENCE)
            try:
                body = self.rfile.read(int(size))
            except OSError:  # a sender that stopped half-way
                return
            self._show(self._door.post(self._head(), body))

    def _head(self) -> dict[str, str]:
        """The headers of the request by their usual names."""
        return {name.title(): value for name, value in self.headers.items()}

    def _is_welcome(self) -> bool:
        """False, and answered, where another host is named than this machine, which alone may ask."""
        port = self.connection.getsockname()[1]
        if self._door and not is_ours(self._head(), port):
            self._show(refused(f"Open http://{LOOPBACK}:{port}/ instead."))
            return False
        return True

    def _show(self, answer: Answer) -> None:
        data = answer.body.encode("utf-8", "replace")
        self.send_response(answer.status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _page(self, file: Path, path: str) -> None:
        if file.is_dir() and path.endswith("/"):
            file = file / "index.html"
        if file.is_dir():
            super().do_GET()
            return
        status = HTTPStatus.OK
        try:
            text = file.read_text("utf-8", "replace")
        except OSError:
            status = HTTPStatus.NOT_FOUND
            text = _missing(Path(self.directory) / "404.html")
        self._answer(status, "text/html", with_news(text, self._news.problems))

    def _answer(self, status: HTTPStatus, kind: str, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        known = self._news.wait(None)
        try:
            self.wfile.write(b": connected\n\n")
            while not self._news.closed:
                now = self._news.wait(known)
                self.wfile.write(b": still here\n\n" if now == known else f"data: {now}\n\n".encode())
                known = now
        except OSError:  # the browser has gone
            self.close_connection = True


def with_news(page: str, problems: tuple[str, ...]) -> str:
    """A page that reloads when the site changes, with what the last build could not do on top."""
    shown = "".join(f"<p>{html.escape(problem)}</p>" for problem in problems)
    alert = f'<link rel="stylesheet" href="{OWN}preview.css"><div id="backfile-preview" role="alert">{shown}</div>'
    if "connect-src" not in page:
        page = page.replace(_POLICY, f"{_POLICY} connect-src 'self';", 1)
    start = page.find(">", page.find("<body")) + 1 if "<body" in page else 0
    return f"{page[:start]}{_SCRIPT}{alert if shown else ''}{page[start:]}"


def _missing(page: Path) -> str:
    try:
        return page.read_text("utf-8", "replace")
    except OSError:
        return "<!doctype html><title>Not found</title><body><p>There is no page at this address.</p>"


@contextmanager
def preview_server(
    folder: Path, port: int, host: str = LOOPBACK, root: Path | None = None
) -> Iterator[tuple[ThreadingHTTPServer, LastBuild, bool]]:
    """A server for a folder, at work in a thread of its own; port 0 takes a free one.

    With the folder of a site, and this machine's own address, it has a door for adding to it (`door`), which the third
    value tells. Raises SiteError where the port or the address cannot be had.
    """
    news = LastBuild()
    door = Door(root) if root and host in _HERE else None
    try:
        server = ThreadingHTTPServer((host, port), partial(_Handler, news=news, directory=str(folder), door=door))
    except OSError as error:
        what = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror or error})"
        raise SiteError(f"port {port} of {host} {what}. Name another one with --port; 0 takes a free one") from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, news, door is not None
    finally:
        news.close()
        server.shutdown()
        thread.join()
        server.server_close()


def keep_built(root: Path, build: Callable[[], Report], news: LastBuild, stop: threading.Event) -> None:
    """Build anew whenever something in the site changes, until `stop`; a build that fails is shown in the pages."""
    problems = news.problems
    for _ in changes(root, stop):
        try:
            report = build()
        except (BackfileError, OSError) as error:
            now: tuple[str, ...] = (str(error),)
            touched = False
        else:
            now = problems_of(report)
            touched = bool(report.counts["written"] or report.counts["removed"])
        if touched or now != problems:
            news.tell(now)
        problems = now


def problems_of(report: Report) -> tuple[str, ...]:
    """What a build could not do, a line each."""
    return tuple(str(notice) for notice in report.notices if notice.level == "error")


def changes(root: Path, stop: threading.Event) -> Iterator[None]:
    """One item for each time that content, theme or configuration of a site change, until `stop`."""
    from watchfiles import watch  # only this command watches

    watched = [folder for folder in (root / "content", root / "templates") if folder.is_dir()]
    known = _look(root)
    for found in watch(*watched, stop_event=stop, yield_on_timeout=True, rust_timeout=500, debounce=200):
        now = _look(root)
        if found or now != known:
            known = now
            yield


def _look(root: Path) -> tuple[object, ...]:
    """What tells changes of the configuration, which editors replace: a watch on the file would lose it."""
    try:
        stat = (root / CONFIG_NAME).stat()
    except OSError:
        return ()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
