"""Plain data that travels between the rooms of the agent; nothing here does anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

Draft = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token; `own` when the user brought it (NEMO_TOKEN) and it must never be replaced."""

    value: str = field(repr=False)
    user_id: str = ""
    expires_at: datetime | None = None
    own: bool = False

    @property
    def anonymous(self) -> bool:
        return self.user_id.startswith("anon_")


@dataclass(frozen=True, slots=True)
class Session:
    """A session on a backend, as create-session answers it."""

    session_id: str
    task_id: str = ""
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """One uploaded file as the backend describes it; `duration` is in seconds, sizes in pixels."""

    filename: str
    file_type: str
    width: int = 0
    height: int = 0
    duration: float = 0.0
    url: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """Credits; total = available + frozen, frozen is reserved by work under way."""

    available: float
    frozen: float
    total: float


@dataclass(frozen=True, slots=True)
class State:
    """A session's state (endpoint 7). `draft` is empty when nothing has been made."""

    session_id: str
    task_id: str
    user_id: str
    draft: Draft
    video_infos: tuple[Mapping[str, Any], ...] = ()
    generated_media: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class RenderStatus:
    """A render as rows 8–10 tell it, either shape; progress is 0–100."""

    id: str
    status: str
    progress: float = 0.0
    url: str = ""
    duration: float = 0.0
    size: int = 0
    error: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What an export should be: format without a dot, pixel size and moment (ms) where asked for."""

    format: str = "mp4"
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    at: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The `output` object of render submit; absent values are left to the backend."""
        extra = {"width": self.width, "height": self.height, "fps": self.fps, "at": self.at}
        return {"format": self.format, "quality": "high", **{k: v for k, v in extra.items() if v is not None}}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A checked local file (`path`) or a media URL (`url`), one of the two set.

    `upload_name` is the file name sent to the backend, `size` is in bytes (0 for URLs).
    """

    path: Path | None = None
    url: str = ""
    size: int = 0
    media_type: str = "application/octet-stream"
    upload_name: str = ""
