"""Connections to public addresses only: a name is resolved once, and what is connected to is what was checked.

So neither redirects nor names that change their answer lead to this machine or its network. Every request of a client
passes here, those for robots.txt and pictures too; whatever it receives is bounded in bytes and in time.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNWANTED = re.compile(r"[\s<>\"\\^`{|}\x00-\x20\x7f]")


class RefusedError(Exception):
    """An address that is not asked; the message says why."""


def check_address(url: str) -> str:
    """The address without its fragment. Raises RefusedError for what is no address of a page on the web."""
    try:
        parts = urlsplit(url)
        port_is_odd = parts.port == 0
    except ValueError as error:
        raise RefusedError("is not an address") from error
    if parts.scheme not in ("http", "https"):
        raise RefusedError("is not an http or https address")
    if not parts.hostname or port_is_odd or _UNWANTED.search(url):
        raise RefusedError("is not an address")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("holds a name or a password, which are not sent")
    return url.partition("#")[0]


def is_public(address: IPAddress) -> bool:
    """False for this machine, private networks, link-local and metadata addresses, in every IPv6 disguise."""
    inner: list[IPAddress | None] = []
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if any(each is not None and not is_public(each) for each in inner):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections where they are allowed, and counts bytes and seconds of what is being fetched."""

    def __init__(self, *, allow_private: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._allow_private = allow_private
        self.deadline = 0.0
        """By the monotonic clock."""
        self.left = 0
        """Bytes that may still come."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to an address of the host that was checked. Raises RefusedError and httpcore's errors."""
        error: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._inner.connect_tcp(address, port, self.within(timeout), local_address, socket_options)
                return _CountedStream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error or httpcore.ConnectError("the host has no address")

    def within(self, timeout: float | None) -> float:
        """The seconds that a step may take. Raises httpcore.ReadTimeout where none are left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("it takes too long")
        return min(left, timeout) if timeout else left

    def _addresses(self, host: str, port: int) -> list[str]:
        """Where a host is. It is asked for twice: a name that is public at first and private then is a trap."""
        found = [_looked_up(host, port) for _ in range(1 if self._allow_private else 2)]
        if not self._allow_private and not all(
            is_public(ipaddress.ip_address(each)) for some in found for each in some
        ):
            raise RefusedError("leads into a private network (allow it with --allow-private)")
        return found[0][:4]


def _looked_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("the host cannot be found") from error
    return list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))


class _CountedStream(httpcore.NetworkStream):
    """A connection that gives no more bytes, and takes no more time, than is allowed."""

    def __init__(self, inner: httpcore.NetworkStream, guard: GuardedBackend) -> None:
        self._inner = inner
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._guard.within(timeout))
        self._guard.left -= len(data)
        if self._guard.left < 0:
            raise httpcore.ReadError("it is too large")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._guard.within(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._guard.within(timeout))
        return _CountedStream(inner, self._guard)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
