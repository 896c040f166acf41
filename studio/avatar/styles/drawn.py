# Drawn by hand: a pencil sketch with hatching, and brush and ink.
from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from studio.avatar.pixels import F32, blur, f32, smoothstep, wide_blur
from studio.avatar.styles.lines import edges, lines, outline
from studio.avatar.styles.scene import Scene, lifted, luminance, smooth

PAPER = np.array([250, 248, 243], dtype=np.float32)
GRAPHITE = np.array([52, 52, 58], dtype=np.float32)
INK = np.array([18, 18, 24], dtype=np.float32)


def sketch(scene: Scene) -> F32:
    """The scene in pencil on paper."""
    unit = scene.side / 1000.0
    opened = lifted(scene)
    luma = luminance(opened)
    calm = luminance(smooth(opened, 2, 18.0, 640))
    dodge = np.clip((luma + 0.01) / (wide_blur(luma, 11 * unit) + 0.01), 0, 1)
    line = edges(calm, 1.5 * unit, f32(34.0 * (1 - 0.5 * scene.features.skin)), 0.006)
    line = f32(line * outline(scene.alpha, 1.5 * unit, 10.0))
    tone = wide_blur(calm, 2.5 * unit)
    grain = _hatching(scene.picture.shape[0], scene.picture.shape[1], unit)
    shade = smoothstep(0.78, 0.10, tone) * (0.50 + 0.50 * grain)
    paper = np.clip(dodge**2.2 * (0.25 + 0.75 * line) * (1 - 0.78 * shade), 0, 1)
    paper = paper * (1 - 0.06 * _hatching(scene.picture.shape[0], scene.picture.shape[1], unit * 0.5))
    return f32(GRAPHITE + (PAPER - GRAPHITE) * f32(paper)[..., None])


def ink(scene: Scene) -> F32:
    """The scene in black ink: full blacks, clean lines, white paper."""
    unit = scene.side / 1000.0
    opened = lifted(scene, 1.25)
    luma = luminance(smooth(opened, 3, 22.0, 640))
    around = wide_blur(luma, 45 * unit)
    # Ink goes where it is dark for its surroundings: faces keep their modelling on any skin.
    level = f32(luma - 0.55 * around)
    threshold = f32(0.135 - 0.075 * scene.features.skin + 0.02 * scene.features.parts)
    sharp = f32(9.0 - 4.0 * scene.features.skin)
    black = lines(level, 1.8 * unit, sharp, threshold, 26.0)
    line = edges(luma, 1.9 * unit, f32(55.0 * (1 - 0.6 * scene.features.skin)), 0.010)
    line = f32(line * outline(scene.alpha, 2.4 * unit, 18.0))
    paper = np.clip(black * line, 0, 1)
    paper = smoothstep(0.25, 0.75, blur(f32(paper), 0.7 * unit))
    return f32(INK + (PAPER - INK) * paper[..., None])


@lru_cache(maxsize=4)
def _hatching(height: int, width: int, unit: float) -> F32:
    """Pencil grain of 0…1: noise drawn out along a diagonal."""
    noise = np.random.default_rng(11).standard_normal((height, width)).astype(np.float32)
    length = max(3, round(26 * unit)) | 1
    kernel = np.zeros((length, length), dtype=np.float32)
    cv2.line(kernel, (0, length - 1), (length - 1, 0), 1.0, 1, cv2.LINE_AA)
    kernel = blur(kernel, max(0.5, 0.8 * unit))
    drawn = f32(cv2.filter2D(noise, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT))
    return smoothstep(-1.6, 1.6, f32(drawn / max(float(drawn.std()), 1e-6)))
