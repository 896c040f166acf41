"""One utterance → intents in order."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from intents.intent import Intent, Kind
from intents.normalize import fold

_MEDIA = r"(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac|heic|heif)"
_URL = re.compile(rf"https?://[^\s<>\"'，。]+?\.{_MEDIA}(?:\?[^\s<>\"']*)?(?=[\s<>\"'，。,]|$)", re.I)
_PATH = re.compile(
    rf"\"([^\"]+\.{_MEDIA})\"|'([^']+\.{_MEDIA})'"
    rf"|((?:file://|~?/|\./|\.\./|[A-Za-z]:\\|\\\\)(?:\\.|[^\s\\]|\\(?=\w))*?\.{_MEDIA})(?![A-Za-z0-9])",
    re.I,
)
_NOT = re.compile(r"\b(don'?t|do not|not|no need|without|hold|wait|stop|never)\b|[别不]|先别|无需|還不")
_CLAUSES = re.compile(
    r"[,，;；。!！?？\n]\s*(?:and )?(?:then )?|\b(?:and then|then|and)\b|然后|再(?=[导下存发])|接着"
)
_SEEDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "export",
        re.compile(
            r"^(?:export|download|render|导出|汇出|下载|出片)|send me the (?:video|file)|把?(?:成品|视频|影片)(?:发|传给)我"
        ),
    ),
    (
        "credits",
        re.compile(
            r"^(?:my |check |show |查|我的|剩余)*(?:credits?|balance|积分|余额|点数)|多少(?:积分|点数)|how (?:many|much).*left"
        ),
    ),
    (
        "status",
        re.compile(r"^(?:show |list |查看|当前|the |me |all )*(?:status|tracks|timeline|状态|轨道|进度)"),
    ),
    ("upload", re.compile(r"^(?:我要|我想|i want to )*(?:upload|import|上传|汇入|导入)")),
)


def route(
    text: str,
    *,
    exists: Callable[[str], bool] = os.path.exists,
    cwd: str | None = None,
    memory: Mapping[str, Any] | None = None,
) -> list[Intent]:
    """The intents of one utterance, in order; never empty."""
    rest, found = text, []
    urls = tuple(m.group() for m in _URL.finditer(text))
    for match in list(_URL.finditer(text)):
        rest = rest.replace(match.group(), " " * len(match.group()))
    paths = []
    for match in _PATH.finditer(rest):
        raw = next(g for g in match.groups() if g)
        plain = re.sub(r"\\([ ()'\"])", r"\1", raw) if match.group(3) else raw
        paths.append(plain)
        rest = rest.replace(match.group(), " " * len(match.group()))
    destination = paths[0] if paths and re.match(r"\s*(?:export|save|download|导出|保存)", fold(rest)) else ""
    if (paths or urls) and not destination:
        found.append(Intent("upload", text.strip(), {"paths": tuple(paths), "urls": urls}))
    for clause in _CLAUSES.split(rest):
        words = fold(clause).strip(" .!?:<>'\"")
        if not words:
            continue
        negated = bool(_NOT.search(words))
        kind: Kind = "sse"
        for name, seed in _SEEDS:
            if seed.search(words):
                kind = name
                break
        if negated and kind != "sse":
            continue
        if kind == "upload" and found:
            continue
        slots: dict[str, Any] = {"destination": destination} if kind == "export" and destination else {}
        if found and found[-1].kind == kind:
            continue
        found.append(Intent(kind, clause.strip(), slots))
    return found or [Intent("sse", text)]
