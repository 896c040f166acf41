"""Versions of an avatar: well-matched looks, each clearly different from the one there is."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

_LOOKS: tuple[Mapping[str, Any], ...] = (
    {"shape": "circle", "background": ("#ff9a6b", "#ec407a"), "ring": ("#ffffff", 0.03)},
    {"shape": "rounded", "background": "#0d2a5c", "ring": ("#d4af37", 0.03)},
    {"shape": "squircle", "background": ("#43a047", "#00bcd4"), "ring": None},
    {"shape": "circle", "background": "#f5f0dc", "ring": ("#0d2a5c", 0.06), "style": "toon"},
    {"shape": "hexagon", "background": ("#8e24aa", "#3f51b5"), "ring": ("#ffffff", 0.03)},
    {"shape": "circle", "background": "#ffffff", "ring": ("#000000", 0.015), "style": "mono"},
    {"shape": "rounded", "background": ("#fdd835", "#fb8c00"), "ring": None, "style": "pop"},
    {"shape": "circle", "background": "blur", "ring": ("#ffffff", 0.03)},
    {"shape": "squircle", "background": "#ffcba4", "ring": ("#ffffff", 0.06), "style": "painting"},
    {"shape": "heart", "background": ("#ff7f50", "#e91e63"), "ring": ("#ffffff", 0.03)},
    {"shape": "square", "background": "#808080", "ring": None, "style": "sketch"},
    {"shape": "circle", "background": ("#40e0d0", "#1e88e5"), "ring": ("#0d2a5c", 0.03)},
    {"shape": "rounded", "background": "#b39ddb", "ring": ("#ffffff", 0.03), "style": "duotone"},
    {"shape": "star", "background": ("#fdd835", "#ff7f50"), "ring": None},
    {"shape": "square", "background": "#98ff98", "ring": ("#000000", 0.03), "style": "pixel"},
    {"shape": "circle", "background": "#795548", "ring": ("#f5f0dc", 0.03), "style": "vintage"},
)


def variations(recipe: Mapping[str, Any], count: int) -> tuple[dict[str, Any], ...]:
    """So many recipes made from the given one; who is shown and how close stays."""
    out: list[dict[str, Any]] = []
    for look in _LOOKS:
        made = copy.deepcopy(dict(recipe))
        background = look["background"]
        if background == "blur":
            made["background"] = {"kind": "blur", "amount": 0.5}
        elif isinstance(background, str):
            made["background"] = {"kind": "color", "color": background}
        else:
            made["background"] = {"kind": "gradient", "colors": list(background)}
        ring = look["ring"]
        made["ring"] = None if ring is None else {"color": ring[0], "width": ring[1]}
        made["shape"] = look["shape"]
        made["style"] = look.get("style", "none")
        if made != dict(recipe):
            out.append(made)
    return tuple(out[:count])
