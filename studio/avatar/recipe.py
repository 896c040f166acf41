# The `avatar` object of a draft, read once into plain data: the missing is neutral, the wrong is refused.
from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.avatar.colors import rgb
from studio.avatar.shapes import SHAPES
from studio.draft import BACKGROUNDS, STYLES


class RecipeError(ValueError):
    """A recipe says something the engine cannot draw; the message names the key and the value."""


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind the person."""

    kind: str = "original"
    colors: tuple[str, ...] = ()
    amount: float = 0.5


@dataclass(frozen=True, slots=True)
class Ring:
    """A border inside the edge; several colours make a gradient, width is a fraction of the shorter side."""

    colors: tuple[str, ...] = ("#ffffff",)
    width: float = 0.03


@dataclass(frozen=True, slots=True)
class Adjust:
    """Light and colour, −1…1, 0 neutral; `auto` fixes the light from the face; `smooth` 0…1 softens skin."""

    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    warmth: float = 0.0
    sharpness: float = 0.0
    smooth: float = 0.0
    auto: bool = False

    @property
    def neutral(self) -> bool:
        """Whether it changes nothing."""
        return self == Adjust()


@dataclass(frozen=True, slots=True)
class Recipe:
    """One look. `face` counts from the left, negative from the right, None is the largest; or `everyone`."""

    shape: str = "circle"
    zoom: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)
    face: int | None = None
    everyone: bool = False
    background: Background = field(default_factory=Background)
    ring: Ring | None = None
    shadow: bool = False
    style: str = "none"
    strength: float = 1.0
    adjust: Adjust = field(default_factory=Adjust)


def read_recipe(avatar: Mapping[str, Any], adjust: Mapping[str, Any] | None = None) -> Recipe:
    """Parse a draft's `avatar` and `adjust` objects; RecipeError names what is wrong."""
    offset = _mapping(avatar.get("offset") or {}, "offset")
    face = avatar.get("face", "largest")
    if face is not None and face != "largest" and (isinstance(face, bool) or not isinstance(face, int)):
        raise RecipeError(f"face: {face!r} is not a whole number or null")
    return Recipe(
        shape=_choice(avatar, "shape", SHAPES, "circle"),
        zoom=_number(avatar, "zoom", 1.0, 0.5, 3.0),
        offset=(_number(offset, "x", 0.0, -0.5, 0.5), _number(offset, "y", 0.0, -0.5, 0.5)),
        face=face if isinstance(face, int) else None,
        everyone=face is None,
        background=_background(avatar.get("background")),
        ring=_ring(avatar.get("ring")),
        shadow=bool(avatar.get("shadow", False)),
        style=_choice(avatar, "style", STYLES, "none"),
        strength=_number(avatar, "strength", 1.0, 0.0, 1.0),
        adjust=_adjust(adjust or {}),
    )


def _background(value: Any) -> Background:
    if value is None:
        return Background()
    data = _mapping(value, "background")
    kind = _choice(data, "kind", BACKGROUNDS, "original")
    colors: tuple[str, ...] = ()
    if kind == "color":
        colors = (_color(data.get("color"), "background.color"),)
    elif kind == "gradient":
        given = data.get("colors")
        if not isinstance(given, list | tuple) or not 2 <= len(given) <= 5:
            raise RecipeError(f"background.colors: {given!r} is not a list of two to five colours")
        colors = tuple(_color(item, "background.colors") for item in given)
    return Background(kind, colors, _number(data, "amount", 0.5, 0.0, 1.0))


def _ring(value: Any) -> Ring | None:
    if value is None:
        return None
    data = _mapping(value, "ring")
    given = data.get("colors")
    if given is None:
        colors: tuple[str, ...] = (_color(data.get("color", "#ffffff"), "ring.color"),)
    elif isinstance(given, list | tuple) and 1 <= len(given) <= 5:
        colors = tuple(_color(item, "ring.colors") for item in given)
    else:
        raise RecipeError(f"ring.colors: {given!r} is not a list of colours")
    return Ring(colors, _number(data, "width", 0.03, 0.0, 0.15))


def _adjust(data: Mapping[str, Any]) -> Adjust:
    return Adjust(
        brightness=_number(data, "brightness", 0.0, -1.0, 1.0),
        contrast=_number(data, "contrast", 0.0, -1.0, 1.0),
        saturation=_number(data, "saturation", 0.0, -1.0, 1.0),
        warmth=_number(data, "warmth", 0.0, -1.0, 1.0),
        sharpness=_number(data, "sharpness", 0.0, -1.0, 1.0),
        smooth=_number(data, "smooth", 0.0, 0.0, 1.0),
        auto=bool(data.get("auto", False)),
    )


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise RecipeError(f"{name}: {value!r} is not an object")
    return value


def _choice(data: Mapping[str, Any], key: str, known: tuple[str, ...], default: str) -> str:
    value = data.get(key, default)
    if value not in known:
        raise RecipeError(f"{key}: {value!r} is not one of {', '.join(known)}")
    return str(value)


def _number(data: Mapping[str, Any], key: str, default: float, low: float, high: float) -> float:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RecipeError(f"{key}: {value!r} is not a number")
    if not low <= value <= high:
        raise RecipeError(f"{key}: {value!r} is not between {low} and {high}")
    return float(value)


def _color(value: Any, name: str) -> str:
    try:
        rgb(value)
    except ValueError as error:
        raise RecipeError(f"{name}: {error}") from error
    return str(value)
