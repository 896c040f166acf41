# The two real portraits every test of the engine looks at, and `--keep DIR`: the tests' pictures as a page.
# The option exists when this folder's tests are named on the command line.
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep", metavar="DIR", help="keep the engine's test pictures as a gallery page")


class Gallery:
    """Pictures kept in a folder, shown at 512 and at 40 px on white and on dark."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def add(self, name: str, picture: NDArray[np.uint8]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = re.sub(r"\W+", "-", name).strip("-") + ".png"
        Image.fromarray(np.ascontiguousarray(picture)).save(self.folder / file)
        self.names.append(file)

    def close(self) -> None:
        rows = ""
        for file in dict.fromkeys(self.names):
            shown, icon = f"<img src={file} width=512>", f"<img src={file} width=40>"
            both = f"<span>{icon}</span><span class=dark>{icon}</span>"
            rows += f"<figure>{shown}{both}<figcaption>{escape(file)}</figcaption></figure>"
        style = "figure,span{display:inline-block;padding:8px}.dark{background:#111}"
        page = f"<!doctype html><meta charset=utf-8><style>{style}</style>{rows}"
        (self.folder / "index.html").write_text(page, encoding="utf-8")


@pytest.fixture(scope="session")
def keep(request: pytest.FixtureRequest) -> Iterator[Callable[[str, NDArray[np.uint8]], None]]:
    """Call with a name and a picture to have it in the gallery; without `--keep` nothing happens."""
    folder = request.config.getoption("--keep", default=None)
    if folder is None:
        yield lambda name, picture: None
        return
    gallery = Gallery(Path(folder))
    yield gallery.add
    gallery.close()
