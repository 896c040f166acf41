"""What an export should be, from destination, options, words and draft."""

from __future__ import annotations

import pytest

from agent.errors import FormatUnsupported, UsageError
from agent.models import OutputSpec
from agent.outputs import (
    HOSTED_FORMATS,
    STUDIO_FORMATS,
    check_format,
    fitting_format,
    output_spec,
    parse_size,
    wanted_format,
)

AVATAR = {"t": [{"tt": 0, "sg": [{"d": 5000, "m": {"kind": "avatar"}}]}]}
WITH_MUSIC = {"t": [*AVATAR["t"], {"tt": 1, "sg": [{"d": 5000}]}]}
VERTICAL = {"m": {"width": 1080, "height": 1920}, "t": []}


@pytest.mark.parametrize(
    ("text", "draft", "format", "sides"),
    [
        ("512", {}, "png", (512, 512)),
        ("512px", {}, "png", (512, 512)),
        ("512", VERTICAL, "png", (512, 910)),
        ("333", VERTICAL, "mp4", (334, 592)),
        ("1080p", {}, "mp4", (1080, 1080)),
        ("1080p", VERTICAL, "mp4", (1080, 1920)),
        ("4K", {}, "mp4", (2160, 2160)),
        ("640x480", {}, "png", (640, 480)),
        ("640×480", {}, "png", (640, 480)),
        ("Discord", {}, "png", (512, 512)),
        ("vertical", {}, "mp4", (1080, 1920)),
    ],
)
def test_a_size_in_every_way_it_is_written(
    text: str, draft: object, format: str, sides: tuple[int, int]
) -> None:
    size = parse_size(text)
    assert size is not None
    assert size.resolve(draft, format) == sides  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["big", "0", "15", "4097", "100x", "1x1", "-5", "12.5", "99999999"])
def test_what_is_no_size_names_those_there_are(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_size(text)
    assert "discord" in str(caught.value.values["presets"])


def test_no_size_leaves_it_to_the_backend() -> None:
    assert parse_size("  ") is None
    assert output_spec("png", None, AVATAR) == OutputSpec("png")


@pytest.mark.parametrize(
    ("destination", "option", "slot", "format"),
    [
        ("me.png", "", "mp4", "png"),
        ("me", "webp", "mp4", "webp"),
        ("", "", "MP4", "mp4"),
        ("me.JPEG", "jpg", "", "jpg"),
        ("-", "", "", ""),
        ("", ".png", "", "png"),
    ],
)
def test_the_suffix_goes_before_the_words(destination: str, option: str, slot: str, format: str) -> None:
    assert wanted_format(destination, option, slot) == format


def test_a_suffix_that_contradicts_the_option_is_refused() -> None:
    with pytest.raises(UsageError):
        wanted_format("me.png", "mp4", "")


def test_a_format_the_backend_lacks_names_those_it_has() -> None:
    check_format("", HOSTED_FORMATS)
    check_format("gif", STUDIO_FORMATS)
    with pytest.raises(FormatUnsupported) as caught:
        check_format("png", HOSTED_FORMATS)
    assert caught.value.values["formats"] == "mp4"


@pytest.mark.parametrize(
    ("draft", "words", "format"),
    [
        (AVATAR, "export", "png"),
        (AVATAR, "export the video", "mp4"),
        (AVATAR, "导出视频", "mp4"),
        (AVATAR, "export as gif", "gif"),
        (AVATAR, "导出成webp", "webp"),
        (WITH_MUSIC, "export", "mp4"),
        (WITH_MUSIC, "give me the icon", "png"),
        ({"t": [{"tt": 0, "sg": [{"d": 1}]}]}, "export", "mp4"),
        (VERTICAL, "", "mp4"),
    ],
)
def test_an_export_that_names_no_format_gets_a_fitting_one(draft: object, words: str, format: str) -> None:
    assert fitting_format(draft, words, STUDIO_FORMATS) == format  # type: ignore[arg-type]


def test_a_backend_that_makes_videos_alone_makes_a_video() -> None:
    assert fitting_format(AVATAR, "export the icon", HOSTED_FORMATS) == "mp4"


def test_the_studio_s_formats_are_those_its_renderer_makes() -> None:
    from studio.render import FORMATS

    assert STUDIO_FORMATS == FORMATS
