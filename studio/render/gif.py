"""Writes animated GIFs: one palette for all frames, dither that holds still, one transparent colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.render.planes import U8

_CLEAR = 255
_BITS = 5
_DITHER = 14.0
_EYE = np.array([0.55, 0.77, 0.32])


class Palette:
    """255 colours chosen from sample frames, and the way from any colour to the nearest of them."""

    def __init__(self, samples: Sequence[U8]) -> None:
        """`samples` are h×w×4 RGBA uint8, straight alpha; what is transparent does not count."""
        seen = np.concatenate([frame[frame[..., 3] >= 128][:, :3] for frame in samples])
        if not len(seen):
            seen = np.zeros((1, 3), np.uint8)
        seen = seen[:: max(1, len(seen) // 40_000)]
        picture = Image.fromarray(np.ascontiguousarray(seen[None]), "RGB")
        chosen = picture.quantize(_CLEAR, method=Image.Quantize.MEDIANCUT, kmeans=1).getpalette() or [0, 0, 0]
        self.colours = np.array(chosen, np.uint8).reshape(-1, 3)[:_CLEAR]
        self._nearest = self._table()

    def map(self, rgba: U8) -> Image.Image:
        """A frame in these colours, dithered by a fixed pattern; what is mostly transparent becomes so."""
        height, width = rgba.shape[:2]
        pattern = np.tile(_bayer(), (height // 8 + 1, width // 8 + 1))[:height, :width, None] * _DITHER
        level = np.clip(rgba[..., :3] + pattern, 0, 255).astype(np.int32) >> (8 - _BITS)
        index = self._nearest[(level[..., 0] << 2 * _BITS) | (level[..., 1] << _BITS) | level[..., 2]]
        index[rgba[..., 3] < 128] = _CLEAR
        image = Image.fromarray(index, "P")
        image.putpalette(self.colours.tobytes().ljust(768, b"\0"))
        image.info["transparency"] = _CLEAR
        return image

    def _table(self) -> NDArray[np.uint8]:
        side = 1 << _BITS
        axis = (np.arange(side) + 0.5) * (256 / side)
        grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3) * _EYE
        mine = self.colours.astype(np.float64) * _EYE
        far = (grid**2).sum(1)[:, None] - 2 * grid @ mine.T + (mine**2).sum(1)[None]
        return np.asarray(far.argmin(axis=1), np.uint8)


def write_gif(path: Path, frames: Iterator[tuple[U8, int]], palette: Palette) -> None:
    """Write RGBA frames (straight alpha) with their durations in ms, looping for ever."""
    pictures: list[Image.Image] = []
    lengths: list[int] = []
    shape: U8 | None = None
    moves = False
    clock = told = 0
    for rgba, duration in frames:
        pictures.append(palette.map(rgba))
        outline = np.asarray(rgba[..., 3] >= 128, np.uint8)
        moves = moves or (shape is not None and bool((outline != shape).any()))
        shape = outline
        clock += duration
        lengths.append(round(clock / 10) * 10 - told)  # a GIF counts in hundredths of a second
        told += lengths[-1]
    pictures[0].save(
        path, "GIF", save_all=True, append_images=pictures[1:], duration=lengths, loop=0,
        disposal=2 if moves else 1, transparency=_CLEAR, optimize=False,
    )  # fmt: skip


def _bayer() -> NDArray[np.float32]:
    """The 8×8 ordered dither matrix, −0.5 … 0.5."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    return ((matrix + 0.5) / 64 - 0.5).astype(np.float32)
