# The outlines an avatar can have, as signed distances: negative inside, in units of the shape's box.
# The same numbers give the cut, the ring and the shadow at any size, and tell framing whether a head fits.
from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from studio.avatar.pixels import F32, U8, f32, to_u8

SHAPES = ("circle", "rounded", "square", "squircle", "hexagon", "heart", "star")

_GRID = 321
_MARGIN = 0.08


def distance(shape: str, x: F32, y: F32) -> F32:
    """Signed distance of points to the outline; x and y in box units (0…1), negative results lie inside."""
    if shape == "circle":
        return f32(np.hypot(x - 0.5, y - 0.5) - 0.5)
    if shape in ("rounded", "square"):
        radius = 0.2 if shape == "rounded" else 0.0
        dx, dy = np.abs(x - 0.5) - (0.5 - radius), np.abs(y - 0.5) - (0.5 - radius)
        outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
        return f32(outside + np.minimum(np.maximum(dx, dy), 0) - radius)
    if shape not in SHAPES:
        raise ValueError(f"unknown shape {shape!r}; known are {', '.join(SHAPES)}")
    step = (1 + 2 * _MARGIN) / (_GRID - 1)
    flat_x, flat_y = f32((x + _MARGIN) / step), f32((y + _MARGIN) / step)
    grid = _distance_grid(shape)
    looked_up = cv2.remap(
        grid, np.atleast_2d(flat_x), np.atleast_2d(flat_y), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return f32(looked_up).reshape(np.shape(x))


def distance_map(shape: str, width: int, height: int, box: tuple[float, float, float]) -> F32:
    """Signed distance in pixels for every pixel of a canvas; `box` is the shape's left, top and side."""
    left, top, side = box
    x = f32((np.arange(width, dtype=np.float32) + 0.5 - left) / side)
    y = f32((np.arange(height, dtype=np.float32) + 0.5 - top) / side)
    return f32(distance(shape, *_spread(x, y)) * side)


def coverage(distances: F32) -> U8:
    """How much of each pixel lies inside (0…255), from signed distances in pixels."""
    return to_u8((0.5 - distances) * 255.0)


def _spread(x: F32, y: F32) -> tuple[F32, F32]:
    return np.broadcast_to(x, (y.size, x.size)).copy(), np.broadcast_to(y[:, None], (y.size, x.size)).copy()


@cache
def _distance_grid(shape: str) -> F32:
    axis = f32(np.linspace(-_MARGIN, 1 + _MARGIN, _GRID))
    x, y = _spread(axis, axis)
    points, radius = _outline(shape)
    return f32(_polygon_distance(points, x, y) - radius)


def _outline(shape: str) -> tuple[F32, float]:
    """Polygon in box units, and by how much it is to be grown to round its corners."""
    radius: float
    if shape == "hexagon":
        radius = 0.06
        turns = np.arange(6) * np.pi / 3 + np.pi / 2
        corners = np.stack([np.cos(turns), -np.sin(turns)], axis=1)
        return _fitted(corners, radius), radius
    if shape == "star":
        radius = 0.045
        turns = np.arange(10) * np.pi / 5 + np.pi / 2
        tips = np.where(np.arange(10) % 2 == 0, 1.0, 0.64)
        corners = np.stack([tips * np.cos(turns), -tips * np.sin(turns)], axis=1)
        return _fitted(corners, radius), radius
    t = np.linspace(0, 2 * np.pi, 241)[:-1]
    if shape == "heart":
        rise = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
        return _fitted(np.stack([16 * np.sin(t) ** 3, -rise], axis=1), 0.02), 0.02
    # Squircle: the superellipse |x|⁴ + |y|⁴ = 1.
    arm = np.stack(
        [np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.5, np.sign(np.sin(t)) * np.abs(np.sin(t)) ** 0.5], 1
    )
    return _fitted(arm, 0.0), 0.0


def _fitted(points: np.ndarray[tuple[int, ...], np.dtype[np.float64]], radius: float) -> F32:
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (1 - 2 * radius) / float((high - low).max())
    return f32((points - (low + high) / 2) * scale + 0.5)


def _polygon_distance(points: F32, x: F32, y: F32) -> F32:
    """Exact distance to a closed polygon (Quilez, "2D distance functions", sdPolygon)."""
    nearest = np.full(x.shape, np.inf, dtype=np.float32)
    inside = np.zeros(x.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(points, np.roll(points, 1, axis=0), strict=True):
        ex, ey = bx - ax, by - ay
        wx, wy = x - ax, y - ay
        along = np.clip((wx * ex + wy * ey) / max(float(ex * ex + ey * ey), 1e-12), 0, 1)
        nearest = np.minimum(nearest, (wx - ex * along) ** 2 + (wy - ey * along) ** 2)
        crosses = (ay > y) != (by > y)
        inside ^= crosses & (wx < ex * wy / (ey if ey else 1e-12))
    return f32(np.where(inside, -1, 1) * np.sqrt(nearest))
