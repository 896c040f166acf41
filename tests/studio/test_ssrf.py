"""URL uploads: public addresses only, whatever spelling, redirect or second look-up leads elsewhere."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import ssrf
from studio.files import Files
from studio.replies import ApiError
from tests.studio.serving import PORTRAIT, Caller

LOCAL = ("127.0.0.0/8",)
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A web server on 127.0.0.1 with one answer for everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def sends(data: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(data)), **given}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def redirects(target: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def fetch(
    tmp_path: Path, url: str, *, allowed: tuple[str, ...] = LOCAL, limit: int = 1000, seconds: float = 10
) -> tuple[str, bytes]:
    with Files(tmp_path).incoming() as incoming:
        name = ssrf.fetch(url, incoming, limit=limit, seconds=seconds, allowed=allowed)
        incoming.close()
        return name, incoming.path.read_bytes()


def test_a_file_is_fetched_and_named_by_its_path(tmp_path: Path) -> None:
    with serving(sends(b"picture")) as url:
        assert fetch(tmp_path, f"{url}/photos/my%20photo.jpg?size=large") == ("my photo.jpg", b"picture")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
    ],
)
def test_an_address_that_is_not_public_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ApiError, match=r"public|resolved"):
        fetch(tmp_path, url, allowed=())


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a",
        "gopher://example.com/",
        "//example.com/a",
        "example.com/a.jpg",
        "http://",
        "http:///a.jpg",
        "http://user:secret@example.com/",
        "http://example.com:25/",
        "http://example.com:99999/",
        "http://example.com/a b",
        "http://example.com/a\r\nHost: evil",
        "http://exa\u043cple.com/",
        "http://[::1",
        "",
    ],
)
def test_a_url_that_is_none_of_ours_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ApiError) as refused:
        fetch(tmp_path, url)
    assert refused.value.status == 400


def test_a_redirect_is_checked_like_the_first_address(tmp_path: Path) -> None:
    for target in ("http://192.168.0.1/", "http://[::1]/", "file:///etc/passwd", "//10.0.0.1/x"):
        with serving(redirects(target)) as url, pytest.raises(ApiError):
            fetch(tmp_path, url + "/a.jpg")


def test_a_redirect_to_an_allowed_address_is_followed(tmp_path: Path) -> None:
    with serving(sends(b"there")) as there, serving(redirects(there + "/b.png")) as here:
        assert fetch(tmp_path, here + "/a.jpg") == ("b.png", b"there")


def test_redirects_end(tmp_path: Path) -> None:
    with serving(redirects("/again")) as url, pytest.raises(ApiError, match="too often"):
        fetch(tmp_path, url)


def test_a_name_is_looked_up_once_and_the_checked_address_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def rebinding(host: str, port: int, *rest: object, **options: object) -> list[object]:
        if host == "rebinding.example":
            looked_up.append(host)
            host = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.99"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    with serving(sends(b"first")) as url:
        monkeypatch.setattr(ssrf.socket, "getaddrinfo", rebinding)
        port = url.rsplit(":", 1)[1]
        assert fetch(tmp_path, f"http://rebinding.example:{port}/a")[1] == b"first"
    assert looked_up == ["rebinding.example"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mixed(host: str, port: int, **options: object) -> list[object]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(ssrf.socket, "getaddrinfo", mixed)
    with pytest.raises(ApiError, match="public"):
        fetch(tmp_path, "http://mixed.example/", allowed=())


def test_a_body_over_the_limit_is_4002_announced_or_not(tmp_path: Path) -> None:
    def unannounced(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 5000)

    for answer in (sends(b"x" * 5000), unannounced):
        with serving(answer) as url, pytest.raises(ApiError) as refused:
            fetch(tmp_path, url)
        assert (refused.value.status, refused.value.code) == (413, 4002)


def test_a_body_that_breaks_off_or_is_compressed_or_an_error_is_refused(tmp_path: Path) -> None:
    def missing(handler: BaseHTTPRequestHandler) -> None:
        handler.send_error(404)

    for answer in (sends(b"x", Content_Length="100"), sends(b"x", Content_Encoding="gzip"), missing):
        with serving(answer) as url, pytest.raises(ApiError) as refused:
            fetch(tmp_path, url)
        assert refused.value.status == 400


def test_a_server_that_drips_is_left_at_the_deadline(tmp_path: Path) -> None:
    def drips(handler: BaseHTTPRequestHandler) -> None:
        try:
            for _ in range(200):
                handler.wfile.write(b"H")
                time.sleep(0.05)
        except OSError:
            return

    with serving(drips) as url, pytest.raises(ApiError):
        fetch(tmp_path, url, seconds=0.5)


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ApiError, match="cannot be reached"):
        fetch(tmp_path, f"http://127.0.0.1:{port}/a.jpg")


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_no_more_public_inside_an_ipv6_one(address: ipaddress.IPv4Address) -> None:
    inside = ipaddress.IPv6Address(int(ipaddress.IPv6Address("::ffff:0:0")) | int(address))
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(address))
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))
    expected = ssrf.public(address)
    assert [ssrf.public(one) for one in (inside, nat64, sixtofour)] == [expected] * 3


@given(st.text(max_size=60) | st.from_regex(r"https?://[ -~]{0,40}", fullmatch=True))
def test_whatever_text_comes_it_is_refused_in_our_words(url: str) -> None:
    try:
        parts = ssrf._parts(url)
    except ApiError as refused:
        assert refused.status == 400
    else:
        assert parts.scheme in ("http", "https")
        assert parts.hostname


def test_the_endpoint_refuses_local_urls_and_odd_bodies(caller: Caller) -> None:
    path = f"/api/upload-video/nemo_agent/me/{caller.session()}"
    with serving(sends(PORTRAIT.read_bytes())) as url:
        for body in (
            {"urls": [url + "/a.jpg"], "source_type": "url"},
            {"urls": [], "source_type": "url"},
            {"urls": "http://example.com", "source_type": "url"},
            {"urls": [5], "source_type": "url"},
            {"urls": ["http://example.com/"] * 51, "source_type": "url"},
            {"urls": ["http://" + "x" * 5000], "source_type": "url"},
            {"urls": [url], "source_type": "file"},
        ):
            reply = caller.http.post(path, json=body)
            assert (reply.status_code, reply.json()["code"]) == (400, 400)
