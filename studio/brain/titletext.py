"""Title words said without quotation marks: found by their cue and turned into one quoted token."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain.tokens import Token

_SAYING = frozenset(
    [
        "saying",
        "says",
        "say",
        "reading",
        "reads",
        "read",
        "titled",
        "entitled",
        "captioned",
        "called",
        "named",
        "labelled",
        "labeled",
        "that_says",
        "spells",
        "spelling",
        "写着",
        "叫做",
        "叫",
        "写上",
        "写",
        "名为",
        "内容是",
        "内容为",
        "题为",
        "打上",
        "印上",
    ]
)
_LINKS = frozenset(
    [
        "to",
        "as",
        "is",
        "be",
        "=",
        ":",
        "为",
        "是",
        "成",
        "改成",
        "换成",
        "改为",
        "换为",
        "变成",
        "设为",
        "写成",
        "叫",
        "叫做",
        "写",
        "写上",
        "写着",
        "设成",
        "改叫",
        "就写",
        "就叫",
    ]
)
_STOPS_EN = frozenset(
    (
        "at",
        "in",
        "for",
        "on",
        "with",
        "and",
        "from",
        "over",
        "as",
        "using",
        "during",
        "into",
        "please",
        "near",
    )
)
_STOPS_ZH = frozenset(
    [
        "放在",
        "放到",
        "用",
        "字体",
        "颜色",
        "显示",
        "持续",
        "放",
        "在",
        "并且",
        "然后",
        "同时",
        "字样",
        "几个字",
        "这几个字",
        "这行字",
        "吧",
        "好了",
        "就好",
        "就行",
    ]
)
# At the end of a title's words these are said to us; inside they belong to the title.
_LAST_ZH = frozenset(("吧", "好了", "就好", "就行"))
_ATTRIBUTES = (
    "color",
    "pos",
    "cmp",
    "num",
    "dir",
    "deg",
    "shade",
    "thickness",
    "times",
    "too",
    "when",
    "size",
    "fade",
    "v",
    "t",
    "rel",
    "pron",
    "ask",
    "mood",
    "style",
    "motion",
    "all",
    "ord",
)


def quoted(tokens: Sequence[Token], raw: str) -> list[Token]:
    """The tokens with unquoted title words put together, where a cue says they are a title's."""
    if any(t.has("quote") for t in tokens):
        return list(tokens)
    span = _find(tokens)
    if span is None:
        return list(tokens)
    begin, end = span
    first, last = tokens[begin], tokens[end - 1]
    words = raw[first.start : last.end].strip(" ,.，。")
    if not words:
        return list(tokens)
    token = Token(first.start, last.end, first.text, raw[first.start : last.end], {"quote": words})
    return [*tokens[:begin], token, *tokens[end:]]


def _find(tokens: Sequence[Token]) -> tuple[int, int] | None:
    if any(t.has("ask", "wh") and (i == 0 or not t.text.isascii()) for i, t in enumerate(tokens)):
        return None
    if any(t.has("cannot") for t in tokens):
        return None
    for i, token in enumerate(tokens):
        begin = _after_cue(tokens, i, token)
        if begin is None or begin >= len(tokens):
            continue
        end = _end(tokens, begin)
        if end > begin and _is_text(tokens[begin:end], strong=_strong(tokens, i, begin)):
            return begin, end
    return None


def _near_title(tokens: Sequence[Token], i: int) -> bool:
    return any(t.has("t", "title") and not t.has("v") for t in tokens[max(0, i - 6) : i + 1])


def _after_cue(tokens: Sequence[Token], i: int, token: Token) -> int | None:
    """Where title words would begin after this token, None when it is no cue."""
    text = token.text
    if text in _SAYING:
        titled = _near_title(tokens, i) or text in (
            "titled",
            "entitled",
            "captioned",
            "saying",
            "写上",
            "写着",
            "打上",
            "says",
            "写",
            "印上",
        )
        return _skip(tokens, i + 1) if titled else None
    if (
        token.has("t", "name")
        and text.isascii()
        and i + 1 < len(tokens)
        and any(t.has("v", "add", "set") for t in tokens[:i])
    ):
        return _skip_commas(tokens, _skip(tokens, i + 1))
    if text in ("名字", "我的名字", "昵称") and any(t.has("v", "add") for t in tokens[:i]):
        return _skip(tokens, i + 1)
    if text == "write" and i + 1 < len(tokens):
        return None if tokens[i + 1].text in ("me", "us", "a", "an", "my") else _skip(tokens, i + 1)
    if (
        not token.has("t", "title")
        or token.has("mood")
        or token.text in ("font", "字体", "字号", "font size", "text size")
    ):
        return None
    if i + 1 < len(tokens) and tokens[i + 1].text in ("in", "for", "with", "of", "into"):
        return None
    if any(t.has("v", "keep") for t in tokens[:i]):
        return None
    j = i + 1
    while j < len(tokens) and tokens[j].text in ("的", "内容", "文字", "应该", "should", "so", "it"):
        j += 1
    if j < len(tokens) and (
        tokens[j].text in _LINKS or tokens[j].text in _SAYING or tokens[j].get("punct") == ":"
    ):
        return _skip(tokens, j + 1)
    adds = any(t.has("v", "add") for t in tokens[max(0, i - 4) : i])
    named = j < len(tokens) and tokens[j].raw[:1].isupper() and "unknown" in tokens[j].senses
    return i + 1 if adds or named else None


def _strong(tokens: Sequence[Token], i: int, begin: int) -> int:
    """2 where words follow whatever they are (saying …), 1 where they are likely (change it to …)."""
    between = [t.text for t in tokens[i:begin]]
    if any(w in _SAYING or w == "write" for w in between) or any(
        t.get("punct") == ":" for t in tokens[i:begin]
    ):
        return 2
    return int(any(w in _LINKS for w in between))


def _skip(tokens: Sequence[Token], i: int) -> int:
    while i < len(tokens) and (
        tokens[i].text in (":", "to", "read", "say", "的", "是", "一个", "the words", "上", "着", "成")
        or tokens[i].get("punct") == ":"
    ):
        i += 1
    return i


def _skip_commas(tokens: Sequence[Token], i: int) -> int:
    while i < len(tokens) and tokens[i].text in (",", "is", "as"):
        i += 1
    return i


def _end(tokens: Sequence[Token], begin: int) -> int:
    for i in range(begin, len(tokens)):
        token = tokens[i]
        if token.is_punct and token.get("punct") in ",;!?\n":
            return i
        if (
            token.is_punct
            and token.get("punct") == "."
            and (i + 1 == len(tokens) or tokens[i + 1].start > token.end)
        ):
            return i
        if i > begin and _stops(tokens, i):
            return i
    return len(tokens)


def _stops(tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    later = tokens[i + 1 : i + 4]
    ends = not later or later[0].is_punct or token.text not in _LAST_ZH
    if (token.text in _STOPS_ZH and ends) or (
        token.has("pos") and token.text.startswith(("at", "in", "on", "to", "up"))
    ):
        return True
    if token.has("when", "whole"):
        return True
    if token.text in ("and", "then") and later:
        return (
            later[0].has("v")
            or (len(later) > 1 and later[0].is_filler and later[1].has("t"))
            or later[0].has("t")
            or later[0].has("cmp")
        )
    if token.text not in _STOPS_EN or not later:
        return False
    if token.text == "on" and later[0].text in ("it", "them", "this", "that", "top"):
        return True
    follow = [t for t in later if t.text not in ("the", "a", "an", "some", "my", "big", "large", "very")][:2]
    return bool(follow) and any(
        follow[0].has(kind)
        for kind in (
            "pos",
            "color",
            "num",
            "ord",
            "mood",
            "when",
            "t",
            "shade",
            "cmp",
            "thickness",
            "bg",
            "shape",
            "style",
        )
    )


def _is_text(words: Sequence[Token], *, strong: int) -> bool:
    """Whether the words are text to show rather than attributes of a title."""
    if strong == 2:
        return not all(
            t.is_filler and t.text in ("it", "that", "this", "something", "它", "to") for t in words
        )
    content = [t for t in words if not t.is_filler]
    if not content:
        return any(t.has("thanks") and (strong == 1 or _titled_case(t)) for t in words)
    known = [t for t in content if any(t.has(kind) for kind in _ATTRIBUTES)]
    if any(t.has("pron") or t.has("quote") for t in content):
        return False
    return len(known) < len(content) or any(_titled_case(t) for t in content)


def _titled_case(token: Token) -> bool:
    return token.raw[:1].isupper() and token.raw.isascii()
