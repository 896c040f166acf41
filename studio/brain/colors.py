"""Colours: their names in both languages, and the shifts light, dark, pale and deep make."""

from __future__ import annotations

import colorsys
from functools import cache

from studio.brain.data import load
from studio.brain.script import to_traditional

SHIFT = 0.2


@cache
def names(language: str) -> dict[str, str]:
    """Every understood name and its `#rrggbb`, for "en" or "zh"."""
    table = load(language, "colors")
    return {**table["also"], **table["shown"]}


@cache
def _shown(language: str) -> dict[str, str]:
    return {value: key for key, value in load(language, "colors")["shown"].items()}


@cache
def _nameable(language: str) -> dict[str, str]:
    """Values that have a name: the shown ones, their light and dark shades, the default gradient."""
    light, dark = ("浅", "深") if language == "zh" else ("light ", "dark ")
    out: dict[str, str] = {}
    for value, name in _shown(language).items():
        out.setdefault(shift(value, SHIFT), light + name)
        out.setdefault(shift(value, -SHIFT), dark + name)
    out |= (
        {"#4f7bff": "蓝色", "#8a4fff": "紫色"}
        if language == "zh"
        else {"#4f7bff": "blue", "#8a4fff": "violet"}
    )
    return {**out, **_shown(language)}


def shown(language: str) -> tuple[str, ...]:
    """The names replies use."""
    chinese = language.startswith("zh")
    return tuple(_shown("zh" if chinese else "en").values())


def color_name(language: str, value: str) -> str:
    """A colour's name in the user's language, the hex value where it has none."""
    chinese = language.lower().startswith("zh")
    found = _nameable("zh" if chinese else "en").get(value.lower(), value)
    if chinese and language.lower() in ("zh-tw", "zh-hant", "zh-hk", "zh-mo"):
        return to_traditional(found)
    return found


def shift(value: str, lighter: float) -> str:
    """The colour with its lightness moved by a fraction of the full range, −1 to 1."""
    red, green, blue = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    # Half the way at most: dark navy is still navy, not black.
    light = min(light + lighter, (light + 1) / 2) if lighter > 0 else max(light + lighter, light / 2)
    moved = colorsys.hls_to_rgb(hue, light, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in moved)
