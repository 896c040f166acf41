"""The labelled utterances of this folder, and the files that their path rows speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "rows"
HERE = ("me.jpg", "my photo.jpg", "b.png", "logo.png", "song.mp3", "bg.jpg", "照片.jpg", "我的 照片.jpg")
ALSO = ("report.pdf", "notes.txt", "export.png")
VIRTUAL = frozenset(("D:\\photos\\me.png", "D:\\My Photos\\me and you.png", "\\\\server\\share\\me.jpg"))


class Row(NamedTuple):
    kind: str
    language: str
    intents: list[str]
    text: str


def read(name: str, root: Path) -> Iterator[Row]:
    """The rows of one file, `{root}` put in."""
    for line in (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, language, intents, text = line.split("\t")
            yield Row(kind, language, intents.split("+"), text.replace("{root}", str(root)))


def fixtures(root: Path) -> Callable[[str], bool]:
    """Makes the files under `root` and answers whether a path exists, Windows ones included."""
    (root / "p").mkdir(parents=True)
    for name in (*HERE, *ALSO):
        (root / "p" / name).touch()
    for name in ("me.png", "photo.png"):
        (root / name).touch()

    def exists(path: str) -> bool:
        return path in VIRTUAL or (root / path).exists()

    return exists


def collapse(kinds: list[str]) -> list[str]:
    """Consecutive repeats count once."""
    return [k for at, k in enumerate(kinds) if at == 0 or kinds[at - 1] != k]
