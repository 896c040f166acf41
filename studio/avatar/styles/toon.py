# Cartoon: flat areas of soft-stepped light, fresh colours, a dark line where shapes end, few lines on the
# skin.
from __future__ import annotations

import numpy as np

from studio.avatar.pixels import F32, blur, f32
from studio.avatar.styles.lines import edges, outline
from studio.avatar.styles.scene import Scene, lifted, luminance, saturated, smooth, toned

LEVELS = 5.0


def toon(scene: Scene) -> F32:
    """The scene as a cartoon."""
    base = smooth(lifted(scene, 1.35), 4, 30.0)
    skin = scene.features.skin[..., None]
    base = f32(base * (1 - skin) + blur(base, 0.004 * scene.side) * skin)
    luma = luminance(base)
    # Comic pages are bright: the middle tones go up before they are stepped.
    step = luma**0.66 * LEVELS
    nearest = np.floor(step) + 0.5
    # A soft staircase: cheeks keep a hint of their gradient instead of breaking into bands.
    stepped = f32((nearest + 0.5 * np.tanh(3.2 * (step - nearest))) / LEVELS)
    flat = saturated(toned(base, luma, stepped), 1.55)
    detail = luminance(smooth(scene.picture, 1, 16.0, 720))
    gain = f32(30.0 - 21.0 * scene.features.skin + 8.0 * scene.features.parts)
    line = edges(detail, 0.0021 * scene.side, gain, 0.010)
    line = f32(line * outline(scene.alpha, 0.0026 * scene.side, 14.0))
    shade = np.array([38, 24, 30], dtype=np.float32)
    return f32(shade + (flat - shade) * (0.15 + 0.85 * line)[..., None])
