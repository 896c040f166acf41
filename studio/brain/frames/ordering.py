"""Which picture stands where: naming them, swapping, moving, turning the order round."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import Move, Reverse, Swap

PICTURE = ("photo", "clip", "one")


def named_pictures(c: Clause, r: Reading, *, loose: bool = True) -> list[tuple[Token, int]]:
    """The pictures a clause names, in the order spoken, with the tokens that name them."""
    count = len(r.video)
    names = [str(s.get("m", {}).get("name", "")).lower() for s in r.video]
    found: list[tuple[Token, int]] = []
    for token in c.tokens:
        if token.used or token.negated:
            continue
        item = token.get("fileref") or token.get("filestem")
        if item is not None and item.filename.lower() in names:
            found.append((token, names.index(item.filename.lower())))
    for token in scope.ordinals(c):
        if token.has("num") and scope.num(token).value < 1:
            r.plan.problem("no_such_segment", number=int(scope.num(token).value), count=count)
            continue
        if loose or scope.is_picture_ordinal(c, token):
            found.append((token, scope.position(token, count)))
    for token in c.all("num"):
        beside = c.index(token) and c.tokens[c.index(token) - 1].text in ("and", "和", "跟", "与")
        if beside and not scope.num(token).unit and found and all(token is not t for t, _ in found):
            found.append((token, int(scope.num(token).value) - 1))
    return sorted(found, key=lambda pair: c.index(pair[0]))


def _bare_numbers(c: Clause) -> list[tuple[Token, int]]:
    """The 2 and 3 of "swap 2 and 3"."""
    return [(t, int(scope.num(t).value) - 1) for t in c.all("num") if not scope.num(t).unit]


def spend(c: Clause, refs: list[tuple[Token, int]]) -> None:
    """Mark what names the pictures as understood, with the verbs."""
    c.use(*[t for t, _ in refs])
    for t in c.tokens:
        if t.has("t", *PICTURE) or t.has("v"):
            t.used = True


def reverse(c: Clause, r: Reading) -> bool:
    """The order turned round."""
    if not c.verb("reverse") or len(r.video) < 2:
        return False
    c.use_all(("v", "t"))
    return r.do(Reverse())


def swap(c: Clause, r: Reading) -> bool:
    """Two pictures change places."""
    refs = named_pictures(c, r)
    ends = next((t for t in c.tokens if t.text in ("首尾", "头尾", "首尾两张")), None)
    if ends is not None:
        refs = [(ends, 0), (ends, -1)]
    if len(refs) < 2 and len(r.video) > 1 and len(_bare_numbers(c)) == 2:
        refs = _bare_numbers(c)
    if len(refs) == 1 and len(r.video) > 1:
        refs = _two_of(c, refs[0], len(r.video))
    loose = any(t.text in ("switch", "换一下", "换", "换换", "调") for t in c.tokens)
    if not any(t.has("v", "swap") for t in c.tokens) and not (
        loose and (len(refs) == 2 or (len(r.video) == 2 and not refs)) and not _file_last(refs)
    ):
        return False
    if len(refs) < 2:
        pair = any(t.text in ("two", "both", "两张", "两") for t in c.tokens) or c.targets("photo")
        if len(r.video) == 2 and pair and len(refs) == 0 and not c.has("fileref"):
            c.use_all(("v", "t", "num", "all"))
            return r.do(Swap(one=0, other=1))
        return False
    spend(c, refs)
    return r.do(Swap(one=refs[0][1], other=refs[1][1]))


def _two_of(c: Clause, ref: tuple[Token, int], count: int) -> list[tuple[Token, int]]:
    """The first two, 前两张, 一三两张: one token, or a number beside it, that names both."""
    token, index = ref
    if token.has("many") or scope._count_after(c, token) == 2:
        return [(token, i) for i in scope._run(index, 2, count)]
    return [ref]


def _file_last(refs: list[tuple[Token, int]]) -> bool:
    return bool(refs) and refs[-1][0].has("fileref") and not refs[0][0].has("fileref")


def front(after: list[Token]) -> int | None:
    """Whether the words say the beginning (0) or the end (-1)."""
    for t in after:
        if t.has("when", "start") or t.text in ("front", "top", "opener", "首位", "最前面", "头"):
            return 0
        if t.has("when", "end") or t.text in ("back", "end"):
            return -1
    return None


_PLACES = frozenset(("place", "places", "spot", "spots", "position", "positions", "位", "格", "个位置"))
_WAYS = {"back": 1, "later": 1, "down": 1, "forward": -1, "earlier": -1, "up": -1, "往后": 1, "往前": -1}


def move(c: Clause, r: Reading) -> bool:
    """A picture goes to another place, or all of them into the order told."""
    refs = named_pictures(c, r) if r.video else []
    if (
        len(refs) < 2
        and len(r.video) > 1
        and len(_bare_numbers(c)) == 2
        and c.verb("move")
        and not any(t.text in _PLACES or t.has("t", "one") for t in c.tokens)
    ):
        refs = _bare_numbers(c)
    if any(t.text == "where" for t in c.tokens) and len(refs) == 2:
        # Photo 3 should go where photo 1 is.
        spend(c, refs)
        return r.do(Move(which=refs[0][1], to=refs[1][1]))
    if len(refs) == 3 and any(t.has("rel", "between") for t in c.tokens):
        refs = [refs[0], min(refs[1:], key=lambda ref: ref[1])]
        spend(c, refs)
        c.use_all(("rel", "fileref"))
        return r.do(Move(which=refs[0][1], after=refs[1][1]))
    if len(refs) == len(r.video) > 2 and _order_said(c) and len({i for _, i in refs}) == len(refs):
        for place, (_, which) in enumerate(_placing([i for _, i in refs])):
            r.do(Move(which=which, to=place))
        spend(c, refs)
        return True
    verbal = c.verb("move") or any(t.text in ("start", "begin", "end", "open", "开头") for t in c.tokens)
    if c.verb("add") and refs and refs[0][0].has("ord") and front(c.after(refs[0][0])) is not None:
        verbal = True
    if not verbal and not _placed(c, refs):
        return False
    if not refs or c.targets("background", "title", "ring", "shadow"):
        return False
    source, which = refs[0]
    opening = any(t.text in ("start", "begin", "open") and t in c.before(source) for t in c.tokens)
    closing = any(t.text in ("end", "finish", "close") and t in c.before(source) for t in c.tokens)
    if len(refs) == 1 and (opening or closing) and len(r.video) > 1:
        spend(c, refs)
        c.use_all(("when",))
        return r.do(Move(which=which, to=0 if opening else -1))
    after = c.after(source)
    if len(refs) >= 2:
        anchor, other = refs[1]
        between = c.tokens[c.index(source) + 1 : c.index(anchor)]
        rest = c.after(anchor)
        spoken = between + rest[:2]
        spend(c, refs)
        c.use_all(("rel", "when", "pos"))
        if any(t.has("rel", "before") or t.text in ("前", "前面", "之前") for t in spoken) and _anchored(
            anchor, rest, between
        ):
            return r.do(Move(which=which, before=other))
        if any(
            t.has("rel", "after", "behind") or t.text in ("后", "后面", "之后") or t.has("t", "background")
            for t in spoken
        ) and _anchored(anchor, rest, between):
            return r.do(Move(which=which, after=other))
        return r.do(Move(which=which, to=other))
    stepwise = any(t.text in _PLACES for t in after) and any(t.has("num") for t in after)
    if not stepwise and (to := front(after)) is not None:
        spend(c, refs)
        c.use_all(("when", "rel", "pos"))
        return r.do(Move(which=which, to=to))
    if not stepwise and len(r.video) > 1 and any(t.has("num") for t in after) and not c.has("t", "length"):
        token = next(t for t in after if t.has("num"))
        if scope.num(token).unit == "":
            spend(c, [*refs, (token, 0)])
            return r.do(Move(which=which, to=int(scope.num(token).value) - 1))
    by = next((t for t in after if t.has("num") and not scope.num(t).unit), None)
    back = next((t for t in after if t.text in _WAYS), None)
    if by is not None and back is not None and any(t.text in _PLACES for t in after):
        spend(c, refs)
        c.use(by, back, *c.all("when"))
        return r.do(Move(which=which, by=_WAYS[back.text] * int(scope.num(by).value)))
    way = next((t for t in after if t.has("dir") or t.text in ("earlier", "later", "forward", "back")), None)
    if way is not None and len(r.video) > 1 and scope.is_picture_ordinal(c, source):
        spend(c, refs)
        c.use(way)
        return r.do(
            Move(
                which=which,
                by=-1 if way.has("dir", "left", "up") or way.text in ("earlier", "forward") else 1,
            )
        )
    return False


def _order_said(c: Clause) -> bool:
    return any(t.text in ("order", "sequence", "顺序", "次序") for t in c.tokens)


def _placing(wanted: list[int]) -> list[tuple[int, int]]:
    """Where each picture stands when its turn comes, the ones before it in place already."""
    now = list(range(len(wanted)))
    out = []
    for place, index in enumerate(wanted):
        at = now.index(index)
        out.append((index, at))
        now.insert(place, now.pop(at))
    return out


def _placed(c: Clause, refs: list[tuple[Token, int]]) -> bool:
    """Photo 3 first, without a verb."""
    verbless = not c.verb("remove", "trim", "keep", "add", "set")
    if len(refs) == 1 and verbless and any(t.text in ("to", "to the", "放到") for t in c.after(refs[0][0])):
        return front(c.after(refs[0][0])) is not None
    if len(refs) != 2 or not refs[1][0].has("ord", "1", "-1") or c.verb("remove", "trim", "keep"):
        return False
    return all(t.is_filler for t in c.after(refs[1][0]))


def _anchored(anchor: Token, rest: list[Token], between: list[Token]) -> bool:
    chinese = any(not t.text.isascii() for t in rest[:2])
    return chinese or any(t.has("rel", "before", "after") for t in between) or anchor.has("fileref")
