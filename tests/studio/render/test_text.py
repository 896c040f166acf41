"""Titles in any script are broken, measured and drawn; hostile text draws something harmless or nothing."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.render.text import fonts, letter
from studio.render.text.clusters import clean, clusters, graphemes
from studio.render.text.lines import break_lines, width_of

FONTS = Path(fonts.__file__).parents[1] / "fonts"


def test_the_emoji_font_is_the_one_the_notice_describes() -> None:
    notice = (FONTS / "NOTICE.md").read_text(encoding="utf-8")
    expected = re.search(r"Twemoji-COLRv0\.ttf.*`([0-9a-f]{64})`", notice)
    assert expected is not None
    assert hashlib.sha256((FONTS / "Twemoji-COLRv0.ttf").read_bytes()).hexdigest() == expected[1]


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "🇨🇳", "👩‍👩‍👧‍👦", "1️⃣", "❤️", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "⭐"])
def test_an_emoji_is_one_cluster_of_the_emoji_font(emoji: str) -> None:
    found = clusters(f"a{emoji}b")
    assert [cluster.text for cluster in found] == ["a", emoji, "b"]
    assert found[1].font is fonts.emoji()


def test_digits_and_signs_are_letters_unless_asked_to_be_pictures() -> None:
    assert all(cluster.font is fonts.latin() for cluster in clusters("10 © #1"))


def test_a_heart_without_a_selector_is_still_drawn() -> None:
    assert len(clusters("❤")) == 1


def test_flags_pair_up() -> None:
    assert list(graphemes("🇨🇳🇫🇷")) == ["🇨🇳", "🇫🇷"]


def test_marks_stay_with_their_letter() -> None:
    assert list(graphemes("e\u0301x")) == ["e\u0301", "x"]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("城", "Noto Sans CJK SC"),
        ("かな", "Noto Sans CJK JP"),
        ("한", "Noto Sans CJK KR"),
        ("م", "Noto Sans Arabic"),
        ("ש", "Noto Sans Hebrew"),
        ("ส", "Noto Sans Thai"),
        ("Ж", "Noto Sans"),
        ("न", "Noto Sans Devanagari"),
    ],
)
def test_each_script_has_its_font(text: str, family: str) -> None:
    assert clusters(text)[0].font.family == family


def test_chinese_quotation_marks_are_full_width() -> None:
    assert clusters("他说：“好”")[3].font.family == "Noto Sans CJK SC"


def test_controls_surrogates_and_overrides_are_gone() -> None:
    assert clean("a\x00\x1b[31mb\u202e\ud800c\u2066d\uffff") == "a[31mbcd"


def test_a_line_breaks_at_spaces_and_lines_come_out_even() -> None:
    lines = break_lines(clusters("the quick brown fox jumps over"), 10)
    assert ["".join(c.text for c in line) for line in lines] == ["the quick brown", "fox jumps over"]


def test_chinese_breaks_after_its_comma_and_never_before() -> None:
    lines = [
        "".join(c.text for c in line) for line in break_lines(clusters("今天天气真好，我们去公园散步吧！"), 9)
    ]
    assert lines == ["今天天气真好，", "我们去公园散步吧！"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    lines = break_lines(clusters("x" * 50), 5)
    assert len(lines) > 3 and all(width_of(line) <= 5 for line in lines)


@given(st.text(max_size=80), st.floats(1.5, 20))
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, room: float) -> None:
    found = clusters(text.replace("\n", " "))
    lines = break_lines(found, room)
    assert all(width_of(line) <= room + 0.01 or len(line) == 1 for line in lines)
    kept = [c.text for line in lines for c in line if not c.space]
    assert kept == [c.text for c in found if not c.space]


@pytest.mark.parametrize(
    "position", ["top", "center", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"]
)
def test_a_title_lies_where_it_is_wanted_inside_the_canvas(position: str) -> None:
    found = letter("Hi", position, 0.1, (255, 255, 255), 400, 300)
    assert found is not None
    ink = np.argwhere(found.picture[..., 3] > 200)
    y, x = ink.mean(axis=0) + np.array([found.top, found.left])
    assert {"t": y < 90, "b": y > 210, "c": 110 < y < 190}[position[0]]
    assert x < 120 if "left" in position else x > 280 if "right" in position else 180 < x < 220


def test_a_long_title_shrinks_until_it_fits() -> None:
    found = letter("word " * 40, "center", 0.3, (255, 255, 255), 320, 180)
    assert found is not None
    assert found.top >= 0 and found.top + found.picture.shape[0] <= 180
    assert found.left >= 0 and found.left + found.picture.shape[1] <= 320


@pytest.mark.parametrize("background", [0, 128, 255])
@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (253, 216, 53), (229, 57, 53)])
def test_a_title_stands_out_on_any_background(background: int, colour: tuple[int, int, int]) -> None:
    found = letter("Hello", "center", 0.2, colour, 400, 300)
    assert found is not None
    alpha = found.picture[..., 3:].astype(float) / 255
    shown = found.picture[..., :3] * alpha + background * (1 - alpha)
    light = shown @ [0.2126, 0.7152, 0.0722]
    rows, columns = np.nonzero(np.abs(found.picture[..., :3].astype(int) - colour).sum(axis=2) < 30)
    region = light[rows.min() : rows.max(), columns.min() : columns.max()]
    assert np.percentile(region, 97) - np.percentile(region, 3) > 90


@pytest.mark.parametrize("text", ["مرحبا بالعالم 2026", "Hello שלום עולם", "Urban 👩‍👩‍👧‍👦 城市 👍🏽 ffi"])
def test_mixed_scripts_are_drawn_without_a_panic(text: str) -> None:
    found = letter(text, "bottom", 0.08, (255, 255, 255), 640, 360)
    assert found is not None and (found.picture[..., 3] > 200).sum() > 300


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01", "\u200d", "\ufe0f", "<", "&lt;<b>&", "]]>", "\u0301", "\U000e0067"]
)
def test_odd_text_is_no_problem(text: str) -> None:
    letter(text, "bottom", 0.1, (1, 2, 3), 200, 200)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.sampled_from([(16, 16), (200, 60), (60, 400)]), st.floats(0.01, 0.5))
def test_any_text_is_drawn_or_left_out(text: str, canvas: tuple[int, int], size: float) -> None:
    found = letter(text, "center", size, (255, 255, 255), *canvas)
    assert found is None or found.picture.shape[2] == 4
