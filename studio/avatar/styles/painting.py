# Painting: brush-like patches by a Kuwahara filter (eight soft sectors would cost more than they show at
# this size), in a broad and a fine pass, the face in the finest, with a little canvas.
from __future__ import annotations

import cv2
import numpy as np

from studio.avatar.pixels import AREA, F32, blur, f32, resize_f32
from studio.avatar.styles.scene import Scene, curve, lifted, luminance, saturated, toned

WORKING = 640
VARNISH = np.array([1.07, 0.98, 0.76], dtype=np.float32)


def painting(scene: Scene) -> F32:
    """The scene in oil."""
    height, width = scene.picture.shape[:2]
    scale = min(1.0, WORKING / scene.side)
    wide, tall = max(1, round(width * scale)), max(1, round(height * scale))
    small = resize_f32(lifted(scene, 0.7), wide, tall, AREA)
    unit = min(wide, tall) / WORKING
    broad = _kuwahara(_kuwahara(small, max(2, round(7 * unit))), max(2, round(5 * unit)))
    fine = _kuwahara(small, max(1, round(3 * unit)))
    face = resize_f32(f32(np.clip(scene.features.parts + 0.55 * scene.features.skin, 0, 1)), wide, tall, AREA)
    mixed = broad + (fine - broad) * face[..., None]
    mixed = f32(mixed + 0.5 * (mixed - blur(f32(mixed), 1.5 * unit)))
    strokes = _strokes(f32(mixed), unit)
    textured = f32(np.clip(mixed + strokes[..., None], 0, 255))
    luma = luminance(textured)
    # The deep, warm tone of varnish: stronger contrast, shadows towards umber.
    deep = saturated(toned(textured, luma, curve(luma, 0.80, 0.57)), 1.40)
    painted = f32(np.clip(deep * VARNISH, 0, 255))
    return f32(np.clip(resize_f32(painted, width, height, cv2.INTER_CUBIC), 0, 255))


def _kuwahara(picture: F32, radius: int) -> F32:
    """Each pixel takes the mean of the quadrants round it, weighted towards the calmest."""
    squared = f32(picture * picture)
    side = radius + 1
    total = np.zeros_like(picture)
    weights = np.full(picture.shape[:2], 1e-12, dtype=np.float32)
    for ax in (0, radius):
        for ay in (0, radius):
            mean = cv2.boxFilter(picture, -1, (side, side), anchor=(ax, ay), borderType=cv2.BORDER_REFLECT)
            power = cv2.boxFilter(squared, -1, (side, side), anchor=(ax, ay), borderType=cv2.BORDER_REFLECT)
            spread = np.maximum(f32(power) - f32(mean) * f32(mean), 0).sum(axis=2)
            weight = f32(1.0 / (1.0 + spread / 30.0) ** 4)
            total += f32(mean) * weight[..., None]
            weights += weight
    return f32(total / weights[..., None])


def _strokes(picture: F32, unit: float) -> F32:
    """The relief of brush strokes: noise drawn out along the picture's own directions."""
    grey = f32(cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY))
    gx, gy = f32(cv2.Sobel(grey, cv2.CV_32F, 1, 0)), f32(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    xx, yy, xy = blur(f32(gx * gx), 6 * unit), blur(f32(gy * gy), 6 * unit), blur(f32(gx * gy), 6 * unit)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    height, width = grey.shape
    noise = blur(f32(np.random.default_rng(7).standard_normal((height, width))), 0.9 * unit)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    dx, dy = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    drawn = np.zeros_like(grey)
    for step in (np.arange(-6, 7, 2) * unit).astype(np.float32):
        drawn += f32(
            cv2.remap(noise, x + dx * step, y + dy * step, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        )
    return f32(drawn / max(float(drawn.std()), 1e-6) * 6.5)
