"""What an intent carries besides its kind: format, size, frame rate, name, destination."""

from __future__ import annotations

import re
from typing import Any

_FORMAT = re.compile(r"(?<![a-z0-9])(mp4|mov|gif|png|webp|webm|jpe?g|avif|ico|avi|mkv|otio|pdf)(?![a-z0-9])")
_TO = re.compile(rf"(?:\b(?:to|into|as)\s+(?:an?\s+)?|[成为]\s*){_FORMAT.pattern}")
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


_NAME = re.compile(
    r"(?:(?:\b(?:call|name|title) (?:it|this|the file|the video)"
    r"|\b(?:named|titled|under the name(?: of)?|file ?name:?))\s+"
    r"|(?:命名为|命名成|取名为|取名叫|取名|起名叫|起名为|起名|名字叫|名字是|文件名叫|文件名是|文件名用|文件名|名称是|名为|就叫"
    r"|檔名叫|檔名是|檔名為|檔名|命名為|取名為|名稱是|名為|叫做|(?:^|[,，\s])叫)\s*)"
    r"(?P<name>[\"'“「『《]?[^,，。;；\n]{1,60})",
    re.I,
)
_MARKS = "\"'“”‘’「」『』《》 .!！"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_SIDES = {"left": 1, "leftmost": 1, "right": -1, "rightmost": -1, "左": 1, "右": -1}
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", 1)} | {"两": 2, "后": -1}
_PERSON_EN = r"(?:faces?|persons?|people|man|woman|girl|boy|guy|lady|kid|child|one in the photo)"
_FACE_EN = re.compile(
    r"\b(?:(?P<order>first|second|third|fourth|fifth|last)|(?P<number>\d)(?:st|nd|rd|th)"
    r"|(?P<side>left|right)(?:most)?(?:-hand)?)"
    rf" {_PERSON_EN}\b|\b{_PERSON_EN} (?:on|at|to) (?:the|my) (?:far )?(?P<at>left|right)\b"
    r"|\bface (?P<plain>\d)\b"
)
_FACE_ZH = re.compile(
    r"(?:第(?P<order>[一二两三四五六七八九\d])|最(?P<last>后)一?)[个张位]?(?:人物|人脸|人|脸|面孔)"
    r"|(?P<side>左|右)(?:边|侧|手边|面)?(?:的|那|这)*[个张位]?(?:人物|人脸|人|脸|女生|男生|女孩|男孩|女士|先生|面孔)"
)
_TITLED = re.compile(
    r"(?:\b(?:write|writes|written|saying|says?|reads?|spell)"
    r"|\b(?:title|caption|subtitle|text|name|label|heading|headline|layer|scene)\b[^,;]{0,24}\b(?:to|as|is|be|called|named)"
    r"|\b(?:call|name|rename|title)\b[^,;]{0,24})\s*$"
    r"|(?:写上?|写着|写成|叫做?|命名为?|名为|(?:标题|字幕|文字|名字|标签)[^,，。]{0,6}(?:改成|改为|换成|设为|写成|是|为))\s*$"
)


def name(clause: str) -> str:
    """The name that a clause gives to the file, without its quotation marks; empty when it gives none."""
    match = _NAME.search(clause[:400])
    return match["name"].strip(_MARKS) if match else ""


def face(clause: str) -> int:
    """Which face is meant: from 1 at the left, -1 the rightmost; 0 when none is told (folded text)."""
    clause = clause[:400]
    match = _FACE_EN.search(clause)
    if match:
        if match["order"]:
            return _ORDINALS[match["order"]]
        if match["number"] or match["plain"]:
            return int(match["number"] or match["plain"])
        return _SIDES[match["side"] or match["at"]]
    match = _FACE_ZH.search(clause)
    if match is None:
        return 0
    if match["order"]:
        return int(match["order"]) if match["order"].isdigit() else _DIGITS[match["order"]]
    return _DIGITS["后"] if match["last"] else _SIDES[match["side"]]


def titled(before: str, value: str) -> bool:
    """Whether a bare file name is text to be shown, by the words before it ("change the title to me.png")."""
    return not re.search(r"[\\/]", value) and _TITLED.search(before) is not None


def wanted(clause: str) -> dict[str, Any]:
    """Format, size and frame rate named in a clause (folded text)."""
    found: dict[str, Any] = {}
    form = _TO.search(clause) or _FORMAT.search(clause)
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
