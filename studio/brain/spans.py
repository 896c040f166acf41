"""Stretches of an utterance that are one thing whatever is in them: quotes, file names, colours, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studio.brain.numbers import chinese_number
from studio.brain.tokens import Num, Token
from studio.edits import MediaItem

_PAIRS = {
    "“": "”",
    "「": "」",
    "『": "』",
    "《": "》",
    "«": "»",
    "‘": "’",
    "„": "“”",
    "‹": "›",
    "【": "】",
    "〈": "〉",
}
_HEX = re.compile(r"(?:hex\s+)?#?\b([0-9a-f]{6})\b|#([0-9a-f]{3})(?![0-9a-z])|#([0-9a-f]{6})")
_RGB = re.compile(r"rgb\s?\(\s?(\d{1,3})\s?,\s?(\d{1,3})\s?,\s?(\d{1,3})\s?\)")
_SIZE = re.compile(
    r"(\d{1,6})\s?(?:px|pixels?|像素)?\s?(?:x|×|\*|by|乘以?)\s?(\d{1,6})(?:\s?(?:px|pixels?|像素))?(?![\d:])"
)
_SIZE_ZH = re.compile(
    r"([一二两三四五六七八九十百千零]{2,8})(?:像素)?(?:乘以?|x|×)([一二两三四五六七八九十百千零]{2,8})"
)
_RANGE = re.compile(
    r"(?:seconds?\s|from\s|between\s|第|从第?)\s?(\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3})\s?(?:s|秒)?"
    r"\s?(?:to|-|–|through|and|until|到|至)\s?第?(\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3})"
    r"(\s?(?:seconds?|secs?|s|秒)(?![a-z]))?"
)
# The stretch in which a title is shown is no cut of the picture.
_ABOUT_WORDS = re.compile(r"title|caption|text|heading|words|标题|字|文案")
_RATIO = re.compile(r"(\d{1,2})\s?(?::|比|/|-|\sby\s|\sto\s|x|×)\s?(\d{1,2})(?![\d%]|\s?(?:s\b|sec|秒))")
_LINES = re.compile(r"(\d{3,4})p(?![a-z0-9])")
_KNOWN = {"1:1", "9:16", "16:9", "4:5", "3:4", "4:3", "5:4", "2:3", "3:2", "21:9", "1:2", "2:1"}
_ORDINAL = re.compile(r"(倒数)?第\s?(\d{1,3}|[一二两三四五六七八九十]{1,3})(?!\s?[秒s])")
_AT_SECOND = re.compile(r"第\s?(\d{1,3}|[一二两三四五六七八九十]{1,3})\s?秒")
_FIRST_FEW = re.compile(r"(前面?|头|后面?|最后|末尾)(两|[二三四五六七八九十]|\d{1,2})(?=张|幅|段)")
_SECOND = re.compile(r"\bsecond\s(\d{1,3})\b")
_STEM = re.compile(r"[a-z0-9]+|[一-鿿]+")
# Words too common to stand for a file by themselves.
_COMMON = frozenset(
    [
        "img",
        "image",
        "photo",
        "picture",
        "pic",
        "portrait",
        "me",
        "my",
        "file",
        "video",
        "clip",
        "audio",
        "music",
        "song",
        "the",
        "and",
        "of",
        "to",
        "a",
        "selfie",
        "shot",
        "scan",
        "dsc",
        "screenshot",
        "background",
        "avatar",
        "icon",
        "title",
        "team",
        "face",
        "new",
        "old",
        "last",
        "first",
        "second",
        "third",
        "one",
        "two",
        "three",
        "final",
        "copy",
        "edit",
    ]
)


def quotes(raw: str) -> list[tuple[int, int, str]]:
    """Quoted stretches as (start, end, content), marks included in the span; an apostrophe opens nothing."""
    out: list[tuple[int, int, str]] = []
    i = 0
    while i < len(raw):
        end = _closing(raw, i)
        if end > i:
            content = raw[i + 1 : end].strip()
            if content:
                out.append((i, end + 1, content))
            i = end + 1
        else:
            i += 1
    return out


def _closing(raw: str, i: int) -> int:
    mark = raw[i]
    if mark in _PAIRS:
        ends = [raw.find(c, i + 1) for c in _PAIRS[mark]]
        found = [e for e in ends if e > 0]
        if mark == "‘" and (i and raw[i - 1].isalnum() and raw[i - 1].isascii()):
            return -1
        return min(found, default=-1)
    if mark in '"＂':
        return raw.find(mark, i + 1)
    if mark in "'`" and not (i and raw[i - 1].isalnum() and raw[i - 1].isascii()):
        end = raw.find(mark, i + 1)
        while 0 < end < len(raw) - 1 and raw[end + 1].isalnum() and raw[end + 1].isascii():
            end = raw.find(mark, end + 1)
        return end
    return -1


def claims(raw: str, text: str, media: Iterable[MediaItem]) -> dict[int, Token]:
    """Tokens of such stretches by where they begin; the earlier rule wins where two overlap."""
    found: list[Token] = []
    names = {item.filename.lower(): item for item in media if item.filename}
    for start, end, content in quotes(raw):
        item = names.get(content.lower())
        sense = {"fileref": item} if item else {"quote": content}
        found.append(Token(start, end, text[start:end], raw[start:end], sense))
    found += _files(raw, text, names)
    about_words = _ABOUT_WORDS.search(text) is not None
    for pattern, sense_of in _PATTERNS:
        for m in pattern.finditer(text):
            senses = {} if pattern is _RANGE and about_words else sense_of(m)
            if senses:
                found.append(Token(m.start(), m.end(), m[0], raw[m.start() : m.end()], senses))
    taken = bytearray(len(text) + 1)
    kept: dict[int, Token] = {}
    for token in found:
        if not any(taken[token.start : token.end]):
            taken[token.start : token.end] = b"\1" * (token.end - token.start)
            kept[token.start] = token
    return kept


def _files(raw: str, text: str, names: dict[str, MediaItem]) -> list[Token]:
    out: list[Token] = []
    for name, item in names.items():
        at = text.find(name)
        while at >= 0 and len(name) > 1:
            out.append(Token(at, at + len(name), name, raw[at : at + len(name)], {"fileref": item}))
            at = text.find(name, at + len(name))
    return out


def stems(media: Iterable[MediaItem]) -> dict[str, MediaItem]:
    """Words that can stand for a file, like beach for beach.jpg; ambiguous ones are left out."""
    owners: dict[str, list[MediaItem]] = {}
    for item in media:
        stem = item.filename.lower().rsplit(".", 1)[0]
        for word in {stem, *_STEM.findall(stem)}:
            if word not in _COMMON and not word.isdigit() and len(word) > 1:
                owners.setdefault(word, []).append(item)
    return {word: items[0] for word, items in owners.items() if len(items) == 1}


def _hex(m: re.Match[str]) -> dict[str, object]:
    if m[2]:
        return {"color": "#" + "".join(c * 2 for c in m[2])}
    value = m[1] or m[3]
    if "#" not in m[0] and not m[0].startswith("hex") and (value.isdigit() or value.isalpha()):
        return {}
    return {"color": "#" + value}


def _rgb(m: re.Match[str]) -> dict[str, object]:
    parts = [int(g) for g in m.groups()]
    return {"color": "#" + "".join(f"{p:02x}" for p in parts)} if max(parts) < 256 else {}


def _size(m: re.Match[str]) -> dict[str, object]:
    width, height = int(m[1]), int(m[2])
    if f"{width}:{height}" in _KNOWN:
        return {"ratio": f"{width}:{height}"}
    return {"size": (width, height)} if max(width, height) >= 16 and len(m[1]) > 1 and len(m[2]) > 1 else {}


def _size_zh(m: re.Match[str]) -> dict[str, object]:
    width, height = (int(chinese_number(m[i]) or 0) for i in (1, 2))
    return {"size": (width, height)} if min(width, height) >= 16 else {}


def _range(m: re.Match[str]) -> dict[str, object]:
    """Seconds 5 to 12: a stretch of time in ms; pictures 1 to 3 are none."""
    timed = m[3] or m[0].startswith("second") or "秒" in m[0]
    start, end = (float(m[i]) if m[i][0].isdigit() else float(chinese_number(m[i]) or 0) for i in (1, 2))
    return {"span": (start * 1000, end * 1000)} if timed and end > start else {}


def _ratio(m: re.Match[str]) -> dict[str, object]:
    name = f"{int(m[1])}:{int(m[2])}"
    if name in _KNOWN:
        return {"ratio": name}
    clock = ":" in m[0] and len(m[2]) == 2
    return {"ratio": name} if (":" in m[0] or "比" in m[0]) and not clock and int(m[1]) and int(m[2]) else {}


def _at_second(m: re.Match[str]) -> dict[str, object]:
    value = int(m[1]) if m[1].isdigit() else int(chinese_number(m[1]) or 0)
    return {"num": Num(value * 1000, "s"), "at": True}


def _ordinal(m: re.Match[str]) -> dict[str, object]:
    value = int(m[2]) if m[2].isdigit() else int(chinese_number(m[2]) or 0)
    return {"ord": str(-value if m[1] else value)} if value else {}


def _first_few(m: re.Match[str]) -> dict[str, object]:
    many = int(m[2]) if m[2].isdigit() else int(chinese_number(m[2]) or 0)
    return {"ord": "1" if m[1][0] in "前头" else "-1", "many": many} if many else {}


_PATTERNS = (
    (_RGB, _rgb),
    (_HEX, _hex),
    (_SIZE, _size),
    (_SIZE_ZH, _size_zh),
    (_RATIO, _ratio),
    (_LINES, lambda m: {"lines": int(m[1])}),
    (_RANGE, _range),
    (_AT_SECOND, _at_second),
    (_SECOND, _at_second),
    (_FIRST_FEW, _first_few),
    (_ORDINAL, _ordinal),
)
