"""What the project's pages promise: the sentences a newcomer is told to try, the ranges refused."""

from __future__ import annotations

from typing import Any

import pytest

from studio.brain import Context, Reply, respond
from studio.draft import empty_draft, validate
from tests.studio.brain.drafts import PHOTOS, PORTRAIT, starts

TRY = (
    "generate a front-facing portrait photo into a 1080p MP4",
    "generate a circular avatar icon from my photo for a profile picture",
    "creating profile avatar icons from photos for content creators, social media users, marketers",
    "把正面人像照片做成1080p的MP4视频",
    "用我的照片做一个圆形头像",
    "为内容创作者、社交媒体用户和营销人员，用照片制作头像图标",
    "用我的照片做一個圓形頭像",
)


def say(text: str, name: str = "avatar", **more: Any) -> Reply:
    draft, media = starts()[name]
    return respond(text, Context(draft, media, **more))


def first(reply: Reply) -> dict[str, Any]:
    assert reply.draft is not None
    found: dict[str, Any] = reply.draft["t"][0]["sg"][0]["m"]
    return found


@pytest.mark.parametrize("text", TRY)
def test_every_line_to_try_makes_an_avatar(text: str) -> None:
    reply = respond(text, Context(empty_draft(), (PORTRAIT,)))
    assert reply.draft is not None
    validate(reply.draft)
    m = first(reply)
    assert (m["kind"], m["avatar"]["shape"], m["motion"]) == ("avatar", "circle", "zoom-in")
    assert (reply.draft["m"]["width"], reply.draft["m"]["height"]) == (1080, 1080)


def test_a_new_avatar_has_its_defaults_written_out() -> None:
    reply = respond("make an avatar", Context(empty_draft(), PHOTOS))
    m = first(reply)
    assert m["asset"] == PHOTOS[-1].asset
    assert m["avatar"] == {
        "shape": "circle",
        "zoom": 1.0,
        "offset": {"x": 0, "y": 0},
        "face": 0,
        "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
        "ring": {"color": "#ffffff", "width": 0.03},
        "shadow": True,
        "style": "none",
        "strength": 1.0,
    }


def test_no_face_is_said_with_the_centred_crop() -> None:
    from dataclasses import replace

    pet = replace(PORTRAIT, faces=())
    assert "centred" in respond("make an avatar", Context(empty_draft(), (pet,))).text


def test_of_several_faces_the_largest_is_taken_and_the_reply_tells_how_to_choose() -> None:
    from dataclasses import replace

    group = replace(PORTRAIT, faces=((0.1, 0.1, 0.1, 0.1), (0.4, 0.1, 0.3, 0.3), (0.8, 0.1, 0.1, 0.1)))
    reply = respond("make an avatar", Context(empty_draft(), (group,)))
    assert first(reply)["avatar"]["face"] == 1
    assert "use person 1" in reply.text
    chosen = respond("use the third person", Context(reply.draft or {}, (group,)))
    assert first(chosen)["avatar"]["face"] == 2
    refused = respond("use the fifth person", Context(reply.draft or {}, (group,)))
    assert refused.draft is None
    assert "3" in refused.text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("volume 900%", "0%", "100%"),
        ("ring width 60%", "0.5%", "15%"),
        ("zoom 9", "0.5", "3"),
        ("play it at 10x speed", "0.25", "4"),
        ("make it 20 minutes long", "0.5 s", "600 s"),
        ("set the canvas to 9000x9000", "16 px", "4096 px"),
        ("brightness 500%", "-1", "1"),
        ("show me 40 versions", "2", "16"),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_range(text: str, low: str, high: str) -> None:
    reply = say(text, "full")
    assert reply.draft is None
    assert low in reply.text
    assert high in reply.text


def test_understood_parts_are_done_and_the_others_said_plainly() -> None:
    reply = say("make it a star, play the trombone and add a gold ring")
    m = first(reply)
    assert (m["avatar"]["shape"], m["avatar"]["ring"]["color"]) == ("star", "#d4af37")
    assert "trombone" in reply.text


def test_the_reply_says_what_changed_with_its_values() -> None:
    assert say("make the music louder", "full").text == "Done: the music up to 50%."
    assert say("時長改成20秒", "full").text.startswith("好了：")


def test_versions_leave_the_draft_alone_and_one_of_them_can_be_taken() -> None:
    shown = say("show me 4 versions")
    assert shown.draft is None
    assert len(shown.variants) == 4
    taken = say("the third one", variants=shown.variants)
    assert first(taken)["avatar"]["shape"] == shown.variants[2]["shape"]
    assert first(taken)["avatar"]["background"] == shown.variants[2]["background"]


def test_a_hosted_draft_of_five_keys_is_edited_and_keeps_what_it_has() -> None:
    reply = say("change the title to “Night” and make it 8 seconds", "hosted")
    assert reply.draft is not None
    assert reply.draft["m"]["hosted_ref"] == "xk-19"
    assert reply.draft["t"][0]["sg"][0]["m"]["lane"] == "main"
    assert reply.draft["t"][2]["sg"][0]["m"]["text"] == "Night"
    assert reply.draft["d"] == 8000


def test_a_bare_colour_goes_to_the_background_and_the_reply_says_so() -> None:
    reply = say("make it teal")
    assert first(reply)["avatar"]["background"] == {"kind": "color", "color": "#009688"}
    assert "I took “teal” as the background" in reply.text


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("undo", "undo"),
        ("撤销", "undo"),
        ("重做", "redo"),
        ("redo", "redo"),
        ("start over", "reset"),
        ("重新開始", "reset"),
    ],
)
def test_steps_are_left_to_the_session(text: str, step: str) -> None:
    reply = say(text, "full")
    assert (reply.step, reply.draft) == (step, None)


@pytest.mark.parametrize(
    ("text", "step", "steps"),
    [
        ("undo twice", "undo", 2),
        ("undo the last three changes", "undo", 3),
        ("go back 2 steps", "undo", 2),
        ("redo twice", "redo", 2),
        ("撤销两次", "undo", 2),
        ("撤銷最近三步", "undo", 3),
        ("undo", "undo", 1),
    ],
)
def test_a_step_is_walked_as_often_as_said(text: str, step: str, steps: int) -> None:
    reply = say(text, "full")
    assert (reply.step, reply.steps) == (step, steps)


@pytest.mark.parametrize(
    ("text", "part", "nearest"),
    [
        ("make an avatar with a sunset background", "sunset background", "teal background"),
        ("make an avatar, sunset background, gold ring", "sunset background", "teal background"),
        ("用我的照片做一个圆形头像，火星背景", "火星背景", "背景换成青色"),
        (
            "make me an avatar with a sunset background and a gold ring",
            "sunset background",
            "teal background",
        ),
    ],
)
def test_an_unknown_part_of_a_new_avatar_is_said_with_what_is_near(
    text: str, part: str, nearest: str
) -> None:
    reply = say(text, "empty1")
    assert first(reply)["avatar"]["background"]["kind"] == "gradient"
    assert f"“{part}”" in reply.text.replace("“a ", "“")
    assert nearest in reply.text


def test_a_reply_reads_as_a_person_writes() -> None:
    assert (
        say("slideshow of these with happy music", "empty3").text
        == "Done: a slideshow of 3 pictures (sunrise.jpg, bridge.jpg and market.jpg), 9 seconds, 1080×1920, "
        "with upbeat music at 35%."
    )
    assert say("orange ring, 1 second").text == "Done: an orange ring (3% wide) and 1 second long."
