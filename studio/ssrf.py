"""Fetching what a URL names, from public addresses only.

The name is resolved once, every address is checked, and the connection goes to the checked address, so that a
second look-up cannot lead elsewhere (DNS rebinding). Each redirect starts again from the beginning.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from studio.config import MEBIBYTE
from studio.files import Incoming
from studio.replies import ApiError, bad_request, too_large

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
REDIRECTS = 5
SOCKET_SECONDS = 20.0
BLOCK = 256 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_USER_AGENT = "avatar-icon-generator"


def fetch(url: str, into: Incoming, *, limit: int, seconds: float, allowed: Sequence[str] = ()) -> str:
    """Download a URL; its last path part. Raises ApiError 400 (may not or cannot be fetched) and 4002.

    `allowed` names networks that may be reached although they are not public.
    """
    networks = [ipaddress.ip_network(text) for text in allowed]
    deadline = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        parts = _parts(url)
        with _connected(parts, networks, deadline) as connection:
            try:
                redirect = _get(connection, parts, into, limit, deadline)
            except (OSError, http.client.HTTPException) as error:
                raise bad_request(f"{_shown(parts)} could not be fetched: {error}") from error
        if redirect is None:
            return unquote(parts.path.rsplit("/", 1)[-1]) or "download"
        url = _next(url, parts, redirect)
    raise bad_request("The URL redirects too often.")


def public(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether an address is one that anybody on the internet could reach, whatever form it is written in."""
    if any(address.version == network.version and address in network for network in allowed):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner, allowed)
        if address.is_site_local or int(address) >> 32 == 0:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int, allowed: Sequence[Network] = ()) -> Address:
    """One checked address of a host; raises ApiError 400 when any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise bad_request(f"The name {host[:100]} cannot be resolved.") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%", 1)[0]) for entry in found]
    if not addresses or not all(public(address, allowed) for address in addresses):
        raise bad_request("Only public internet addresses can be fetched.")
    return addresses[0]


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_request("This is not a URL.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("Only http and https URLs can be fetched.")
    if parts.username is not None or parts.password is not None:
        raise bad_request("A URL with a name and password in it is not fetched.")
    if not url.isascii() or any(char <= " " or char == "\x7f" for char in url):
        raise bad_request("The URL holds characters that have to be percent-encoded.")
    if port is not None and port not in (80, 443) and port < 1024:
        raise bad_request(f"Port {port} is not one that web pages are served from.")
    return parts


@contextmanager
def _connected(
    parts: SplitResult, allowed: Sequence[Network], deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection to a checked address, closed at the deadline even while a server drips its answer."""
    assert parts.hostname is not None
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = resolve(parts.hostname, port, allowed)
    left = deadline - time.monotonic()
    if left <= 0:
        raise bad_request(f"{_shown(parts)} took too long.")
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=SOCKET_SECONDS)
    try:
        raw = socket.create_connection((str(address), port), timeout=min(SOCKET_SECONDS, left))
        connection.sock = raw
        if secure:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
    except OSError as error:
        connection.close()
        raise bad_request(f"{_shown(parts)} cannot be reached: {error.strerror or error}") from error
    alarm = threading.Timer(left, _hang_up, (connection.sock,))
    alarm.daemon = True
    alarm.start()
    try:
        yield connection
    finally:
        alarm.cancel()
        connection.close()


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _get(
    connection: http.client.HTTPConnection, parts: SplitResult, into: Incoming, limit: int, deadline: float
) -> str | None:
    """Read the answer into the file; the Location of a redirect instead, where it is one."""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"})
    with connection.getresponse() as response:
        location = response.getheader("Location")
        if response.status in (301, 302, 303, 307, 308) and location:
            return location
        if response.status != 200:
            raise bad_request(f"{_shown(parts)} answered {response.status}.")
        if response.getheader("Content-Encoding", "identity").lower() not in ("", "identity"):
            raise bad_request(f"{_shown(parts)} answered with a compressed body.")
        if (response.length or 0) > limit:
            raise _over(parts, limit)
        while block := response.read1(BLOCK):
            into.write(block)
            if into.size > limit:
                raise _over(parts, limit)
            if time.monotonic() > deadline:
                raise bad_request(f"{_shown(parts)} took too long.")
        if response.length:
            raise bad_request(f"{_shown(parts)} broke off in the middle.")
    return None


def _next(url: str, parts: SplitResult, location: str) -> str:
    target = urljoin(url, location)
    if parts.scheme == "https" and urlsplit(target).scheme != "https":
        raise bad_request("The URL redirects from https to something else.")
    return target


def _over(parts: SplitResult, limit: int) -> ApiError:
    return too_large(f"{_shown(parts)} is larger than {limit // MEBIBYTE} MB.")


def _shown(parts: SplitResult) -> str:
    """The URL without its query, which may hold secrets."""
    return f"{parts.scheme}://{parts.netloc}{parts.path}"[:200]
