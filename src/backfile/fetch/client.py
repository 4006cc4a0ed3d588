"""One answer for an address: what a host sent, as it sent it, or why it is not to be had."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import cast
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from backfile.fetch.guard import GuardedBackend, RefusedError, check_address
from backfile.fetch.robots import NOTHING, SIZE_LIMIT, Robots, read_robots
from backfile.limits import limits
from backfile.version import __version__

NAME = "Backfile"
"""Under which robots.txt may address us."""

_AGENT = f"{NAME}/{__version__} (personal archive; robots.txt is respected)"
_STEP = 10.0
_REDIRECTS = 6
"""Five, and the one to https or to another name of the host with which many begin."""
_TRIES = 3
_LONGEST_WAIT = 60.0
_LONGEST_DELAY = 30.0
_TRANSPORT_BYTES = 1 << 20
"""For what comes beside a body: headers, frames, certificates."""


class UnavailableError(Exception):
    """An address that gave no page; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a host sent."""

    url: str
    """After redirects."""
    asked: str
    status: int
    version: str
    """`HTTP/1.1` or `HTTP/2`."""
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """Still packed, where it was."""
    when: str
    """ISO 8601, UTC."""

    def header(self, name: str) -> str:
        """A header's value, empty where it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(kw_only=True, slots=True)
class _Host:
    """What is known of a host during one run."""

    robots: Robots | None = None
    next: float = 0.0
    """When it may be asked again, by the monotonic clock."""


@dataclass(kw_only=True)
class Client:
    """Asks hosts one request at a time, with a delay between them; close it after use."""

    allow_private: bool = False
    delay: float = 1.0
    """Seconds between two requests to a host."""
    timeout: float = 25.0
    """Seconds for one answer, from connecting to its last byte."""
    hosts: dict[str, _Host] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._guard = GuardedBackend(allow_private=self.allow_private)
        self._client = httpx.Client(
            transport=_Transport(self._guard),
            headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "*"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=_STEP,
            trust_env=False,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None, *, limit: int = 0) -> Answer:
        """The answer for an address, through redirects: 200, or 304 where `headers` ask for a change only.

        Raises UnavailableError, which says why there is none, and RefusedError for an address that is not asked.
        """
        at = check_address(url)
        for _ in range(_REDIRECTS + 1):
            if not self._robots(at).allows(at):
                raise UnavailableError("its robots.txt forbids it. Save the page in your browser, and add the file")
            answer = self._patiently(at, headers or {}, limit or limits().answer_mb << 20)
            if answer.status in (200, 304):
                return replace(answer, asked=url)
            if answer.status not in (301, 302, 303, 307, 308) or not answer.header("location"):
                raise UnavailableError(f"the host answers with status {answer.status}")
            at = _target(at, answer)
        raise UnavailableError(f"more than {_REDIRECTS} redirects")

    def _robots(self, url: str) -> Robots:
        parts = urlsplit(url)
        host = self.hosts.setdefault(f"{parts.scheme}://{parts.netloc}", _Host())
        if host.robots is None:
            host.robots = self._read_robots(f"{parts.scheme}://{parts.netloc}/robots.txt")
        return host.robots

    def _read_robots(self, url: str) -> Robots:
        at = url
        for _ in range(_REDIRECTS + 1):
            try:
                answer = self._once(at, {}, SIZE_LIMIT, cut=True)
            except UnavailableError:
                return NOTHING
            if answer.status in (301, 302, 303, 307, 308) and answer.header("location"):
                at = _target(at, answer)
                continue
            if answer.status == 200:
                return read_robots(_text(answer), NAME)
            return NOTHING if answer.status >= 500 or answer.status == 429 else Robots()
        return Robots()

    def _patiently(self, url: str, headers: Mapping[str, str], limit: int) -> Answer:
        """An answer, after waiting where the host asks for it. Raises UnavailableError where it asks for too much."""
        for number in range(_TRIES):
            answer = self._once(url, headers, limit)
            if answer.status not in (429, 503) or number == _TRIES - 1:
                return answer
            wait = waiting_time(answer.header("retry-after"), 2.0 * (number + 1))
            if wait > _LONGEST_WAIT:
                raise UnavailableError(f"the host asks to come back in {wait:,.0f} seconds")
            self._host(url).next = time.monotonic() + wait
        raise AssertionError  # the last try returns

    def _once(self, url: str, headers: Mapping[str, str], limit: int, *, cut: bool = False) -> Answer:
        """One request. A body that is larger than `limit` is cut there, or refused."""
        host = self._host(url)
        time.sleep(max(0.0, host.next - time.monotonic()))
        self._guard.deadline = time.monotonic() + self.timeout
        self._guard.left = limit + _TRANSPORT_BYTES
        try:
            with self._client.stream("GET", url, headers=dict(headers)) as response:
                body = _body(response, limit, cut=cut)
                return _answer(url, response, body)
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            raise UnavailableError("the host takes too long to answer") from error
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL) as error:
            raise UnavailableError(f"the host cannot be talked with ({_in_short(error)})") from error
        except (ValueError, KeyError) as error:  # headers that no text can be made of
            raise UnavailableError("the host answers with nonsense") from error
        finally:
            delay = min(max(self.delay, host.robots.delay if host.robots else 0.0), _LONGEST_DELAY)
            host.next = time.monotonic() + delay

    def _host(self, url: str) -> _Host:
        parts = urlsplit(url)
        return self.hosts.setdefault(f"{parts.scheme}://{parts.netloc}", _Host())


class _Transport(httpx.BaseTransport):
    """HTTP/1.1 and HTTP/2 over guarded connections."""

    def __init__(self, guard: GuardedBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), http2=True, max_connections=4, network_backend=guard
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raw = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        response = self._pool.handle_request(raw)
        stream = _Stream(cast(Iterator[bytes], response.stream), response)
        return httpx.Response(response.status, headers=response.headers, stream=stream, extensions=response.extensions)

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    """A body as it comes."""

    def __init__(self, parts: Iterator[bytes], response: httpcore.Response) -> None:
        self._parts = parts
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts

    def close(self) -> None:
        self._response.close()


def _target(url: str, answer: Answer) -> str:
    """Where a redirect leads. Raises RefusedError where that is not asked."""
    try:
        return check_address(urljoin(url, answer.header("location")))
    except ValueError as error:
        raise RefusedError("redirects to what is not an address") from error


def _body(response: httpx.Response, limit: int, *, cut: bool) -> bytes:
    promised = response.headers.get("content-length", "")
    if promised.isdecimal() and int(promised[:20]) > limit and not cut:
        raise UnavailableError(f"the answer is larger than {limit >> 20} MB")
    parts: list[bytes] = []
    size = 0
    for part in response.iter_raw():
        parts.append(part)
        size += len(part)
        if size > limit:
            if cut:
                break
            raise UnavailableError(f"the answer is larger than {limit >> 20} MB")
    return b"".join(parts)[:limit]


def _answer(url: str, response: httpx.Response, body: bytes) -> Answer:
    return Answer(
        url=url,
        asked=url,
        status=response.status_code,
        version=response.http_version,
        reason=response.reason_phrase,
        headers=tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.headers.raw),
        body=body,
        when=datetime.now(UTC).isoformat(timespec="microseconds"),
    )


def _text(answer: Answer) -> str:
    """A robots.txt as text; a packed one is unpacked as far as it may be read."""
    from backfile.importers.answers import unpacked
    from backfile.report import ReadError

    try:
        data = unpacked(answer.body, "", answer.header("content-encoding"))
    except ReadError:
        data = b""
    return data[:SIZE_LIMIT].decode("utf-8-sig", "replace")


def waiting_time(told: str, fallback: float) -> float:
    """Seconds that a host asks to wait (RFC 9110 §10.2.3), or the fallback where it says nothing that can be read."""
    if told.isascii() and told.isdecimal():
        return float(told[:12])
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError):
        return fallback
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _in_short(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:100] or type(error).__name__
