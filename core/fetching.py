"""The HTTP client for other servers: addresses are checked and pinned, bytes and time capped.

A name is resolved once; if any of its addresses is not of the public internet, nothing is asked.
The connection goes to the address that was checked, whatever the name says a moment later, while
TLS still proves the name. Each redirect is checked in the same way. Only ports 80 and 443, no
cookies, no credentials, no proxy. Only the worker calls it, never a request of a reader.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

MAX_BYTES: Final = 1_000_000
SECONDS: Final = 15.0
REDIRECTS: Final = 3
AGENT: Final = "Weerwoord"
_PORTS: Final = {"http": 80, "https": 443}
_MOVED: Final = {301, 302, 303, 307, 308}
_LONGEST_URL: Final = 2_000
_CHUNK: Final = 16_384
_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+|\[[0-9a-f:.]+\]", re.I)
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# What `ipaddress.is_global` lets through (it lags behind the registries in older Pythons): entries
# of the IANA special-purpose address registries (RFC 6890) that are not globally reachable or are
# deprecated.
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
        "192.31.196.0/24",  # AS112 (RFC 7535)
        "192.52.193.0/24",  # AMT (RFC 7450)
        "192.88.99.0/24",  # 6to4 relay, deprecated (RFC 7526)
        "192.175.48.0/24",  # AS112 (RFC 7534)
        "::/96",  # IPv4-compatible, deprecated (RFC 4291)
        "64:ff9b:1::/48",  # a network's own translation to IPv4 (RFC 8215)
        "100::/64",  # discard (RFC 6666)
        "100:0:0:1::/64",  # dummy prefix (RFC 9780)
        "2001::/23",  # IETF protocol assignments (RFC 2928), Teredo, ORCHID
        "2001:db8::/32",  # documentation (RFC 3849)
        "2620:4f:8000::/48",  # AS112 (RFC 7534)
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local, deprecated (RFC 3879)
    )
)
# The interface identifiers of ISATAP (RFC 5214, section 6.1), which end in an IPv4 address.
_ISATAP: Final = (0x00005EFE, 0x02005EFE)

Resolve = Callable[[str, int], list[str]]


class FetchError(Exception):
    """A request failed or was not allowed; the message says why."""


class AddressRefused(FetchError):
    """The address may not be asked."""


class UnknownHost(FetchError):
    """Nobody has that name."""


class UnsafeConnection(FetchError):
    """The connection could not be made safe."""


class RedirectRefused(FetchError):
    """The server answered, and what it leads to is not followed."""


@dataclass(frozen=True, slots=True)
class Door:
    """Policy of which addresses may be reached; tests allow their own server."""

    resolve: Resolve
    allows: Callable[[str], bool]
    ports: Mapping[str, int] = field(default_factory=lambda: _PORTS)


@dataclass(frozen=True, slots=True)
class Response:
    """The final response after redirects. Header names are in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system gives them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet.

    Addresses that carry an IPv4 address inside (mapped, 6to4, NAT64, ISATAP) count as that one
    too: through them a private network is reached from some machines.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return is_public(str(parsed.ipv4_mapped))
    if not parsed.is_global or parsed.is_multicast or parsed.is_reserved:
        return False
    if any(parsed in net for net in _NOT_PUBLIC):
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return True
    inner = parsed.sixtofour
    if int(parsed) >> 32 & 0xFFFFFFFF in _ISATAP:
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    return inner is None or is_public(str(inner))


PUBLIC: Final = Door(resolve, is_public)


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    types: tuple[str, ...] = (),
    max_bytes: int = MAX_BYTES,
    seconds: float = SECONDS,
    door: Door = PUBLIC,
) -> Response:
    """Send a request to another server; gives the response, whatever its status.

    `types` are the content types that are read ("image/"): an answer of another has no body. A
    redirect is followed for GET and HEAD alone. Raises `FetchError`: an address that is not
    allowed, no answer in `seconds` in all, more than `max_bytes`, or too many redirects.
    """
    end = time.monotonic() + seconds
    for _turn in range(REDIRECTS + 1):
        answer = _ask(_split(url, door), method, body, headers or {}, types, max_bytes, end, door)
        target = answer.headers.get("location", "")
        if method not in ("GET", "HEAD") or answer.status not in _MOVED or not target:
            return answer
        moved = urljoin(url, target)
        if url.startswith("https:") and not moved.startswith("https:"):
            raise RedirectRefused("redirected from https to http")
        url = moved
    raise RedirectRefused("too many redirects")


def _split(url: str, door: Door) -> SplitResult:
    """The parts of an address that may be asked. Raises AddressRefused."""
    if len(url) > _LONGEST_URL or _UNFIT.search(url):
        raise AddressRefused("not an address")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("not an address") from error
    if parts.scheme not in door.ports or port not in (None, door.ports[parts.scheme]):
        raise AddressRefused("only http and https, on their own ports")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("an address with a name or password")
    bracketed = f"[{host}]" if ":" in host else host
    if not _NAME.fullmatch(bracketed):
        raise AddressRefused("not a full host name")
    netloc = bracketed if door.ports is _PORTS else f"{bracketed}:{door.ports[parts.scheme]}"
    target = parts._replace(netloc=netloc, path=parts.path or "/", fragment="")
    try:
        target.path.encode("ascii"), target.query.encode("ascii")
    except UnicodeEncodeError as error:
        raise AddressRefused("an address that is not percent-encoded") from error
    return target


def _addresses(host: str, port: int, door: Door) -> list[str]:
    """Where to connect to; one bad address of a name refuses it. Raises FetchError."""
    try:
        found = door.resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise UnknownHost(f"{host} is not known") from error
    if not found or not all(door.allows(address) for address in found):
        raise AddressRefused(f"{host} is not on the public internet")
    return found


def _left(end: float) -> float:
    """Seconds until `end`. Raises FetchError when it has passed."""
    left = end - time.monotonic()
    if left <= 0:
        raise FetchError("it took too long")
    return left


def _connect(parts: SplitResult, end: float, door: Door) -> socket.socket:
    """A connection to one of the addresses that were checked; under TLS, not yet shaken hands."""
    host, port = str(parts.hostname), door.ports[parts.scheme]
    fault: OSError | None = None
    for address in _addresses(host, port, door):
        try:
            plain = socket.create_connection((address, port), timeout=_left(end))
        except OSError as error:
            fault = error
            continue
        if parts.scheme == "http":
            return plain
        secure = ssl.create_default_context()
        return secure.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    raise FetchError(f"{host} cannot be reached: {fault}")


@contextlib.contextmanager
def _until(end: float, link: socket.socket) -> Iterator[None]:
    """Close the connection at `end`: a slow drip of bytes never hits a socket timeout."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            link.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(_left(end), cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _ask(
    parts: SplitResult,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    types: tuple[str, ...],
    max_bytes: int,
    end: float,
    door: Door,
) -> Response:
    connection = http.client.HTTPConnection(str(parts.hostname))
    connection.sock = link = _connect(parts, end, door)
    try:
        with _until(end, link):
            if isinstance(link, ssl.SSLSocket):
                link.do_handshake()
            told = {
                "Host": parts.netloc,
                "User-Agent": AGENT,
                "Accept-Encoding": "gzip, identity",
                "Connection": "close",
                **headers,
            }
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, target, body=body, headers=told)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            answer = Response(urlunsplit(parts), response.status, found, b"")
            if response.status in _MOVED or (types and not answer.content_type.startswith(types)):
                return answer
            return dataclasses.replace(answer, body=_read(response, max_bytes, end))
    except ssl.SSLError as error:
        raise UnsafeConnection(f"no safe connection to {parts.hostname}: {error}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        _left(end)
        raise FetchError(f"{parts.hostname} broke off: {type(error).__name__}") from error
    finally:
        connection.close()
        link.close()


def _read(response: http.client.HTTPResponse, max_bytes: int, end: float) -> bytes:
    """The body, unpacked, never more of it than `max_bytes`. Raises FetchError."""
    # A packed answer may grow a thousandfold: it is unpacked in bounded steps.
    packed = response.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip")
    unpack = zlib.decompressobj(wbits=31) if packed else None
    read = bytearray()
    while piece := response.read1(_CHUNK):
        try:
            read += unpack.decompress(piece, max_bytes + 1 - len(read)) if unpack else piece
        except zlib.error as error:
            raise FetchError("a broken answer") from error
        if len(read) > max_bytes:
            raise FetchError(f"more than {max_bytes} bytes")
    _left(end)
    if response.length or (unpack and not unpack.eof):
        raise FetchError("it broke off")
    return bytes(read)
