# Writes a finished picture to a file: PNG, WebP, AVIF, JPEG or ICO, tagged sRGB, with nothing of the
# photo's metadata.
from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from studio.avatar.pixels import U8

FORMATS = ("png", "webp", "avif", "jpeg", "ico")
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256)


def format_of(path: Path) -> str:
    """The format a file name asks for; ValueError when it is none of FORMATS."""
    suffix = path.suffix.lower().lstrip(".")
    name = "jpeg" if suffix in ("jpg", "jpe") else suffix
    if name not in FORMATS:
        raise ValueError(f"{path.name}: the endings known are {', '.join(FORMATS)}")
    return name


def encoded(picture: U8, name: str, *, matte: str = "#ffffff", level: int = 1) -> bytes:
    """An h×w×4 RGBA picture as a file's bytes; JPEG, which is opaque, lies on the colour `matte`."""
    image = Image.fromarray(np.ascontiguousarray(picture))
    out = io.BytesIO()
    if name == "png":
        tags = PngInfo()
        tags.add(b"sRGB", b"\x00")
        image.save(out, "PNG", pnginfo=tags, compress_level=level)
    elif name == "webp":
        image.save(out, "WEBP", quality=90, method=4, icc_profile=_srgb(), exif=b"", xmp=b"")
    elif name == "avif":
        image.save(out, "AVIF", quality=80, speed=8, icc_profile=_srgb(), exif=b"", xmp=b"")
    elif name == "jpeg":
        ground = Image.new("RGBA", image.size, matte)
        flat = Image.alpha_composite(ground, image).convert("RGB")
        flat.save(out, "JPEG", quality=92, subsampling=0, optimize=True, icc_profile=_srgb())
    elif name == "ico":
        sizes = [(side, side) for side in ICON_SIZES if side <= min(image.size)]
        image.save(out, "ICO", sizes=sizes or [image.size])
    else:
        raise ValueError(f"unknown format {name!r}; known are {', '.join(FORMATS)}")
    return out.getvalue()


def write(picture: U8, path: Path, *, matte: str = "#ffffff") -> None:
    """Write a picture under a name that says its format; never leaves a half-written file there."""
    data = encoded(picture, format_of(path), matte=matte)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@cache
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
