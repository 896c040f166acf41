"""Each endpoint against a backend on a real socket: what goes, what comes, what every refusal becomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent import errors
from agent.attachments import check
from agent.client import Client
from agent.client.errors import BadRequest, NotFound, ServerError
from agent.models import OutputSpec
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import ATTRIBUTION, AVATAR, ScriptedServer

WithClient = Callable[..., Any]
JPEG = b"\xff\xd8\xff\xe0\0\4\0\0\xff\xda\0\2\0\0\xff\xd9"
TYPES = ("jpg", "png", "mp4")


def photo(folder: Path, name: str = "me.jpg", size: int = 0) -> Path:
    path = folder / name
    path.write_bytes(JPEG[:-2] + b"\0" * size + JPEG[-2:])
    return path


def test_every_request_carries_the_attribution_and_all_but_the_first_the_token(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    async def everything(client: Client) -> None:
        session = await client.create_session("en")
        await client.claim_token(session.task_id, session.session_id)
        _ = [event async for event in client.run_sse(session.session_id, "hi")]
        attachment = check(str(photo(tmp_path)), types=TYPES, max_bytes=10**6)
        await client.upload_files(session.session_id, [attachment])
        await client.balance()
        state = await client.state(session.session_id)
        status = await client.submit_render("render_1", session.session_id, state.draft, OutputSpec())
        status = await client.render_status(status.id)
        await client.cancel_render(status.id)

    with_client(everything)
    first, *others = backend.requests
    assert len(others) == 9
    for request in backend.requests:
        assert [request.headers[name] for name in ATTRIBUTION] == ["s", "1.10", "unknown"]
    assert "authorization" not in first.headers
    assert first.headers["x-client-id"] == "c1"
    assert first.body == b""
    assert all(request.headers["authorization"].startswith("Bearer nmv_usr_") for request in others)


def test_the_bodies_are_those_of_the_contract(backend: ScriptedServer, with_client: WithClient) -> None:
    async def scenario(client: Client) -> None:
        session = await client.create_session("zh-CN")
        _ = [event async for event in client.run_sse(session.session_id, "做圆一点")]
        await client.submit_render("render_7", session.session_id, AVATAR, OutputSpec("mp4", width=1080))

    with_client(scenario)
    assert backend.seen("session")[0].json() == {"task_name": "project", "language": "zh-CN"}
    assert backend.seen("run_sse")[0].json() == {
        "app_name": "nemo_agent",
        "user_id": "me",
        "session_id": "s1",
        "new_message": {"role": "user", "parts": [{"text": "做圆一点"}]},
    }
    assert backend.seen("run_sse")[0].headers["accept"] == "text/event-stream"
    assert backend.seen("submit")[0].json() == {
        "id": "render_7",
        "sessionId": "s1",
        "draft": AVATAR,
        "output": {"format": "mp4", "quality": "high", "width": 1080},
    }


def test_several_files_go_in_one_request_with_their_odd_names(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    names = ["my photo.jpg", "it's  me.jpg", 'say "hi".jpg', "back\\slash.jpg", "我的照片.jpg", "me 🙂.jpg"]
    attachments = [
        check(str(photo(tmp_path, name, place)), types=TYPES, max_bytes=10**6)
        for place, name in enumerate(names)
    ]
    told: list[tuple[str, int, int]] = []

    async def scenario(client: Client) -> Any:
        session = await client.create_session("en")
        return await client.upload_files(session.session_id, attachments, lambda *how: told.append(how))

    files = with_client(scenario)
    assert [file.filename for file in files] == names
    (request,) = backend.seen("upload")
    assert int(request.headers["content-length"]) == len(request.body)
    assert told[-1] == (names[-1], attachments[-1].size, attachments[-1].size)
    assert {name for name, _, _ in told} == set(names)


def test_a_parser_of_another_house_reads_the_same_names_and_bytes(tmp_path: Path) -> None:
    """python-multipart, which Python backends use, must see what was meant."""
    import asyncio

    from python_multipart.multipart import MultipartParser, parse_options_header

    from agent.client.uploads import MultipartBody

    path = photo(tmp_path, 'a "b" ü.jpg', 5)
    body = MultipartBody([check(str(path), types=TYPES, max_bytes=10**6)])

    async def sent() -> bytes:
        return b"".join([block async for block in body])

    data = asyncio.run(sent())
    heads: list[bytes] = []
    content = bytearray()
    _, options = parse_options_header(body.content_type)
    parser = MultipartParser(
        options[b"boundary"],
        {
            "on_header_value": lambda chunk, start, end: heads.append(chunk[start:end]),
            "on_part_data": lambda chunk, start, end: content.extend(chunk[start:end]),
        },
    )
    parser.write(data)
    parser.finalize()
    kind, disposition = parse_options_header(heads[0])
    assert (kind, disposition[b"name"]) == (b"form-data", b"files")
    assert disposition[b"filename"].decode() == path.name
    assert bytes(content) == path.read_bytes()


def test_urls_are_uploaded_as_json(backend: ScriptedServer, with_client: WithClient) -> None:
    async def scenario(client: Client) -> Any:
        session = await client.create_session("en")
        return await client.upload_urls(session.session_id, ["https://example.com/a.jpg"])

    (file,) = with_client(scenario)
    assert file.filename == "a.jpg"
    assert backend.seen("upload")[0].json() == {
        "urls": ["https://example.com/a.jpg"],
        "source_type": "url",
    }


def test_a_file_that_shrinks_while_it_is_sent_is_called_damaged(
    with_client: WithClient, tmp_path: Path
) -> None:
    path = photo(tmp_path, size=10_000)
    attachment = check(str(path), types=TYPES, max_bytes=10**6)
    path.write_bytes(JPEG)

    async def scenario(client: Client) -> None:
        session = await client.create_session("en")
        await client.upload_files(session.session_id, [attachment])

    with pytest.raises(errors.FileCorrupt):
        with_client(scenario)


@pytest.mark.parametrize(
    "body",
    [b'{"code":0,"data":{}}', b'{"code":0,"data":{"available":"lots"}}', b'{"code":0,"data":null}', b"{}"],
)
def test_a_reply_that_lacks_what_it_should_hold_is_an_error(
    backend: ScriptedServer, with_client: WithClient, body: bytes
) -> None:
    backend.fail("credits", *[Reply(body=body)] * 4)
    with pytest.raises(ServerError):
        with_client(lambda client: client.balance())


def test_both_shapes_of_render_replies_are_read(backend: ScriptedServer, with_client: WithClient) -> None:
    shape_a = {
        "taskId": "render_1",
        "status": "completed",
        "progress": 100,
        "output": {"url": "https://cdn.example/a.mp4", "duration": 5.0, "size": 99},
        "error": None,
    }
    shape_b = {
        "success": True,
        "data": {"id": "render_1", "status": "completed", "progress": 100, "outputUrl": "https://b"},
    }
    backend.fail("render", json_reply(shape_a, Retry_After="2"), json_reply(shape_b))

    async def scenario(client: Client) -> Any:
        return await client.render_status("render_1"), await client.render_status("render_1")

    a, b = with_client(scenario)
    assert (a.id, a.status, a.progress, a.url, a.duration, a.size, a.retry_after) == (
        ("render_1", "completed", 100.0, "https://cdn.example/a.mp4", 5.0, 99, 2.0)
    )
    assert (b.id, b.status, b.url, b.retry_after) == ("render_1", "completed", "https://b", None)


def test_the_same_render_twice_is_one_job_and_another_body_is_refused(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    async def scenario(client: Client) -> None:
        session = await client.create_session("en")
        for _ in range(2):
            await client.submit_render("render_1", session.session_id, AVATAR, OutputSpec())
        with pytest.raises(BadRequest):
            await client.submit_render("render_1", session.session_id, {}, OutputSpec())
        with pytest.raises(NotFound):
            await client.render_status("render_2")

    with_client(scenario)
    assert len(backend.jobs) == 1


def test_a_proxy_that_cannot_be_used_is_a_configuration_error(
    with_client: WithClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://127.0.0.1:9")
    with pytest.raises(errors.ConfigError):
        with_client(lambda client: client.balance(), signed=False, url="https://api.example")


def test_a_proxy_does_not_come_between_programs_of_one_machine(
    with_client: WithClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert with_client(lambda client: client.balance()).available == 100


def test_ids_never_reach_another_path(backend: ScriptedServer, with_client: WithClient) -> None:
    with pytest.raises(errors.AvatarError):
        with_client(lambda client: client.state("../../../auth/anonymous-token"))
    assert backend.requests[-1].path.startswith("/api/state/nemo_agent/me/")


def test_only_a_studio_is_asked_for_previews(backend: ScriptedServer, with_client: WithClient) -> None:
    assert with_client(lambda client: client.preview("s1", 64)) is None
    assert len(backend.requests) == 1


def test_a_bare_session_reply_of_adk_s_server_is_read(
    backend: ScriptedServer, with_client: WithClient
) -> None:
    recorded = (Path(__file__).parents[2] / "data/adk/create_session.json").read_bytes()
    backend.fail("session", Reply(body=recorded))
    assert with_client(lambda client: client.create_session("en")).session_id.startswith("47ac81d0")
