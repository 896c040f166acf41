"""Writes stills: the avatar engine's formats, and GIF."""

from __future__ import annotations

from pathlib import Path

from studio.avatar.formats import encoded
from studio.render.gif import Palette
from studio.render.planes import U8


def write_still(path: Path, rgba: U8, name: str) -> None:
    """Write one h×w×4 RGBA picture (straight alpha) as png, webp, avif, ico, gif or, on white, jpg."""
    if name == "gif":
        Palette([rgba]).map(rgba).save(path, "GIF", transparency=255)
    else:
        path.write_bytes(encoded(rgba, "jpeg" if name == "jpg" else name))
