"""Writes stills through Pillow: PNG, JPEG, WebP, GIF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.render.gif import Palette

_WHITE = np.array([255, 255, 255], np.float32)


def write_still(path: Path, rgba: NDArray[np.uint8], name: str) -> None:
    """Write one h×w×4 RGBA picture (straight alpha) as png, webp, gif or jpg (transparency lies on white)."""
    image = Image.fromarray(rgba, "RGBA")
    if name == "png":
        image.save(path, "PNG", compress_level=4)
    elif name == "webp":
        image.save(path, "WEBP", quality=92, method=4)
    elif name == "jpg":
        alpha = rgba[..., 3:].astype(np.float32) / 255
        flat = np.rint(rgba[..., :3] * alpha + _WHITE * (1 - alpha)).astype(np.uint8)
        Image.fromarray(flat, "RGB").save(path, "JPEG", quality=92, subsampling=0)
    else:
        Palette([rgba]).map(rgba).save(path, "GIF", transparency=255)
