"""Style and light of a clip: the avatar engine's, frame by frame, on a picture that is no portrait."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.avatar.features import find_features
from studio.avatar.light import adjusted
from studio.avatar.pixels import to_u8
from studio.avatar.recipe import read_recipe
from studio.avatar.styles import Scene, apply_style
from studio.render import fields
from studio.render.errors import RenderError
from studio.render.planes import U8, f32
from studio.render.timeline import Shot

Finish = Callable[[U8], U8]


def finish(shot: Shot) -> Finish | None:
    """What a segment's `style`, `strength` and `adjust` do to an h×w×3 RGB picture; None: nothing."""
    path = f"{shot.path}.m"
    wanted = {key: shot.meta[key] for key in ("style", "strength") if shot.meta.get(key) is not None}
    try:
        look = read_recipe(wanted, fields.mapping(shot.meta.get("adjust"), f"{path}.adjust"))
    except (ValueError, TypeError) as error:
        raise RenderError(str(error), path=path) from error
    if look.adjust.neutral and (look.style == "none" or look.strength <= 0):
        return None

    def apply(picture: U8) -> U8:
        height, width = picture.shape[:2]
        everything = np.ones((height, width), np.float32)
        features = find_features((), f32(np.eye(2, 3)), width, height)
        bright = adjusted(Scene(f32(picture), everything, features), look.adjust)
        return to_u8(apply_style(look.style, Scene(bright, everything, features), look.strength))

    return apply
