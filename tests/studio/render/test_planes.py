"""Colours, grids and maps between planes agree with FFmpeg's and with each other."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest

from studio.render import planes
from studio.render.planes import YUV


@pytest.mark.parametrize(
    "colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (79, 123, 255)]
)
def test_a_flat_colour_becomes_the_bt709_that_ffmpeg_makes(colour: tuple[int, int, int]) -> None:
    rgb = np.full((32, 32, 3), colour, np.uint8)
    frame = av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(format="yuv420p", dst_colorspace=1)
    theirs = [int(np.frombuffer(memoryview(plane), np.uint8)[0]) for plane in frame.planes]
    ours = [int(plane[8, 8]) for plane in planes.paint(YUV, rgb)]
    assert ours == pytest.approx(theirs, abs=1)


def test_moving_by_whole_pixels_moves_all_planes_alike() -> None:
    random = np.random.default_rng(3)
    rgb = np.repeat(np.repeat(random.integers(0, 256, (20, 20, 3), dtype=np.uint8), 4, 0), 4, 1)
    matrix = np.array([[1.0, 0, 8], [0, 1.0, 4]])
    source = planes.paint(YUV, rgb)
    for plane, grid in zip(source, YUV.grids, strict=True):
        moved = planes.warp(plane, matrix, grid, planes.box_on(grid, (0, 0, 40, 40)))
        x, y = 8 // grid.step, 4 // grid.step
        assert np.array_equal(moved, plane[y : y + 40 // grid.step, x : x + 40 // grid.step])


def test_chroma_keeps_its_place_when_the_picture_grows() -> None:
    """A red field's edge stays under the luma edge, chroma siting included."""
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, 32:] = (200, 0, 0)
    matrix = np.array([[0.5, 0, 16.0], [0, 0.5, 16.0]])
    luma, _, red = (
        planes.warp(plane, matrix, grid, planes.box_on(grid, (0, 0, 64, 64)))
        for plane, grid in zip(planes.paint(YUV, rgb), YUV.grids, strict=True)
    )
    edges = [_edge(luma[32]), 2 * _edge(red[16])]
    assert edges[0] == pytest.approx(edges[1], abs=1.0)


def test_straight_alpha_undoes_premultiplied() -> None:
    frame = np.array([[[50, 25, 0, 128], [0, 0, 0, 0]]], np.uint8)
    assert planes.straight(frame).tolist() == [[[100, 50, 0, 128], [0, 0, 0, 0]]]


def test_a_box_has_even_edges_and_holds_what_is_set() -> None:
    mask = np.zeros((20, 20), bool)
    mask[5:8, 3:10] = True
    assert planes.even_box(mask) == (2, 4, 10, 8)
    assert planes.even_box(np.zeros((4, 4), bool)) == (0, 0, 0, 0)


def test_a_dithered_gradient_keeps_its_mean() -> None:
    flat = np.full((64, 64, 3), 100.5, np.float32)
    assert planes.paint(YUV, flat, dither=True)[0].mean() == pytest.approx(
        planes.BT709[0, :3].sum() * 100.5 + 16, abs=0.1
    )


def _edge(row: np.ndarray) -> float:
    """Where a rising row crosses its middle, in samples."""
    values = row.astype(float)
    middle = (values.max() + values.min()) / 2
    right = int(np.argmax(values > middle))
    return right - (values[right] - middle) / (values[right] - values[right - 1])


@pytest.mark.parametrize("shift", [(0.0, 0.0), (3.25, 0.0), (0.0, 2.5), (1.75, 4.4), (7.999, 0.5)])
def test_a_shift_between_samples_is_what_a_warp_gives(shift: tuple[float, float]) -> None:
    plane = cv2.GaussianBlur(np.random.default_rng(4).integers(0, 256, (60, 60), dtype=np.uint8), (0, 0), 1.5)
    exact = np.array([[1.0, 0, shift[0]], [0, 1.0, shift[1]]])
    nearly = exact + np.array([[1e-7, 0, 0], [0, 1e-7, 0]])
    grid, area = YUV.grids[0], (slice(0, 50), slice(0, 50))
    quick, warped = (planes.warp(plane, matrix, grid, area).astype(int) for matrix in (exact, nearly))
    assert np.abs(quick - warped).max() <= 2


def test_a_shift_beyond_the_plane_repeats_its_edge() -> None:
    plane = np.tile(np.arange(20, dtype=np.uint8) * 10, (20, 1))
    matrix = np.array([[1.0, 0, -2.5], [0, 1.0, 0.0]])
    moved = planes.warp(plane, matrix, YUV.grids[0], (slice(0, 20), slice(0, 20)))
    assert moved[0, :5].tolist() == [0, 0, 0, 5, 15]
