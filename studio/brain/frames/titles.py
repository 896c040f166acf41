"""Frames for the words over the picture: add, change, remove, place, colour, size, time."""

from __future__ import annotations

from typing import Any

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import AddTitle, ChangeTitle, RemoveTitle
from studio.edits.values import RANGES

_UP = {"bottom": "center", "center": "top", "bottom-left": "top-left", "bottom-right": "top-right"}
_DOWN = {"top": "center", "center": "bottom", "top-left": "bottom-left", "top-right": "bottom-right"}


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause says of a title."""
    quote = c.last("quote")
    target = c.first("t", "title")
    if quote is None and target is None:
        name = c.first("t", "name")
        if name is None or not c.verb("add", "set", "create"):
            return False
        c.use(name)
        r.plan.problem("whose_name")
        return True
    if target is not None:
        mode = scope.polarity(c, target)
        if mode == "keep" and not c.has("when", "whole"):
            c.use(target)
            r.plan.kept = True
            return True
        if mode == "remove" and not _rewrites(c, quote, target):
            return _remove(c, r, quote, target)
    if quote is None and target is not None and _only_size_word(c, target):
        return False
    fields = _fields(c, r, target)
    if quote is not None:
        return _worded(c, r, quote, fields)
    if not fields:
        return _nothing_said(c, r)
    c.use(target)
    index = _which(c, r)
    return r.do(ChangeTitle(target=index, **fields))


def _only_size_word(c: Clause, target: Token) -> bool:
    return (
        target.text in ("label", "形", "字")
        and not c.has("pos")
        and not c.has("dir")
        and not c.has("cmp")
        and not c.has("color")
        and not c.verb("remove", "no", "set")
    )


def _rewrites(c: Clause, quote: Token | None, target: Token) -> bool:
    """不要…改成“新”: the title is replaced, not removed."""
    return quote is not None and any(t.has("v", "to") for t in c.before(quote))


def _nothing_said(c: Clause, r: Reading) -> bool:
    if c.verb("add", "create") and not r.titles:
        c.use_all(("v",))
        r.plan.problem("title_empty")
        return True
    if c.verb("set") and any(t.has("v", "to") for t in c.tokens):
        r.plan.problem("title_empty")
        return True
    c.first("t", "title")
    return False


def _remove(c: Clause, r: Reading, quote: Token | None, target: Token) -> bool:
    c.use(target, quote)
    c.use_all(("all",))
    texts = [str(t.get("m", {}).get("text", "")) for t in r.titles]
    if not texts and _mere_wish(c, r):
        return True
    index: int | None = None
    if quote is not None and str(quote.get("quote")) in texts:
        index = texts.index(str(quote.get("quote")))
    else:
        index = _which(c, r)
    return r.do(RemoveTitle(target=index))


def _mere_wish(c: Clause, r: Reading) -> bool:
    """Without a title while there is none: a wish that is met, not a request that fails."""
    return bool(r.done) and any(t.has("v", "no") for t in c.tokens)


def _which(c: Clause, r: Reading) -> int | None:
    for token in scope.ordinals(c):
        if token.has("ord") and not scope.is_picture_ordinal(c, token):
            following = c.near(token, 1)
            if following is not None and following.has("t", "title") and not token.has("when"):
                c.use(token)
                return scope.position(token, len(r.titles))
            if following is not None and following.has("t", "title") and len(r.titles) > 1:
                c.use(token)
                return scope.position(token, len(r.titles))
    return None


def _worded(c: Clause, r: Reading, quote: Token, fields: dict[str, Any]) -> bool:
    text = str(quote.get("quote"))
    texts = [str(s.get("m", {}).get("text", "")) for s in r.titles]
    quotes = c.all("quote")
    c.use(*quotes)
    for t in c.tokens:
        if t.has("t", "title", "name") or t.has("v"):
            t.used = True
    if len(quotes) > 1 and str(quotes[0].get("quote")) in texts:
        return r.do(ChangeTitle(text=text, target=texts.index(str(quotes[0].get("quote"))), **fields))
    if text in texts and fields:
        return r.do(ChangeTitle(target=texts.index(text), **fields))
    adds = any(
        (t.has("v", "add") and t.text not in ("put", "show", "need", "have", "要", "带")) or t.text == "再加"
        for t in c.tokens
    )
    another = any(
        t.has("ord", "other") or t.text in ("second", "extra", "also", "还", "再", "再加", "too", "as well")
        for t in c.tokens
    )
    changes = any(t.has("v", "set") and not t.has("v", "add") and t.text not in ("let",) for t in c.tokens)
    says = any(t.text in ("say", "says", "read", "reads", "saying", "应该", "instead") for t in c.tokens)
    newly = (
        another
        and not changes
        and any(t.text in ("another", "second", "extra", "再", "too", "as well") for t in c.tokens)
    )
    if (
        texts
        and not (another and adds)
        and not newly
        and ((changes and not adds) or not adds or (says and not adds))
    ):
        return r.do(ChangeTitle(text=text, target=_which(c, r), **fields))
    size = fields.pop("size", None)
    times = fields.pop("times", None)
    if times and size is None:
        size = round(RANGES["size"].default * times, 4)
    allowed = {k: v for k, v in fields.items() if k in ("position", "color", "start", "d", "tail")}
    return r.do(AddTitle(text=text, size=size, **allowed))


def _fields(c: Clause, r: Reading, target: Token | None) -> dict[str, Any]:
    out: dict[str, Any] = {}
    pos = c.last("pos")
    if pos is not None:
        c.use(pos)
        out["position"] = pos.get("pos") if isinstance(pos.get("pos"), str) else min(pos.get("pos"))
        sideways = c.first("dir", "left", "right")
        if sideways is not None and out["position"] in ("top", "bottom"):
            c.use(sideways)
            out["position"] += f"-{sideways.get('dir')}"
    anchor = target or c.first("quote")
    found = scope.attached(c, anchor) if anchor is not None else []
    loose = [g for g in scope.groups(c) if scope.owner(c, g) in (None, anchor)]
    if not found and loose:
        c.use(*loose[-1])
        found = [scope.shaded(c, loose[-1][-1])]
    if found:
        out["color"] = found[-1]
    if "position" not in out:
        _moved(c, r, out)
    _size(c, out)
    _time(c, out)
    _fades(c, out)
    return out


def _moved(c: Clause, r: Reading, out: dict[str, Any]) -> None:
    token = c.first("dir")
    if token is None or not r.titles:
        return
    now = str(r.titles[-1].get("m", {}).get("position", "bottom"))
    way = token.get("dir")
    if (way in ("up", "down") and c.has("v", "move")) or token.text in (
        "higher",
        "lower",
        "higher up",
        "lower down",
        "高一点",
        "低一点",
        "高一些",
        "低一些",
        "往上",
        "往下",
        "上移",
        "下移",
        "向上",
        "向下",
    ):
        out["position"] = (_UP if way == "up" else _DOWN).get(now, now)
    elif way in ("left", "right"):
        vertical = now.split("-")[0]
        out["position"] = f"{vertical if vertical in ('top', 'bottom') else 'bottom'}-{way}"
    else:
        return
    c.use(token)


def _size(c: Clause, out: dict[str, Any]) -> None:
    token = scope.number(c, "pct")
    sized = c.targets("size") or any(t.has("cmp", "size+", "size-") for t in c.tokens)
    if token is not None and sized:
        c.use(token)
        value = scope.num(token).value
        smaller = c.first("cmp", "size-")
        bigger = c.first("cmp", "size+")
        if bigger or smaller:
            out["times"] = 1 + value if bigger else max(0.01, 1 - value)
        else:
            out["size"] = value
        c.use(bigger, smaller)
        return
    bare = scope.number(c, "")
    if bare is not None and c.targets("size") and 0 < scope.num(bare).value < 1:
        c.use(bare)
        out["size"] = scope.num(bare).value
        return
    for cmp in c.all("cmp", "size+", "size-"):
        by_factor = scope.number(c, "x")
        c.use(cmp, by_factor)
        grows = cmp.has("cmp", "size+") != scope.flipped(c, cmp)
        times = scope.num(by_factor).value if by_factor is not None else scope.factor(c)
        if times is None:
            times = RANGES["size"].step ** scope.degree(c)
        elif times < 1:
            grows = True
        out["times"] = times if grows else 1 / times
        return
    times = scope.factor(c)
    if times is not None:
        out["times"] = times
    elif c.targets("size") and (sign := scope.direction(c)):
        out["times"] = RANGES["size"].step ** (sign * scope.degree(c))


def _time(c: Clause, out: dict[str, Any]) -> None:
    whole = c.first("when", "whole")
    if whole is not None:
        c.use(whole)
        out["whole"] = True
        return
    seconds = [t for t in c.all("num") if scope.num(t).unit == "s"]
    bare = [t for t in c.all("num") if not scope.num(t).unit]
    if (
        len(seconds) == 1
        and bare
        and c.index(bare[0]) < c.index(seconds[0])
        and any(t.text in ("from", "between", "从", "第") for t in c.before(bare[0]))
    ):
        begin, end = scope.num(bare[0]).value * 1000, scope.num(seconds[0]).value
        c.use(bare[0], seconds[0])
        out.update(start=begin, d=end - begin)
        return
    if len(seconds) >= 2:
        begin, end = sorted((scope.num(seconds[0]).value, scope.num(seconds[1]).value))
        c.use(*seconds[:2])
        out.update(start=begin, d=end - begin)
        return
    if not seconds:
        return
    token = seconds[0]
    if any(t.has("fade") for t in c.tokens):
        return
    before = list(c.before(token)[-4:])
    c.use(token)
    ms = scope.num(token).value
    if any(t.has("ord", "-1") or (t.has("when", "end") and t.text not in ("后",)) for t in before):
        out.update(d=ms, tail=True)
    elif (
        any(t.text in ("后", "之后", "以后", "later") for t in c.after(token)[:1])
        or any(
            t.has("rel", "at") or t.text in ("after", "starting", "from", "在", "begin", "从")
            for t in before[-2:]
        )
        or (
            (token.has("at") or any(t.has("when", "after") for t in c.after(token)[:2]))
            and not any(t.text in ("first", "前", "开头", "开头的") for t in before)
        )
    ):
        out["start"] = ms
    else:
        out["d"] = ms
        if any(t.has("ord", "1") or t.has("when", "start") for t in before):
            out["start"] = 0
    c.use(*[t for t in before if t.has("ord") or t.has("when") or t.has("rel")])


def _fades(c: Clause, out: dict[str, Any]) -> None:
    if c.targets("music"):
        return
    for token in c.all("fade"):
        length = scope.number(c, "s")
        before = c.before(length)[-1:] if length is not None else []
        if length is not None and token.has("fade", "in") and before and before[0].text == "after":
            # "Fade in after 2 seconds" says when, not for how long.
            c.use(token, length)
            out.update(start=scope.num(length).value, fade_in=300)
            continue
        off = scope.polarity(c, token) == "remove"
        c.use(token, length)
        ms = 0 if off else scope.num(length).value if length is not None else 300
        if not token.has("fade", "out"):
            out["fade_in"] = ms
        if not token.has("fade", "in"):
            out["fade_out"] = ms
