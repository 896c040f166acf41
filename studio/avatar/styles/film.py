# Film: black and white with a portrait film's response to skin, and a faded, warm old print.
from __future__ import annotations

import numpy as np

from studio.avatar.pixels import F32, blur, f32
from studio.avatar.styles.scene import Scene, curve, luminance


def mono(scene: Scene) -> F32:
    """The scene in black and white: skin light, as through an orange filter; blacks black."""
    grey = f32(np.minimum(scene.picture @ np.array([0.58, 0.44, 0.04], dtype=np.float32) / 255.0, 1))
    # A portrait print: the face a good half-stop up, whites short of burning out.
    printed = curve(f32(grey**0.86), 0.55, 0.46)
    return f32(np.repeat(printed[..., None] * 255.0, 3, axis=2))


def vintage(scene: Scene) -> F32:
    """The scene as an old colour print: warm lights, green-blue shadows short of black, grain, fall-off."""
    picture = scene.picture / 255.0
    luma = luminance(scene.picture)[..., None]
    faded = luma + (picture - luma) * 0.52
    faded = faded * 0.74 + 0.15
    warm = np.array([0.10, 0.035, -0.12], dtype=np.float32) * luma
    cool = np.array([-0.035, 0.03, 0.045], dtype=np.float32) * (1 - luma) ** 2
    height, width = picture.shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    fall = 1 - 0.22 * np.clip(np.hypot(x, y) - 0.35, 0, 1)[..., None] ** 1.5
    noise = np.random.default_rng(3).standard_normal((height, width)).astype(np.float32)
    grain = blur(noise, max(0.4, scene.side / 1600)) * 0.028
    return f32(np.clip((faded + warm + cool) * fall + grain[..., None], 0, 1) * 255.0)
