from __future__ import annotations

import numpy as np
import pytest

from studio.avatar.pixels import f32
from studio.avatar.shapes import SHAPES, coverage, distance, distance_map


@pytest.mark.parametrize("shape", SHAPES)
def test_the_middle_is_inside_and_the_corners_are_outside(shape: str) -> None:
    points = f32([0.5, -0.05, 1.05]), f32([0.5, -0.05, 1.05])
    values = distance(shape, *points)
    assert values[0] < -0.15
    assert (values[1:] > 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shape_fills_its_box_and_stays_in_it(shape: str) -> None:
    mask = coverage(distance_map(shape, 240, 240, (20.0, 20.0, 200.0))) > 127
    ys, xs = np.nonzero(mask)
    assert xs.min() >= 19 and xs.max() <= 220 and ys.min() >= 19 and ys.max() <= 220
    assert max(np.ptp(xs), np.ptp(ys)) >= 196


@pytest.mark.parametrize("shape", SHAPES)
def test_distances_grow_by_one_pixel_per_pixel_near_the_edge(shape: str) -> None:
    values = distance_map(shape, 400, 400, (20.0, 20.0, 360.0))
    slope = np.hypot(*np.gradient(values))
    near = (np.abs(values) < 6) & (np.abs(values) > 1)
    assert np.median(slope[near]) == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("shape", SHAPES)
def test_edges_are_smooth_at_4096_pixels(shape: str) -> None:
    mask = coverage(distance_map(shape, 1024, 1024, (-1500.0, 20.0, 4096.0)))
    partial = (mask > 0) & (mask < 255)
    assert partial.sum() < 12_000


def test_a_circle_is_exact() -> None:
    values = distance("circle", f32([0.5, 1.0, 0.5]), f32([0.0, 0.5, 0.5]))
    assert np.allclose(values, [0, 0, -0.5], atol=1e-6)


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="banana"):
        distance("banana", f32([0.5]), f32([0.5]))
