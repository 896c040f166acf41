# Settles the outline by colour: every uncertain pixel is explained as a mixture of a sure foreground
# colour and a sure background colour found nearby (the idea of Gastal and Oliveira, "Shared Sampling for
# Real-Time Alpha Matting", 2010).
from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.avatar.pixels import F32, U8, blur, f32

SURE = 0.9
ERODE = 2
DEEPER = (0, 4, 9)
ASIDE = ((10, 0), (-10, 0), (0, 10), (0, -10))
COLOR_SIGMA = 6.0
PRIOR_SIGMA = 0.2
APART = 30.0

Indices = NDArray[np.intp]


def settle(image: F32, prior: F32) -> F32:
    """Refine an alpha (H×W, 0…1) by the picture's colours (H×W×3, 0…255) where those tell more."""
    front, back = _sure(prior > SURE), _sure(prior < 1 - SURE)
    unknown = ~front & ~back
    if not front.any() or not back.any() or not unknown.any():
        return prior
    rows, columns = np.nonzero(unknown)
    soft = blur(image, 1.0)
    wanted, expected = image[rows, columns], prior[rows, columns]
    fronts = [soft[at] for at in _candidates(front, rows, columns)]
    backs = [soft[at] for at in _candidates(back, rows, columns)]
    total = np.zeros(rows.size, dtype=np.float32)
    weights = np.full(rows.size, 1e-9, dtype=np.float32)
    trust = np.zeros(rows.size, dtype=np.float32)
    for ahead in fronts:
        for behind in backs:
            between = ahead - behind
            length = np.einsum("ij,ij->i", between, between) + 1e-3
            share = np.clip(np.einsum("ij,ij->i", wanted - behind, between) / length, 0, 1)
            miss = wanted - behind - share[:, None] * between
            fit = np.exp(np.einsum("ij,ij->i", miss, miss) / (-2 * COLOR_SIGMA**2)) * (
                length / (length + APART**2)
            )
            weight = fit * np.exp((share - expected) ** 2 / (-2 * PRIOR_SIGMA**2))
            total += weight * share
            weights += weight
            trust += fit
    trust = np.clip(trust * (3.0 / (len(fronts) * len(backs))), 0, 1)
    result = np.where(front, np.float32(1), np.where(back, np.float32(0), prior))
    result[rows, columns] = trust * (total / weights) + (1 - trust) * expected
    return f32(result)


def _sure(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ERODE + 1, 2 * ERODE + 1))
    shrunk: U8 = np.asarray(cv2.erode(mask.astype(np.uint8), kernel), dtype=np.uint8)
    return shrunk > 0


def _candidates(
    known: NDArray[np.bool_], rows: Indices, columns: Indices
) -> Iterator[tuple[Indices, Indices]]:
    """Known pixels for each uncertain one: the nearest, some further in, and the neighbours' nearest."""
    height, width = known.shape
    near_rows, near_columns = _nearest(known)
    row, column = near_rows[rows, columns], near_columns[rows, columns]
    down, right = (row - rows).astype(np.float32), (column - columns).astype(np.float32)
    length = np.maximum(np.hypot(down, right), 1e-6)
    for step in DEEPER:
        deep_row = np.clip(np.rint(row + down / length * step).astype(np.intp), 0, height - 1)
        deep_column = np.clip(np.rint(column + right / length * step).astype(np.intp), 0, width - 1)
        inside = known[deep_row, deep_column]
        yield np.where(inside, deep_row, row), np.where(inside, deep_column, column)
    for dy, dx in ASIDE:
        beside = np.clip(rows + dy, 0, height - 1), np.clip(columns + dx, 0, width - 1)
        yield near_rows[beside], near_columns[beside]


def _nearest(known: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """For every pixel the row and column of the nearest known one."""
    _, labels = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(known)
    lookup = np.zeros((int(np.max(labels)) + 1, 2), dtype=np.intp)
    lookup[labels[rows, columns]] = np.stack([rows, columns], axis=1)
    return lookup[labels, 0], lookup[labels, 1]
