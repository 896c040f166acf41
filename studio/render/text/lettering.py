"""Draws a title: lines placed on the canvas, set as SVG text by resvg, outlined and softly shadowed.

Each run of one font is a text element of its own: resvg shapes every span of an element with every font
in it, which goes wrong (down to a panic) where one of them joins characters and another does not.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import product
from typing import Protocol

import cv2
import numpy as np
import resvg_py
from PIL import Image

from studio.render.errors import RenderError
from studio.render.planes import U8, f32
from studio.render.text import fonts
from studio.render.text.clusters import Cluster, clusters
from studio.render.text.lines import Line, break_lines, longest_word

LEADING = 1.24
_SIDE, _EDGE, _TALL_EDGE = 0.06, 0.065, 0.12
_ASCENT, _DESCENT = 0.95, 0.28
_MOST_HEIGHT = 0.8
_OUTLINE = 0.085
_SPACE = 0.26
_LEAST_SHRUNK = 0.5
_SMALLER = (1.0, 0.9, 0.8, 0.7, 0.6)
_NARROWER = (1.0, 0.75, 0.55, 0.4)


@dataclass(frozen=True, slots=True)
class Lettering:
    """A title's picture, RGBA uint8 with straight alpha, and where its upper left corner lies."""

    picture: U8
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of one font beside each other, and their width in ems."""

    text: str
    font: fonts.Font
    width: float
    rtl: bool


class Roomy(Protocol):
    """Where on the canvas a box may lie, near where it should."""

    def place(
        self, left: int, top: int, wide: int, tall: int, *, sideways: bool
    ) -> tuple[int, int] | None: ...


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of runs and the size they are set in, in pixels."""

    rows: list[list[_Run]]
    em: float

    @property
    def wide(self) -> int:
        return round(max(sum(run.width for run in row) for row in self.rows) * self.em)

    @property
    def tall(self) -> int:
        return round((_ASCENT + _DESCENT + LEADING * (len(self.rows) - 1)) * self.em)


def letter(
    text: str,
    position: str,
    size: float,
    colour: tuple[int, int, int],
    width: int,
    height: int,
    room: Roomy | None = None,
) -> Lettering | None:
    """Set a text on a width × height canvas; `size` is a fraction of the shorter side.

    The size shrinks when the text would not fit into the safe area. With a `room`, the text moves there,
    in more or smaller lines where it must; it stays where it is when nothing helps. None: nothing of it can
    be drawn.
    """
    em = max(4.0, size * min(width, height))
    paragraphs = [clusters(line) for line in text.replace("\r\n", "\n").splitlines()]
    widest = width * (1 - 2 * _SIDE)
    plain = _set(paragraphs, em, widest, height)
    if plain is None:
        return None
    corner = _place(position, plain.wide, plain.tall, width, height)
    best: tuple[float, _Block, tuple[int, int]] | None = None
    for smaller, narrower in product(_SMALLER, _NARROWER) if room is not None else ():
        block = _set(paragraphs, em * smaller, widest * narrower, height)
        if room is None or block is None or block.em < em * smaller * _LEAST_SHRUNK:
            continue
        wanted = _place(position, block.wide, block.tall, width, height)
        found = room.place(*wanted, block.wide, block.tall, sideways="-" in position)
        if found is None:
            continue
        # What counts is how much further the text reaches towards the face, and how small it becomes.
        reach = {
            "top": found[1] + block.tall - corner[1] - plain.tall,
            "bottom": corner[1] - found[1],
        }.get(position.partition("-")[0], abs(found[1] - wanted[1]))
        moved = (abs(found[0] - wanted[0]) * ("-" in position) + max(reach, 0)) / height
        loss = moved + (1 - block.em / plain.em) * 0.45 + 0.01 * (len(block.rows) - len(plain.rows))
        if best is None or loss < best[0]:
            best = loss, block, found
    if best is not None:
        return _drawn(best[1], best[2], position, colour, width, height)
    return _drawn(plain, corner, position, colour, width, height)


def _set(paragraphs: Sequence[tuple[Cluster, ...]], em: float, room: float, height: int) -> _Block | None:
    """The text in lines no wider than the room, smaller where it has to be."""
    longest = max((longest_word(paragraph) for paragraph in paragraphs), default=0.0)
    if longest * em > room:
        em = max(em * _LEAST_SHRUNK, room / longest)
    lines = _fitted(paragraphs, room / em)
    while lines and len(lines) * em * LEADING > height * _MOST_HEIGHT and em > 4:
        em *= 0.94
        lines = _fitted(paragraphs, room / em)
    if not lines:
        return None
    rows = [_runs(line) for line in lines]
    return _Block(rows, min(em, *(room / sum(run.width for run in row) for row in rows)))


def _fitted(paragraphs: Sequence[tuple[Cluster, ...]], room: float) -> list[Line]:
    return [line for paragraph in paragraphs for line in break_lines(paragraph, max(room, 1.0))]


def _runs(line: Line) -> list[_Run]:
    runs: list[list[Cluster]] = []
    for cluster in line:
        if runs and _together(runs[-1], cluster):
            runs[-1].append(cluster)
        else:
            runs.append([cluster])
    return _ordered([_run(run) for run in runs])


def _ordered(runs: list[_Run]) -> list[_Run]:
    """The runs of a line from left to right: those of a right-to-left script turned round, words included.

    A line that begins in such a script goes from right to left as a whole (of UAX #9, what titles need).
    """
    turned = next((run.rtl for run in runs if run.text.strip()), False)
    result: list[_Run] = []
    group: list[_Run] = []
    for run in reversed(runs) if turned else runs:
        # Words of the line's other direction keep their own order among themselves.
        if (run.rtl != turned and run.text.strip()) or (group and run.text.isspace()):
            group.append(run)
            continue
        result += _turned(group)
        group = []
        result.append(run)
    return result + _turned(group)


def _turned(group: list[_Run]) -> list[_Run]:
    """A group of runs the other way round, but for the spaces at its end."""
    last = len(group)
    while last and group[last - 1].text.isspace():
        last -= 1
    return group[:last][::-1] + group[last:]


def _together(run: list[Cluster], after: Cluster) -> bool:
    """Whether a cluster goes on with a run; spaces between words of other scripts stand alone."""
    if run[-1].font != after.font or run[0].space:
        return False
    return run[0].font == fonts.latin() or not after.space


def _run(run: list[Cluster]) -> _Run:
    text = "".join(cluster.text for cluster in run)
    font = run[0].font
    simple = font in (fonts.latin(), fonts.emoji()) or font.family.startswith("Noto Sans CJK")
    joined = any("\u200d" in cluster.text or ord(cluster.text[-1]) > 0xE0000 for cluster in run)
    width = sum(cluster.width for cluster in run) if simple and not joined else _advance(text, font)
    return _Run(text, font, max(width, 0.1), any(cluster.rtl for cluster in run))


@lru_cache(maxsize=256)
def _advance(text: str, font: fonts.Font) -> float:
    """The width in ems of a run whose characters join or stack, found by drawing it."""
    em = 40
    wide = round((len(text) + 4) * em * 1.6)
    body = f'<text x="0" y="{em * 2}" font-size="{em}" {_family(font)}>{escape(text)}</text>'
    ink = _raster(body, wide, em * 3, [font])[..., 3].any(axis=0)
    return float(np.flatnonzero(ink)[-1] + 2) / em if ink.any() else _SPACE


def _drawn(
    block: _Block,
    corner: tuple[int, int],
    position: str,
    colour: tuple[int, int, int],
    width: int,
    height: int,
) -> Lettering:
    rows, em = block.rows, block.em
    pad = max(4, round(em * 0.45))
    row_widths = [sum(run.width for run in row) * em for row in rows]
    inner = max(row_widths)
    box_width, box_height = (2 * round((length + 2 * pad) / 2 + 0.5) for length in (block.wide, block.tall))
    left, top = corner
    align = "left" if "left" in position else "right" if "right" in position else "center"
    body, used = [], []
    for index, (row, row_width) in enumerate(zip(rows, row_widths, strict=True)):
        gap = {"left": 0.0, "right": inner - row_width, "center": (inner - row_width) / 2}[align]
        x, y = pad + gap, pad + (_ASCENT + LEADING * index) * em
        for run in row:
            body.append(_text(run, x, y))
            used.append(run.font)
            x += run.width * em
    light = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2] > 110
    edge = "#0b0d16" if light else "#ffffff"
    fill = "#{:02x}{:02x}{:02x}".format(*colour)
    group = (
        f'<g font-size="{em:.3f}" fill="{fill}" stroke="{edge}" stroke-opacity="0.82" '
        f'stroke-width="{_OUTLINE * em:.3f}" stroke-linejoin="round" paint-order="stroke">{"".join(body)}</g>'
    )
    picture = _shadowed(_raster(group, box_width, box_height, used), em, light)
    return _inside(picture, left - pad, top - pad, width, height)


def _text(run: _Run, x: float, y: float) -> str:
    plain = ' stroke="none"' if not run.font.weight else ""
    place = f'x="{x:.2f}" y="{y:.2f}" xml:space="preserve"'
    return f"<text {place} {_family(run.font)}{plain}>{escape(run.text)}</text>"


def _family(font: fonts.Font) -> str:
    return f'font-family="{font.family}" font-weight="{font.weight or 400}"'


def _place(position: str, inner: int, tall: int, width: int, height: int) -> tuple[int, int]:
    side = round(width * _SIDE)
    edge = round(height * (_TALL_EDGE if height > 1.5 * width else _EDGE))
    left = (
        side if "left" in position else width - side - inner if "right" in position else (width - inner) // 2
    )
    if position.startswith("top"):
        return left, edge
    if position.startswith("bottom"):
        return left, height - edge - tall
    return left, (height - tall) // 2


def _shadowed(picture: U8, em: float, light: bool) -> U8:
    """The picture over a soft shadow (or, for dark letters, a soft glow) of its own shape."""
    alpha = f32(picture[..., 3]) / np.float32(255)
    near = cv2.GaussianBlur(alpha, (0, 0), max(0.6, em * 0.10))
    moved = cv2.warpAffine(near, np.array([[1, 0, 0], [0, 1, em * 0.03]]), (alpha.shape[1], alpha.shape[0]))
    shade = np.clip(f32(moved) * 0.62, 0, 1)
    tone = 0.0 if light else 255.0
    total = alpha + shade * (1 - alpha)
    colour = (
        f32(picture[..., :3]) * alpha[..., None] + tone * (shade * (1 - alpha))[..., None]
    ) / np.maximum(total, 1e-6)[..., None]
    return np.asarray(np.clip(np.rint(np.dstack([colour, total * 255])), 0, 255), dtype=np.uint8)


def _inside(picture: U8, left: int, top: int, width: int, height: int) -> Lettering:
    """The part of the picture that lies on the canvas, with even edges, as 4:2:0 planes want them."""
    left, top = left & ~1, top & ~1
    cut_left, cut_top = max(0, -left), max(0, -top)
    shown = picture[cut_top : (height & ~1) - top, cut_left : (width & ~1) - left]
    return Lettering(np.ascontiguousarray(shown), left + cut_left, top + cut_top)


def _raster(body: str, width: int, height: int, used: Sequence[fonts.Font]) -> U8:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{body}</svg>'
    files = sorted({str(font.path) for font in used})
    try:
        data = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files)
    except BaseException as error:
        # A panic of the Rust library is no Exception; anything else of that rank is not for this place.
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
        raise RenderError("the title cannot be drawn") from error
    with Image.open(io.BytesIO(bytes(data))) as image:
        return np.asarray(image.convert("RGBA"))
