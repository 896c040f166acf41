"""What changed between two drafts, in words: one line for each thing, unknown keys by their path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from agent.catalogue import chinese, has, message
from agent.clean import clean
from agent.models import State
from agent.timeline import meta, name_of, number, seconds, segments_of, spans, tracks_of, type_name

# Every edit changes these; they are news only when nothing else is.
_BOOKKEEPING = frozenset({"version", "id", "said"})
_MAX_VALUE = 60
# Numbers from 0 to 1, or around 1, that people read as per cent.
_SHARES = frozenset(
    {"volume", "width", "strength", "zoom", "brightness", "contrast", "saturation", "warmth", "sharpness"}
)


def diff(before: State, after: State, language: str) -> tuple[str, ...]:
    """Everything new in a session's state: its draft, its files, its generated pictures."""
    lines = list(diff_drafts(before.draft, after.draft, language))
    known = [_file_name(info) for info in before.video_infos]
    for info in after.video_infos:
        name = _file_name(info)
        if name in known:
            known.remove(name)
        else:
            lines.append(message(language, "diff_media", name=name))
    pictures = len(after.generated_media) - len(before.generated_media)
    if pictures > 0 or (pictures == 0 and after.generated_media != before.generated_media):
        lines.append(message(language, "diff_pictures", count=pictures or len(after.generated_media)))
    return tuple(lines)


def diff_drafts(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Readable differences between two drafts; empty exactly when they are equal."""
    if before == after:
        return ()
    lines = [line for line in _lines(before, after, language) if line]
    if not lines:
        lines = [line for line in _paths(before, after, "", language, everything=True) if line]
    return tuple(dict.fromkeys(lines)) or (
        message(language, "diff_path", path="draft", before="…", after="…"),
    )


def _lines(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> Iterator[str]:
    old, new = _whole(before), _whole(after)
    if old and new and old != new:
        yield message(language, "diff_length", before=seconds(old), after=seconds(new))
    if meta(before) and _canvas(before) != _canvas(after):
        yield message(language, "diff_canvas", before=_canvas(before), after=_canvas(after))
    yield from _tracks(before, after, language, lengths=not (old and new and old != new))
    ignored = frozenset({"width", "height", "ratio"}) if meta(before) else frozenset(meta(after))
    yield from _paths(
        {**before, "d": 0, "t": 0, "m": _without(meta(before), ignored)},
        {**after, "d": 0, "t": 0, "m": _without(meta(after), ignored)},
        "",
        language,
    )


def _tracks(
    before: Mapping[str, Any], after: Mapping[str, Any], language: str, *, lengths: bool
) -> Iterator[str]:
    old, new = _by_identity(before), _by_identity(after)
    common = [key for key in new if key in old]
    for key, (track, segment, begin, end) in new.items():
        if key not in old:
            yield _added(track, segment, begin, end, language)
    for key, (track, segment, _, _) in old.items():
        if key not in new:
            yield _removed(track, segment, language)
    order_before = [name_of(old[key][1]) for key in old if key in new]
    order_after = [name_of(new[key][1]) for key in common]
    if order_before != order_after and sorted(order_before) == sorted(order_after):
        yield message(language, "diff_moved", before=", ".join(order_before), after=", ".join(order_after))
    for key in common:
        (_, was, was_at, _), (track, now, now_at, _) = old[key], new[key]
        yield from _segment(was, now, language, lengths=lengths)
        if was_at != now_at and lengths and type_name(track) == "Title":
            yield _field(now, "start", f"{seconds(was_at)} s", f"{seconds(now_at)} s", language)
    shapes = [[{**track, "sg": 0} for track in tracks_of(draft)] for draft in (before, after)]
    if len(shapes[0]) == len(shapes[1]):
        yield from _paths({"t": shapes[0]}, {"t": shapes[1]}, "", language)


def _segment(
    before: Mapping[str, Any], after: Mapping[str, Any], language: str, *, lengths: bool
) -> Iterator[str]:
    if before == after:
        return
    if lengths and before.get("d") != after.get("d"):
        yield _field(after, "d", _length(before.get("d")), _length(after.get("d")), language)
    own, then = meta(before), meta(after)
    for where in ("avatar", "adjust", ""):
        was = own.get(where, {}) if where else _without(own, frozenset({"avatar", "adjust", "start"}))
        now = then.get(where, {}) if where else _without(then, frozenset({"avatar", "adjust", "start"}))
        if not isinstance(was, Mapping) or not isinstance(now, Mapping):
            if was != now:
                yield _field(after, where, _value(was, language), _value(now, language), language)
            continue
        for key in [*was, *(key for key in now if key not in was)]:
            if was.get(key) == now.get(key) and (key in was) == (key in now):
                continue
            if key in _BOOKKEEPING or (key == "asset" and own.get("name") != then.get("name")):
                # Another file is told by its name.
                continue
            yield _field(after, str(key), *_values(str(key), was.get(key), now.get(key), language), language)
    yield from _paths(_without(before, {"d", "m"}), _without(after, {"d", "m"}), "", language)


def _added(
    track: Mapping[str, Any], segment: Mapping[str, Any], begin: float, end: float, language: str
) -> str:
    kind, name = type_name(track), _quoted(track, segment)
    if kind == "BGM":
        volume = number(meta(segment).get("volume"))
        if volume is None:
            return message(language, "diff_music_plain", name=name)
        return message(language, "diff_music", name=name, volume=round(volume * 100))
    span = f"{seconds(begin)}-{seconds(end)}s"
    return message(language, "diff_added", what=_what(track, language), name=name, span=span)


def _removed(track: Mapping[str, Any], segment: Mapping[str, Any], language: str) -> str:
    if type_name(track) == "BGM":
        return message(language, "diff_music_removed", name=_quoted(track, segment))
    return message(language, "diff_removed", what=_what(track, language), name=_quoted(track, segment))


def _field(segment: Mapping[str, Any], key: str, before: str, after: str, language: str) -> str:
    label = message(language, f"field_{key}") if has(language, f"field_{key}") else _plain(key)
    return message(language, "diff_field", name=name_of(segment), field=label, before=before, after=after)


def _values(key: str, before: object, after: object, language: str) -> tuple[str, str]:
    if key in _SHARES:
        shares = [number(value) for value in (before, after)]
        told = [_percent(share, language) if share is not None else "" for share in shares]
        if all(told) and told[0] != told[1]:
            return told[0], told[1]
    return _value(before, language), _value(after, language)


def _value(value: object, language: str) -> str:
    """A value in few words: the kind of a background, the colours of a ring, else as it is."""
    if value is None or value == {} or value == "none":
        return message(language, "value_none")
    if isinstance(value, bool):
        return message(language, "value_on" if value else "value_off")
    if isinstance(value, Mapping):
        told = [_part(str(key), part, language) for key, part in value.items() if key != "asset"]
        return _cut(" ".join(told))
    if isinstance(value, list | tuple):
        return _cut("–".join(_value(part, language) for part in value))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and has(language, f"word_{value.lower()}"):
        return message(language, f"word_{value.lower()}")
    return _plain(value)


def _part(key: str, value: object, language: str) -> str:
    share = number(value) if key in _SHARES else None
    return _value(value, language) if share is None else _percent(share, language)


def _percent(share: float, language: str) -> str:
    """ "35 %", "109.5 %"; Chinese leaves no space."""
    return f"{round(share * 100, 1):g}{'' if chinese(language) else ' '}%"


def _paths(
    before: object, after: object, path: str, language: str, *, everything: bool = False
) -> Iterator[str]:
    """One line for each place where two values differ, named by its path."""
    if before == after and type(before) is type(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            if key in _BOOKKEEPING and not everything:
                continue
            if key in before and key in after:
                inner = before[key], after[key]
                if inner[0] != inner[1]:
                    yield from _paths(
                        *inner, f"{path}.{_plain(key)}".strip("."), language, everything=everything
                    )
            else:
                yield _path_line(f"{path}.{_plain(key)}", before.get(key), after.get(key), language)
        return
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        absent = object()
        for place, (one, other) in enumerate(zip_longest(before, after, fillvalue=absent)):
            if one is absent or other is absent:
                was, now = (None if one is absent else one), (None if other is absent else other)
                yield _path_line(f"{path}[{place}]", was, now, language)
            elif one != other:
                yield from _paths(one, other, f"{path}[{place}]", language, everything=everything)
        return
    if before != after:
        yield _path_line(path, before, after, language)


def _path_line(path: str, before: object, after: object, language: str) -> str:
    return message(
        language,
        "diff_path",
        path=path.strip(".") or "draft",
        before=_value(before, language),
        after=_value(after, language),
    )


def _by_identity(
    draft: Mapping[str, Any],
) -> dict[object, tuple[Mapping[str, Any], Mapping[str, Any], float, float]]:
    """Every segment under what it is known by: its id, else its track's type and its place in it."""
    found: dict[object, tuple[Mapping[str, Any], Mapping[str, Any], float, float]] = {}
    for row, track in enumerate(tracks_of(draft)):
        for place, (segment, begin, end) in enumerate(spans(track)):
            identity = meta(segment).get("id")
            key: object = (track.get("tt") if isinstance(track.get("tt"), int) else "?", place, row)
            if isinstance(identity, str) and identity and ("id", identity) not in found:
                key = ("id", identity)
            elif ("name", type_name(track), name_of(segment)) not in found:
                key = ("name", type_name(track), name_of(segment))
            found[key] = (track, segment, begin, end)
    return found


def _whole(draft: Mapping[str, Any]) -> float | None:
    """The length of a draft in ms: what it says, else where its last segment ends."""
    said = number(draft.get("d")) if isinstance(draft, Mapping) else None
    if said:
        return said
    ends = [end for track in tracks_of(draft) for _, _, end in spans(track) if segments_of(track)]
    return max(ends, default=None)


def _canvas(draft: Mapping[str, Any]) -> str:
    own = meta(draft)
    width, height = number(own.get("width")), number(own.get("height"))
    size = f"{width:g}×{height:g}" if width and height else ""
    ratio = own.get("ratio")
    return " ".join(part for part in (size, f"({_plain(ratio)})" if ratio else "") if part)


def _what(track: Mapping[str, Any], language: str) -> str:
    key = f"what_{track.get('tt')}"
    return message(language, key if has(language, key) else "what_other")


def _quoted(track: Mapping[str, Any], segment: Mapping[str, Any]) -> str:
    name = name_of(segment)
    return f'"{name}"' if type_name(track) == "Title" else name


def _length(value: object) -> str:
    ms = number(value)
    return f"{seconds(ms)} s" if ms is not None else _plain(value)


def _file_name(info: Mapping[str, Any]) -> str:
    return _plain(info.get("filename") or "?")


def _without(thing: Mapping[str, Any], keys: frozenset[str] | set[str]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key not in keys}


def _plain(value: object) -> str:
    return _cut(" ".join(clean(str(value)).split()))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + "…"


__all__: Sequence[str] = ("diff", "diff_drafts")
