"""Which person an avatar shows: counted from either side, never beyond those there are."""

from __future__ import annotations

import pytest

from studio.draft import empty_draft, validate
from studio.edits import EditError, MakeAvatar
from studio.edits.media import MediaItem
from studio.edits.picture import SetFace

BOX = (0.1, 0.1, 0.1, 0.1)


def group(faces: tuple[tuple[float, float, float, float], ...] | None) -> MediaItem:
    return MediaItem("a" * 64, "group.jpg", "image", 900, 600, 0.0, faces)


def chosen(face: int, faces: tuple[tuple[float, float, float, float], ...] | None) -> object:
    media = (group(faces),)
    draft = SetFace(face=face).apply(MakeAvatar().apply(empty_draft(), media), media)
    validate(draft)
    return draft["t"][0]["sg"][0]["m"]["avatar"]["face"]


def test_a_person_counted_from_the_right_is_kept_as_an_index_from_the_left() -> None:
    assert chosen(-2, (BOX,) * 5) == 3
    assert chosen(-1, (BOX,) * 5) == -1


@pytest.mark.parametrize("face", [5, -6])
def test_a_person_who_is_not_there_is_refused_with_the_count(face: int) -> None:
    with pytest.raises(EditError) as refused:
        chosen(face, (BOX,) * 5)
    assert refused.value.args


@pytest.mark.parametrize("face", [-7, 5000])
def test_without_a_count_only_the_rightmost_is_counted_from_the_right(face: int) -> None:
    with pytest.raises(EditError):
        chosen(face, None)
