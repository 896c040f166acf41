"""Renders that are never lost: watched, left behind, taken up again, submitted twice under one id only."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from agent.errors import LocalFileError, OutOfReach, RenderFailed, TurnFailed
from agent.events import Export, Exported, Notice
from tests.agent.conversing import Desk, Talk
from tests.scripted_http import Reply
from tests.scripted_server import AVATAR, MP4


async def made(talk: Talk) -> None:
    talk.backend.say({"type": "text", "content": "Done."}, draft=AVATAR)
    assert (await talk.turn("make it round")).error is None


def submitted(talk: Talk) -> list[str]:
    return [request.json()["id"] for request in talk.backend.seen("submit")]


def test_progress_is_told_until_the_file_is_there(desk: Desk) -> None:
    desk.backend.polls_needed = 4

    async def scenario(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export")
        assert [event.status for event in heard.of(Export)] == ["pending", "processing", "completed"]
        assert heard.one(Exported).bytes == len(MP4)
        assert talk.conversation.store.renders() == ()

    desk.talk(scenario, one_shot=False)


def test_an_existing_file_is_left_alone_and_the_new_name_told(desk: Desk) -> None:
    (desk.home / "me.mp4").write_bytes(b"precious")

    async def scenario(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export")
        assert (desk.home / "me.mp4").read_bytes() == b"precious"
        assert heard.one(Exported).path == str(desk.home / "me-2.mp4")
        assert "me-2.mp4" in heard.one(Notice).text

    desk.talk(scenario, output="me.mp4", one_shot=False)


@pytest.mark.parametrize("how", ["force", "answer"])
def test_an_existing_file_is_overwritten_when_that_is_wanted(desk: Desk, how: str) -> None:
    (desk.home / "me.mp4").write_bytes(b"old")

    async def scenario(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export", answers=(True,))
        assert heard.one(Exported).path == str(desk.home / "me.mp4")
        assert (desk.home / "me.mp4").read_bytes() == MP4
        assert len(heard.asked) == (0 if how == "force" else 1)

    desk.talk(scenario, output="me.mp4", force=how == "force", one_shot=False)


def test_yes_does_not_overwrite(desk: Desk) -> None:
    (desk.home / "me.mp4").write_bytes(b"old")

    async def scenario(talk: Talk) -> None:
        await made(talk)
        await talk.turn("export")
        assert (desk.home / "me.mp4").read_bytes() == b"old"

    desk.talk(scenario, output="me.mp4", yes=True, one_shot=False)


def test_a_failed_render_is_tried_once_more_under_a_new_id(desk: Desk) -> None:
    desk.backend.fail_render.append("once")

    async def scenario(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export")
        first, second = submitted(talk)
        assert first != second
        assert heard.one(Exported).id == second

    desk.talk(scenario, one_shot=False)


def test_a_render_that_fails_twice_has_failed(desk: Desk) -> None:
    desk.backend.fail_render.extend(("once", "twice"))

    async def scenario(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export")
        assert isinstance(heard.error, RenderFailed)
        assert "fell over" in heard.error.detail
        assert len(submitted(talk)) == 2
        assert talk.conversation.store.renders() == ()

    desk.talk(scenario, one_shot=False)


@pytest.mark.parametrize("lost", [Reply(status=0), Reply(500, b"oops"), Reply(200, b'{"success": tr', cut=5)])
def test_a_submit_of_unknown_outcome_is_repeated_under_the_same_id(desk: Desk, lost: Reply) -> None:
    desk.backend.fail("submit", lost)

    async def scenario(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export")
        assert heard.error is None
        first, second = submitted(talk)
        assert first == second == heard.one(Exported).id

    desk.talk(scenario, one_shot=False)


def test_a_refused_submit_is_forgotten(desk: Desk) -> None:
    desk.backend.refuse("submit", 402, status=402)

    async def scenario(talk: Talk) -> None:
        await made(talk)
        assert (await talk.turn("export")).error is not None
        assert talk.conversation.store.renders() == ()

    desk.talk(scenario, one_shot=False)


def test_a_detached_render_is_fetched_at_the_next_start(desk: Desk) -> None:
    async def leave(talk: Talk) -> None:
        await made(talk)
        heard = await talk.turn("export")
        assert heard.of(Exported) == []
        assert "goes on" in heard.one(Notice).text

    async def come_back(talk: Talk) -> None:
        heard = await talk.catch_up()
        assert heard.of(Notice)[0].text == "Finished while you were away:"
        assert Path(heard.one(Exported).path).read_bytes() == MP4
        assert (await talk.catch_up()).events == []

    desk.talk(leave, detach=True, one_shot=False)
    desk.talk(come_back)


def test_a_stopped_watch_leaves_the_render_to_the_next_start(desk: Desk) -> None:
    desk.backend.polls_needed = 10_000

    async def leave(talk: Talk) -> None:
        await made(talk)
        task = asyncio.create_task(talk.turn("export"))
        while not talk.backend.seen("render"):
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(talk.conversation.store.renders()) == 1

    async def come_back(talk: Talk) -> None:
        talk.backend.polls_needed = 1
        assert (await talk.catch_up()).one(Exported).bytes == len(MP4)
        assert len(set(submitted(talk))) == 1

    desk.talk(leave, one_shot=False)
    desk.talk(come_back)


def test_a_render_still_under_way_is_told_and_left(desk: Desk) -> None:
    async def leave(talk: Talk) -> None:
        await made(talk)
        await talk.turn("export")

    async def come_back(talk: Talk) -> None:
        talk.backend.polls_needed = 10_000
        assert "still being made" in (await talk.catch_up()).one(Notice).text
        assert len(talk.conversation.store.renders()) == 1

    desk.talk(leave, detach=True, one_shot=False)
    desk.talk(come_back)


def test_a_render_whose_submit_never_arrived_is_submitted_under_its_id(desk: Desk) -> None:
    async def leave(talk: Talk) -> None:
        await made(talk)
        talk.backend.fail("submit", Reply(status=0), Reply(status=0), Reply(status=0))
        assert isinstance((await talk.turn("export")).error, OutOfReach)

    async def come_back(talk: Talk) -> None:
        (note,) = talk.conversation.store.renders()
        heard = await talk.catch_up()
        assert [event.id for event in heard.of(Export)] == [note.id]
        heard = await talk.catch_up()
        assert heard.one(Exported).id == note.id

    desk.talk(leave, one_shot=False)
    desk.talk(come_back)


def test_what_failed_meanwhile_is_told_once(desk: Desk) -> None:
    async def leave(talk: Talk) -> None:
        await made(talk)
        await talk.turn("export")

    async def come_back(talk: Talk) -> None:
        talk.backend.fail_render.append("once")
        told = (await talk.catch_up()).one(Notice).text
        assert "failed" in told
        assert "avatar.mp4" in told
        assert "render_" not in told
        assert (await talk.catch_up()).events == []

    desk.talk(leave, detach=True, one_shot=False)
    desk.talk(come_back)


def test_two_terminals_never_fetch_the_same_render(desk: Desk) -> None:
    async def leave(talk: Talk) -> None:
        await made(talk)
        await talk.turn("export")

    async def come_back(talk: Talk) -> None:
        (note,) = talk.conversation.store.renders()
        with talk.conversation.store.watching(note.id) as ours:
            assert ours
            assert (await talk.catch_up()).events == []

    desk.talk(leave, detach=True, one_shot=False)
    desk.talk(come_back)


def test_a_place_that_cannot_be_written_is_told_before_anything_is_spent(desk: Desk) -> None:
    blocked = "/sys/me.mp4" if os.geteuid() == 0 else "/me.mp4"

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round", desk.photo())
        assert isinstance(heard.error, LocalFileError)
        assert talk.backend.seen("run_sse") == talk.backend.seen("upload") == []

    desk.talk(scenario, output=blocked)


def test_a_file_for_stdout_is_delivered_and_nothing_stays(desk: Desk) -> None:
    delivered: list[bytes] = []

    async def scenario(talk: Talk) -> None:
        await made(talk)
        talk.conversation.deliver = lambda path: delivered.append(path.read_bytes())
        assert (await talk.turn("export")).one(Exported).path == "-"
        assert delivered == [MP4]

    desk.talk(scenario, output="-", one_shot=False)


def test_two_renders_go_on_beside_the_conversation(desk: Desk) -> None:
    desk.backend.polls_needed = 3

    async def scenario(talk: Talk) -> None:
        await made(talk)
        jobs: list[asyncio.Task[None]] = []
        told: list[object] = []
        talk.conversation.background = lambda work: jobs.append(asyncio.create_task(work(told.append)))
        for _ in range(2):
            assert (await talk.turn("export")).of(Exported) == []
        await asyncio.gather(*jobs)
        paths = {event.path for event in told if isinstance(event, Exported)}
        assert len(paths) == 2

    desk.talk(scenario, one_shot=False)


def test_each_segment_is_exported_by_itself_on_request(desk: Desk) -> None:
    two = {"d": 6000, "t": [{"tt": 0, "sg": [{"d": 3000, "m": {"name": f"{name}.png", "start": at}}
                                            for name, at in (("me", 0), ("you", 3000))]},
                            {"tt": 1, "sg": [{"d": 6000}]}]}  # fmt: skip
    desk.backend.say({"type": "text", "content": "Done."}, draft=two)

    async def scenario(talk: Talk) -> None:
        await talk.turn("make the same for both", desk.photo("me.png"), desk.photo("you.png"))
        heard = await talk.turn("export each of them separately")
        assert [Path(event.path).name for event in heard.of(Exported)] == ["me-avatar.mp4", "you-avatar.mp4"]
        drafts = [request.json()["draft"] for request in talk.backend.seen("submit")]
        assert [draft["d"] for draft in drafts] == [3000, 3000]
        assert [draft["t"][0]["sg"][0]["m"]["start"] for draft in drafts] == [0, 0]
        assert all(len(draft["t"]) == 1 for draft in drafts)

    desk.talk(scenario, one_shot=False)


@pytest.mark.parametrize("words", ["cancel the export", "取消导出"])
def test_a_render_under_way_is_cancelled_by_a_word(desk: Desk, words: str) -> None:
    desk.backend.polls_needed = 10_000

    async def scenario(talk: Talk) -> None:
        await made(talk)
        jobs: list[asyncio.Task[None]] = []
        told: list[object] = []
        talk.conversation.background = lambda work: jobs.append(asyncio.create_task(work(told.append)))
        await talk.turn("export")
        heard = await talk.turn(words)
        assert heard.of(Export)[-1].status == "cancelled"
        assert len(talk.backend.seen("cancel")) == 1
        assert len(talk.backend.seen("run_sse")) == 1
        await asyncio.gather(*jobs)
        assert not any(isinstance(event, Exported) for event in told)
        assert len(submitted(talk)) == 1
        assert talk.conversation.store.renders() == ()
        await talk.turn(words)
        assert len(talk.backend.seen("run_sse")) == 2

    desk.talk(scenario, one_shot=False)


@pytest.mark.parametrize("ends", ["completed", "failed"])
def test_a_render_that_could_not_be_told_to_stop_is_still_fetched_and_never_made_again(
    desk: Desk, ends: str
) -> None:
    desk.backend.polls_needed = 10_000
    refused = Reply(500, b"")

    async def scenario(talk: Talk) -> None:
        await made(talk)
        jobs: list[asyncio.Task[None]] = []
        told: list[object] = []
        talk.conversation.background = lambda work: jobs.append(asyncio.create_task(work(told.append)))
        await talk.turn("export")
        await talk.turn("export")
        # The first cannot be stopped, the second can.
        talk.backend.fail("cancel", *[refused] * 4)
        heard = await talk.turn("cancel the export")
        assert isinstance(heard.error, TurnFailed)
        assert [event.status for event in heard.of(Export)] == ["cancelled"]
        (left,) = talk.conversation.store.renders()
        assert left.id == submitted(talk)[0]
        talk.backend.fail_render.extend(["no"] * (ends == "failed"))
        talk.backend.polls_needed = 1
        await asyncio.gather(*jobs)
        assert len([event for event in told if isinstance(event, Exported)]) == (ends == "completed")
        called_off = [event for event in told if isinstance(event, Export) and event.status == "cancelled"]
        assert len(called_off) == (ends == "failed")
        assert len(submitted(talk)) == 2
        assert talk.conversation.store.renders() == ()

    desk.talk(scenario, one_shot=False)
