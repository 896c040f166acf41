"""Rows 8 to 11: a render accepted once, watched, cancelled, downloaded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.studio.serving import Caller, StudioProcess, drawing, long_drawing, until

PNG = {"format": "png", "width": 64, "height": 64}


def test_a_render_is_accepted_done_and_downloaded(caller: Caller) -> None:
    reply = caller.submit(caller.portrait(), drawing(), PNG, "render_1")
    assert reply.json() == {"id": "render_1", "status": "pending", "progress": 0}
    assert 0 < float(reply.headers["retry-after"]) <= 1
    told = caller.finished("render_1")
    assert told["taskId"] == "render_1"
    assert told["progress"] == 100
    assert told["error"] is None
    file = caller.http.get(told["output"]["url"])
    assert file.content.startswith(b"\x89PNG")
    assert len(file.content) == told["output"]["size"]
    assert file.headers["content-type"] == "image/png"
    assert file.headers["content-disposition"].startswith("attachment")
    assert caller.http.get("/api/render/proxy/render_1/download").content == file.content


def test_a_range_of_the_file_can_be_asked_for(caller: Caller) -> None:
    caller.submit(caller.portrait(), drawing(), PNG, "render_r")
    url = caller.finished("render_r")["output"]["url"]
    whole = caller.http.get(url).content
    part = caller.http.get(url, headers={"Range": "bytes=8-15"})
    assert part.status_code == 206
    assert part.content == whole[8:16]
    assert caller.http.get(url, headers={"Range": "bytes=9999999-"}).status_code == 416


def test_the_same_id_again_is_the_same_render_and_another_body_is_400(caller: Caller) -> None:
    session_id = caller.portrait()
    caller.submit(session_id, drawing(), PNG, "render_2")
    done = caller.finished("render_2")
    again = caller.submit(session_id, drawing(), PNG, "render_2")
    assert again.json()["status"] == "completed"
    other = caller.submit(session_id, drawing(2000), PNG, "render_2")
    assert (other.status_code, other.json()["code"]) == (400, 400)
    assert caller.status("render_2") == done


def test_an_unknown_render_is_404_and_so_is_anothers(studio: StudioProcess, caller: Caller) -> None:
    caller.submit(caller.session(), drawing(), PNG, "render_mine")
    caller.finished("render_mine")
    for http in (studio.caller().http, caller.http):
        name = "render_mine" if http is not caller.http else "render_unknown"
        for reply in (
            http.get(f"/api/render/proxy/lambda/{name}"),
            http.post(f"/api/render/proxy/lambda/{name}/cancel"),
            http.get(f"/api/render/proxy/{name}/download"),
        ):
            assert reply.status_code == 404


@pytest.mark.parametrize("missing", ["X-Skill-Source", "X-Skill-Version", "X-Skill-Platform", "all"])
def test_without_the_attribution_headers_an_export_is_402(caller: Caller, missing: str) -> None:
    session_id = caller.session()
    for name in list(caller.http.headers):
        if name.startswith("x-skill") and missing.lower() in (name, "all"):
            del caller.http.headers[name]
    reply = caller.submit(session_id, drawing(), PNG, "render_402")
    assert (reply.status_code, reply.json()["code"]) == (402, 402)


@pytest.mark.parametrize(
    "change",
    [
        {"draft": {"t": []}},
        {"draft": {"t": [{"tt": 0, "sg": []}], "d": 0, "m": {}}},
        {"draft": "a draft"},
        {"draft": None},
        {"draft": drawing(700_000)},
        {"draft": drawing(-5)},
        {"draft": drawing(width=100_000)},
        {"output": {"format": "exe"}},
        {"output": {"format": ["png"]}},
        {"output": {}},
        {"output": "png"},
        {"output": {"format": "png", "width": -4}},
        {"output": {"format": "png", "width": 10**9}},
        {"id": ""},
        {"id": "../../etc/passwd"},
        {"id": "x" * 65},
        {"id": 12},
        {"sessionId": None},
    ],
)
def test_what_could_never_be_rendered_is_400(caller: Caller, change: dict[str, Any]) -> None:
    body = {"id": "render_bad", "sessionId": caller.session(), "draft": drawing(), "output": PNG, **change}
    reply = caller.http.post("/api/render/proxy/lambda", json=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 400)
    assert reply.json()["message"]


def test_a_draft_may_only_use_files_of_its_own_session(caller: Caller) -> None:
    caller.portrait()
    caller.submit(caller.session(), drawing(), PNG, "render_stolen")
    told = caller.finished("render_stolen")
    assert told["status"] == "failed"
    assert "missing" in told["error"]


def test_a_cancelled_render_fails_and_leaves_nothing(studio: StudioProcess, caller: Caller) -> None:
    session_id = caller.portrait()
    caller.submit(session_id, long_drawing(), None, "render_long")
    until(lambda: caller.status("render_long")["status"] != "pending")
    told = caller.http.post("/api/render/proxy/lambda/render_long/cancel").json()
    assert (told["status"], told["error"]) == ("failed", "Cancelled.")
    until(lambda: not any(path.is_dir() for path in (studio.data / "scratch").iterdir()), 5)
    caller.submit(session_id, drawing(), PNG, "render_next")
    assert caller.finished("render_next")["status"] == "completed"
    assert caller.http.post("/api/render/proxy/lambda/render_next/cancel").json()["status"] == "completed"


def test_a_deleted_session_takes_its_media_with_it_unless_another_uses_them(
    studio: StudioProcess, caller: Caller
) -> None:
    first, second = caller.avatar(), caller.avatar()
    name = caller.state(first)["state"]["video_infos"][0]["hash"]
    caller.submit(first, caller.draft(first), PNG, "render_deleted")
    caller.finished("render_deleted")
    objects = studio.data / "objects"
    assert (objects / name[:2] / name).exists()
    assert caller.http.delete(f"/api/sessions/{first}").json()["code"] == 0
    assert caller.http.get("/api/render/proxy/lambda/render_deleted").status_code == 404
    assert caller.http.get(f"/api/state/nemo_agent/me/{first}/latest").json()["code"] == 1002
    assert caller.http.get(f"/api/media/{second}/{name}").status_code == 200


def test_a_picture_does_not_wait_for_films(caller: Caller) -> None:
    session_id = caller.portrait()
    for number in range(3):
        caller.submit(session_id, long_drawing(), None, f"film_{number}")
    until(lambda: caller.status("film_0")["status"] == "processing")
    caller.submit(session_id, drawing(), PNG, "picture")
    assert caller.finished("picture")["status"] == "completed"
    for number in range(3):
        told = caller.http.post(f"/api/render/proxy/lambda/film_{number}/cancel").json()
        assert told["error"] == "Cancelled."
