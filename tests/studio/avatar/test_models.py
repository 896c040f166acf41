from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.avatar.models import FOLDER, SELFIE, network, selfie_mask

ROOT = Path(__file__).parents[3]
NOTICES = [
    FOLDER / "NOTICE.md",
    ROOT / "studio" / "samples" / "NOTICE.md",
    ROOT / "tests" / "data" / "mattes" / "NOTICE.md",
    ROOT / "tests" / "data" / "photos" / "NOTICE.md",
]


@pytest.mark.parametrize("notice", NOTICES, ids=lambda path: path.parent.name)
def test_every_shipped_binary_has_a_notice_with_its_true_hash(notice: Path) -> None:
    rows = re.findall(
        r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", notice.read_text(encoding="utf-8"), re.MULTILINE
    )
    listed = dict(rows)
    files = {
        path.name for path in notice.parent.iterdir() if path.suffix in {".tflite", ".onnx", ".png", ".jpg"}
    }
    assert set(listed) == files
    for name, digest in listed.items():
        assert hashlib.sha256((notice.parent / name).read_bytes()).hexdigest() == digest, name


def test_importing_the_engine_loads_no_model() -> None:
    code = "import studio.avatar.engine, studio.avatar.models as m; print(m.network.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "0"


def test_a_model_is_loaded_once() -> None:
    assert network(SELFIE) is network(SELFIE)


def test_the_selfie_mask_lies_between_zero_and_one(collins: np.ndarray) -> None:
    mask = selfie_mask(collins)
    assert mask.shape == (256, 256)
    assert 0.0 <= float(mask.min()) <= float(mask.max()) <= 1.0
    assert mask[128, 110] > 0.9
