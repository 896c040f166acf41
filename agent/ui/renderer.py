"""What every renderer can do, and the words that plain and rich renderers share."""

from __future__ import annotations

from typing import Any, Protocol

from agent.catalogue import message
from agent.clean import clean_line
from agent.events import Credits, Event, Exported, Uploaded

ENDED = ("completed", "failed", "cancelled")


class Renderer(Protocol):
    """Shows the events of turns; `show` is called from one thread, in order."""

    language: str

    def show(self, event: Event) -> None: ...

    def close(self) -> None: ...


def uploaded_lines(event: Uploaded, language: str) -> list[str]:
    """One line for each file that has arrived."""
    lines = []
    for file in event.files:
        name = clean_line(str(file.get("filename", "")))
        width, height, duration = (_number(file.get(key)) for key in ("width", "height", "duration"))
        if width and height and file.get("file_type") != "audio":
            lines.append(
                message(language, "uploaded_size", file=name, width=round(width), height=round(height))
            )
        elif duration:
            lines.append(message(language, "uploaded_duration", file=name, duration=f"{duration:g}"))
        else:
            lines.append(message(language, "uploaded", file=name))
    return lines


def exported_line(event: Exported, language: str) -> str:
    """ "Saved me.png (1080×1080, 1.2 MB)"."""
    facts = []
    if event.width and event.height:
        facts.append(f"{event.width}×{event.height}")
    if event.duration:
        facts.append(f"{event.duration:.1f} s")
    facts.append(human_size(event.bytes))
    return message(language, "exported_facts", path=event.path, facts=", ".join(facts))


def credits_line(event: Credits, language: str) -> str:
    key = "credits_frozen" if event.frozen else "credits"
    values = {"available": event.available, "frozen": event.frozen, "total": event.total}
    return message(language, key, **{name: f"{value:g}" for name, value in values.items()})


def human_size(size: float) -> str:
    """ "812 kB", "1.2 MB"."""
    if size < 1000:
        return f"{size:.0f} B"
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.5:
            return f"{size:.1f} {unit}" if size < 10 else f"{size:.0f} {unit}"
    return f"{size / 1000:.1f} TB"


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
