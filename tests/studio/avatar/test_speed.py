# Speed as ratios to one inference of the larger network in the same run, and memory of a fresh process.
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.avatar.engine import flatten, layers
from studio.avatar.models import salient_mask
from studio.avatar.pixels import U8, resize_u8
from studio.avatar.sheet import contact_sheet
from studio.avatar.variants import variants
from studio.draft import STYLES
from tests.studio.avatar.conftest import ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
LOOK = {
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
    "shadow": True,
}


def best(run: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


@pytest.fixture(scope="module")
def twelve_megapixels(collins: U8) -> U8:
    return resize_u8(collins, 3464, 3464)


@pytest.fixture(scope="module")
def inference(twelve_megapixels: U8) -> float:
    small = resize_u8(twelve_megapixels, 320, 320)
    salient_mask(small)
    return best(lambda: salient_mask(small))


def test_a_picture_from_a_new_photo_costs_at_most_three_inferences(
    twelve_megapixels: U8, inference: float
) -> None:
    layers(twelve_megapixels, LOOK, 1024, 1024)
    taken = best(lambda: flatten(layers(twelve_megapixels, LOOK, 1024, 1024)), 3)
    print(f"{taken / inference:.2f} inferences, {taken:.3f} s")
    assert taken <= 3 * inference


def test_a_preview_costs_less_than_an_inference(twelve_megapixels: U8, inference: float) -> None:
    taken = best(lambda: flatten(layers(twelve_megapixels, LOOK, 256, 256, quick=True)), 3)
    print(f"{taken / inference:.2f} inferences, {taken:.3f} s")
    assert taken <= inference


@pytest.mark.parametrize("style", STYLES)
def test_another_style_of_the_same_photo_costs_about_an_inference(
    twelve_megapixels: U8, inference: float, style: str
) -> None:
    look = {**LOOK, "style": style}
    layers(twelve_megapixels, look, 1024, 1024, cache_key="speed")
    taken = best(lambda: flatten(layers(twelve_megapixels, look, 1024, 1024, cache_key="speed")), 3)
    print(f"{style}: {taken / inference:.2f} inferences, {taken:.3f} s")
    # 250 ms on the reference machine are 1.1 inferences; painting takes 1.4 of them as yet.
    assert taken <= 1.6 * inference


def test_sixteen_variants_and_their_sheet_cost_at_most_34_inferences(collins: U8, inference: float) -> None:
    def run() -> None:
        made = [
            (name, flatten(layers(collins, look, 1024, 1024, cache_key="many")))
            for name, look in variants({"shape": "circle", "shadow": True}, 16)
        ]
        contact_sheet(made)

    taken = best(run, 1)
    print(f"{taken / inference:.2f} inferences, {taken:.3f} s")
    assert taken <= 34 * inference


def test_48_megapixels_stay_under_700_megabytes(tmp_path: Path, collins: U8) -> None:
    path = tmp_path / "large.png"
    Image.fromarray(resize_u8(collins, 6928, 6928)).save(path, compress_level=1)
    code = (
        "from pathlib import Path\n"
        "from studio.avatar.__main__ import main\n"
        f"main(['make', {str(path)!r}, {str(tmp_path / 'o.png')!r}, '--size', '1024'])\n"
        # Not getrusage: its peak also counts the process this one was started from.
        "status = Path('/proc/self/status').read_text()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    peak = int(done.stdout.split()[-1])
    print(f"peak {peak} MB")
    assert peak <= 700
    assert np.asarray(Image.open(tmp_path / "o.png")).shape == (1024, 1024, 4)
