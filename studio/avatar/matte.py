# Who is person and what is background: U²-Net light on a crop, held to the person by the selfie mask.
from __future__ import annotations

import numpy as np

from studio.avatar.models import salient_mask, selfie_mask
from studio.avatar.pixels import F32, U8, blur, f32, resize_f32, smoothstep


def person_matte(image: U8) -> F32:
    """Alpha (H×W, 0…1) of the person in an H×W×3 RGB crop that holds head and shoulders."""
    height, width = image.shape[:2]
    salient, person = salient_mask(image), resize_f32(selfie_mask(image), 320, 320)
    near = smoothstep(0.05, 0.5, blur(person, 2.0))
    alpha = f32(
        np.maximum(salient * near, smoothstep(0.85, 0.98, person) * smoothstep(0.2, 0.6, blur(person, 6.0)))
    )
    full = resize_f32(alpha, width, height)
    return smoothstep(0.08, 0.92, full)


def quick_matte(image: U8) -> F32:
    """Alpha from the selfie mask alone: for previews."""
    height, width = image.shape[:2]
    return smoothstep(0.35, 0.8, resize_f32(selfie_mask(image), width, height))


def object_matte(image: U8) -> F32 | None:
    """Alpha of the salient object where there is no face; None when nothing stands out clearly."""
    height, width = image.shape[:2]
    mask = salient_mask(image)
    area = float((mask > 0.5).mean())
    doubt = float(((mask > 0.15) & (mask < 0.85)).mean())
    if not 0.03 < area < 0.85 or doubt > 0.5 * area:
        return None
    return smoothstep(0.08, 0.92, resize_f32(mask, width, height))
