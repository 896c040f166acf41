"""Numbers and units in words and digits, English and Chinese; every pattern is bounded."""

from __future__ import annotations

import re

from studio.brain.tokens import Num

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
_ONES += ["sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {
    w: 10 * (i + 2)
    for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_WORDS = {w: i for i, w in enumerate(_ONES)} | _TENS | {"dozen": 12}
_ZH = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2, "仨": 3}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}

_DIGITS = re.compile(r"(\d{1,7})(?:\.(\d{1,4}))?")
_UNITS: tuple[tuple[re.Pattern[str], str, float], ...] = tuple(
    (re.compile(pattern), unit, factor)
    for pattern, unit, factor in (
        (r"[\s-]?(?:milliseconds?|msecs?|ms)\b|\s?毫秒", "s", 1),
        (r"[\s-]{0,2}(?:hours?|hrs?)\b|\s?个?小时", "s", 3_600_000),
        (
            r"[\s-]{0,2}(?:minutes?|mins?)\b|\s?分钟|\s?分(?=\s?(?:\d|[一二三四五六七八九十]|半|$|[,。,]))",
            "s",
            60_000,
        ),
        (r"[\s-]{0,2}(?:seconds?|secs?|s)\b|\s?秒钟?", "s", 1000),
        (r"[\s-]?(?:pixels?|px)\b(?!\s+(?:art|style|look))|\s?像素(?!风|画|化|艺|效|游)|\s?px", "px", 1),
        (r"\s?%|[\s-]?(?:percent|per cent|pct)\b|\s?趴", "pct", 0.01),
        (r"\s?x(?![a-z0-9])|[\s-]times\b|\s?倍|\s?×", "x", 1),
    )
)
_TRAILING_HALF = re.compile(r"\s?半|\s+and\s+a\s+half\b")
_WORD = re.compile(r"[a-z]+")
_ZH_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千俩仨]{1,8}(?:点[零一二三四五六七八九]{1,4})?")
_PERCENT_ZH = re.compile(r"百分之\s?(\d{1,4}(?:\.\d{1,3})?|[零一二两三四五六七八九十百]{1,6})")
_TENTHS = re.compile(r"([一二三四五六七八九])成(?![一-龥])")
_HALF = re.compile(
    r"(?:a\s+)?half[\s-](?:an?\s+|of\s+an?\s+)?(second|sec|minute|min|hour)\b|半\s?(?:个)?(秒钟?|分钟|小时)"
    r"|(?:a\s+)?quarter\s+(?:of\s+)?(?:an?\s+)(second|minute)\b"
)
_A_UNIT = re.compile(
    r"an?\s+(second|minute|hour)\b(?!\s+(?:photo|picture|pic|image|shot|title|slide|one|person|clip|text))"
)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?!\d)")
_SIGN = re.compile(
    r"(?:(?:^|(?<=[\s(到为成]))(?:-|−|minus\s+|negative\s+)|负)\s?(?=\d|[a-z]|[零一二两三四五六七八九十])"
)
_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
}
_FRACTION = re.compile(
    r"(one|two|three|four|a)[\s-](thirds?|quarters?|fifths?)\b(?!\s+(?:photo|pic|image|one|title|person))"
)
_FRACTION_ZH = re.compile(r"([二三四五六七八九十])分之([一二三四五六七八九])")
_TIMES_BEFORE = re.compile(r"[x×]\s?(\d{1,2}(?:\.\d{1,2})?)(?![\da-z%:])")
_MINUTE_AND_HALF = re.compile(r"(\d{1,2}|[一二两三四五六七八九])\s?分半钟?")
_COUPLE = re.compile(r"(?:a\s+)?couple\s+(?:of\s+)?(?=seconds|secs|minutes)")


def chinese_number(text: str) -> float | None:
    """The value of Chinese numerals like 二十五 or 一点五, None when they are none."""
    whole, _, fraction = text.partition("点")
    if not whole:
        return None
    total, digit, seen = 0, 0, False
    if all(c in _ZH for c in whole) and len(whole) > 1:
        total = int("".join(str(_ZH[c]) for c in whole))
    else:
        unit = 1
        for c in whole:
            if c in _ZH:
                # 六百四 is 640: a last digit right after a hundred counts tens.
                unit = unit if c != "零" else 1
                digit, seen = _ZH[c], True
            elif c in _ZH_UNITS:
                total += (digit if seen else 1) * _ZH_UNITS[c]
                digit, seen, unit = 0, False, _ZH_UNITS[c] // 10
            else:
                return None
        total += digit * max(unit, 1)
    return total + (float("0." + "".join(str(_ZH[c]) for c in fraction)) if fraction else 0)


def match(text: str, at: int) -> tuple[Num, int] | None:
    """The number that begins at this place of folded text, with its unit, and where it ends."""
    sign = _SIGN.match(text, at)
    if sign:
        found = match(text, sign.end()) if sign.end() > at else None
        return (Num(-found[0].value, found[0].unit), found[1]) if found else None
    for special in (_special, _plain):
        got = special(text, at)
        if got:
            return got
    return None


def _special(text: str, at: int) -> tuple[Num, int] | None:
    if m := _PERCENT_ZH.match(text, at):
        value = float(m[1]) if m[1][0].isdigit() else chinese_number(m[1])
        return (Num((value or 0) / 100, "pct"), m.end())
    if m := _FRACTION_ZH.match(text, at):
        return Num(_ZH[m[2]] / (_ZH.get(m[1]) or 10), "x"), m.end()
    if m := _TENTHS.match(text, at):
        return Num(_ZH[m[1]] / 10, "pct"), m.end()
    if m := _HALF.match(text, at):
        unit = m[1] or m[2] or m[3]
        ms = 60_000 if unit.startswith(("min", "分")) else 3_600_000 if unit in ("hour", "小时") else 1000
        return Num(ms / (4 if m[3] else 2), "s"), m.end()
    if m := _FRACTION.match(text, at):
        return Num((1 if m[1] == "a" else _WORDS[m[1]]) / _PARTS[m[2]], "x"), m.end()
    if m := _CLOCK.match(text, at):
        return Num((int(m[1]) * 60 + int(m[2])) * 1000, "s"), m.end()
    if m := _A_UNIT.match(text, at):
        ms = {"minute": 60_000, "hour": 3_600_000}.get(m[1], 1000)
        half = _TRAILING_HALF.match(text, m.end())
        return Num(ms * (1.5 if half else 1), "s"), half.end() if half else m.end()
    if m := _TIMES_BEFORE.match(text, at):
        return Num(float(m[1]), "x"), m.end()
    if m := _MINUTE_AND_HALF.match(text, at):
        return Num((_ZH.get(m[1], 0) or float(m[1])) * 60_000 + 30_000, "s"), m.end()
    if m := _COUPLE.match(text, at):
        return _with_unit(text, 2, m.end())
    return None


def _plain(text: str, at: int) -> tuple[Num, int] | None:
    if m := _DIGITS.match(text, at):
        value = float(f"{m[1]}.{m[2] or 0}")
        return _with_unit(text, value, m.end())
    if m := _ZH_NUMBER.match(text, at):
        number = chinese_number(m[0])
        return None if number is None else _with_unit(text, number, m.end())
    return _english(text, at)


def _english(text: str, at: int) -> tuple[Num, int] | None:
    total, end, seen = 0.0, at, False
    i = at
    while m := _WORD.match(text, i):
        word = m[0]
        if word in _WORDS:
            total += _WORDS[word]
        elif word == "hundred" and seen:
            total = (total or 1) * 100
        elif word == "thousand" and seen:
            total = (total or 1) * 1000
        elif word == "point" and seen:
            tail = re.compile(r"\s+([a-z]+|\d{1,3})").match(text, m.end())
            digit = tail[1] if tail else ""
            if tail and (digit.isdigit() or _WORDS.get(digit, 10) < 10):
                total += float("0." + (digit if digit.isdigit() else str(_WORDS[digit])))
                end = tail.end()
            break
        else:
            break
        seen, end = True, m.end()
        if end < len(text) and text[end] in " -":
            i = end + 1
        else:
            break
    return _with_unit(text, total, end) if seen else None


def _with_unit(text: str, value: float, end: int) -> tuple[Num, int]:
    half = _TRAILING_HALF.match(text, end) if text[end : end + 2].strip() else None
    if half and half[0].strip() != "半":
        value, end = value + 0.5, half.end()
    for pattern, unit, factor in _UNITS:
        m = pattern.match(text, end)
        if not m:
            continue
        tail = _TRAILING_HALF.match(text, m.end())
        if tail and unit == "s":
            return _minutes(text, Num((value + 0.5) * factor, unit), tail.end(), factor)
        return _minutes(text, Num(value * factor, unit), m.end(), factor)
    return Num(value), end


def _minutes(text: str, num: Num, end: int, factor: float) -> tuple[Num, int]:
    """Seconds that follow minutes belong to them: 1 minute 30 seconds, 一分二十秒."""
    if num.unit != "s" or factor != 60_000:
        return num, end
    gap = re.compile(r"\s*(?:and\s+)?").match(text, end)
    begin = gap.end() if gap else end
    rest = _plain(text, begin)
    if rest and rest[0].unit == "s" and rest[0].value < 60_000:
        return Num(num.value + rest[0].value, "s"), rest[1]
    if rest and not rest[0].unit and begin == end and rest[0].value < 60:
        return Num(num.value + rest[0].value * 1000, "s"), rest[1]
    return num, end
