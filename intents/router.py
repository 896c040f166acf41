"""One utterance → intents in the order they are to be carried out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from intents import learner, paths, tables, wishes
from intents.clauses import LOCAL, Piece, Reader
from intents.intent import KINDS, Intent
from intents.learner import Learner
from intents.paths import Span
from intents.scan import MASKS, Tokens, compatible, lowered, scan
from intents.slots import deliver, face, name, titled, wanted
from intents.tables import Tables

_FILL = "\ue00f"
_YES = frozenset(
    (
        "yes",
        "y",
        "yep",
        "yeah",
        "sure",
        "ok",
        "okay",
        "yesplease",
        "好",
        "好的",
        "可以",
        "是",
        "是的",
        "行",
        "嗯",
        "要",
    )
)
_WHETHER = frozenset(("ready",))  # "ready to export" says so, "ready to export?" asks
_BESIDE = "a file beside the place of an export"
_READ = 24  # clauses read at either end of a long text


class Router:
    """Routes with one set of language data."""

    def __init__(self, data: Tables, model: Learner) -> None:
        self.data = data
        self.model = model

    def route(
        self, text: str, exists: Callable[[str], bool], cwd: str | None, memory: Mapping[str, Any] | None
    ) -> list[Intent]:
        """The intents of an utterance; never empty, never raises."""
        compat, places = compatible(text)
        inner = paths.wholly_quoted(compat)
        if inner and not paths.special(inner):
            begin = compat.index(inner)
            end = begin + len(inner)
            text = text[begin:end] if places is None else text[places[begin] : places[end]]
            compat, places = compatible(text)
        spans = paths.find(compat, exists, cwd, text) if paths.special(compat) else []
        low = lowered(compat)
        masked = mask(low, spans) if spans else low
        tokens = scan(masked, places)
        asked = memory.get("asked") if memory else None
        if asked in KINDS and "".join(tokens.words) in _YES:
            return [Intent(asked, text.strip(), why="yes to what was asked")]
        pieces = self.pieces(tokens)
        if not pieces:
            return [Intent("sse", text.strip() or text, why="no words")]
        return Composer(text, low, tokens, spans).compose(pieces)

    def explain(self, text: str, exists: Callable[[str], bool]) -> list[tuple[str, str, str]]:
        """Clause by clause: what it was taken for (also `idle` and `dropped`), its words, and why."""
        compat, places = compatible(text)
        spans = paths.find(compat, exists, None, text) if paths.special(compat) else []
        low = lowered(compat)
        tokens = scan(mask(low, spans) if spans else low, places)
        return [
            (p.kind, text[tokens.starts[p.lo] : tokens.ends[p.hi - 1]], p.why) for p in self.pieces(tokens)
        ]

    def pieces(self, tokens: Tokens) -> list[Piece]:
        """The pieces of all clauses, in the order spoken."""
        reader = Reader(self.data, self.model, tokens.words)
        found: list[Piece] = []
        bounds = clause_bounds(tokens)
        marks = dict(reversed(tokens.breaks))
        for at, (lo, hi) in enumerate(bounds):
            if _READ <= at < len(bounds) - _READ:
                # a pasted text: nobody hides a command in its middle
                found.append(Piece("sse", lo, hi, "the middle of a long text"))
            elif marks.get(hi) == "?" and tokens.words[lo] in _WHETHER:
                found.append(Piece("sse", lo, hi, "asks whether it is time"))
            else:
                found += reader.read(lo, hi)
        return found


def clause_bounds(tokens: Tokens) -> list[tuple[int, int]]:
    """The token ranges between breaks; a colon before a file does not break."""
    found: list[tuple[int, int]] = []
    lo, end = 0, len(tokens.words)
    for at, mark in [*tokens.breaks, (end, "")]:
        if at > lo and not (mark == ":" and at < end and tokens.words[at][0] == "{"):
            found.append((lo, at))
            lo = at
    return found


def mask(low: str, spans: list[Span]) -> str:
    """The folded text with one mark and filling in place of every span; the length stays."""
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (low[at : span.start], MASKS[span.kind], _FILL * (span.end - span.start - 1))
        at = span.end
    parts.append(low[at:])
    return "".join(parts)


class Composer:
    """Puts pieces together: drops, merges, reorders, slices and fills slots."""

    def __init__(self, text: str, low: str, tokens: Tokens, spans: list[Span]) -> None:
        self.text = text
        self.low = low
        self.tokens = tokens
        marks = [at for at, word in enumerate(tokens.words) if word[0] == "{"]
        self.span_at = dict(zip(marks, spans, strict=False))

    def compose(self, pieces: list[Piece]) -> list[Intent]:
        pieces = self._named(pieces)
        meant = [p for p in pieces if p.kind not in ("idle", "dropped")]
        if not meant:
            why = "; ".join(p.why for p in pieces)
            return [Intent("sse", self.text.strip(), why=why)]
        ordered: list[Piece] = []
        for piece in meant:
            if piece.early and ordered and (ordered[-1].kind in LOCAL) != (piece.kind in LOCAL):
                ordered.insert(len(ordered) - 1, piece)
            else:
                ordered.append(piece)
        alone = len(pieces) == 1
        found: list[Intent] = []
        for group in merged(ordered):
            intents = self._intents(group, alone)
            if (
                group[0].kind == "upload"
                and {"sse", "export"} <= {i.kind for i in found}
                and self._bare(group)
            ):
                intents = [replace(i, why=_BESIDE) for i in intents]
            found += intents
        if any(p.kind == "export" for p in ordered):
            # a photo told with the place of an export is what the whole is made of
            found.sort(key=lambda intent: intent.kind != "upload" or intent.why != _BESIDE)
        return found

    def _bare(self, group: list[Piece]) -> bool:
        """Whether nothing but files stands there."""
        return all(word[0] == "{" for p in group for word in self.tokens.words[p.lo : p.hi])

    def _named(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces with a name said after an export ("…, call it Summer") made part of that export."""
        found: list[Piece] = []
        for piece in pieces:
            before = found[-1] if found else None
            if (
                before
                and before.kind == "export"
                and piece.kind in ("idle", "sse")
                and (
                    name(self.text[self.tokens.starts[piece.lo] : self.tokens.ends[piece.hi - 1]])
                    or wishes.trailing(
                        self.low[self.tokens.starts[piece.lo] : self.tokens.ends[piece.hi - 1]]
                    )
                )
            ):
                why = f"{before.why}; and its name or format"
                found[-1] = Piece("export", before.lo, piece.hi, why, before.early)
            else:
                found.append(piece)
        return found

    def _intents(self, group: list[Piece], alone: bool) -> list[Intent]:
        lo, hi = group[0].lo, group[-1].hi
        said = self.text.strip() if alone else self.text[self.tokens.starts[lo] : self.tokens.ends[hi - 1]]
        folded = self.low[self.tokens.starts[lo] : self.tokens.ends[hi - 1]]
        why = "; ".join(dict.fromkeys(p.why for p in group))
        kind = group[0].kind
        spans = [s for at, s in self.span_at.items() if any(p.lo <= at < p.hi for p in group)]
        files = {
            "paths": tuple(s.value for s in spans if s.kind in ("path", "doc", "file")),
            "urls": tuple(s.value for s in spans if s.kind == "url"),
        }
        slots: dict[str, Any] = {}
        if kind == "upload":
            slots = {k: v for k, v in files.items() if v}
        elif kind == "export":
            return self._exports(Intent("export", said, why=why), folded, spans)
        elif kind == "sse":
            wish = deliver(folded)
            if wish:
                slots["deliver"] = wish
            whose = face(folded)
            if whose:
                slots["face"] = whose
            begin = self.tokens.starts[lo]
            media = {
                "paths": tuple(
                    s.value
                    for s in spans
                    if s.kind == "path" and not titled(self.low[max(begin, s.start - 60) : s.start], s.value)
                ),
                "urls": files["urls"],
            }
            if media["paths"] or media["urls"]:
                attached = {k: v for k, v in media.items() if v}
                return [
                    Intent("upload", said, attached, "a file stands in the clause"),
                    Intent("sse", said, slots, why),
                ]
        return [Intent(kind, said, slots, why)]  # type: ignore[arg-type]

    def _exports(self, bare: Intent, folded: str, spans: list[Span]) -> list[Intent]:
        """An export with its slots, one for each format; a file said beside its place comes first."""
        slots = wanted(folded)
        size = slots.get("size") or wishes.side(folded)
        if size:
            slots["size"] = size
        places = [s for s in spans if s.kind in ("path", "doc", "file")]
        place = next(
            (s for s in places if wishes.aimed(self.low[: s.start][-20:])), places[0] if places else None
        )
        if place:
            slots["destination"] = place.value
        else:
            begin, end = wishes.folder(folded)
            if end:
                at = self.text.find(bare.text) + begin
                slots["destination"] = f"{self.text[at : at + end - begin]}/"
        names = [s.value for s in spans if s.kind == "quote"]
        given = names[0] if names else name(bare.text)
        if given:
            slots["name"] = given
        beside = tuple(
            s.value
            for s in places
            if s is not place and s.kind == "path" and not wishes.joined(self.low[: s.start][-8:])
        )
        found = [Intent("upload", bare.text, {"paths": beside}, _BESIDE)] if beside else []
        several = wishes.formats(folded) if place is None or place.kind == "doc" else ()
        for form in several or (slots.get("format"),):
            chosen = {**slots, "format": form} if form else slots
            found.append(Intent("export", bare.text, chosen, bare.why))
        return found


def merged(pieces: list[Piece]) -> list[list[Piece]]:
    """Neighbours of one kind together."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and groups[-1][-1].kind == piece.kind and groups[-1][-1].hi <= piece.lo:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def route(
    text: str,
    *,
    exists: Callable[[str], bool] = os.path.exists,
    cwd: str | None = None,
    memory: Mapping[str, Any] | None = None,
) -> list[Intent]:
    """The intents of one utterance, in order; never empty."""
    return Router(tables.shipped(), learner.shipped()).route(text, exists, cwd, memory)


def explain(text: str, *, exists: Callable[[str], bool] = os.path.exists) -> list[tuple[str, str, str]]:
    """Clause by clause: kind (also `idle` and `dropped`), words, and the template or score behind it."""
    return Router(tables.shipped(), learner.shipped()).explain(text, exists)
