# The looks by name. A style takes a picture (h×w×3 float32, 0…255) with what is known of it and gives
# another. Lengths inside a style are fractions of the picture's side, so a look is the same at every
# size.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.avatar.pixels import F32, f32
from studio.avatar.styles.drawn import ink, sketch
from studio.avatar.styles.film import mono, vintage
from studio.avatar.styles.painting import painting
from studio.avatar.styles.pixel import pixel
from studio.avatar.styles.printed import duotone, halftone, pop
from studio.avatar.styles.scene import Scene
from studio.avatar.styles.toon import toon


@dataclass(frozen=True, slots=True)
class Style:
    """`whole`: the backdrop goes through it too (a print, a film); else the chosen backdrop stays clean."""

    draw: Callable[[Scene], F32]
    whole: bool


STYLES: dict[str, Style] = {
    "toon": Style(toon, whole=False),
    "painting": Style(painting, whole=False),
    "sketch": Style(sketch, whole=False),
    "ink": Style(ink, whole=False),
    "pop": Style(pop, whole=False),
    "duotone": Style(duotone, whole=True),
    "halftone": Style(halftone, whole=True),
    "pixel": Style(pixel, whole=True),
    "mono": Style(mono, whole=True),
    "vintage": Style(vintage, whole=True),
}
NAMES = ("none", *STYLES)


def apply_style(name: str, scene: Scene, strength: float = 1.0) -> F32:
    """The scene's picture in that style, mixed with the plain one by `strength` (0…1)."""
    if name == "none" or strength <= 0:
        return scene.picture
    styled = STYLES[name].draw(scene)
    return styled if strength >= 1 else f32(scene.picture + (styled - scene.picture) * strength)


__all__ = ["NAMES", "STYLES", "Scene", "Style", "apply_style"]
