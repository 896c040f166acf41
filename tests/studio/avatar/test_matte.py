from __future__ import annotations

import cv2
import numpy as np
import pytest

from studio.avatar.face import detect_faces, largest
from studio.avatar.matte import person_matte, quick_matte
from studio.avatar.mesh import Mesh, find_mesh
from studio.avatar.models import salient_mask, selfie_mask
from studio.avatar.pixels import CUBIC, F32, U8, f32, resize_f32
from tests.studio.avatar import composites

FEW = ("checks", "foliage", "city")


def mesh_of(picture: U8) -> Mesh:
    faces = detect_faces(picture)
    return find_mesh(picture, faces[largest(faces)])


def grown(mask: F32) -> F32:
    return f32(np.clip(resize_f32(mask, composites.SIDE, composites.SIDE, CUBIC), 0, 1))


def measured(names: tuple[str, ...] | None) -> dict[str, np.ndarray]:
    """Per background: [ours, the selfie mask alone, U²-Net light alone] × [mean error, error in the band]."""
    rows: dict[str, np.ndarray] = {}
    for background, behind in composites.backgrounds():
        if names is not None and background not in names:
            continue
        both = []
        for name in composites.NAMES:
            picture, reference = composites.composite(name, behind), composites.truth(name)
            tried = (
                person_matte(picture, mesh_of(picture)),
                grown(selfie_mask(picture)),
                grown(salient_mask(picture)),
            )
            both.append([composites.errors(alpha, reference) for alpha in tried])
        rows[background] = np.mean(both, axis=0)
    return rows


def test_over_three_backgrounds_the_matte_is_nearer_to_the_truth_than_either_network() -> None:
    rows = np.mean(list(measured(FEW).values()), axis=0)
    assert rows[0][0] <= 0.010
    assert (rows[0] < rows[1]).all()
    assert (rows[0] < rows[2]).all()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_over_thirty_backgrounds_the_matte_beats_both_and_never_loses_by_much() -> None:
    rows = measured(None)
    assert len(rows) == 30
    ours, selfie, salient = np.mean(list(rows.values()), axis=0)
    print(f"ours {ours.round(4)} selfie {selfie.round(4)} salient {salient.round(4)}")
    assert ours[0] <= 0.010
    assert ours[1] <= 0.035
    assert (ours < selfie).all()
    assert (ours < salient).all()
    for background, (own, first, second) in rows.items():
        assert own[0] <= 1.2 * min(first[0], second[0]), background


def test_the_flag_behind_the_admiral_is_left_out() -> None:
    picture, reference = composites.crop("grace_hopper"), composites.truth("grace_hopper")
    mean, band = composites.errors(person_matte(picture, mesh_of(picture)), reference)
    assert mean <= 0.008
    assert band <= 0.045


def test_a_tilted_head_leaves_the_flag_behind_as_well() -> None:
    turn = cv2.getRotationMatrix2D((512, 512), 15, 1)

    def tilted(picture: F32 | U8) -> np.ndarray:
        return np.asarray(cv2.warpAffine(picture, turn, (1024, 1024), borderMode=cv2.BORDER_REFLECT))

    picture, reference = tilted(composites.crop("grace_hopper")), tilted(composites.truth("grace_hopper"))
    mean, band = composites.errors(person_matte(picture, mesh_of(picture)), f32(reference))
    assert mean <= 0.015
    assert band <= 0.075


def test_the_face_is_solid_and_the_far_background_is_gone(portrait: tuple[str, U8]) -> None:
    _, photo = portrait
    mesh = mesh_of(photo)
    alpha = person_matte(photo, mesh)
    inner = f32(mesh.oval.mean(axis=0) + (mesh.oval - mesh.oval.mean(axis=0)) * 0.9).astype(int)
    assert min(alpha[y, x] for x, y in inner) > 0.97
    assert alpha[5, 5] < 0.02
    assert alpha[5, -5] < 0.02


def test_the_quick_matte_agrees_with_the_good_one_on_most_of_the_picture(portrait: tuple[str, U8]) -> None:
    _, photo = portrait
    assert float(np.abs(quick_matte(photo) - person_matte(photo, mesh_of(photo))).mean()) < 0.05


def test_a_neighbour_is_left_out(hopper: U8, collins: U8) -> None:
    left = np.ascontiguousarray(hopper[88:600])
    both = np.concatenate([left, collins], axis=1)
    faces = detect_faces(both)
    assert len(faces) == 2
    first, second = (find_mesh(both, face) for face in faces)
    alpha = person_matte(both, first, (second,))
    own, other = first.oval.mean(axis=0).astype(int), second.oval.mean(axis=0).astype(int)
    assert alpha[own[1], own[0]] > 0.95
    assert alpha[other[1], other[0]] < 0.05
