"""Pictures of the recipes that were offered: one for each, and a sheet of all with their numbers."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select

from studio import media, sessions
from studio.core import Studio
from studio.files import digest
from studio.media import Media
from studio.sessions import Draft
from studio.tables import media as rows

PX = 512
ORIGIN = "generated"


async def paint(
    studio: Studio, account_id: str, session_id: str, recipes: Sequence[Mapping[str, Any]]
) -> None:
    """Paint every recipe on the session's draft and keep the pictures in place of those before.

    Raises WorkError and WorkerDiedError.
    """
    draft, names = await studio.read(_draft, account_id, session_id)
    assets = {name: str(studio.files.path(name)) for name in names if studio.files.has(name)}
    with ExitStack() as stack:
        folder = stack.enter_context(studio.files.workspace())
        pictures = [folder / f"variant-{number}.png" for number in range(1, len(recipes) + 1)]
        limit = studio.config.limits.preview_seconds
        async with studio.preview_lane().worker() as worker:
            for recipe, out in zip(recipes, pictures, strict=True):
                request = {"op": "preview", "draft": with_recipe(draft, recipe), "px": PX, "at": 0}
                request |= {"format": "png", "out": str(out), "assets": assets}
                await worker.ask(request, seconds=limit)
            sheet = folder / "contact-sheet.png"
            request = {"op": "sheet", "pictures": [str(one) for one in pictures], "out": str(sheet)}
            told = await worker.ask(request, seconds=limit)
        sizes = [(PX, PX)] * len(pictures) + [(int(told["width"]), int(told["height"]))]
        items = await asyncio.to_thread(_items, [*pictures, sheet], sizes)
        await studio.write(_replace, studio, account_id, session_id, items)
    studio.hub.tell(session_id, {"type": "media", "files": [item.filename for item, _ in items]})


def with_recipe(draft: Mapping[str, Any], recipe: Mapping[str, Any]) -> Draft:
    """A copy of the draft whose portraits look as the recipe says."""
    made: Draft = copy.deepcopy(dict(draft))
    for track in made.get("t", ()):
        for segment in track.get("sg", ()):
            meta = segment.get("m")
            if isinstance(meta, dict) and meta.get("kind") in ("avatar", "illustration"):
                meta["avatar"] = copy.deepcopy(dict(recipe))
    return made


def _items(paths: Sequence[Path], sizes: Sequence[tuple[int, int]]) -> list[tuple[Media, Path]]:
    return [
        (
            Media(
                digest(path), path.name, "image", "image/png", width, height, 0.0, 0.0, path.stat().st_size
            ),
            path,
        )
        for path, (width, height) in zip(paths, sizes, strict=True)
    ]


def _draft(connection: Connection, account_id: str, session_id: str) -> tuple[Draft, set[str]]:
    session = sessions.load(connection, account_id, session_id)
    names = {item.sha256 for item in media.of_session(connection, session.id)}
    return sessions.current(connection, session).draft, names


def _replace(
    connection: Connection, studio: Studio, account_id: str, session_id: str, items: list[tuple[Media, Path]]
) -> None:
    sessions.load(connection, account_id, session_id, lock=True)
    old = (rows.c.session_id == session_id) & (rows.c.origin == ORIGIN)
    before = set(connection.execute(select(rows.c.sha256).where(old)).scalars())
    connection.execute(delete(rows).where(old))
    media.place(connection, studio.files, session_id, items, origin=ORIGIN)
    media.remove_unused(connection, studio.files, before)
