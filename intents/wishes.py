"""What an export says of its files beyond one format: a side, a platform, several formats, a folder."""

from __future__ import annotations

import re

_FORMAT = r"(?<![a-z0-9.])(mp4|mov|gif|png|webp|webm|jpe?g|avif|ico)(?![a-z0-9])"
_SMALLEST, _LARGEST = 16, 4096
_UNIT = r"(?![\d.,:%]|\s?(?:x|×|\*|by|p|k|fps|帧|张|个|frames?|s|sec|seconds?|秒|分|kb|mb|kbps)(?![a-z]))"
_SIDE = re.compile(
    rf"{_FORMAT}(?: (?:at|in))?\s*(?P<after>\d{{2,4}}){_UNIT}"
    rf"|\b(?:at|size|sized|width|side)\s+(?:of )?(?P<at>\d{{2,4}}){_UNIT}"
    rf"|(?:大小|尺寸|宽度?|边长)[是为:：]?\s*(?P<zh>\d{{2,4}}){_UNIT}"
    r"|(?<![\d.,:x×*])(?P<pixels>\d{2,4})\s?(?:px|pixels?|像素)"
)
_AVATARS_ONLY = "discord|slack|github|linkedin|whatsapp|wechat|telegram|zoom"
_ALSO_VIDEO = "instagram|facebook|youtube|tiktok|twitter|google"
_NAMES = {"twitter": "x", "微信": "wechat", "抖音": "tiktok"}
_PLATFORM = re.compile(
    rf"\bfor (?:my |a |the )?(?:{_AVATARS_ONLY}|{_ALSO_VIDEO})\b"
    rf"|(?:给|用于|适合|发到?)\s*(?:微信|抖音|{_AVATARS_ONLY})"
)
_PICTURE = re.compile(r"\b(?:png|jpe?g|webp|avif|ico|icon|avatar|profile|picture|pfp)\b|头像|图标|图片")
_MOVING = re.compile(r"\b(?:mp4|mov|webm|video|clip|reel)\b|视频|影片|短片")
_JOINED = re.compile(
    rf"{_FORMAT}(?=(?:\s*(?:file|version|格式|文件))?"
    r"\s*(?:[,，、&+]|and|plus|as well as|和|跟|与|及|以及|还有)"
    r"\s*(?:(?:and|also|as|in|to|an?|the|再|也|还|要|来|导出|导成|存成|一个|一份)\s*)*"
    rf"{_FORMAT})"
)
_BARE = re.compile(
    r"\s*(?:(?:and|also|plus|as|in|to|into|an?|the|和|也|还有|再|要|来|一个|一份)\s*)*"
    rf"{_FORMAT}(?:\s*(?:file|version|one|too|also|please|as well|格式|文件|的|也要|都要|各一份))*"
    r"(?:\s*(?:at )?\d{2,4}(?:\s?(?:px|像素|x\s?\d{2,4}))?)?[\s.!。！]*"
)
_AIM = re.compile(r"(?:\b(?:to|as|in|into|at|under|called|named)|[到为成在至])\s*$")
_JOIN = re.compile(r"(?:\b(?:and|or)|[&+,、和跟与及或])\s*$")
_FOLDER = re.compile(
    r"\b(?:to|into|in|under) (?:the |a |my )?(?:folder|directory)(?: (?:called|named))? (?P<name>[\w.-]+)"
    r"(?=[\s.!?]*$|\s+(?:as|and|please|now)\b)"
    r"|[到在](?:文件夹|目录|资料夹)\s*(?P<zh>[\w.-]+?)(?=里|中|下|[\s.!。！]*$)"
)
_COURTESY = frozenset(("please", "now", "thanks", "here", "there", "instead", "too", "again", "as", "and"))


def side(clause: str) -> str:
    """The side in pixels or the platform that a clause of an export names; empty when none (folded text)."""
    match = _SIDE.search(clause[:400])
    if match:
        found = next(match[key] for key in ("after", "at", "zh", "pixels") if match[key])
        return found if _SMALLEST <= int(found) <= _LARGEST else ""
    place = _PLATFORM.search(clause[:400])
    if place is None or _MOVING.search(clause):
        return ""
    name = re.sub(r"^.*?([a-z]+|微信|抖音)$", r"\1", place.group())
    return _NAMES.get(name, name) if name not in _ALSO_VIDEO.split("|") or _PICTURE.search(clause) else ""


def formats(clause: str) -> tuple[str, ...]:
    """All formats of an export that asks for several ("as png and as mp4"); empty for one or none."""
    found: list[str] = []
    for match in _JOINED.finditer(clause[:400]):
        found += [match.group(1), match.group(2)]
    return tuple(dict.fromkeys("jpg" if form == "jpeg" else form for form in found))


def trailing(clause: str) -> bool:
    """Whether a clause is nothing but one more format or a size ("and mp4 too", "512 px")."""
    return len(clause) < 60 and bool(_BARE.fullmatch(clause) or _SIDE.fullmatch(clause.strip(" .!。！")))


def aimed(before: str) -> bool:
    """Whether the words before a path make it the place an export goes to."""
    return _AIM.search(before[-20:]) is not None


def joined(before: str) -> bool:
    """Whether the words before a path put it beside the one before ("a.png and b.png")."""
    return _JOIN.search(before[-8:]) is not None


def folder(clause: str) -> tuple[int, int]:
    """Where a folder's name stands that an export goes to ("to the folder out"); (0, 0) for none."""
    match = _FOLDER.search(clause[:400])
    if match is None:
        return 0, 0
    key = "name" if match["name"] else "zh"
    return (0, 0) if match[key] in _COURTESY else match.span(key)
