"""Utterances as the steps of a turn."""

from __future__ import annotations

import pytest

from agent.plan import _steps as steps_of  # the one place that turns an intent into steps
from agent.plan import acts_on_last, explain_route
from intents import route


def kinds(text: str) -> list[str]:
    return [step.kind for intent in route(text) for step in steps_of(intent)]


@pytest.mark.parametrize(
    "text",
    [
        "what changed?",
        "What's changed",
        "so, what has changed",
        "what did you change?",
        "改了什么？",
        "有什么变化",
        "有哪些改动",
    ],
)
def test_what_changed_is_a_question_about_the_session(text: str) -> None:
    assert kinds(text) == ["changes"]
    assert acts_on_last(text, ())


@pytest.mark.parametrize(
    "text",
    [
        "export each of them separately",
        "Export every photo",
        "export them individually",
        "分别导出",
        "每张都导出",
        "导出每一张",
        "把每张照片分别导出",
    ],
)
def test_an_export_of_each_is_an_export(text: str) -> None:
    (step,) = [step for intent in route(text) for step in steps_of(intent)]
    assert step.kind == "export"
    assert step.wish is not None
    assert step.wish.each


@pytest.mark.parametrize(
    "text", ["make each of them rounder", "每张都这样做", "export each word as a title, do"]
)
def test_an_edit_of_each_is_no_export(text: str) -> None:
    assert kinds(text) == ["sse"]


@pytest.mark.parametrize(
    ("text", "on_last"),
    [
        ("export", True),
        ("credits", True),
        ("导出", True),
        ("status", True),
        ("make it round", False),
        ("make it round then export", False),
        ("", True),
    ],
)
def test_what_asks_for_what_is_there_acts_on_the_last_session(text: str, on_last: bool) -> None:
    assert acts_on_last(text, ()) is on_last


def test_a_file_never_goes_to_the_last_session() -> None:
    assert not acts_on_last("export", ("me.jpg",))


def test_a_wish_for_a_file_is_said_and_then_exported() -> None:
    assert kinds("generate a front-facing portrait photo into a 1080p MP4") == ["sse", "export"]


def test_an_explanation_names_intents_slots_and_files() -> None:
    found, lines = explain_route("credits", ["me.jpg"])
    assert found == ("upload", "credits")
    assert lines[0] == "upload: me.jpg"
    assert lines[1].startswith("credits: 'credits'")
