"""Every endpoint under every fault: a documented end, nothing charged twice, nothing left half-done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.client import Client
from agent.errors import AvatarError
from agent.models import OutputSpec
from tests.agent.running import Command, Ran
from tests.agent.samples import png
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import AVATAR, MP4, ScriptedServer, event

SAID = event({"type": "text", "content": "A round avatar."})
FAULTS: dict[str, Callable[[], Reply]] = {
    "no answer": lambda: Reply(status=0),
    "reset at the first byte": lambda: Reply(200, b'{"code":0,"data":{}}', cut=0, reset=True),
    "reset in mid-body": lambda: Reply(200, b'{"code":0,"data":{"x":1}}', cut=9, reset=True),
    "500": lambda: json_reply({"detail": "oops"}, 500),
    "429": lambda: json_reply({"code": 429, "message": "slow down"}, 429, Retry_After="0"),
    "html": lambda: Reply(200, b"<!doctype html><p>Sign in to the hotel", content_type="text/html"),
    "truncated json": lambda: Reply(200, b'{"code":0,"data":{"se'),
    "a wrong code": lambda: json_reply({"code": 777, "message": "no"}),
    "nothing in it": lambda: json_reply({"code": 0, "message": "ok", "data": {}}),
    "a list": lambda: json_reply([1, 2]),
}
ENDPOINTS = ("token", "session", "upload", "state", "run_sse", "submit", "render", "download")
KINDS = {
    "failed", "server_error", "bad_request", "not_found", "rate_limited", "not_the_service", "unreachable",
    "timed_out", "dropped", "render_failed", "download_broken", "not_signed_in", "nothing_to_export",
}  # fmt: skip
pytestmark = pytest.mark.slow


def turn(avatar: Command, backend: ScriptedServer) -> Ran:
    backend.say({"type": "text", "content": "A round avatar."}, draft=AVATAR)
    (avatar.home / "me.png").write_bytes(png(4, 4))
    return avatar("make it round", "me.png", "-o", "out.mp4", "--json")


def sound(ran: Ran, avatar: Command) -> None:
    """What holds after any fault whatsoever."""
    assert [row["type"] for row in ran.events].count("done") == 1
    assert ran.events[-1]["exit"] == ran.exit
    for error in ran.of("error"):
        assert error["kind"] in KINDS, error
        assert error["message"]
    assert len(ran.of("error")) == (1 if ran.exit else 0), ran.out
    assert "Traceback" not in ran.err
    whole = avatar.home / "out.mp4"
    assert not whole.exists() or whole.read_bytes() == MP4
    for path in (avatar.home / "state").rglob("*.json"):
        json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("times", [1, 20], ids=["once", "always"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_fault_ends_in_a_documented_way(
    avatar: Command, backend: ScriptedServer, endpoint: str, fault: str, times: int
) -> None:
    backend.fail(endpoint, *(FAULTS[fault]() for _ in range(times)))
    ran = turn(avatar, backend)
    sound(ran, avatar)
    heard = [text for session in backend.sessions.values() for text in session.heard]
    assert len(heard) <= 1
    # Sent again only where an answer proved that nothing ran.
    assert len(backend.seen("run_sse")) <= (2 if endpoint == "run_sse" and fault == "429" else 1)
    ids = {request.json()["id"] for request in backend.seen("submit")}
    assert len(ids) <= 1
    if times == 1 and endpoint in ("state", "render") and fault in ("no answer", "500", "429"):
        assert ran.exit == 0, ran.out
    backend.faults[endpoint].clear()
    sound(avatar("credits", "--json"), avatar)


@pytest.mark.parametrize("times", [1, 20], ids=["once", "always"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("endpoint", ["claim", "cancel"])
def test_a_fault_of_what_no_turn_calls_is_an_error_with_a_name(
    backend: ScriptedServer, with_client: Callable[..., object], endpoint: str, fault: str, times: int
) -> None:
    async def scenario(client: Client) -> None:
        session = await client.create_session("en")
        await client.submit_render("render_1", session.session_id, AVATAR, OutputSpec("mp4"))
        backend.fail(endpoint, *(FAULTS[fault]() for _ in range(times)))
        try:
            if endpoint == "claim":
                assert await client.claim_token(session.task_id, session.session_id) == "clm_1"
            else:
                assert (await client.cancel_render("render_1")).status == "failed"
        except AvatarError as error:
            assert error.kind in KINDS, error
            # Cancelling again is safe, so a passing fault of the line or the server is not noticed.
            assert endpoint == "claim" or times > 1 or fault not in ("no answer", "500")
        else:
            assert endpoint == "cancel"
            assert times == 1
        assert len(backend.seen("claim")) <= 1
        backend.faults[endpoint].clear()
        assert (await client.cancel_render("render_1")).status == "failed"

    with_client(scenario)


@pytest.mark.parametrize("cut", range(0, len(SAID), 7))
def test_a_reply_cut_anywhere_is_looked_up_and_not_asked_for_again(
    avatar: Command, backend: ScriptedServer, cut: int
) -> None:
    reply = Reply(body=[SAID], content_type="text/event-stream", framing="chunked", cut=cut)
    backend.answer(reply, draft=AVATAR)
    (avatar.home / "me.png").write_bytes(png(4, 4))
    ran = avatar("make it round", "me.png", "-o", "out.mp4", "--json")
    assert ran.exit == 0, ran.out
    assert len(backend.seen("run_sse")) == 1
    assert (avatar.home / "out.mp4").read_bytes() == MP4


@pytest.mark.parametrize("keep", range(0, 400, 37))
def test_files_of_the_store_cut_anywhere_are_set_aside_or_recovered(
    avatar: Command, backend: ScriptedServer, keep: int
) -> None:
    turn(avatar, backend)
    damaged: list[Path] = []
    for path in (avatar.home / "state").rglob("*"):
        if path.is_file() and path.suffix in (".json", ".jsonl", "") and path.stat().st_size > keep:
            path.write_bytes(path.read_bytes()[:keep])
            damaged.append(path)
    assert damaged or keep > 200
    ran = avatar("credits", "--json")
    assert ran.exit == 0, ran.out
