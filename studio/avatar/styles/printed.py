# Printed: pop art in a few loud inks, two-colour duotone, and the dots of a colour halftone.
from __future__ import annotations

from functools import lru_cache

import numpy as np

from studio.avatar.colors import from_oklab, mix, rgb, to_oklab
from studio.avatar.pixels import F32, blur, f32, smoothstep
from studio.avatar.styles.lines import edges
from studio.avatar.styles.scene import Scene, curve, face_level, lifted, luminance, smooth

POP_INKS = ("#2a0e5e", "#d6197f", "#ff5a36", "#ffc21f", "#fff4d6")
DUOTONE = ("#1b1464", "#ffb59e")
SCREENS = ((15.0, 0), (75.0, 1), (0.0, 2), (45.0, 3))


def pop(scene: Scene) -> F32:
    """The scene in five loud inks, split by tone."""
    unit = scene.side / 1000.0
    calm = smooth(lifted(scene), 4, 30.0)
    luma = blur(luminance(calm), 2.0 * unit)
    tone = curve(_spread(scene, luma), 0.35)
    # Dark inks for shadows, light ones for light; the middle of the face falls on the warm ones.
    limits = (0.22, 0.42, 0.60, 0.80)
    picture = np.broadcast_to(rgb(POP_INKS[0]), scene.picture.shape).astype(np.float32)
    edge = 0.012
    for limit, color in zip(limits, POP_INKS[1:], strict=True):
        share = smoothstep(limit - edge, limit + edge, tone)[..., None]
        picture = f32(picture + (rgb(color) - picture) * share)
    gain = f32(22.0 * (1 - 0.8 * scene.features.skin) + 20.0 * scene.features.parts)
    line = edges(luminance(smooth(scene.picture, 2, 20.0, 640)), 2.3 * unit, gain, 0.012)
    dark = rgb(POP_INKS[0])
    return f32(dark + (picture - dark) * line[..., None])


def duotone(scene: Scene) -> F32:
    """The scene between two colours: the look's own gradient made dark and light, else indigo and peach."""
    dark, light = _inks(scene.colors)
    tone = curve(_spread(scene, luminance(scene.picture)), 0.5)
    return mix(dark, light, tone)


def halftone(scene: Scene) -> F32:
    """The scene as a four-colour print of visible dots."""
    cell = scene.side / 116.0
    picture = lifted(scene, 0.8) / 255.0
    black = 1 - picture.max(axis=2)
    rest = np.maximum(1 - black, 1e-3)
    # Under-colour removal: greys are printed in black, so that they stay grey.
    plates = [(1 - picture[..., index] - black) / rest for index in range(3)] + [black]
    height, width = black.shape
    paper = np.ones_like(picture) * np.array([1.0, 0.99, 0.965], dtype=np.float32)
    inks = np.array(
        [[0.0, 0.62, 0.88], [0.90, 0.05, 0.50], [1.0, 0.88, 0.05], [0.09, 0.08, 0.11]], dtype=np.float32
    )
    for angle, index in SCREENS:
        cover = blur(f32(plates[index]), cell * 0.22)
        dots = smoothstep(-0.09, 0.09, f32(cover * 1.04 - 1 + _screen(width, height, cell, angle)))
        paper = paper * (1 - dots[..., None] * (1 - inks[index]))
    return f32(paper * 255.0)


@lru_cache(maxsize=8)
def _screen(width: int, height: int, cell: float, angle: float) -> F32:
    """A dot screen's threshold at every pixel, 0…1, so that a tone of t inks about t of the area."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    turn = np.deg2rad(angle)
    u = (x * np.cos(turn) + y * np.sin(turn)) * (2 * np.pi / cell)
    v = (-x * np.sin(turn) + y * np.cos(turn)) * (2 * np.pi / cell)
    wave = f32(0.5 + 0.25 * (np.cos(u) + np.cos(v)))
    return f32(np.clip(0.5 + (wave - 0.5) * (1.0 + 0.35 * (1 - np.abs(2 * wave - 1))), 0, 1))


def _spread(scene: Scene, luma: F32) -> F32:
    """Tones stretched to 0…1 by the person's own range, the face's middle put at 0.6."""
    step = max(1, luma.shape[0] // 256)
    chosen = luma[::step, ::step][scene.alpha[::step, ::step] > 0.5]
    values = chosen if chosen.size > 50 else luma[::step, ::step].ravel()
    low, high = np.percentile(values, [2, 98])
    spread = np.clip((luma - low) / max(float(high - low), 0.05), 0.0, 1.0)
    level = float(np.clip((face_level(scene, luma) - low) / max(float(high - low), 0.05), 0.2, 0.9))
    return f32(spread ** float(np.clip(np.log(0.62) / np.log(level), 0.55, 1.8)))


def _inks(colors: tuple[str, ...]) -> tuple[F32, F32]:
    if len(colors) < 2:
        return rgb(DUOTONE[0]), rgb(DUOTONE[1])
    ordered = sorted(
        (to_oklab(rgb(color)) for color in (colors[0], colors[-1])), key=lambda lab: float(lab[0])
    )
    dark, light = ordered[0].copy(), ordered[1].copy()
    dark[0], light[0] = min(float(dark[0]), 0.30), max(float(light[0]), 0.90)
    light[1:] *= 0.6
    return from_oklab(dark), from_oklab(light)
