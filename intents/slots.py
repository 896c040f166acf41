"""What an intent carries besides its kind: format, size, frame rate, name, destination."""

from __future__ import annotations

import re
from typing import Any

_FORMAT = re.compile(r"(?<![a-z0-9])(mp4|mov|gif|png|webp|webm|jpe?g|avif|ico|avi|mkv|otio|pdf)(?![a-z0-9])")
_SIZE = re.compile(
    r"(?<![a-z0-9])(\d{2,5})\s?(?:x|×|\*|by)\s?(\d{2,5})(?![a-z0-9])"
    r"|(?<![a-z0-9])(4320p|2160p|1440p|1080p|720p|480p|360p|8k|4k|2k|full hd|hd)(?![a-z])"
)
_FPS = re.compile(r"(?<![a-z0-9])(\d{1,3})\s?(?:fps|帧|frames (?:per|a) second)")
_MAKES = re.compile(
    r"generat|mak|creat|turn|convert|produc|render|animat|做|生成|制作|转|变|合成|创建|产生|产出"
)
_INTO = re.compile(
    r"(?:into|as|to|in)\s+(?:an?\s+)?[^,;]{0,24}?(?:mp4|gif|webm|webp|png|mov)"
    r"|(?:成|为|出|个|张|段|条)[^,，;。]{0,12}(?:mp4|gif|webm|webp|png|mov)"
)
_GIF = re.compile(r"动图")


def wanted(clause: str) -> dict[str, Any]:
    """Format, size and frame rate named in a clause (folded text)."""
    found: dict[str, Any] = {}
    form = _FORMAT.search(clause)
    if form:
        found["format"] = {"jpeg": "jpg"}.get(form.group(1), form.group(1))
    elif _GIF.search(clause):
        found["format"] = "gif"
    size = _SIZE.search(clause)
    if size:
        found["size"] = size.group(3) or f"{size.group(1)}x{size.group(2)}"
    rate = _FPS.search(clause)
    if rate:
        found["fps"] = int(rate.group(1))
    return found


def deliver(clause: str) -> dict[str, Any]:
    """What file a wish for the backend names as its result ("into a 1080p MP4"), or nothing."""
    if not (_FORMAT.search(clause) and _INTO.search(clause) and _MAKES.search(clause)):
        return {}
    return wanted(clause)
