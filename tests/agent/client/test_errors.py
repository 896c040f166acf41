"""What every refusal and every broken answer becomes, and which calls are made again."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agent import errors
from agent.attachments import check
from agent.catalogue import explain
from agent.client import Client
from agent.client.errors import BadRequest, NotFound, ServerError, error_for, refused_file
from agent.models import OutputSpec, Token
from agent.stream import StreamFailure
from tests.agent import samples
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import AVATAR, ScriptedServer

WithClient = Callable[..., Any]

REFUSALS = [
    (1001, errors.NotSignedIn, 3),
    (1002, errors.SessionGone, 1),
    (2001, errors.CreditsExhausted, 4),
    (4001, errors.FileUnsupported, 5),
    (4002, errors.FileTooLarge, 5),
    (400, BadRequest, 1),
    (402, errors.PlanRequired, 4),
    (429, errors.RateLimited, 7),
    (404, NotFound, 1),
    (5003, errors.TurnFailed, 1),
    (-1, errors.TurnFailed, 1),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("code", "error", "exit_code"), REFUSALS)
def test_every_code_has_its_own_error(
    backend: ScriptedServer, with_client: WithClient, code: int, error: type, exit_code: int, status: int
) -> None:
    backend.refuse("credits", code, "because", status=status)
    with pytest.raises(error) as raised:
        with_client(lambda client: client.balance())
    assert (raised.value.code, raised.value.exit_code, raised.value.detail) == (code, exit_code, "because")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, errors.NotSignedIn),
        (402, errors.PlanRequired),
        (413, errors.FileTooLarge),
        (415, errors.FileUnsupported),
        (429, errors.RateLimited),
        (404, NotFound),
        (418, errors.TurnFailed),
    ],
)
@pytest.mark.parametrize("body", [b"", b"plain words", b'{"detail":"no"}', b"[]"])
def test_an_http_status_speaks_where_no_code_does(
    backend: ScriptedServer, with_client: WithClient, status: int, error: type, body: bytes
) -> None:
    backend.fail("credits", Reply(status, body))
    with pytest.raises(error) as raised:
        with_client(lambda client: client.balance())
    assert raised.value.code == status


def test_exhausted_anonymous_credits_lead_to_the_register_page(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    backend.refuse("credits", 2001, status=402)
    with pytest.raises(errors.CreditsExhausted) as raised:
        with_client(lambda client: client.balance(), web_url="https://web.example")
    assert raised.value.key == "credits_anonymous"
    assert raised.value.values["url"] == "https://web.example/register?bind=anon_0"


def test_exhausted_credits_of_a_registered_account_are_topped_up(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    account = backend.own_account("mine")
    account.available = 0

    async def scenario(client: Client) -> None:
        client.token = Token("mine", own=True)
        session = await client.create_session("en")
        _ = [event async for event in client.run_sse(session.session_id, "hi")]

    with pytest.raises(errors.CreditsExhausted) as raised:
        with_client(scenario, signed=False)
    assert raised.value.key == "credits_registered"


@pytest.mark.parametrize(
    ("wait", "seconds"), [("7", 7), ("0", 0), ("soon", 30), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_a_rate_limit_says_how_long(
    backend: ScriptedServer, with_client: WithClient, wait: str, seconds: float
) -> None:
    backend.refuse("credits", 429, status=429, Retry_After=wait)
    with pytest.raises(errors.RateLimited) as raised:
        with_client(lambda client: client.balance())
    assert raised.value.seconds == seconds


@pytest.mark.parametrize("status", [200, 404, 502])
def test_a_page_is_not_the_service(backend: ScriptedServer, with_client: WithClient, status: int) -> None:
    page = Reply(status, b"<!DOCTYPE html><html>", content_type="text/html")
    backend.fail("credits", *[page] * 4)
    with pytest.raises(errors.NotTheService) as raised:
        with_client(lambda client: client.balance())
    assert (raised.value.code, raised.value.exit_code) == (status, 6)


def test_a_redirect_is_not_followed_so_that_the_token_stays_here(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    backend.fail("credits", Reply(302, b"", {"location": f"{backend.cdn.url}/elsewhere"}))
    with pytest.raises(errors.NotTheService):
        with_client(lambda client: client.balance())
    assert backend.cdn.requests == []


BROKEN = [
    Reply(500, b"", content_type=""),
    json_reply({"code": 503, "message": "busy"}, 503),
    Reply(status=0),
    Reply(status=0, reset=True),
    Reply(body=b'{"code":0,"data":{"available":1}}', cut=9),
    Reply(body=b'{"code":0,"data":{"avai', framing="close"),
]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_reading_call_is_made_again_when_it_fails(
    backend: ScriptedServer, with_client: WithClient, fault: Reply
) -> None:
    backend.fail("credits", fault, fault)
    assert with_client(lambda client: client.balance()).available == 100
    assert len(backend.seen("credits")) == 3


@pytest.mark.parametrize("fault", BROKEN)
def test_a_reading_call_that_keeps_failing_ends_in_an_error(
    backend: ScriptedServer, with_client: WithClient, fault: Reply
) -> None:
    backend.fail("credits", *[fault] * 9)
    with pytest.raises((ServerError, errors.OutOfReach)):
        with_client(lambda client: client.balance())
    assert len(backend.seen("credits")) == 4


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("route", ["session", "upload", "submit", "run_sse"])
def test_a_call_that_changes_something_is_never_made_again_by_itself(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, fault: Reply, route: str
) -> None:
    (tmp_path / "me.jpg").write_bytes(samples.JPEG)
    attachment = check(str(tmp_path / "me.jpg"), types=("jpg",), max_bytes=10**6)

    async def streamed(client: Client) -> None:
        async for _ in client.run_sse("s1", "hi"):
            pass

    calls: dict[str, Callable[[Client], Awaitable[object]]] = {
        "session": lambda client: client.create_session("en"),
        "upload": lambda client: client.upload_files("s1", [attachment]),
        "submit": lambda client: client.submit_render("render_1", "s1", AVATAR, OutputSpec()),
        "run_sse": streamed,
    }
    backend.fail(route, fault, fault)
    with pytest.raises((ServerError, errors.OutOfReach)):
        with_client(calls[route])
    assert len(backend.seen(route)) == 1


def test_a_backend_that_is_not_there_is_unreachable(with_client: WithClient) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(errors.Unreachable) as raised:
            with_client(lambda client: client.balance(), signed=False, url=url)
    assert (raised.value.exit_code, raised.value.code) == (6, None)


def test_a_backend_that_stalls_is_a_time_out(backend: ScriptedServer, with_client: WithClient) -> None:
    backend.fail("credits", *[Reply(body=[b"{", 60.0, b"}"], framing="chunked")] * 4)
    with pytest.raises(errors.TimedOut):
        with_client(lambda client: client.balance(), timeout=0.1)


@pytest.mark.parametrize(
    ("code", "message", "error", "exit_code"),
    [
        (2001, "no credits", errors.CreditsExhausted, 4),
        ("2001", "no credits", errors.CreditsExhausted, 4),
        ("RESOURCE_EXHAUSTED", "insufficient credits", errors.CreditsExhausted, 4),
        ("RESOURCE_EXHAUSTED", "model overloaded", errors.TurnFailed, 1),
        (402, "not in this plan", errors.PlanRequired, 4),
        (None, "kaboom \x1b[31m", errors.TurnFailed, 1),
        ("x" * 50, "kaboom", errors.TurnFailed, 1),
    ],
)
def test_a_failure_told_inside_a_stream_is_one_of_the_table(
    with_client: WithClient, code: int | str | None, message: str, error: type, exit_code: int
) -> None:
    async def scenario(client: Client) -> errors.AvatarError:
        return client.failure(StreamFailure(message, code))

    found = with_client(scenario, web_url="https://web.example")
    assert isinstance(found, error)
    assert found.exit_code == exit_code
    assert "\x1b" not in found.detail
    if error is errors.CreditsExhausted:
        assert found.values["url"] == "https://web.example/register?bind=anon_0"


def test_a_backend_that_repeats_the_token_does_not_get_it_into_an_error(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    async def scenario(client: Client) -> None:
        assert client.token is not None
        backend.refuse("credits", 4711, f"bad token {client.token.value}!")
        await client.balance()

    with pytest.raises(errors.TurnFailed) as raised:
        with_client(scenario)
    assert raised.value.detail == "bad token …!"


@pytest.mark.parametrize(("code", "key"), [(4001, "file_refused"), (4002, "file_refused_large")])
def test_a_file_the_backend_refuses_is_named_with_what_works(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, code: int, key: str
) -> None:
    (tmp_path / "me.jpg").write_bytes(samples.JPEG)
    attachment = check(str(tmp_path / "me.jpg"), types=("jpg",), max_bytes=10**6)
    backend.refuse("upload", code, "400 megapixels", status=413)
    with pytest.raises(errors.InputFileError) as raised:
        with_client(lambda client: client.upload_files("s1", [attachment]), types=("jpg", "png"))
    assert (raised.value.key, raised.value.code, raised.value.detail) == (key, code, "400 megapixels")
    assert (raised.value.values["file"], raised.value.values["types"]) == ("me.jpg", "jpg, png")


REASONS = [
    ("“{name}” is damaged: the picture is cut short or damaged", "file_damaged"),
    ("文件已损坏", "file_damaged"),
    ("“{name}” is no file of an accepted type: it is a PDF", "file_unsupported"),
    ("unsupported media format", "file_unsupported"),
    ("", "file_unsupported"),
    ("it shows what must not be shown", "file_refused"),
]


@pytest.mark.parametrize("name", ["me.jpg", "a damaged format.jpg"])
@pytest.mark.parametrize(("detail", "key"), REASONS)
def test_a_refused_file_is_told_with_the_reason_the_backend_has(detail: str, key: str, name: str) -> None:
    detail = detail.format(name=name)
    refused = error_for(4001, detail)
    assert isinstance(refused, errors.InputFileError)
    told = explain(refused_file(refused, [name], ["jpg", "png"]), "en")
    assert told.code == 4001
    assert name in told.message
    if key != "file_unsupported":
        assert detail in told.message
    assert ("jpg, png" in told.hint) == (key != "file_damaged")
    assert told.kind == ("file_corrupt" if key == "file_damaged" else "file_unsupported")


def test_of_several_files_the_refused_one_is_named() -> None:
    refused = error_for(4001, "two.png is of an unknown type")
    assert isinstance(refused, errors.InputFileError)
    assert refused_file(refused, ["one.png", "two.png"], []).values["file"] == "two.png"


@pytest.mark.parametrize("code", [4001, 4002])
def test_a_refusal_that_belongs_to_no_file_is_a_sentence_all_the_same(code: int) -> None:
    refused = error_for(code, "it shows too much")
    assert isinstance(refused, errors.InputFileError)
    told = explain(refused_file(refused, (), ["jpg"]), "zh-TW")
    assert told.message == "服務不接受這個檔案：it shows too much。"
