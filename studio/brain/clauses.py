"""Sentences and clauses: where one request ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain.tokens import Clause, Token

_AND = frozenset(
    [
        "and",
        "then",
        "but",
        "plus",
        "also",
        "while",
        "or",
        "nor",
        "&",
        "+",
        "&",
        "和",
        "与",
        "及",
        "以及",
        "并",
        "并且",
        "而且",
        "然后",
        "接着",
        "同时",
        "还有",
        "但",
        "但是",
        "不过",
        "外加",
        "顺便",
        "跟",
        "另外",
        "且",
        "再",
        "也",
        "以及",
        "还",
        "最后",
    ]
)
_STRONG = frozenset(
    ["then", "but", "while", "plus", "然后", "接着", "同时", "但", "但是", "不过", "另外", "顺便", "外加"]
)
_ENDS = frozenset(".!?;\n")
_REPLACING = frozenset(
    ("replace", "swap", "go", "swapped", "replaced", "switch", "exchange", "end", "start", "begin")
)


def sentences(tokens: Sequence[Token]) -> list[tuple[list[Token], bool]]:
    """Token runs between full stops, each with whether it ends in a question mark."""
    out: list[tuple[list[Token], bool]] = []
    run: list[Token] = []
    for token in tokens:
        if token.is_punct and token.get("punct") in _ENDS:
            if run:
                out.append((run, token.get("punct") == "?"))
            run = []
            continue
        run.append(token)
    if run:
        out.append((run, False))
    return out


def clauses(tokens: Sequence[Token], *, question: bool = False) -> list[Clause]:
    """The clauses of one sentence; `joined` ones hang on the one before by a mere "and"."""
    out: list[Clause] = []
    run: list[Token] = []
    joined = False
    for i, token in enumerate(tokens):
        cut = _cuts(tokens, i, run)
        if not cut:
            if not token.is_punct:
                run.append(token)
            continue
        if run:
            out.append(Clause(run, joined=joined, question=question))
            run = []
        joined = cut == "and" or (cut == "with" and _side_by_side(tokens, i))
        if cut == "with":
            run.append(token)
    if run:
        out.append(Clause(run, joined=joined, question=question))
    return out


def _cuts(tokens: Sequence[Token], i: int, run: Sequence[Token]) -> str:
    token = tokens[i]
    text = token.text
    if run and _side_by_side(tokens, i):
        return "with"
    if token.is_punct:
        if text in ",:" and _numbers_listed(tokens, i):
            return ""
        if text == ":" and i + 1 < len(tokens) and tokens[i + 1].has("fileref"):
            return ""
        if text == ":" and not any(t.has("quote") or t.has("v", "keep") for t in run):
            return ""
        return "and" if text == "," and _names_only(run) else "comma" if text in ",:" else ""
    if not run and text in _STRONG:
        return "comma"
    if not run:
        return "and" if text in _AND and text not in ("再", "也", "还", "最后", "+", "plus", "跟") else ""
    if text == "再":
        later = tokens[i + 1] if i + 1 < len(tokens) else None
        return "comma" if later and later.has("v") and not later.has("cmp") and not later.has("deg") else ""
    if text in ("也", "还") and not any(t.has("v") for t in run):
        return ""
    if text in ("也", "还", "最后", "跟", "接着", "另外", "+", "plus") and not _new_request(tokens, i):
        return ""
    if text in _STRONG:
        return "comma"
    if text in _AND:
        return "" if _glues(tokens, i) else "and"
    if text in ("with", "featuring") and not any(t.text in _REPLACING for t in run):
        after = next((t for t in tokens[i + 1 :] if not t.is_filler), None)
        return "with" if after is not None and not after.has("pron") else ""
    if token.has("v", "no") and text in ("without", "no", "不要", "去掉", "没有", "不带") and _content(run):
        before = run[-1]
        if before.has("t") and text in ("不要", "去掉", "没有"):
            return ""
        return "with" if text in ("without", "不带") else ""
    return ""


_LISTED = ("ring", "shadow", "background", "title", "music", "motion", "style")
_LIGHTS = ("brightness", "contrast", "saturation", "sharpness", "warmth")


def _side_by_side(tokens: Sequence[Token], i: int) -> bool:
    """边框阴影都不要: two things without a word between them, both of which are meant."""
    before, token = tokens[i - 1], tokens[i]
    if token.text.isascii() or before.end != token.start:
        return False
    both = any(before.has("t", *group) and token.has("t", *group) for group in (_LISTED, _LIGHTS))
    return both and any(t.text.startswith(("都", "全", "统统", "一起")) for t in tokens[i + 1 : i + 3])


def _content(run: Sequence[Token]) -> bool:
    return any(not t.is_filler for t in run)


def _new_request(tokens: Sequence[Token], i: int) -> bool:
    later = tokens[i + 1] if i + 1 < len(tokens) else None
    return bool(later and (later.has("v") or later.has("t")) and not later.has("cmp"))


def _names_only(run: Sequence[Token]) -> bool:
    """Whether the run so far only names things, as in "the ring, the shadow and the title gold"."""
    return bool(run) and all(t.is_filler or t.has("t") or t.has("v") for t in run)


def _side(tokens: Sequence[Token], i: int, step: int) -> list[Token]:
    out: list[Token] = []
    i += step
    while 0 <= i < len(tokens) and len(out) < 4 and not tokens[i].is_punct:
        out.append(tokens[i])
        i += step
    return out


def _glues(tokens: Sequence[Token], i: int) -> bool:
    """Whether this "and" joins two values of one thing: two colours, two pictures, two files."""
    left = [t for t in _side(tokens, i, -1) if not _soft(t)]
    right = [t for t in _side(tokens, i, 1) if not _soft(t)]
    if not left or not right:
        return False
    if left[0].has("color") and right[0].has("color"):
        return _one_coloured_thing(tokens, i)
    for kind in ("fileref", "filestem"):
        if left[0].has(kind) and right[0].has(kind):
            return True
    if _picture(left) and _picture(right):
        return True
    if left[0].has("t", "person") and right[0].has("t", "person"):
        return True
    if left[0].has("fade") and right[0].has("fade"):
        return True
    return (
        left[0].has("num") and right[0].has("num") and any(t.text in ("between", "from") for t in tokens[:i])
    )


def _soft(token: Token) -> bool:
    return set(token.senses) <= {"word", "shade", "rel", "deg"}


def _picture(side: Sequence[Token]) -> bool:
    named = [t for t in side[:2] if t.has("ord") or _plain(t) or t.has("t", "photo", "one")]
    return any(t.has("ord") or _plain(t) for t in named) and len(named) >= min(len(side), 2) - 1


def _plain(token: Token) -> bool:
    number = token.get("num")
    return number is not None and not number.unit


def _one_coloured_thing(tokens: Sequence[Token], i: int) -> bool:
    """Two colours joined belong together unless each goes on with a thing of its own."""
    for token in tokens[i + 1 :]:
        if token.is_punct:
            break
        if token.has("bg", "gradient"):
            return True
    before = tokens[i - 1] if i else None
    return bool(before is not None and before.has("color"))


def _numbers_listed(tokens: Sequence[Token], i: int) -> bool:
    if not 0 < i < len(tokens) - 1:
        return False
    kinds = ("ord", "fileref", "filestem")
    return any(tokens[i - 1].has(kind) and tokens[i + 1].has(kind) for kind in kinds)
