"""The contract's rows 1 to 11 and the studio's own, asked of a running process."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.studio.serving import PORTRAIT, Caller, StudioProcess, drawing, message


def code(reply: object) -> tuple[int, int]:
    return reply.status_code, reply.json()["code"]  # type: ignore[attr-defined]


def test_health_needs_no_token(studio: StudioProcess) -> None:
    reply = studio.http().get("/health")
    assert reply.json()["ok"] is True
    assert reply.json()["version"]


def test_a_token_lives_seven_days_and_comes_with_a_hundred_credits(studio: StudioProcess) -> None:
    reply = studio.http().post(
        "/api/auth/anonymous-token", headers={"X-Client-Id": str(uuid.uuid4()), **studio.owner}
    )
    data = reply.json()["data"]
    assert reply.json()["code"] == 0
    assert data["token"].startswith("nmv_usr_")
    assert data["user_id"].startswith("anon_")
    assert data["credits"] == 100
    left = datetime.fromisoformat(data["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_the_same_client_id_gets_the_same_account_at_once(studio: StudioProcess) -> None:
    headers = {"X-Client-Id": str(uuid.uuid4()), **studio.owner}
    first, second = (studio.http().post("/api/auth/anonymous-token", headers=headers) for _ in range(2))
    assert first.json()["data"]["user_id"] == second.json()["data"]["user_id"]
    assert first.json()["data"]["token"] != second.json()["data"]["token"]


@pytest.mark.parametrize("client_id", [None, "", "x" * 65])
def test_without_a_usable_client_id_there_is_no_token(studio: StudioProcess, client_id: str | None) -> None:
    headers = studio.owner if client_id is None else {**studio.owner, "X-Client-Id": client_id}
    assert code(studio.http().post("/api/auth/anonymous-token", headers=headers)) == (400, 400)


def test_without_the_runtime_secret_there_is_no_token(studio: StudioProcess) -> None:
    for secret in ({}, {"X-Studio-Secret": "guess"}, {"X-Studio-Secret": ""}):
        headers = {"X-Client-Id": str(uuid.uuid4()), **secret}
        assert studio.http().post("/api/auth/anonymous-token", headers=headers).status_code == 403


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer nmv_usr_unknown", "Basic eDp5"])
def test_a_bad_token_is_1001(studio: StudioProcess, token: str) -> None:
    reply = studio.http().get("/api/credits/balance/simple", headers={"Authorization": token})
    assert code(reply) == (401, 1001)


def test_credits_add_up(caller: Caller) -> None:
    data = caller.http.get("/api/credits/balance/simple").json()["data"]
    assert data == {"available": 100, "frozen": 0, "total": 100}


def test_an_unknown_session_is_1002_everywhere(caller: Caller) -> None:
    http, nobody = caller.http, "0" * 32
    replies = [
        http.get(f"/api/state/nemo_agent/me/{nobody}/latest"),
        http.post("/run_sse", json=message(nobody, "hello")),
        caller.upload(nobody, PORTRAIT),
        http.post("/api/auth/claim-token", json={"task_id": "x", "session_id": nobody}),
        caller.submit(nobody, drawing()),
        http.get(f"/api/preview/{nobody}"),
        http.get(f"/api/versions/{nobody}"),
        http.post(f"/api/versions/{nobody}/undo"),
        http.delete(f"/api/sessions/{nobody}"),
    ]
    assert {code(reply) for reply in replies} == {(404, 1002)}


def test_another_accounts_session_is_as_unknown_as_any(studio: StudioProcess, caller: Caller) -> None:
    session_id = caller.session()
    stranger = studio.caller()
    assert code(stranger.http.get(f"/api/state/nemo_agent/me/{session_id}/latest")) == (404, 1002)
    assert code(stranger.http.delete(f"/api/sessions/{session_id}")) == (404, 1002)
    assert caller.state(session_id)["session_id"] == session_id


def test_a_new_session_has_an_empty_draft_and_a_canvas(caller: Caller) -> None:
    session_id = caller.session("zh-CN")
    told = caller.state(session_id)
    assert told["task_name"] == "project"
    assert told["user_id"].startswith("anon_")
    assert told["state"]["draft"]["t"] == []
    assert told["state"]["canvas_config"] == {"width": 1080, "height": 1080, "ratio": "1:1"}
    assert told["state"]["video_infos"] == told["state"]["generated_media"] == []
    assert told["state"]["video_analyses"] == {}


@pytest.mark.parametrize("language", ["", "english please", 7, "x" * 40])
def test_a_language_that_is_none_is_refused(caller: Caller, language: object) -> None:
    reply = caller.http.post("/api/tasks/me/with-session/nemo_agent", json={"language": language})
    assert code(reply) == (400, 400)


def test_a_claim_token_is_for_one_session_and_a_minute(caller: Caller) -> None:
    session_id = caller.session()
    task_id = caller.state(session_id)["task_id"]
    body = {"task_id": task_id, "session_id": session_id}
    data = caller.http.post("/api/auth/claim-token", json=body).json()["data"]
    assert data["claim_token"].startswith("clm_")
    assert data["expires_in"] == 60
    assert code(caller.http.post("/api/auth/claim-token", json={**body, "task_id": "other"})) == (404, 1002)


def test_a_claim_token_is_no_bearer_token(studio: StudioProcess, caller: Caller) -> None:
    session_id = caller.session()
    body = {"task_id": caller.state(session_id)["task_id"], "session_id": session_id}
    claim = caller.http.post("/api/auth/claim-token", json=body).json()["data"]["claim_token"]
    reply = studio.http().get("/api/sessions", headers={"Authorization": f"Bearer {claim}"})
    assert code(reply) == (401, 1001)


def test_the_sessions_of_an_account_are_listed_latest_first(caller: Caller) -> None:
    first, second = caller.session(), caller.session()
    caller.say(first, "what can you do?")
    listed = caller.http.get("/api/sessions").json()["data"]["sessions"]
    assert [one["session_id"] for one in listed] == [first, second]


def test_a_turn_streams_increments_and_then_the_whole(caller: Caller) -> None:
    session_id = caller.session()
    caller.upload(session_id, PORTRAIT)
    events = caller.say(session_id, "make a circular avatar from my photo")
    texts = [event for event in events if "text" in event["content"]["parts"][0]]
    partial = [event["content"]["parts"][0]["text"] for event in texts if event["partial"]]
    assert texts[-1]["partial"] is False
    assert texts[-1]["turnComplete"] is True
    assert "".join(partial) == texts[-1]["content"]["parts"][0]["text"] != ""
    assert {event["author"] for event in events} == {"nemo_agent"}
    assert caller.draft(session_id)["t"]


def test_every_tool_call_has_its_result(caller: Caller) -> None:
    session_id = caller.session()
    parts = [event["content"]["parts"][0] for event in caller.say(session_id, 'add title "Hello"')]
    calls = [part["functionCall"]["id"] for part in parts if "functionCall" in part]
    results = [part["functionResponse"]["id"] for part in parts if "functionResponse" in part]
    assert calls == results != []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"session_id": 5},
        {"session_id": "s", "new_message": "hello"},
        {"session_id": "s", "new_message": {"parts": []}},
        {"session_id": "s", "new_message": {"parts": [{"text": "  "}]}},
        {"session_id": "s", "new_message": {"parts": ["text"]}},
        {"session_id": "s", "new_message": {"parts": [{"text": "x" * 9000}]}},
    ],
)
def test_a_message_that_is_none_is_400(caller: Caller, body: object) -> None:
    assert code(caller.http.post("/run_sse", json=body)) == (400, 400)


def test_several_files_come_in_with_one_request(caller: Caller, tmp_path: Path) -> None:
    session_id = caller.session()
    strange = tmp_path / "我的 “photo” 🙂.jpg"
    strange.write_bytes(PORTRAIT.read_bytes())
    reply = caller.upload(session_id, PORTRAIT, strange)
    files = reply.json()["data"]["files"]
    assert [one["filename"] for one in files] == [PORTRAIT.name, strange.name]
    assert reply.json()["data"]["session_state_applied"] is True
    assert {(one["file_type"], one["width"], one["height"]) for one in files} == {("image", 512, 600)}
    assert [one["filename"] for one in caller.state(session_id)["state"]["video_infos"]] == [
        PORTRAIT.name,
        strange.name,
    ]


def test_an_uploaded_file_can_be_read_back_by_its_account_alone(
    studio: StudioProcess, caller: Caller
) -> None:
    session_id = caller.session()
    url = caller.upload(session_id, PORTRAIT).json()["data"]["files"][0]["cdn_url"]
    assert caller.http.get(url).content == PORTRAIT.read_bytes()
    assert studio.http().get(url).status_code == 401
    assert code(studio.caller().http.get(url)) == (404, 1002)


def test_a_file_of_no_accepted_type_is_4001(caller: Caller, tmp_path: Path) -> None:
    session_id = caller.session()
    for name, data in {
        "notes.jpg": b"these are only words\n" * 50,
        "empty.png": b"",
        "cut.jpg": PORTRAIT.read_bytes()[:4000],
        "page.png": b"<html><body>no picture</body></html>",
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        reply = caller.upload(session_id, path)
        assert code(reply) == (415, 4001), name
        assert name in reply.json()["message"]
    assert caller.state(session_id)["state"]["video_infos"] == []


def test_one_bad_file_keeps_the_others_out_too(caller: Caller, tmp_path: Path) -> None:
    session_id = caller.session()
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    assert caller.upload(session_id, PORTRAIT, bad).status_code == 415
    assert caller.state(session_id)["state"]["video_infos"] == []


def test_an_undo_and_a_redo_walk_the_versions(caller: Caller) -> None:
    session_id = caller.avatar()
    caller.say(session_id, 'add title "Hello"')
    http = caller.http
    listed = http.get(f"/api/versions/{session_id}").json()["data"]
    assert [one["version"] for one in listed["versions"]] == [1, 2, 3]
    assert listed["current"] == 3
    assert http.post(f"/api/versions/{session_id}/undo").json()["data"]["version"] == 2
    assert len(caller.draft(session_id)["t"]) == 1
    assert http.post(f"/api/versions/{session_id}/redo").json()["data"]["version"] == 3
    assert len(caller.draft(session_id)["t"]) == 2
    assert http.post(f"/api/versions/{session_id}/1").json()["data"]["draft"]["t"] == []
    assert code(http.post(f"/api/versions/{session_id}/undo")) == (400, 400)
    assert code(http.post(f"/api/versions/{session_id}/77")) == (404, 404)
    assert caller.draft(session_id)["t"] == []


def test_undo_can_be_said(caller: Caller) -> None:
    session_id = caller.avatar()
    before = caller.draft(session_id)
    caller.say(session_id, 'add title "Hello"')
    assert len(caller.draft(session_id)["t"]) == 2
    caller.say(session_id, "undo")
    assert caller.draft(session_id) == before


def test_several_steps_are_taken_back_at_once_and_told_in_the_language_they_were_asked_in(
    caller: Caller,
) -> None:
    session_id = caller.avatar()
    before = caller.draft(session_id)
    for text in ('add title "Hello"', "make it a heart", "make it 9 seconds"):
        caller.say(session_id, text)
    told = caller.say(session_id, "撤销三次")[-1]["content"]["parts"][0]["text"]
    assert caller.draft(session_id) == before
    assert "撤回了3步" in told
    told = caller.say(session_id, "redo 7 times")[-1]["content"]["parts"][0]["text"]
    assert caller.draft(session_id)["d"] == 9000
    assert "3 in all" in told


def test_a_preview_is_a_picture_of_the_draft(caller: Caller) -> None:
    session_id = caller.session()
    assert code(caller.http.get(f"/api/preview/{session_id}")) == (400, 400)
    caller.upload(session_id, PORTRAIT)
    caller.say(session_id, "make an avatar of my photo")
    png = caller.http.get(f"/api/preview/{session_id}?px=64&at=0")
    assert png.content.startswith(b"\x89PNG")
    assert png.headers["content-type"] == "image/png"
    raw = caller.http.get(f"/api/preview/{session_id}?px=48&format=rgb").content
    assert len(raw) == 48 * 48 * 3
    assert len(set(raw)) > 16


@pytest.mark.parametrize("query", ["px=0", "px=99999", "px=abc", "at=-1", "format=bmp", "px=1e3"])
def test_a_preview_that_cannot_be_is_400(caller: Caller, query: str) -> None:
    assert code(caller.http.get(f"/api/preview/{caller.session()}?{query}")) == (400, 400)


def test_an_address_that_is_none_is_404_and_a_wrong_method_405(caller: Caller) -> None:
    assert code(caller.http.get("/api/nothing")) == (404, 404)
    assert code(caller.http.get("/run_sse")) == (405, 405)
