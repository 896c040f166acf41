"""What the edits need to know of an uploaded file: enough to place it, nothing of its pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class MediaItem:
    """One uploaded file; `faces` are x, y, w, h as fractions, left to right, None where unknown."""

    asset: str
    filename: str
    file_type: str
    width: int = 0
    height: int = 0
    duration: float = 0.0
    faces: tuple[Box, ...] | None = None

    @property
    def largest_face(self) -> int:
        """Index of the largest face, 0 when there is none."""
        areas = [w * h for _, _, w, h in self.faces or ()]
        return areas.index(max(areas)) if areas else 0


Media = tuple[MediaItem, ...]


def images(media: Iterable[MediaItem]) -> Media:
    """The pictures among the files, in upload order."""
    return tuple(item for item in media if item.file_type == "image")


def visuals(media: Iterable[MediaItem]) -> Media:
    """Pictures and clips, in upload order."""
    return tuple(item for item in media if item.file_type in ("image", "video"))


def sounds(media: Iterable[MediaItem]) -> Media:
    """The uploaded audio files, in upload order."""
    return tuple(item for item in media if item.file_type == "audio")
