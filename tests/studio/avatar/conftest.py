# The two real portraits every test of the engine looks at, and where hand-made pictures are written.
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.avatar.photo import load_photo

ROOT = Path(__file__).parents[3]
PORTRAITS = {
    "portrait": ROOT / "studio" / "samples" / "portrait.png",
    "grace_hopper": ROOT / "tests" / "data" / "photos" / "grace_hopper.jpg",
}


@pytest.fixture(scope="session", params=sorted(PORTRAITS))
def portrait(request: pytest.FixtureRequest) -> tuple[str, NDArray[np.uint8]]:
    """Each portrait as its name and its pixels."""
    return request.param, load_photo(PORTRAITS[request.param])


@pytest.fixture(scope="session")
def collins() -> NDArray[np.uint8]:
    """The sample portrait."""
    return load_photo(PORTRAITS["portrait"])


@pytest.fixture(scope="session")
def hopper() -> NDArray[np.uint8]:
    """The second portrait: hat, glasses, wrinkles, a flag behind."""
    return load_photo(PORTRAITS["grace_hopper"])
