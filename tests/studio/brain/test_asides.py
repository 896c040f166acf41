"""Questions beside the picture are answered with what is true now, and change nothing."""

from __future__ import annotations

import pytest

from studio.brain import Context, MediaItem, respond
from tests.studio.brain.drafts import starts


def _answer(text: str, *, before: str = "navy background") -> str:
    draft, media = starts()["full"]
    now = respond(before, Context(draft, media)).draft
    assert now is not None
    reply = respond(text, Context(now, media, previous=draft))
    assert reply.draft is None
    assert not reply.step
    return reply.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("how much does it cost?", "credits"),
        ("is it free?", "credits"),
        ("多少钱？", "积分"),
        ("免费吗", "积分"),
        ("what formats can you export?", "PNG"),
        ("which formats are there?", "PNG"),
        ("能导出什么格式？", "PNG"),
        ("what have I changed?", "navy"),
        ("what did you change?", "navy"),
        ("改了什么？", "藏青"),
        ("what color is the background?", "navy"),
        ("背景是什么颜色？", "藏青"),
        ("背景可以用什么颜色？", "透明"),
        ("边框是什么颜色", "白色"),
        ("which ratios are there?", "16:9"),
        ("hello", "Hi"),
        ("thanks!", "welcome"),
        ("ok", "All right"),
        ("谢谢", "不客气"),
        ("你好", "你好"),
    ],
)
def test_a_question_is_answered_with_what_it_asks(text: str, told: str) -> None:
    assert told in _answer(text)


def test_nothing_changed_yet_is_told_as_that() -> None:
    draft, media = starts()["full"]
    assert respond("what have I changed?", Context(draft, media)).text == "Nothing has been changed yet."


@pytest.mark.parametrize(("largest", "taken", "other"), [(0, 1, 2), (1, 2, 1)])
def test_another_person_than_the_one_taken_is_offered(largest: int, taken: int, other: int) -> None:
    faces = tuple((0.1 + 0.4 * i, 0.1, 0.3 if i == largest else 0.1, 0.3) for i in range(2))
    media = (MediaItem("q" * 64, "two.png", "image", 800, 600, faces=faces),)
    draft, _ = starts()["empty1"]
    first = respond("make a circular avatar from my photo", Context(draft, media))
    assert f"number {taken} from the left" in first.text
    assert f"use person {other}" in first.text
    assert first.draft is not None
    again = respond(f"use person {other}", Context(first.draft, media, previous=draft))
    assert again.draft is not None
    assert again.draft["t"][0]["sg"][0]["m"]["avatar"]["face"] == other - 1


@pytest.mark.parametrize(
    "text", ["rainbow ring", "sunset gradient background", "can you make the ring glow?"]
)
def test_what_is_not_understood_is_not_said_to_be_there_already(text: str) -> None:
    draft, media = starts()["full"]
    reply = respond(text, Context(draft, media))
    assert reply.draft is None
    assert "already" not in reply.text
    assert "I don’t know what to do with" in reply.text
