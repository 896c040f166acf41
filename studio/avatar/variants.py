# Looks that differ in kind, not in shade: for "show me four versions", and as a labelled sheet to choose
# from.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _color(color: str) -> Mapping[str, Any]:
    return {"kind": "color", "color": color}


def _gradient(first: str, second: str) -> Mapping[str, Any]:
    return {"kind": "gradient", "colors": [first, second]}


LOOKS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("clean", {"background": {"kind": "auto"}, "ring": None}),
    ("cartoon", {"background": _gradient("#ffd36e", "#ff8f6b"), "style": "toon"}),
    ("black and white", {"background": _gradient("#e8e8ec", "#b9bac4"), "style": "mono"}),
    ("pencil", {"background": _color("#f5f0dc"), "style": "sketch", "ring": None}),
    ("pop art", {"background": _gradient("#18c5c0", "#0a7fa5"), "style": "pop"}),
    ("oil", {"background": _gradient("#7a5c3e", "#3b2a1c"), "style": "painting"}),
    ("duotone", {"background": _gradient("#ff5f9e", "#2b1a6f"), "style": "duotone"}),
    ("ink", {"background": _color("#fdd835"), "style": "ink"}),
    ("blurred room", {"background": {"kind": "blur", "amount": 0.5}}),
    ("vintage", {"background": {"kind": "original"}, "style": "vintage", "shape": "rounded"}),
    ("comic print", {"background": _color("#98ff98"), "style": "halftone"}),
    ("pixels", {"background": _color("#3f51b5"), "style": "pixel", "shape": "square"}),
    ("hexagon", {"background": _gradient("#0f2027", "#2c5364"), "shape": "hexagon"}),
    ("soft squircle", {"background": _gradient("#fbc2eb", "#a6c1ee"), "shape": "squircle"}),
    ("heart", {"background": _gradient("#ff758c", "#ff7eb3"), "shape": "heart"}),
    (
        "gold ring",
        {"background": _color("#10131c"), "ring": {"colors": ["#f6e27a", "#b8862b"], "width": 0.035}},
    ),
)


def variants(recipe: Mapping[str, Any], count: int) -> tuple[tuple[str, dict[str, Any]], ...]:
    """`count` (2–16) named recipes of one person: framing stays the recipe's, the look changes."""
    if not 2 <= count <= len(LOOKS):
        raise ValueError(f"{count} versions: from 2 to {len(LOOKS)} can be made")
    ring = recipe.get("ring") or {"color": "#ffffff", "width": 0.03}
    made = []
    for name, look in LOOKS[:count]:
        made.append((name, {**recipe, "ring": ring, "style": "none", "strength": 1.0, **look}))
    return tuple(made)
