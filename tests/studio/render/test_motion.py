"""Motions are smooth, start and end where they should, and never show a picture's edge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.render import motion


@given(
    st.sampled_from(motion.KINDS),
    st.floats(0, 1),
    st.floats(0, 600),
    st.integers(16, 4096),
    st.integers(16, 4096),
)
def test_no_edge_ever_shows(kind: str, progress: float, seconds: float, width: int, height: int) -> None:
    scale, across, down = motion.pose(kind, progress, seconds)
    matrix = motion.unmap(scale, (across * width, down * height), (width / 2, height / 2))
    corners = np.array([[-0.5, -0.5, 1], [width - 0.5, height - 0.5, 1]]) @ matrix.T
    assert corners.min() >= -0.5 - 1e-6
    assert (corners[1] <= np.array([width, height]) - 0.5 + 1e-6).all()
    assert scale <= motion.reach(kind) + 1e-9


def test_a_zoom_in_starts_at_rest_and_a_zoom_out_ends_there() -> None:
    assert motion.pose("zoom-in", 0, 0) == (1, 0, 0)
    assert motion.pose("zoom-out", 1, 5) == (1, 0, 0)


@pytest.mark.parametrize("kind", [kind for kind in motion.KINDS if kind != "none"])
def test_a_point_at_the_rim_never_jerks(kind: str) -> None:
    """Second differences of its path over 150 frames at 1080 px stay under 0.05 px."""
    path = []
    for index in range(150):
        scale, across, down = motion.pose(kind, index / 150, index / 30)
        path.append((540 * scale + across * 1080, 540 * scale + down * 1080))
    assert np.abs(np.diff(np.array(path), 2, axis=0)).max() < 0.05


def test_at_rest_the_map_is_the_identity() -> None:
    assert np.allclose(motion.unmap(1.0, (0, 0), (50, 40)), [[1, 0, 0], [0, 1, 0]])


def test_a_denser_source_is_sampled_at_the_same_places() -> None:
    matrix = motion.unmap(1.0, (0, 0), (50, 50), density=2.0)
    assert np.allclose(matrix @ [0, 0, 1], [0.5, 0.5])
