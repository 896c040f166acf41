"""The chat's commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agent.events import Event, Notice, Timeline
from agent.ui.slash import COMMANDS, is_command, is_leaving, meanings, run_slash
from tests.agent.conversing import Desk, Talk
from tests.scripted_server import AVATAR


def ran(desk: Desk, *lines: str, before: Callable[[Talk], Any] | None = None) -> list[Event]:
    told: list[Event] = []

    async def scenario(talk: Talk) -> None:
        if before is not None:
            await before(talk)
        for line in lines:
            await run_slash(line, talk.conversation, told.append)

    desk.talk(scenario, one_shot=False)
    return told


@pytest.mark.parametrize("text", ["exit", "Quit", "/quit", "退出", " bye "])
def test_words_for_leaving(text: str) -> None:
    assert is_leaving(text)


@pytest.mark.parametrize("text", ["/help", "/new", "/nonsense", "/resume 2"])
def test_a_slash_and_a_word_is_a_command(text: str) -> None:
    assert is_command(text)


@pytest.mark.parametrize("text", ["/home/me/a.jpg", "/a.jpg round", "make it 1/2", "", "/"])
def test_a_path_is_no_command(text: str) -> None:
    assert not is_command(text)


def test_help_names_every_command(desk: Desk) -> None:
    (told,) = ran(desk, "/help")
    assert isinstance(told, Notice)
    assert all(name in told.text for name in COMMANDS)


def test_an_unknown_command_points_to_help(desk: Desk) -> None:
    (told,) = ran(desk, "/nonsense")
    assert isinstance(told, Notice)
    assert "/help" in told.text


def test_a_new_session_is_empty_and_the_old_one_can_be_gone_on_with(desk: Desk) -> None:
    async def before(talk: Talk) -> None:
        import io

        from agent.ui.drive import perform
        from agent.ui.json_lines import JsonRenderer

        talk.backend.say({"type": "text", "content": "A round avatar."}, draft=AVATAR)
        await perform("make it round", (), talk.conversation, JsonRenderer(io.StringIO()))

    told = ran(desk, "/new", "/sessions", "/resume last", before=before)
    assert "empty" in told[0].text  # type: ignore[attr-defined]
    assert "make it round" in told[1].text  # type: ignore[attr-defined]
    assert "› make it round" in told[3].text  # type: ignore[attr-defined]
    assert told[4] == Timeline(
        "Timeline (1 tracks): 1. Video: avatar (0-5s)",
        ({"number": 1, "type": "Video", "name": "avatar", "start": 0.0, "end": 5.0},),
    )


def test_the_browser_link_carries_a_claim_token_and_no_bearer(desk: Desk) -> None:
    (told,) = ran(desk, "/web")
    assert "ct=clm_1" in told.text  # type: ignore[attr-defined]
    assert "nmv_usr" not in told.text  # type: ignore[attr-defined]


def test_a_studio_has_no_page_to_link_to(desk: Desk) -> None:
    async def before(talk: Talk) -> None:
        talk.conversation.connection.client.is_studio = True

    asked, helped = ran(desk, "/web", "/help", before=before)
    assert "/workspace" not in asked.text  # type: ignore[attr-defined]
    assert "/web" not in helped.text  # type: ignore[attr-defined]
    assert "/web" not in meanings("en", page=False)
