"""Turns a shot into something that draws, reading its photo or clip; names the segment that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.avatar.engine import layers
from studio.avatar.face import detect_faces
from studio.avatar.photo import PhotoError, load_photo
from studio.avatar.pixels import resize_u8
from studio.avatar.restyle import restyle
from studio.render import backdrop, fields
from studio.render.clip import Clip
from studio.render.cutout import Cutout
from studio.render.errors import RenderError
from studio.render.finish import finish
from studio.render.planes import U8, Layout
from studio.render.still import Still, fits_whole
from studio.render.timeline import Shot

Asset = Callable[[str], Path]
_SEARCHED = 540


def build(
    shot: Shot, layout: Layout, canvas: tuple[int, int], asset: Asset, *, transparent: bool
) -> Cutout | Still | Clip:
    """Prepare a shot for the canvas (width, height); raises RenderError with the segment's path."""
    width, height = canvas
    if shot.kind == "clip":
        path = located(shot.asset, asset, shot.path)
        return Clip(layout, path, width, height, shot, finish(shot))
    if shot.kind == "photo":
        whole = _restyled(shot, asset)
        return Still(layout, whole, width, height, shot.motion, focus=focus(whole, width, height))
    where = f"{shot.path}.m.avatar"
    recipe = fields.mapping(shot.meta.get("avatar"), where)
    adjust = fields.mapping(shot.meta.get("adjust"), f"{shot.path}.m.adjust")
    image = _backdrop_image(recipe, asset, where)
    picture = None if shot.kind == "illustration" else photo(shot.asset, asset, shot.path)
    try:
        if picture is None:
            # On first use: its packages cost 0.1 s that photos do not need.
            from studio.avatar.illustration import illustrate

            drawing = fields.mapping(shot.meta.get("illustration"), f"{shot.path}.m.illustration")
            parts = illustrate(drawing, recipe, width, height, adjust=adjust, backdrop_image=image)
        else:
            parts = layers(
                picture, recipe, width, height, adjust=adjust, cache_key=shot.asset, backdrop_image=image
            )
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise RenderError(str(error), path=where) from error
    field = None
    if not transparent:
        field = backdrop.field(backdrop.colours(recipe, parts.content, where), width, height)
    return Cutout(layout, parts, field, shot.motion)


def focus(picture: U8, width: int, height: int) -> tuple[float, float]:
    """The place a photo is cropped round, in fractions: its faces, which are looked for when much is cut."""
    high, wide = picture.shape[:2]
    if abs(wide * height - high * width) < 0.08 * high * width or fits_whole(wide, high, width, height):
        return 0.5, 0.5
    # Faces that matter to a crop are large: a small picture finds them at a quarter of the time.
    scale = min(1.0, _SEARCHED / max(high, wide))
    faces = detect_faces(resize_u8(picture, round(wide * scale) or 1, round(high * scale) or 1))
    weights = [face.w * face.h for face in faces]
    if not sum(weights):
        return 0.5, 0.5
    across = sum((face.x + face.w / 2) * weight for face, weight in zip(faces, weights, strict=True))
    down = sum((face.y + face.h / 2) * weight for face, weight in zip(faces, weights, strict=True))
    # A face looks best a little above the middle.
    return across / sum(weights), down / sum(weights) + 0.08


def photo(key: str, asset: Asset, path: str) -> NDArray[np.uint8]:
    """The photo behind an asset's hash as h×w×3 RGB uint8; raises RenderError."""
    try:
        return load_photo(located(key, asset, path))
    except PhotoError as error:
        raise RenderError(f"its photo cannot be read: {error}", path=path) from error
    except OSError as error:
        raise RenderError(f"its photo cannot be opened: {error.strerror or error}", path=path) from error


def _restyled(shot: Shot, asset: Asset) -> NDArray[np.uint8]:
    """The shot's photo in its own style and light."""
    picture = photo(shot.asset, asset, shot.path)
    adjust = fields.mapping(shot.meta.get("adjust"), f"{shot.path}.m.adjust")
    try:
        return restyle(picture, str(shot.meta.get("style") or "none"), shot.meta.get("strength", 1.0), adjust)
    except ValueError as error:
        raise RenderError(str(error), path=shot.path) from error


def located(key: str, asset: Asset, path: str) -> Path:
    """The file of an asset; raises RenderError when the draft names none or it is gone."""
    if not key:
        raise RenderError("the segment names no photo, clip or sound", path=path)
    try:
        found = asset(key)
    except (LookupError, OSError, ValueError) as error:
        raise RenderError(f"its file {key[:16]!a} is missing", path=path) from error
    if not found.is_file():
        raise RenderError(f"its file {key[:16]!a} is missing", path=path)
    return found


def _backdrop_image(recipe: Mapping[str, object], asset: Asset, path: str) -> NDArray[np.uint8] | None:
    background = fields.mapping(recipe.get("background"), f"{path}.background")
    if background.get("kind") != "image":
        return None
    return photo(fields.text(background, "asset", f"{path}.background"), asset, f"{path}.background")
