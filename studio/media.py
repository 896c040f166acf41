"""What a session holds: uploaded files and pictures made for it, each by the hash of its content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from studio.db import Now, hold_objects
from studio.files import Files
from studio.tables import media, renders, sessions

FILENAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a session; sizes in pixels, duration in seconds, faces as x, y, w, h fractions."""

    sha256: str
    filename: str
    file_type: str
    media_type: str
    width: int
    height: int
    duration: float
    fps: float
    size: int
    faces: tuple[tuple[float, float, float, float], ...] = ()

    def as_json(self, base: str, session_id: str) -> dict[str, Any]:
        """As the contract's upload reply and `video_infos` describe a file."""
        return {
            "filename": self.filename,
            "file_type": self.file_type,
            "cdn_url": f"{base}/api/media/{session_id}/{self.sha256}",
            "duration": self.duration,
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "hash": self.sha256,
        }


def from_probe(sha256: str, filename: str, size: int, probe: Mapping[str, Any]) -> Media:
    """A file as the worker's probe saw it."""
    return Media(
        sha256,
        filename,
        str(probe["file_type"]),
        str(probe["media_type"]),
        int(probe["width"] or 0),
        int(probe["height"] or 0),
        float(probe["duration"] or 0.0),
        float(probe["fps"] or 0.0),
        size,
        tuple(tuple(float(value) for value in face[:4]) for face in probe.get("faces", ())),  # type: ignore[misc]
    )


def place(
    connection: Connection, files: Files, session_id: str, items: Iterable[tuple[Media, Any]], *, origin: str
) -> None:
    """Note the files in the session and move them into the store, in one write transaction.

    The move lies inside the transaction: whoever removes unused objects waits for it, so none is removed
    between its arrival and its row.
    """
    hold_objects(connection)
    for item, path in items:
        connection.execute(
            insert(media).values(
                session_id=session_id,
                origin=origin,
                sha256=item.sha256,
                filename=item.filename,
                file_type=item.file_type,
                media_type=item.media_type,
                width=item.width,
                height=item.height,
                duration=item.duration,
                fps=item.fps,
                size=item.size,
                faces=json.dumps(item.faces),
                created_at=Now(),
            )
        )
        files.keep(path, item.sha256)


def account_bytes(connection: Connection, account_id: str) -> int:
    """How many bytes of uploads an account holds, the same content counted once for each session."""
    query = (
        select(func.coalesce(func.sum(media.c.size), 0))
        .join(sessions)
        .where(sessions.c.account_id == account_id)
    )
    return int(connection.execute(query).scalar_one())


def of_session(connection: Connection, session_id: str, *, origin: str = "upload") -> list[Media]:
    """The session's files in the order they came."""
    rows = connection.execute(
        select(media).where(media.c.session_id == session_id, media.c.origin == origin).order_by(media.c.id)
    )
    return [_media(row) for row in rows]


def find(connection: Connection, session_id: str, sha256: str) -> Media | None:
    """One file of the session by its hash."""
    row = connection.execute(
        select(media).where(media.c.session_id == session_id, media.c.sha256 == sha256).order_by(media.c.id)
    ).first()
    return None if row is None else _media(row)


def hashes(connection: Connection, session_id: str) -> set[str]:
    """Every object the session's files and renders use."""
    files = connection.execute(select(media.c.sha256).where(media.c.session_id == session_id)).scalars()
    made = connection.execute(select(renders.c.sha256).where(renders.c.session_id == session_id)).scalars()
    return {name for name in (*files, *made) if name}


def remove_unused(connection: Connection, files: Files, names: Iterable[str]) -> None:
    """Remove those of the objects that no session uses any more; needs a write transaction."""
    hold_objects(connection)
    for name in names:
        used = connection.execute(select(media.c.id).where(media.c.sha256 == name).limit(1)).first()
        made = connection.execute(select(renders.c.id).where(renders.c.sha256 == name).limit(1)).first()
        if used is None and made is None:
            files.remove(name)


def orphans(connection: Connection, files: Files) -> list[str]:
    """Objects that no row names: a process died, or a disk filled, between a file's arrival and its row."""
    used = set(connection.execute(select(media.c.sha256)).scalars())
    used |= set(connection.execute(select(renders.c.sha256)).scalars())
    return [name for name in files.names() if name not in used]


def safe_filename(text: str) -> str:
    """A name to show, never a path: the last part of what was sent, without control characters."""
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(char for char in last if char.isprintable() and not 0xD800 <= ord(char) <= 0xDFFF)
    stem = clean.strip().strip(".")
    if len(stem) > FILENAME_CHARS:
        head, dot, suffix = stem.rpartition(".")
        stem = f"{head[: FILENAME_CHARS - 10]}.{suffix[:8]}" if dot else stem[:FILENAME_CHARS]
    return stem or "file"


def _media(row: Row[Any]) -> Media:
    return Media(
        row.sha256,
        row.filename,
        row.file_type,
        row.media_type,
        row.width,
        row.height,
        row.duration,
        row.fps,
        row.size,
        tuple(tuple(face) for face in json.loads(row.faces)),
    )
