"""The browser door: what it takes, and whom it refuses."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
from urllib.parse import urlsplit

import pytest

from backfile.door import DOOR
from backfile.pipeline import build_site
from backfile.serve import preview_server
from tests.browser.driven import driven
from tests.conftest import tree
from tests.test_cli import PAGE

BOUNDARY = "----edge"


@pytest.fixture
def door(make_site):
    """A site with its preview server."""
    site = make_site()
    build_site(site)
    with preview_server(site.build, 0, root=site.root) as (server, _, has_door):
        assert has_door
        yield site, server.server_port


def ask(port, method, path, body=b"", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body or None, {"Host": f"127.0.0.1:{port}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), answer.headers
    finally:
        connection.close()


def form(*parts):
    """A form's body of (name, file name, bytes)."""
    lines = []
    for name, filename, data in parts:
        named = f'; filename="{filename}"' if filename else ""
        lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + data)
    return b"\r\n".join([*lines, f"--{BOUNDARY}--\r\n".encode()])


def token(port):
    return re.search(r'name="token" value="([^"]+)"', ask(port, "GET", DOOR)[1])[1].encode()


def send(port, *parts, **headers):
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return ask(port, "POST", f"{DOOR}add", form(*parts), **{**kind, **headers})


def followed(port, answer):
    status, _, headers = answer
    assert status == 303
    return ask(port, "GET", headers["Location"])[1]


def test_a_file_comes_in_and_its_receipt_opens(door):
    site, port = door
    account = followed(port, send(port, ("token", "", token(port)), ("files", "../../har bour.html", PAGE.encode())))
    assert "1 added" in account
    assert tree(site.saved) == {"har bour.html": PAGE.encode()}
    receipt = re.search(rf'href="({DOOR}receipt/[^"]+)"', account)[1]
    status, shown, _ = ask(port, "GET", receipt)
    assert status == 200
    assert "Advertisement" in shown
    assert "content/saved/har bour.html" in shown
    assert not list(site.cache.glob("door-*"))
    again = followed(port, send(port, ("token", "", token(port)), ("files", "har bour.html", PAGE.encode())))
    assert "already there" in again


def test_pasted_text_and_nothing_at_all(door):
    site, port = door
    words = PAGE.encode()
    assert "1 added" in followed(port, send(port, ("token", "", token(port)), ("text", "", words)))
    assert [name.startswith("pasted-") and name.endswith(".html") for name in tree(site.saved)] == [True]
    empty = followed(port, send(port, ("token", "", token(port)), ("text", "", b" "), ("files", "", b"")))
    assert "Choose a file" in empty


def test_an_address_goes_the_guarded_way_and_a_path_is_none(door):
    site, port = door
    private = followed(port, send(port, ("token", "", token(port)), ("address", "", b"http://127.0.0.1:9/page")))
    assert "127.0.0.1" in private
    assert "1 added" not in private
    for wrong in (b"/etc/passwd", b"--allow-private", b"file:///etc/passwd"):
        answer = followed(port, send(port, ("token", "", token(port)), ("address", "", wrong)))
        assert "Choose a file" in answer
    assert tree(site.saved) == {}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Length": "x"}, 413),
        ({"Content-Length": str(1 << 40)}, 413),
        ({"Content-Type": "text/plain"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 403),
    ],
)
def test_requests_of_others_are_refused(door, headers, status):
    site, port = door
    assert send(port, ("token", "", token(port)), ("files", "a.html", PAGE.encode()), **headers)[0] == status
    assert tree(site.saved) == {}


def test_our_own_origin_is_let_in_and_a_wrong_token_is_not(door):
    _, port = door
    parts = (("token", "", token(port)), ("files", "a.html", PAGE.encode()))
    assert send(port, *parts, Origin=f"http://127.0.0.1:{port}")[0] == 303
    for wrong in (b"", b"x", "é".encode()):
        assert send(port, ("token", "", wrong), ("files", "a.html", PAGE.encode()))[0] == 403
    assert ask(port, "POST", "/index.html", b"x")[0] == 404


def test_a_name_that_was_made_to_lead_here_sees_nothing(door):
    """DNS rebinding: the browser takes us for the other site, and names it."""
    site, port = door
    for path in ("/", "/assets/style.css", DOOR, f"{DOOR}door.js"):
        for method in ("GET", "HEAD"):
            assert ask(port, method, path, Host="evil.example")[0] == 403
    assert ask(port, "HEAD", "/index.html")[0] == 200
    assert ask(port, "GET", "/", Host=f"localhost:{port}")[0] == 200
    headers = ask(port, "GET", DOOR)[2]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert DOOR not in b"".join(tree(site.build).values()).decode("utf-8", "replace")


def test_pages_that_are_not_there(door):
    _, port = door
    for path in ("no", "account/7", "account/x", "receipt/no.md", "receipt/../../backfile.toml"):
        assert ask(port, "GET", DOOR + path)[0] == 404


def test_who_lets_others_in_has_no_door(make_site):
    site = make_site()
    build_site(site)
    with preview_server(site.build, 0, "0.0.0.0", root=site.root) as (server, _, has_door):
        assert not has_door
        assert ask(server.server_port, "GET", DOOR)[0] == 404
        assert ask(server.server_port, "GET", "/", Host="anything")[0] == 200


def test_hostile_names_and_texts_are_shown_as_text(door):
    _, port = door
    parts = (("token", "", token(port)), ("files", "<img src=x onerror=alert(1)>.html", b"<p>x</p>"))
    account = followed(port, send(port, *parts))
    assert "<img" not in account


@pytest.mark.browser
def test_the_page_in_a_browser(door, chromium, tmp_path):
    """It shows with its form, and nothing on it is refused by its own policy."""
    _, port = door
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr")
    command = [chromium, *options, f"--user-data-dir={tmp_path}", "--dump-dom", f"http://127.0.0.1:{port}{DOOR}"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    assert 'type="file"' in done.stdout.decode()
    assert [line for line in done.stderr.decode().splitlines() if "CONSOLE" in line or "Refused" in line] == []
    assert urlsplit(command[-1]).path == DOOR


@pytest.mark.browser
def test_a_file_that_is_dropped_comes_in(door, chromium, tmp_path):
    site, port = door
    drop = f"""(() => {{
        const files = new DataTransfer();
        files.items.add(new File([{json.dumps(PAGE)}], "dropped.html", {{type: "text/html"}}));
        const over = document.querySelector("fieldset");
        const told = kind => over.dispatchEvent(
            new DragEvent(kind, {{dataTransfer: files, bubbles: true, cancelable: true}}));
        told("dragover");
        const shown = document.querySelector("fieldset.over") !== null;
        told("drop");
        return shown;
    }})()"""
    with driven(chromium, tmp_path / "profile") as tab:
        tab.open(f"http://127.0.0.1:{port}{DOOR}")
        assert tab.ask(drop) is True
        tab.wait("location.pathname.includes('account/')")
        tab.wait("document.querySelector('a[href*=receipt]')")
        account = tab.ask("document.body.innerText")
        tab.ask("document.querySelector('a[href*=receipt]').click()")
        tab.wait("location.pathname.includes('receipt')")
    assert "1 added" in account
    assert len(list((site.root / "content/saved").rglob("dropped*.html"))) == 1
