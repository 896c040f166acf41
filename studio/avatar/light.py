# Light and colour of the photo before any style: the five sliders, light fixed from the face, skin
# softened on request.
from __future__ import annotations

import numpy as np

from studio.avatar.features import Features
from studio.avatar.pixels import F32, blur, f32, smoothstep
from studio.avatar.recipe import Adjust
from studio.avatar.styles.scene import Scene, curve, luminance, saturated, smooth, toned

FACE_LEVEL = 0.56


def adjusted(scene: Scene, adjust: Adjust) -> F32:
    """The scene's picture (h×w×3, 0…255) after `adjust`; neutral values give back the same pixels."""
    picture = scene.picture
    if adjust.auto:
        picture = _fixed(picture, scene.features)
    if adjust.smooth > 0:
        picture = _softened(picture, scene, adjust.smooth)
    if adjust.brightness or adjust.contrast:
        luma = luminance(picture)
        bent = luma ** float(2.0 ** (-1.1 * adjust.brightness))
        if adjust.contrast > 0:
            bent = curve(f32(bent), adjust.contrast)
        elif adjust.contrast < 0:
            bent = bent + (0.5 - bent) * (-0.65 * adjust.contrast)
        picture = toned(picture, luma, f32(bent))
    if adjust.warmth:
        picture = picture * (1 + adjust.warmth * np.array([0.16, 0.02, -0.20], dtype=np.float32))
        picture = f32(np.clip(picture, 0, 255))
    if adjust.saturation:
        factor = 1 + adjust.saturation if adjust.saturation < 0 else 1 + 1.2 * adjust.saturation
        picture = saturated(picture, factor)
    if adjust.sharpness:
        soft = blur(picture, 0.0022 * scene.side)
        picture = f32(np.clip(picture + (picture - soft) * (1.6 * adjust.sharpness), 0, 255))
    return f32(picture)


def _fixed(picture: F32, features: Features) -> F32:
    """Exposure from the face, shadows opened where it is dark, the cast of the light halved."""
    luma = luminance(picture)
    skin = features.skin > 0.6
    values = luma[skin] if skin.any() else luma[::4, ::4].ravel()
    level = float(np.clip(np.median(values), 0.03, 0.95))
    # First the exposure (the brightest parts become nearly white), then the face's own level.
    high = float(np.clip(np.percentile(luma[::4, ::4], 99.5), 0.05, 0.97))
    exposed = np.clip(luma * (0.97 / high), 0, 1)
    level = min(level * 0.97 / high, 0.95)
    wanted = float(np.log(FACE_LEVEL) / np.log(level)) if abs(level - FACE_LEVEL) > 0.06 else 1.0
    bent = exposed ** float(np.clip(wanted, 0.45, 1.35))
    bent = bent + 0.05 * (1 - smoothstep(0.0, 0.3, f32(bent))) * bent * 4
    # A dark exposure is brightened as a lens would have: by gain, which keeps its colours.
    fixed = toned(picture, luma, f32(np.clip(bent, 0, 1)), 0.9)
    cast = fixed[::4, ::4].reshape(-1, 3).mean(axis=0)
    grey = float(cast.mean())
    gain = np.clip((grey / np.maximum(cast, 1.0)) ** 0.4, 0.80, 1.25)
    return f32(np.clip(fixed * gain, 0, 255))


def _softened(picture: F32, scene: Scene, amount: float) -> F32:
    """Skin smoothed with its pores half kept; eyes, brows and lips untouched."""
    calm = smooth(picture, 2, 20.0, 640)
    fine = picture - blur(picture, 0.0025 * scene.side)
    share = (scene.features.skin * (0.85 * amount))[..., None]
    return f32(picture + (np.clip(calm + 0.35 * fine, 0, 255) - picture) * share)
