from __future__ import annotations

import cv2
import numpy as np

from studio.avatar.pixels import F32, f32
from studio.avatar.propagate import propagate
from studio.avatar.upright import upright
from studio.avatar.witness import colour_odds

SIDE = 256


def scene() -> tuple[F32, F32]:
    """A dark disc on white, and a prior that also takes a white bump at the disc's left for solid."""
    picture = np.full((SIDE, SIDE, 3), 245, np.float32)
    cv2.circle(picture, (128, 128), 70, (30, 30, 60), -1, cv2.LINE_AA)
    prior = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(prior, (128, 128), 70, 1.0, -1, cv2.LINE_AA)
    cv2.circle(prior, (56, 128), 9, 1.0, -1, cv2.LINE_AA)
    return picture, prior


def test_colours_speak_against_a_bump_of_background_and_for_the_rim_of_the_person() -> None:
    odds = colour_odds(*scene())
    assert odds[128, 52] < -0.3
    assert odds[128, 190] > 1
    assert odds[128, 201] < -0.5


def test_colours_say_nothing_far_from_the_outline() -> None:
    odds = colour_odds(*scene())
    assert odds[128, 128] == 0
    assert odds[5, 250] == 0


def test_a_colour_both_sides_know_is_no_evidence() -> None:
    prior = scene()[1]
    assert float(np.abs(colour_odds(np.full((SIDE, SIDE, 3), 120, np.float32), prior)).max()) < 0.3


def test_doubt_takes_the_side_of_the_area_it_lies_in_and_stops_at_the_edge() -> None:
    picture, _ = scene()
    inside = picture[..., 0] < 128
    alpha = np.where(inside, 1.0, 0.0).astype(np.float32)
    alpha[100:140, 40:90] = 0.5
    settled = propagate(picture, f32(alpha))
    assert settled[120, 45] < 0.2
    assert settled[120, 80] > 0.8
    assert settled[128, 128] > 0.99


def test_a_network_sees_a_tilted_picture_upright_and_its_mask_is_turned_back() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[90:110, 60:240] = 255
    turn = cv2.getRotationMatrix2D((150, 100), -20, 1)
    tilted = np.asarray(cv2.warpAffine(picture, turn, (300, 200)), np.uint8)
    seen: list[np.ndarray] = []

    def network(image: np.ndarray) -> F32:
        seen.append(image)
        return f32(image[..., 0]) / np.float32(255)

    mask = upright(network, tilted, (300, 200), 20.0, 160)
    # Upright, the bar lies level: whole rows of it are bright, the rest is dark.
    rows = seen[0][:, 40:120, 0].mean(axis=1)
    assert rows[80] > 240 and rows[60] < 15 and rows[100] < 15
    wanted = cv2.resize(tilted[..., 0], (160, 160)).astype(np.float32) / 255
    assert float(np.abs(mask - wanted).mean()) < 0.03


def test_a_level_picture_is_shown_as_it_is() -> None:
    seen: list[tuple[int, ...]] = []

    def network(image: np.ndarray) -> F32:
        seen.append(image.shape)
        return np.ones((8, 8), np.float32)

    assert upright(network, np.zeros((50, 70, 3), np.uint8), (70, 50), 3.0, 32).shape == (32, 32)
    assert seen == [(50, 70, 3)]
