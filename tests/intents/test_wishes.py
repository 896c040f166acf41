"""What an export says of its files: sizes, platforms, formats, folders, a photo beside its place."""

from __future__ import annotations

import pytest

import intents


def routed(text: str, *there: str) -> list[tuple[str, dict[str, object]]]:
    return [(i.kind, dict(i.slots)) for i in intents.route(text, exists=lambda p: p in there)]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("export as gif 800", "800"),
        ("export as png at 512", "512"),
        ("export at 512 px", "512"),
        ("export as png 1024x1024", "1024x1024"),
        ("导出png 800像素", "800"),
        ("导出头像，尺寸512", "512"),
        ("export as png for discord", "discord"),
        ("export for discord", "discord"),
        ("export my avatar for instagram", "instagram"),
    ],
)
def test_an_export_carries_its_size(text: str, size: str) -> None:
    ((kind, slots),) = routed(text)
    assert (kind, slots["size"]) == ("export", size)


@pytest.mark.parametrize(
    "text",
    [
        "export at 30 fps",
        "export as gif at 10 fps",
        "export the video for tiktok",
        "export as png 9",
        "export the mp4 for youtube",
    ],
)
def test_what_is_no_size_of_a_picture_is_none(text: str) -> None:
    ((kind, slots),) = routed(text)
    assert kind == "export"
    assert "size" not in slots


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("export as png and as mp4", ["png", "mp4"]),
        ("export png, mp4 and gif", ["png", "mp4", "gif"]),
        ("export as png, and mp4 too", ["png", "mp4"]),
        ("export as png and as gif 200", ["png", "gif"]),
        ("导出png和mp4", ["png", "mp4"]),
        ("导出成png，再来一个mp4", ["png", "mp4"]),
        ("convert this mp4 to gif", ["gif"]),
    ],
)
def test_every_format_asked_for_is_an_export(text: str, formats: list[str]) -> None:
    found = routed(text)
    assert {kind for kind, _ in found} == {"export"}
    assert [slots["format"] for _, slots in found] == formats


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("export to the folder ex", "ex/"),
        ("导出到文件夹 成品里", "成品/"),
        ("save it in the folder please", None),
        ("export to my downloads folder", None),
    ],
)
def test_a_folder_may_be_told_by_its_name(text: str, place: str | None) -> None:
    ((kind, slots),) = routed(text)
    assert (kind, slots.get("destination")) == ("export", place)


def test_a_photo_told_after_the_place_of_an_export_is_uploaded_first() -> None:
    found = routed("make a round avatar and export it as png to rr9.png astro.png", "astro.png", "rr9.png")
    assert [kind for kind, _ in found] == ["upload", "sse", "export"]
    assert found[0][1]["paths"] == ("astro.png",)
    assert found[2][1]["destination"] == "rr9.png"


def test_a_bare_photo_after_everything_is_what_it_is_made_of() -> None:
    found = routed("make a round avatar, export it to rr9.png, photo.jpg", "photo.jpg")
    assert [kind for kind, _ in found] == ["upload", "sse", "export"]
    told = routed("make a round avatar, export it to rr9.png, then use photo.jpg", "photo.jpg")
    assert [kind for kind, _ in told] == ["sse", "export", "upload"]


@pytest.mark.parametrize(
    "text",
    [
        "what happens when I export?",
        "so what will happen if I download it",
        "what if I export it now?",
        "导出之后会怎样？",
        "如果我导出会发生什么",
        "ready to export?",
    ],
)
def test_a_question_about_exporting_exports_nothing(text: str) -> None:
    assert [kind for kind, _ in routed(text)] == ["sse"]


@pytest.mark.parametrize("text", ["I'm ready to export", "ready to export"])
def test_saying_that_it_is_time_exports(text: str) -> None:
    assert [kind for kind, _ in routed(text)] == ["export"]
