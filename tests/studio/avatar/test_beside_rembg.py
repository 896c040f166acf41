# Beside rembg's u2netp session with alpha matting: the same network file, photos and size in the same run.
from __future__ import annotations

import importlib
import shutil
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.avatar.matte import person_matte
from studio.avatar.models import FOLDER, U2NET
from studio.avatar.pixels import F32, U8
from tests.studio.avatar import composites
from tests.studio.avatar.test_matte import mesh_of

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        find_spec("rembg") is None,
        reason="rembg is not installed: this comparison wants `pip install rembg[cpu]` beside the project",
    ),
]


def matted(picture: U8) -> F32:
    return person_matte(picture, mesh_of(picture))


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    run()
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start


def test_the_matte_is_nearer_to_the_truth_than_rembg_in_at_most_twice_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # rembg finds the project's own copy of the network and has nothing to fetch.
    shutil.copy(FOLDER / U2NET, tmp_path / "u2netp.onnx")
    monkeypatch.setenv("U2NET_HOME", str(tmp_path))
    monkeypatch.setenv("MODEL_CHECKSUM_DISABLED", "1")
    rembg = importlib.import_module("rembg")
    session = rembg.new_session("u2netp")
    errors, taken = [], []
    for name in composites.NAMES:
        picture, reference = composites.crop(name), composites.truth(name)

        image = Image.fromarray(picture)
        mine, own = timed(partial(matted, picture))
        other, their = timed(partial(rembg.remove, image, session=session, alpha_matting=True))
        cut = np.asarray(other, dtype=np.float32)[..., 3] / np.float32(255)
        errors.append((composites.errors(mine, reference), composites.errors(cut, reference)))
        taken.append((own, their))
    ours, rembgs = np.mean(errors, axis=0)
    times = np.sum(taken, axis=0)
    print(f"ours {ours.round(4)} rembg {rembgs.round(4)}, {times[0] / times[1]:.2f} of its time")
    assert (ours < rembgs).all()
    assert times[0] <= 2 * times[1]
