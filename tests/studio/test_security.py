"""Who may speak to a server on one's own machine: what a page in the browser tries, what any client sends."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from studio import security
from studio.replies import ApiError
from studio.security import check
from tests.studio.serving import ATTRIBUTION, Caller, StudioProcess

HOSTS = frozenset(("127.0.0.1:80", "localhost:80"))


def raw(studio: StudioProcess, request: str) -> tuple[int, str]:
    """Send bytes as they are; the status and everything that came back."""
    with socket.create_connection(("127.0.0.1", studio.told["port"]), timeout=10) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        answer = b""
        while block := connection.recv(65536):
            answer += block
            if b"\r\n\r\n" in answer:
                break
    return int(answer.split(b" ", 2)[1]), answer.decode("latin-1")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""])
def test_a_foreign_host_is_refused(studio: StudioProcess, host: str) -> None:
    reply = studio.http().get("/health", headers={"Host": host})
    assert reply.status_code == 403
    assert reply.json()["code"] == 403


def test_localhost_is_ours_too(studio: StudioProcess) -> None:
    port = studio.told["port"]
    assert studio.http().get("/health", headers={"Host": f"localhost:{port}"}).status_code == 200


def test_two_hosts_are_refused(studio: StudioProcess) -> None:
    host = f"127.0.0.1:{studio.told['port']}"
    status, _ = raw(studio, f"GET /health HTTP/1.1\nHost: {host}\nHost: evil.example\n\n")
    assert status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "file://"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_is_refused(
    studio: StudioProcess, caller: Caller, headers: dict[str, str]
) -> None:
    for method, path in (("GET", "/api/sessions"), ("POST", "/api/tasks/me/with-session/nemo_agent")):
        reply = caller.http.request(method, path, headers=headers)
        assert reply.status_code == 403
        assert "access-control-allow-origin" not in reply.headers


def test_our_own_origin_may_ask(studio: StudioProcess, caller: Caller) -> None:
    headers = {"Origin": studio.url, "Sec-Fetch-Site": "same-origin"}
    assert caller.http.get("/api/sessions", headers=headers).status_code == 200


def test_a_preflight_is_never_answered_with_leave(studio: StudioProcess) -> None:
    reply = studio.http().options("/run_sse", headers={"Access-Control-Request-Method": "POST"})
    assert reply.status_code == 405
    assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_a_body_that_a_page_could_send_unasked_is_refused(caller: Caller, kind: str) -> None:
    body = json.dumps({"task_name": "project"})
    reply = caller.http.post(
        "/api/tasks/me/with-session/nemo_agent", content=body, headers={"Content-Type": kind}
    )
    assert reply.status_code == 415


def test_a_change_without_any_header_of_ours_is_refused(caller: Caller) -> None:
    for name in ATTRIBUTION:
        del caller.http.headers[name]
    reply = caller.http.post("/api/tasks/me/with-session/nemo_agent", json={})
    assert (reply.status_code, reply.json()["code"]) == (400, 400)
    assert caller.http.get("/api/sessions").status_code == 200


def test_a_compressed_body_is_refused(caller: Caller) -> None:
    reply = caller.http.post("/run_sse", json={}, headers={"Content-Encoding": "gzip"})
    assert reply.status_code == 415


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'{"a":' * 50_000, b"9" * 5000],
)
def test_a_body_that_is_no_json_object_is_400(caller: Caller, body: bytes) -> None:
    reply = caller.http.post("/run_sse", content=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["code"]) == (400, 400)


def test_a_body_that_is_too_large_is_cut_off(caller: Caller) -> None:
    def endless() -> object:
        yield b'{"a": "'
        for _ in range(40):
            yield b"x" * 1024 * 1024

    reply = caller.http.post("/run_sse", content=endless(), headers={"Content-Type": "application/json"})
    assert reply.status_code == 413


def test_every_answer_tells_the_browser_to_do_nothing_with_it(studio: StudioProcess, caller: Caller) -> None:
    answers = [
        studio.http().get("/health"),
        studio.http().get("/nothing"),
        studio.http().get("/health", headers={"Host": "evil.example"}),
        caller.http.get("/api/sessions"),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


def test_status_and_stop_are_for_the_owner(studio: StudioProcess, caller: Caller) -> None:
    assert caller.http.get("/api/studio/status").status_code == 403
    assert caller.http.post("/api/studio/stop").status_code == 403
    told = caller.http.get("/api/studio/status", headers=studio.owner).json()["data"]
    assert told["pid"] == studio.told["pid"]


def test_a_body_that_stops_arriving_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "ARRIVAL_SECONDS", 0.05)
    messages = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await asyncio.sleep(60)
        raise AssertionError("nobody waits this long")

    async def run() -> None:
        arriving = security._patient(receive)
        assert (await arriving())["body"] == b"{"
        await arriving()

    with pytest.raises(ApiError) as refused:
        asyncio.run(run())
    assert refused.value.status == 408


text = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=40)
names = st.sampled_from(["host", "origin", "sec-fetch-site", "content-type", "content-length", "x-client-id"])


@given(st.lists(st.tuples(names, text), max_size=8), st.sampled_from(["GET", "POST", "DELETE", "PUT"]))
def test_whatever_headers_come_the_gate_lets_in_or_refuses(
    headers: list[tuple[str, str]], method: str
) -> None:
    scope = {
        "type": "http",
        "method": method,
        "path": "/run_sse",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    try:
        check(scope, HOSTS)
    except ApiError as refused:
        assert refused.status in (400, 403, 415)
    else:
        assert next(value.lower() for name, value in headers if name == "host") in HOSTS
