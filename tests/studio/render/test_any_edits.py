"""Whatever is edited in whatever order can be rendered: nothing the edits allow is beyond the renderer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.draft import exportable
from studio.edits import Edit, EditError
from studio.render import Output, render
from studio.render.planes import YUV
from studio.render.stage import Scenery, Stage
from studio.render.timeline import read
from studio.render.video import frame_for, picture_of
from tests.studio.brain.drafts import starts
from tests.studio.render.material import PORTRAIT, save_clip, save_photo
from tests.studio.test_edits import MEDIA, edits

SIDE = 64


@pytest.fixture(scope="module")
def asset() -> Iterator[Callable[[str], Path]]:
    """Every asset of the random drafts: a clip for clips, the portrait for its own, else a photo."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = save_photo(folder / "photo.png", 64, 48)
        clip = save_clip(folder / "clip.mp4")
        own = [item for _, media in starts().values() for item in media]
        kinds = {item.asset: item.file_type for item in (*MEDIA, *own)}
        files = {
            key: clip if kind == "video" else PORTRAIT if "portrait" in key else photo
            for key, kind in kinds.items()
        }
        yield lambda key: files.get(key, photo)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(edits, min_size=200, max_size=200), st.sampled_from(tuple(starts())))
def test_any_sequence_of_two_hundred_edits_leaves_a_draft_that_renders(
    asset: Callable[[str], Path], tmp_path: Path, said: list[Edit], name: str
) -> None:
    whole, own = starts()[name]
    media = (*MEDIA, *(item for item in own if item not in MEDIA))
    for edit in said:
        try:
            whole = edit.apply(whole, media)
        except EditError as error:
            assert error.key
    if not exportable(whole):
        return
    plan = replace(read(whole), width=SIDE, height=SIDE)
    stage = Stage(Scenery(plan, YUV, asset))
    try:
        for moment in (0.0, plan.length / 3, plan.length - 1):
            stage.draw(picture_of(frame_for(SIDE, SIDE)), moment)
    finally:
        stage.close()
    small = Output("png", width=SIDE, height=SIDE, at=int(plan.length / 2))
    assert render(whole, tmp_path / "a.png", small, asset=asset).bytes
