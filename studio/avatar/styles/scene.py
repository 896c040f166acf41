# What a style is given, and the tone tools styles share: luminance, lifted shadows, curves, edge-keeping
# smoothing.
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.avatar.features import Features
from studio.avatar.pixels import AREA, F32, f32, resize_f32, smoothstep

WORKING = 1200


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture (h×w×3, 0…255), who is in it (alpha h×w, 0…1), the face's masks, the look's colours."""

    picture: F32
    alpha: F32
    features: Features
    colors: tuple[str, ...] = ()

    @property
    def side(self) -> float:
        """The shorter side in pixels, the unit of all lengths in a style."""
        return float(min(self.picture.shape[:2]))


def luminance(picture: F32) -> F32:
    """Rec. 709 luma of h×w×3 (0…255) as h×w of 0…1."""
    return f32(picture @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32) / 255.0)


def toned(picture: F32, before: F32, after: F32, gain_share: float = 0.5) -> F32:
    """The picture with its luma moved from `before` to `after` (both 0…1), hue kept."""
    gain = f32((after + 0.02) / (before + 0.02))
    scaled = picture * gain[..., None]
    shifted = picture + (after - before)[..., None] * 255.0
    # Pure gain oversaturates lifted shadows, pure shift greys them; half of each looks like cloth.
    return f32(np.clip(gain_share * scaled + (1 - gain_share) * shifted, 0, 255))


def lifted(scene: Scene, amount: float = 1.0) -> F32:
    """The picture with the person's shadows opened and the face brought to a middle tone, any skin alike."""
    luma = luminance(scene.picture)
    level = face_level(scene, luma)
    gamma = float(np.clip(np.log(0.60) / np.log(np.clip(level, 0.08, 0.9)), 0.62, 1.1))
    opened = luma ** (1 - amount * (1 - gamma))
    opened = opened + amount * 0.16 * (1 - smoothstep(0.0, 0.35, luma)) * (0.25 + luma * 2)
    return toned(scene.picture, luma, f32(np.clip(opened, 0, 1)))


def face_level(scene: Scene, luma: F32) -> float:
    """Median luma of the skin, of the person when there is no face, of everything when there is nobody."""
    for mask in (scene.features.skin, scene.alpha):
        step = max(1, luma.shape[0] // 256)
        chosen = luma[::step, ::step][mask[::step, ::step] > 0.6]
        if chosen.size > 50:
            return float(np.median(chosen))
    return float(np.median(luma[::4, ::4]))


def saturated(picture: F32, factor: float) -> F32:
    """Chroma scaled by `factor`; greys stay grey because they have none."""
    grey = (luminance(picture) * 255.0)[..., None]
    return f32(np.clip(grey + (picture - grey) * factor, 0, 255))


def curve(values: F32, contrast: float, middle: float = 0.5) -> F32:
    """An S-curve on 0…1 around `middle`; `contrast` 0 leaves it alone."""
    bent = 1 / (1 + np.exp(-(values - middle) * (4 + 4 * contrast)))
    low, high = (
        1 / (1 + np.exp(middle * (4 + 4 * contrast))),
        1 / (1 + np.exp(-(1 - middle) * (4 + 4 * contrast))),
    )
    return f32(values + (((bent - low) / (high - low)) - values) * min(1.0, contrast))


def smooth(picture: F32, passes: int, sigma: float, side: int = 480) -> F32:
    """Edge-keeping smoothing (bilateral, on a smaller copy), the ground of toon and ink; 0…255 in and out."""
    height, width = picture.shape[:2]
    scale = min(1.0, side / min(height, width))
    small = resize_f32(picture, max(1, round(width * scale)), max(1, round(height * scale)), AREA)
    for _ in range(passes):
        small = f32(cv2.bilateralFilter(small, 7, sigma, 3.0))
    return f32(np.clip(resize_f32(small, width, height, cv2.INTER_CUBIC), 0, 255))
