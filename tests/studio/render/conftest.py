"""Shared media of the renderer's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.studio.render import material


@pytest.fixture(scope="session")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`photo` and `second` (pictures), `portrait` (a face), `clip` (1 s, 440 Hz), `mute` (2 s, no sound)."""
    folder = tmp_path_factory.mktemp("media")
    return material.assets(
        photo=material.save_photo(folder / "photo.png"),
        second=material.save_photo(folder / "second.png", 120, 160, seed=5),
        portrait=material.PORTRAIT,
        clip=material.save_clip(folder / "clip.mp4", tone=440),
        mute=material.save_clip(folder / "mute.mp4", seconds=2.0),
    )
