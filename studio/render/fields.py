"""Reads values out of an unchecked draft: each comes back typed and in range, or as a RenderError."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from studio.render.errors import RenderError

Colour = tuple[int, int, int]
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\Z")


def mapping(value: object, path: str) -> Mapping[str, Any]:
    """A JSON object; a missing one is empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RenderError(f"{_shown(value)} is no object", path=path)
    return value


def sequence(value: object, path: str, most: int) -> Sequence[Any]:
    """A JSON array of at most `most` entries; a missing one is empty."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise RenderError(f"{_shown(value)} is no list", path=path)
    if len(value) > most:
        raise RenderError(f"{len(value)} entries are more than {most}", path=path)
    return value


def number(source: Mapping[str, Any], key: str, path: str, default: float, low: float, high: float) -> float:
    """A finite number between two limits; the default where the key is missing or null."""
    value = source.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RenderError(f"{_shown(value)} is no number", path=f"{path}.{key}")
    if not low <= value <= high:
        raise RenderError(f"{value:g} is outside {low:g} to {high:g}", path=f"{path}.{key}")
    return float(value)


def text(source: Mapping[str, Any], key: str, path: str, default: str = "", most: int = 1000) -> str:
    """A text of at most `most` characters."""
    value = source.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise RenderError(f"{_shown(value)} is no text", path=f"{path}.{key}")
    if len(value) > most:
        raise RenderError(f"a text of {len(value)} characters is longer than {most}", path=f"{path}.{key}")
    return value


def colour(value: object, path: str) -> Colour:
    """`#rrggbb` (or `#rgb`) as red, green, blue in 0…255."""
    match = _HEX.match(value) if isinstance(value, str) else None
    if match is None:
        raise RenderError(f"{_shown(value)} is no colour like #4f7bff", path=path)
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _shown(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
