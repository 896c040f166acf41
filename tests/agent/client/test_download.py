"""A finished render on its way to disk: whole or not at all, and the token only where it belongs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent import errors
from agent.client import Client
from agent.client.download import DownloadBroken
from agent.client.errors import NotFound
from agent.models import OutputSpec, RenderStatus
from tests.agent import samples
from tests.scripted_http import Reply, Request, serving
from tests.scripted_server import AVATAR, MP4, ScriptedServer

WithClient = Callable[..., Any]


def fetched(with_client: WithClient, target: Path, **how: Any) -> int:
    """Submit, watch and download one render."""
    url, ident = how.pop("output_url", None), how.pop("ident", "render_1")

    async def scenario(client: Client) -> int:
        session = await client.create_session("en")
        await client.submit_render(ident, session.session_id, AVATAR, OutputSpec())
        status = await client.render_status(ident)
        if url is not None:
            status = RenderStatus(ident, "completed", url=url, size=how.pop("size", 0))
        return await client.download(status, target, **how)

    return int(with_client(scenario))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_there_whole_and_nothing_else(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    size = fetched(with_client, tmp_path / "me.mp4", on_progress=lambda *how: told.append(how))
    assert (tmp_path / "me.mp4").read_bytes() == MP4
    assert size == len(MP4)
    assert left_in(tmp_path) == ["me.mp4"]
    assert told[-1] == ("me.mp4", len(MP4), len(MP4))


def test_another_host_gets_neither_token_nor_attribution(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    fetched(with_client, tmp_path / "me.mp4")
    (request,) = backend.cdn.requests
    assert "authorization" not in request.headers
    assert not any(name.startswith("x-skill") for name in request.headers)


def test_a_redirect_to_another_host_leaves_the_token_behind(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    backend.fail("download", Reply(302, b"", {"location": f"{backend.cdn.url}/moved.mp4"}))
    fetched(with_client, tmp_path / "me.mp4", output_url="/api/render/proxy/render_1/download")
    assert "authorization" in backend.seen("download")[0].headers
    (request,) = backend.cdn.requests
    assert (request.path, "authorization" in request.headers) == ("/moved.mp4", False)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, b"expired", content_type="text/plain"),
        Reply(404, b"{}"),
        Reply(200, b"<html>gone</html>", content_type="text/html"),
        Reply(200, b"", content_type="video/mp4"),
        Reply(200, MP4[:-500], content_type="video/mp4"),
        Reply(200, samples.png(), content_type="video/mp4"),
        Reply(302, b"", {"location": "file:///etc/passwd"}),
        Reply(302, b"", {"location": "/round"}),
    ],
    ids=["403", "404", "a page", "nothing", "cut", "another type", "a file url", "a circle"],
)
def test_where_the_output_url_fails_the_endpoint_helps(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, reply: Reply
) -> None:
    backend.on_cdn.extend([reply] * 8)
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == MP4
    assert len(backend.seen("download")) == 1
    assert left_in(tmp_path) == ["me.mp4"]


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "javascript:1", "http://[bad", "ftp://x/y"])
def test_an_output_url_that_is_none_is_not_asked(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, url: str
) -> None:
    fetched(with_client, tmp_path / "me.mp4", output_url=url)
    assert (tmp_path / "me.mp4").read_bytes() == MP4


def test_a_public_backend_cannot_send_us_to_this_machine() -> None:
    from agent.client.download import _output_url
    from agent.client.http import Transport

    async def scenario() -> None:
        transport = Transport("https://api.example.com", {}, local=False)
        for url in ("http://127.0.0.1/x", "http://localhost:9/x", "http://10.0.0.8/x", "http://[::1]/x"):
            assert _output_url(transport, url) == ""
        assert _output_url(transport, "http://169.254.169.254/latest") == ""
        assert _output_url(transport, "https://cdn.example.com/x") == "https://cdn.example.com/x"
        assert _output_url(transport, "/files/x") == "https://api.example.com/files/x"
        await transport.aclose()
        local = Transport("http://127.0.0.1:1", {}, local=True)
        assert _output_url(local, "https://cdn.example.com/x") == ""
        await local.aclose()

    asyncio.run(scenario())


@pytest.mark.parametrize("reset", [False, True])
def test_a_download_goes_on_where_it_broke_off(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, reset: bool
) -> None:
    backend.output = MP4 + samples.box(b"free", bytes(500_000))
    whole = Reply(
        200, backend.output, {"etag": f'"{len(backend.output)}"'}, "video/mp4", cut=300_000, reset=reset
    )
    backend.on_cdn.append(whole)
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == backend.output
    first, second = backend.cdn.requests
    assert "range" not in first.headers
    if reset and "range" not in second.headers:
        return  # A reset throws away what the system had received and we had not read.
    begin = int(second.headers["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < begin <= 300_000
    assert second.headers["if-range"] == f'"{len(backend.output)}"'


def test_a_server_without_ranges_sends_it_all_again(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    plain = Reply(200, MP4, content_type="video/mp4")
    backend.on_cdn.extend([Reply(200, MP4, content_type="video/mp4", cut=1000), plain])
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == MP4
    assert len(backend.cdn.requests) == 2


def test_what_a_killed_program_left_is_gone_on_with(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    (tmp_path / ".me.mp4.render_1.part").write_bytes(MP4[:1500])
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == MP4
    assert backend.cdn.requests[0].headers["range"] == "bytes=1500-"
    assert left_in(tmp_path) == ["me.mp4"]


def test_what_is_longer_than_the_file_was_something_else(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    (tmp_path / ".me.mp4.render_1.part").write_bytes(bytes(len(MP4) + 5))
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == MP4


def test_a_rest_that_does_not_fit_is_fetched_anew(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    (tmp_path / ".me.mp4.render_1.part").write_bytes(b"not the same file" * 50)
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == MP4


def test_another_part_than_the_one_asked_for_is_not_put_in(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    (tmp_path / ".me.mp4.render_1.part").write_bytes(MP4[:1500])
    other = {"content-range": f"bytes 100-{len(MP4) - 1}/{len(MP4)}"}
    backend.on_cdn.append(Reply(206, MP4[100:], other, "video/mp4"))
    fetched(with_client, tmp_path / "me.mp4")
    assert (tmp_path / "me.mp4").read_bytes() == MP4


def test_a_name_as_long_as_names_may_be_is_no_obstacle(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    name = "图" * 80 + ".mp4"
    fetched(with_client, tmp_path / name)
    assert left_in(tmp_path) == [name]


def test_a_size_other_than_promised_is_no_success(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    with pytest.raises(DownloadBroken):
        fetched(with_client, tmp_path / "me.mp4", output_url=f"{backend.cdn.url}/x", size=len(MP4) + 1)
    assert left_in(tmp_path) == []


def test_a_download_that_never_works_leaves_nothing(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    backend.on_cdn.extend([Reply(status=0)] * 4)
    backend.fail("download", *[Reply(status=0)] * 4)
    with pytest.raises(errors.Dropped):
        fetched(with_client, tmp_path / "me.mp4")
    assert left_in(tmp_path) == []


def test_an_unknown_render_is_told(backend: ScriptedServer, with_client: WithClient, tmp_path: Path) -> None:
    async def scenario(client: Client) -> int:
        return await client.download(RenderStatus("render_9", "completed"), tmp_path / "me.mp4")

    with pytest.raises(NotFound):
        with_client(scenario)


def test_a_file_of_that_name_is_replaced_only_where_it_may_be(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    (tmp_path / "me.mp4").write_bytes(b"precious")
    with pytest.raises(errors.LocalFileError) as raised:
        fetched(with_client, tmp_path / "me.mp4", overwrite=False)
    assert raised.value.key == "output_exists"
    assert (tmp_path / "me.mp4").read_bytes() == b"precious"
    assert left_in(tmp_path) == ["me.mp4"]
    fetched(with_client, tmp_path / "me.mp4", overwrite=True, ident="render_2")
    assert (tmp_path / "me.mp4").read_bytes() == MP4


@pytest.mark.parametrize(
    ("place", "key"),
    [("/sys/me.mp4", "output_read_only"), ("a-file/me.mp4", "local_file"), ("", "output_is_folder")],
)
def test_a_place_that_cannot_be_written_is_a_local_error(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, place: str, key: str
) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(errors.LocalFileError) as raised:
        fetched(with_client, tmp_path / place, format="mp4")
    assert raised.value.exit_code == 8
    assert raised.value.key in (key, "local_file")
    assert not list(tmp_path.glob(".*.part"))


def test_a_cancelled_download_keeps_its_part_for_the_next_try(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path
) -> None:
    backend.on_cdn.append(
        Reply(200, [MP4[:2000], 30.0, MP4[2000:]], content_type="video/mp4", framing="chunked")
    )

    async def scenario(client: Client) -> None:
        session = await client.create_session("en")
        await client.submit_render("render_1", session.session_id, AVATAR, OutputSpec())
        status = await client.render_status("render_1")
        begun = asyncio.Event()
        task = asyncio.create_task(client.download(status, tmp_path / "me.mp4", lambda *_: begun.set()))
        await asyncio.wait_for(begun.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with_client(scenario)
    assert left_in(tmp_path) == [".me.mp4.render_1.part"]
    backend.jobs.clear()
    fetched(with_client, tmp_path / "me.mp4")
    assert left_in(tmp_path) == ["me.mp4"]
    assert (tmp_path / "me.mp4").read_bytes() == MP4


@pytest.mark.parametrize("kind", ["png", "webp", "gif", "mp4"])
def test_every_format_is_checked_by_its_bytes(
    backend: ScriptedServer, with_client: WithClient, tmp_path: Path, kind: str
) -> None:
    backend.output = samples.EVERY[kind]
    fetched(with_client, tmp_path / f"me.{kind}")
    assert (tmp_path / f"me.{kind}").read_bytes() == samples.EVERY[kind]


def test_a_studio_s_own_url_gets_the_token(with_client: WithClient, tmp_path: Path) -> None:
    def handler(request: Request) -> Reply:
        return Reply(200, MP4, content_type="video/mp4")

    with serving(handler) as studio:

        async def scenario(client: Client) -> int:
            from agent.models import Token

            client.token = Token("t1")
            return await client.download(
                RenderStatus("render_1", "completed", url=f"{studio.url}/files/x"), tmp_path / "me.mp4"
            )

        with_client(scenario, signed=False, url=studio.url, is_studio=True)
        assert studio.requests[0].headers["authorization"] == "Bearer t1"
