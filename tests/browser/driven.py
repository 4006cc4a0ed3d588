"""A Chromium that a test drives: the DevTools protocol over a pipe, JSON messages that end in a NUL."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")
PATIENCE = 60.0


class Tab:
    """One page."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._rest = b""
        self._number = 0
        self._session = ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method: str, **params: object) -> dict:
        """What the browser answers. Raises RuntimeError with what it complains of, TimeoutError after a minute."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        for answer in self._messages():
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]
        raise EOFError("the browser has gone")

    def open(self, url: str) -> None:
        """Go to an address, and wait until its page is there."""
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def ask(self, expression: str) -> object:
        """The value of a JavaScript expression in the page."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, expression: str) -> None:
        """Until an expression is true, also on the page that comes next."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(RuntimeError):  # between two pages there is none to ask
                if self.ask(f"!!({expression})"):
                    return
            time.sleep(0.05)
        raise TimeoutError(expression)

    def _messages(self) -> Iterator[dict]:
        end = time.monotonic() + PATIENCE
        while True:
            message, found, rest = self._rest.partition(b"\0")
            if found:
                self._rest = rest
                yield json.loads(message)
            elif not select.select([self._read], [], [], max(end - time.monotonic(), 0))[0]:
                raise TimeoutError("the browser does not answer")
            elif more := os.read(self._read, 1 << 16):
                self._rest += more
            else:
                return


@contextmanager
def driven(chromium: str, profile: Path) -> Iterator[Tab]:
    """A browser with an empty profile, ended by its process."""
    to_browser, ours = os.pipe()
    our_end, from_browser = os.pipe()
    command = [*FLAGS, f"--user-data-dir={profile}"]
    shell = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
    process = subprocess.Popen(
        ["bash", "-c", shell, chromium, *command],
        pass_fds=(to_browser, from_browser),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        yield Tab(our_end, ours)
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(ours)
        os.close(our_end)
