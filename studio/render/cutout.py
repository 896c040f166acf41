"""The avatar as a scene: the person moves inside a shape whose ring, shadow and surroundings stand still."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.render import motion, planes
from studio.render.enlarge import FINER, MARGIN
from studio.render.planes import F32, RGBA, U8, Layout, Picture, Weights, f32


class LayersLike(Protocol):
    """The avatar engine's layers, all h×w uint8: RGBA pictures of straight alpha, the shape's coverage."""

    @property
    def content(self) -> U8: ...
    @property
    def mask(self) -> U8: ...
    @property
    def under(self) -> U8: ...
    @property
    def over(self) -> U8: ...


@dataclass(frozen=True, slots=True)
class _Band:
    """Where one plane of a box shows content only (255), and the mixed pixels: places and weights."""

    inside: U8
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    share: F32
    rest: F32


class Cutout:
    """Draws one avatar."""

    def __init__(self, layout: Layout, layers: LayersLike, backdrop: F32 | None, kind: str) -> None:
        """`backdrop` is what lies around, h×w×3 RGB float32 in 0…255; None: nothing does."""
        self._layout, self._kind = layout, kind
        mask = f32(layers.mask) / np.float32(255)
        over_alpha = f32(layers.over[..., 3]) / np.float32(255)
        alpha = f32(layers.content[..., 3]) / np.float32(255)
        shown = (1 - over_alpha) * mask
        self._box = planes.even_box(shown > 0)
        opaque = bool((layers.content[..., 3][layers.mask > 0] == 255).all())
        self._back = _surroundings(layout, layers, backdrop, mask, alpha, over_alpha)
        colour = layers.content[..., :3] if opaque else bleed(layers.content)
        self._density = 1.0
        if layout is not RGBA and motion.scales(kind):  # a still is the engine's own picture
            colour, self._density = _finer(colour, motion.reach(kind) * FINER)
        self._content = planes.margined(planes.paint(layout, colour), layout)
        self._weights = _cut(layout, planes.weigh(layout, shown), self._box)
        self._bands = tuple(_band(weight, layout.channels) for weight in self._weights) if opaque else ()
        self._alpha: Weights = () if opaque else planes.weigh(layout, alpha)
        height, width = mask.shape
        left, top, right, bottom = self._box
        self._size = (width, height)
        self._centre = ((left + right) / 2, (top + bottom) / 2)

    def draw(self, frame: Picture, progress: float, seconds: float) -> None:
        """Fill the whole frame with the avatar at a moment."""
        for target, back in zip(frame, self._back, strict=True):
            np.copyto(target, back)
        if self._box[2] <= self._box[0]:
            return
        scale, across, down = motion.pose(self._kind, progress, seconds)
        shift = (across * self._size[0], down * self._size[1])
        matrix = motion.unmap(scale, shift, self._centre)
        fine = matrix if self._density == 1 else motion.unmap(scale, shift, self._centre, self._density)
        for index, grid in enumerate(self._layout.grids):
            area = planes.box_on(grid, self._box)
            target = frame[index][area]
            share = None
            if not self._bands:
                share = planes.warp(self._alpha[index], matrix, grid, area) * self._weights[index]
            moved = planes.warp(self._content[index], fine, grid, area, margin=MARGIN)
            if share is None:
                _lay(moved, target, self._bands[index])
            else:
                np.copyto(target, cv2.blendLinear(moved, np.ascontiguousarray(target), share, 1 - share))

    def close(self) -> None:
        """Nothing is held open."""


def _finer(picture: U8, density: float) -> tuple[U8, float]:
    """The picture with about that many samples for each of its own, and how many they are."""
    height, width = picture.shape[:2]
    # Sides grow alike and stay even, or else one ratio would not serve for both.
    step = math.gcd(width, height)
    wide, high = width // step, height // step
    even = [parts for parts in range(step, 2 * step) if parts * wide % 2 == parts * high % 2 == 0]
    parts = min(even, key=lambda parts: abs(parts / step - density), default=step)
    size = (wide * parts, high * parts)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8), parts / step


def bleed(rgba: U8) -> U8:
    """RGB uint8 whose transparent pixels take the colour of opaque ones nearby, so that edges move clean."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    colour = rgba[..., :3].astype(np.float32)
    filled, weight = colour * alpha, alpha[..., 0]
    result = np.where(alpha > 0.5, colour, 0)
    known = (alpha > 0.5).astype(np.float32)[..., 0]
    for sigma in (1.5, 4, 12, 40):
        spread = cv2.GaussianBlur(filled, (0, 0), sigma)
        reach = cv2.GaussianBlur(weight, (0, 0), sigma)
        near = (reach > 0.01) & (known == 0)
        result[near] = spread[near] / reach[near, None]
        known[near] = 1
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def _surroundings(
    layout: Layout, layers: LayersLike, backdrop: F32 | None, mask: F32, alpha: F32, over_alpha: F32
) -> Picture:
    """What shows where the content does not, with the content's own share taken out of mixed pixels."""
    under_alpha = layers.under[..., 3:].astype(np.float32) / 255
    below = layers.under[..., :3] * under_alpha
    below_alpha = under_alpha
    if backdrop is not None:
        below = below + backdrop * (1 - under_alpha)
        below_alpha = np.ones_like(under_alpha)
    ring = over_alpha[..., None]
    covered = (mask * alpha)[..., None]
    rest = (1 - ring) * (1 - covered)
    room = np.maximum(ring + rest, 1e-3)
    colour = (layers.over[..., :3] * ring + below * rest) / room
    coverage = (ring + below_alpha * rest) / room
    # Deep inside, nothing but content shows; what lies below is kept there for pixels that a motion uncovers.
    hidden = (ring + rest) < 2e-3
    colour, coverage = np.where(hidden, below, colour), np.where(hidden, below_alpha, coverage)
    if layout is RGBA:
        return (np.clip(np.rint(np.dstack([colour, coverage * 255])), 0, 255).astype(np.uint8),)
    return planes.paint(layout, colour.astype(np.float32), dither=True)


def _cut(layout: Layout, weights: Weights, box: tuple[int, int, int, int]) -> Weights:
    return tuple(
        np.ascontiguousarray(weight[planes.box_on(grid, box)])
        for weight, grid in zip(weights, layout.grids, strict=True)
    )


def _band(weight: F32, channels: int) -> _Band:
    inside = (weight >= 0.998).astype(np.uint8) * 255
    rows, columns = np.nonzero((weight > 0.002) & (weight < 0.998))
    share = weight[rows, columns]
    if channels > 1:
        share = share[:, None]
    return _Band(inside, rows, columns, share, 1 - share)


def _lay(moved: U8, target: U8, band: _Band) -> None:
    """Copy what lies inside into the target and mix the edge, whose pixels are few."""
    mixed = moved[band.rows, band.columns] * band.share
    mixed += target[band.rows, band.columns] * band.rest
    cv2.copyTo(moved, band.inside, target)
    target[band.rows, band.columns] = np.rint(mixed).astype(np.uint8)
