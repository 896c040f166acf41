"""What lies around an avatar in a video, which has no transparency: a soft field in its own colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.render import fields
from studio.render.fields import Colour

_PLAIN: tuple[Colour, Colour] = ((79, 123, 255), (138, 79, 255))
_FINE = 270
_DEEP = np.array([11.0, 13.0, 26.0], np.float32)


def colours(recipe: Mapping[str, Any], content: NDArray[np.uint8], path: str) -> tuple[Colour, Colour]:
    """Two colours that suit an avatar: those of its background, or those at the content's edge."""
    background = fields.mapping(recipe.get("background"), f"{path}.background")
    named = fields.sequence(background.get("colors"), f"{path}.background.colors", 16)
    if named:
        found = [fields.colour(value, f"{path}.background.colors") for value in named]
        return found[0], found[-1]
    if background.get("color"):
        found = [fields.colour(background["color"], f"{path}.background.color")]
        return found[0], found[0]
    if background.get("kind") in (None, "transparent", "auto"):
        return _PLAIN
    edge = max(2, min(content.shape[:2]) // 12)
    upper = content[: content.shape[0] // 2]  # the lower edge is the person's clothes
    return _mean(upper[:, :edge]), _mean(upper[:, -edge:])


def field(pair: Sequence[Colour], width: int, height: int) -> NDArray[np.float32]:
    """An h×w×3 RGB picture (float32, 0…255): a deep diagonal gradient, lit softly behind the middle."""
    # It is soft through and through: a small one, enlarged, is the same at a fraction of the cost.
    small = max(1, min(width, height) // _FINE)
    if small > 1:
        few = field(pair, -(-width // small), -(-height // small))
        return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    first, second = (np.array(colour, np.float32) for colour in pair)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x + 0.5) / width, (y + 0.5) / height
    along = ((x + y) / 2)[..., None]
    blend = first + (second - first) * along
    reach = np.hypot((x - 0.5) * width, (y - 0.5) * height) / (0.5 * np.hypot(width, height))
    light = (0.32 + 0.36 * np.exp(-((reach / 0.62) ** 2)))[..., None]
    # Darkening by a power keeps a colour's own hue: orange turns to ember, not to mud.
    deep = 255 * (blend / 255) ** 1.45
    return np.asarray(_DEEP * (1 - light) * 0.8 + deep * light, dtype=np.float32)


def _mean(region: NDArray[np.uint8]) -> Colour:
    weight = region[..., 3:].astype(np.float64)
    total = float(weight.sum())
    if total <= 0:
        return _PLAIN[0]
    red, green, blue = ((region[..., :3] * weight).sum(axis=(0, 1)) / total).round().astype(int).tolist()
    return red, green, blue
