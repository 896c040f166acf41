"""What belongs to what inside a clause: verbs and colours to things, ordinals to pictures, amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studio.brain.colors import SHIFT, shift
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Num, Token
from studio.edits import MediaItem, images, visuals

Target = tuple[int, ...] | None
COLOURABLE = ("background", "bgloc", "ring", "title", "shadow", "name")
_LIGHTER = {"light": SHIFT, "pale": SHIFT, "dark": -SHIFT}


_DONT = frozenset(("don't", "do not", "don't let", "do not let", "doesn't need"))


def polarity(c: Clause, token: Token) -> str:
    """What is to happen to a thing: "remove", "keep", "add" or "set", from the verb that governs it."""
    i = c.index(token)
    if any(t.text in _DONT for t in c.tokens[:i]) and not any(t.has("v", "keep") for t in c.tokens[:i]):
        return "remove"
    weak = ""
    if i and c.tokens[i - 1].text == "去":
        return "remove"
    for other in reversed(c.tokens[:i]):
        if other.has("v", "no", "remove") and not other.negated:
            return "remove"
        if other.has("v", "keep"):
            return "keep"
        if other.has("v", "add"):
            weak = weak or "add"
            at = c.index(other)
            if at and c.tokens[at - 1].has("v", "no") and not c.tokens[at - 1].negated:
                return "remove"
            if other.text not in ("put", "take", "get", "have", "need", "带", "要"):
                break
        elif other.has("v", "set", "move") and not weak:
            weak = "set"
    for other in c.tokens[i + 1 :]:
        if other.has("t") and not other.has("t", *_values(token)) and not other.has("v"):
            break
        if other.has("v", "remove", "no") and not other.negated and not _only_adjective(c, other):
            return "remove"
        if other.has("v", "keep") and not weak:
            return "keep"
        if other.text in ("goes", "go") and other is c.tokens[-1]:
            return "remove"
        if other.text == "out" and any(t.text in ("take", "leave", "cut") for t in c.tokens[:i]):
            return "remove"
    return weak


def _only_adjective(c: Clause, token: Token) -> bool:
    return token.has("color") or (token.text in ("去",) and bool(c.after(token)))


def _values(token: Token) -> tuple[str, ...]:
    held = token.get("t")
    return tuple(held) if isinstance(held, frozenset) else (str(held),) if held else ()


def shaded(c: Clause, token: Token) -> str:
    """A colour token's value with the light, dark, pale or deep in front of it."""
    value: str = token.get("color") if isinstance(token.get("color"), str) else min(token.get("color"))
    i = c.index(token)
    for other in reversed(c.tokens[max(0, i - 3) : i]):
        if other.has("shade"):
            other.used = True
            return shift(value, _LIGHTER.get(str(other.get("shade")), 0.0))
        if other.has("cmp", "bright-", "bright+") and other.end + 1 >= token.start and not _chinese(other):
            other.used = True
            return shift(value, SHIFT if other.has("cmp", "bright+") else -SHIFT)
        if not (other.is_filler and other.text in ("的", "一点的", "very", "really", "色", "shade", "of")):
            break
    return value


def _chinese(token: Token) -> bool:
    return not token.text.isascii()


def groups(c: Clause) -> list[list[Token]]:
    """Unused colour tokens, those that stand together as one group (from blue to purple, 蓝紫)."""
    out: list[list[Token]] = []
    last = -10
    for i, token in enumerate(c.tokens):
        if not token.has("color") or token.used or token.negated:
            continue
        between = c.tokens[last + 1 : i] if last >= 0 else []
        joins = all(_joins(t) for t in between)
        if out and joins and last >= 0:
            out[-1].append(token)
        else:
            out.append([token])
        last = i
    return out


def _joins(token: Token) -> bool:
    words = (
        "and",
        "to",
        "into",
        "through",
        "the",
        "a",
        "和",
        "到",
        "与",
        "至",
        "及",
        "往",
        "的",
        "色",
        "&",
        "or",
        "fading",
        "to a",
    )
    return (
        token.has("shade") or token.text in words or token.is_punct or token.has("cmp", "bright-", "bright+")
    )


def attached(c: Clause, target: Token) -> list[str]:
    """The colours of a thing: those right before it, or those said of it after; the last group wins."""
    found: list[list[Token]] = []
    for group in groups(c):
        if _same_thing(owner(c, group), target):
            found.append(group)
    if not found and sum(t.has("t", *COLOURABLE) or t.has("trait") for t in c.tokens) == 1:
        found = [group for group in groups(c) if owner(c, group) is None]
    if not found:
        return []
    chosen = found[-1]
    for group in found:
        c.use(*group)
    return [shaded(c, t) for t in chosen]


def _same_thing(one: Token | None, other: Token) -> bool:
    if one is None or one is other:
        return one is other
    return one.get("t") is not None and one.get("t") == other.get("t")


def owner(c: Clause, group: Sequence[Token]) -> Token | None:
    """The thing a group of colours belongs to."""
    left = [t for t in c.before(group[0]) if t.has("t", *COLOURABLE) or t.has("trait")]
    before = c.tokens[c.index(group[0]) - 1] if c.index(group[0]) else None
    right = _right_owner(c, group[-1])
    if left and before is not None and before.has("v", "to") and right is not None:
        return left[-1]
    if right is not None:
        return right
    return left[-1] if left else None


def _right_owner(c: Clause, token: Token) -> Token | None:
    for other in c.after(token):
        if other.has("t", *COLOURABLE) or other.has("trait"):
            return other
        passable = (
            other.has("thickness")
            or other.has("shade")
            or other.has("bg")
            or other.has("cmp")
            or other.has("shape")
            or other.text
            in (
                "的",
                "coloured",
                "colored",
                "colour",
                "color",
                "solid",
                "plain",
                "色",
                "一圈",
                "圈",
                "纯色",
                "soft",
                "nice",
                "simple",
                "flat",
                "and",
            )
        )
        if not passable:
            return None
    return None


def degree(c: Clause, at: Token | None = None) -> float:
    """How many steps: half for "a bit", two for "much", one otherwise."""
    for token in c.tokens:
        if token.has("deg", "small") and not token.has("deg", "notch"):
            return 0.5
    for token in c.tokens:
        if token.has("deg", "big") and not token.has("too"):
            return 2.0
    return 1.0


def flipped(c: Clause, token: Token) -> bool:
    """Whether "too bright" or "not so bright" turns a word into its opposite."""
    i = c.index(token)
    around = c.tokens[max(0, i - 3) : i]
    if any(t.has("too", "too") and not t.has("too", "enough") for t in around):
        return True
    if any(t.text in ("没那么", "不那么", "没这么", "不要那么", "别那么", "别太", "不要太") for t in around):
        return True
    if any(t.has("cmp", "down") and t.text == "less" for t in around[-1:]):
        return True
    return any(t.has("not") or t.has("v", "no") for t in around) and any(
        t.text in ("so", "as", "too", "that") for t in around
    )


def lacking(c: Clause, token: Token) -> bool:
    """Whether it is said that there is not enough: the word is meant as it stands."""
    return any(t.has("too", "enough") for t in c.tokens)


def number(c: Clause, *units: str) -> Token | None:
    """The last unused number with one of these units."""
    for token in reversed(c.all("num")):
        if token.get("num").unit in units and not token.has("times"):
            return token
    return None


def num(token: Token) -> Num:
    """A number token's value and unit."""
    value: Num = token.get("num")
    return value


def factor(c: Clause) -> float | None:
    """Double, half, three times, 1.5x, 50% bigger, as a factor; None where none is said."""
    times = c.first("times")
    if times is not None:
        c.use(times)
        if times.has("times", "half"):
            return 0.5
        return 2.0 if times.has("times", "double") else 3.0
    return None


def ordinals(c: Clause) -> list[Token]:
    """Tokens that count pictures: ordinals, and numbers right after a picture word."""
    out: list[Token] = []
    for i, token in enumerate(c.tokens):
        if token.used or token.negated:
            continue
        if (token.has("ord") and not token.has("ord", "other")) or (
            (
                token.has("num")
                and not num(token).unit
                and i
                and c.tokens[i - 1].has("t", "photo", "one", "clip", "person")
            )
            and c.tokens[i - 1].text not in ("张", "段", "幅", "位")
        ):
            out.append(token)
    return out


def position(token: Token, count: int) -> int:
    """An ordinal token as an index, negative from the end."""
    if token.has("num"):
        return int(num(token).value) - 1
    value = token.get("ord")
    if isinstance(value, frozenset):
        value = next((v for v in sorted(value) if v not in ("mid", "other")), "mid")
    if value == "mid":
        return (count - 1) // 2
    index = int(value)
    return index - 1 if index > 0 else index


def is_picture_ordinal(c: Clause, token: Token) -> bool:
    """Whether an ordinal counts pictures rather than people, titles, seconds or versions."""
    i = c.index(token)
    for other in c.tokens[i + 1 : i + 5]:
        if other.has("t", "photo", "one", "clip") and not other.has("t", "person"):
            return True
        if other.has("t") or (other.has("num") and num(other).unit == "s"):
            return False
        if other.has("v") and not other.is_filler:
            break
    return i > 0 and c.tokens[i - 1].has("t", "photo", "clip", "one")


def pictures(c: Clause, r: Reading, *, loose: bool = False) -> tuple[int, ...] | None:
    """The timeline positions a clause names, None when it names none; tokens are marked as understood."""
    found: list[int] = []
    count = len(r.video)
    names = [str(s.get("m", {}).get("name", "")).lower() for s in r.video]
    for token in c.tokens:
        item = token.get("fileref") or token.get("filestem")
        if not isinstance(item, MediaItem) or token.used or item.filename.lower() not in names:
            continue
        if token.has("fileref") or _file_meant(c, token):
            found.append(names.index(item.filename.lower()))
            c.use(token)
    for token in ordinals(c):
        if loose or is_picture_ordinal(c, token):
            many = _count_after(c, token)
            index = position(token, count)
            found += _run(index, many, count)
            c.use(token)
    for other in c.tokens:
        if found and other.has("t", "photo", "one", "clip"):
            other.used = True
    if found:
        c.pictures = tuple(dict.fromkeys(found))
    return c.pictures


def _run(index: int, many: int, count: int) -> list[int]:
    if many <= 1:
        return [index]
    return list(range(count - many, count)) if index < 0 else list(range(index, index + many))


def _count_after(c: Clause, token: Token) -> int:
    """The two of "the first two photos"."""
    if token.has("many"):
        return int(token.get("many"))
    after = c.after(token)
    for other in after[:1]:
        if other.has("num") and not num(other).unit and 1 < num(other).value < 200:
            c.use(other)
            return int(num(other).value)
    return 1


def _file_meant(c: Clause, token: Token) -> bool:
    """Whether a word of a file's name stands for the file: the beach picture, the bridge one, bridge."""
    later = c.near(token, 1)
    return (
        later is None
        or later.has("t", "photo", "one", "clip")
        or bool(token.has("unknown"))
        or later.has("v")
    )


def media_item(c: Clause, r: Reading) -> MediaItem | None:
    """The uploaded file a clause names, by file name, by a word of it, or by its place among the uploads."""
    for token in c.tokens:
        item = token.get("fileref")
        if isinstance(item, MediaItem) and not token.used:
            c.use(token)
            return item
    for token in c.tokens:
        item = token.get("filestem")
        if isinstance(item, MediaItem) and not token.used and _file_meant(c, token):
            c.use(token)
            return item
    pool = images(r.context.media) or visuals(r.context.media)
    for token in ordinals(c):
        if is_picture_ordinal(c, token) or any(t.text in ("uploaded", "sent", "上传") for t in c.tokens):
            index = position(token, len(pool))
            c.use(token)
            if -len(pool) <= index < len(pool):
                return pool[index]
            r.plan.problem("no_such_segment", number=index + 1, count=len(pool))
            return None
    return None


def direction(c: Clause, *words: Any) -> int:
    """+1 or −1 for more or less of a thing, 0 where the clause does not say."""
    for token in c.tokens:
        if token.used or token.negated:
            continue
        up = token.has("cmp", "up", "size+", "strong+", "loud+", "long+", "thick+")
        down = token.has("cmp", "down", "size-", "strong-", "loud-", "long-", "thick-")
        if (up and down) or not (up or down):
            continue
        c.use(token)
        sign = 1 if up else -1
        return -sign if flipped(c, token) else sign
    if any(t.has("too", "enough") for t in c.tokens):
        return 1
    if any(t.has("too", "too") for t in c.tokens):
        return -1
    return 0
