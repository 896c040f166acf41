"""Pure edits on a draft: frozen data, applied whole or refused with a reason."""

from __future__ import annotations

from studio.edits.base import Edit, EditError
from studio.edits.canvas import Rename, SetCanvas
from studio.edits.look import SetBackground, SetRing, SetShadow, SetShape, SetStyle
from studio.edits.make import (
    ChangeIllustration,
    EveryPhoto,
    MakeAvatar,
    MakeIllustration,
    MakeSlideshow,
    UsePhoto,
)
from studio.edits.media import Media, MediaItem, images, sounds, visuals
from studio.edits.music import RemoveMusic, SetFade, SetMusic, SetVolume
from studio.edits.picture import Adjust, SetFace, SetMotion, SetZoom, Shift
from studio.edits.sequence import Append, Move, Remove, Reverse, SetTransition, Swap
from studio.edits.timing import SetLength, SetSegmentLength, SetSpeed, Trim
from studio.edits.title import AddTitle, ChangeTitle, RemoveTitle

__all__ = [
    "AddTitle",
    "Adjust",
    "Append",
    "ChangeIllustration",
    "ChangeTitle",
    "Edit",
    "EditError",
    "EveryPhoto",
    "MakeAvatar",
    "MakeIllustration",
    "MakeSlideshow",
    "Media",
    "MediaItem",
    "Move",
    "Remove",
    "RemoveMusic",
    "RemoveTitle",
    "Rename",
    "Reverse",
    "SetBackground",
    "SetCanvas",
    "SetFace",
    "SetFade",
    "SetLength",
    "SetMotion",
    "SetMusic",
    "SetRing",
    "SetSegmentLength",
    "SetShadow",
    "SetShape",
    "SetSpeed",
    "SetStyle",
    "SetTransition",
    "SetVolume",
    "SetZoom",
    "Shift",
    "Swap",
    "Trim",
    "UsePhoto",
    "images",
    "sounds",
    "visuals",
]
