"""Facts and refusals put into words of the user's language, values and all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from studio.brain import messages_en, messages_zh
from studio.brain.colors import color_name
from studio.brain.data import load
from studio.brain.script import to_traditional
from studio.edits import EditError
from studio.edits.difference import Change

# "A {color} ring" becomes "an orange ring".
_FIRST_FIELD = re.compile(r"a \{(\w+)\}")
Values = Mapping[str, Any]


def say(language: str, key: str, **values: Any) -> str:
    """The catalogue's sentence in a language, filled; user text inside the values is never converted."""
    text = _catalogue(language, "MESSAGES", key)
    first = _FIRST_FIELD.match(text)
    if first and str(values.get(first[1], "")).lower().startswith(("a", "e", "i", "o", "u")):
        text = "an" + text[1:]
    return text.format(**values)


def name(language: str, key: str) -> str:
    """The name of a shape, style, motion, place, mood or field."""
    return _catalogue(language, "NAMES", key)


def thing(language: str, key: str) -> str:
    """An example of what can be said for a kind of edit."""
    return _catalogue(language, "THINGS", key)


def things(language: str, keys: Sequence[str]) -> str:
    """Several examples in one list."""
    return listing(language, [thing(language, key) for key in keys])


def either(language: str, keys: Sequence[str]) -> str:
    """Several examples to choose from."""
    return say(language, "list_or").join(thing(language, key) for key in keys)


def is_chinese(language: str) -> bool:
    """Whether replies are Chinese."""
    return language.lower().startswith("zh")


def is_traditional(language: str) -> bool:
    """Whether Chinese replies use Traditional characters."""
    return language.lower().replace("_", "-") in ("zh-tw", "zh-hant", "zh-hk", "zh-mo")


def _catalogue(language: str, table: str, key: str) -> str:
    module = messages_zh if is_chinese(language) else messages_en
    text: str = getattr(module, table)[key]
    return to_traditional(text) if is_traditional(language) else text


def listing(language: str, items: Sequence[str]) -> str:
    """Items joined the way the language joins them."""
    if len(items) < 2:
        return "".join(items)
    return say(language, "list_sep").join(items[:-1]) + say(language, "list_last") + items[-1]


def seconds(language: str, ms: float, *, short: bool = False) -> str:
    """A time in seconds with at most two decimals."""
    key = "seconds" if short else "seconds_one" if ms == 1000 else "seconds_many"
    return say(language, key, n=f"{round(ms / 1000, 2):g}")


def percent(value: float) -> str:
    """A fraction as a percentage with at most one decimal."""
    return f"{round(value * 100, 1):g}%"


def background(language: str, value: Values) -> str:
    """A background object in words."""
    kind = value.get("kind", "none")
    if kind == "color":
        return say(language, "bg_color", color=color_name(language, value.get("color", "")))
    if kind == "gradient":
        colors = value.get("colors") or ["", ""]
        first, last = (color_name(language, c) for c in (colors[0], colors[-1]))
        return say(language, "bg_gradient", first=first, last=last)
    if kind == "image":
        return say(language, "bg_image", name=value.get("name") or value.get("asset", ""))
    return say(language, f"bg_{kind}")


def ring(language: str, value: Values) -> str:
    """A ring object in words."""
    width = percent(value.get("width", 0.03))
    colors = value.get("colors")
    if colors:
        first, last = (color_name(language, c) for c in (colors[0], colors[-1]))
        return say(language, "ring_gradient", first=first, last=last, width=width)
    return say(language, "ring_plain", color=color_name(language, value.get("color", "")), width=width)


def drawing(language: str, value: Values) -> str:
    """An illustration object in words."""
    if value.get("text"):
        return name(language, "initials").format(text=value["text"])
    told = traits(language, value.get("traits") or {})
    return listing(language, told) if told else name(language, "drawing:plain")


@cache
def _trait_words(language: str) -> Mapping[tuple[str, str], str]:
    """Each trait by the first word the language knows for it."""
    table = load(language, "traits")
    return {
        (trait, str(value)): phrases.split("|")[0].strip()
        for trait, values in table.items()
        for value, phrases in values.items()
    }


def traits(language: str, found: Values) -> list[str]:
    """What a drawn face has, in plain words: a woman, red hair, curly hair, a green hoodie."""
    known = _trait_words("zh" if is_chinese(language) else "en")
    out: list[str] = []
    for trait in sorted(found, key=lambda trait: trait not in ("age", "gender")):
        value = str(found[trait])
        thing = trait.removesuffix("_color")
        named = color_name(language, value) if value.startswith("#") else ""
        if named and (trait, value) in known:
            out.append(known[trait, value])
        elif named.startswith("#"):
            out += [_trait(known, thing, found[thing])] if thing in found and thing != "hair" else []
        elif named and thing != trait:
            word = name(language, "trait:hair") if thing == "hair" else _trait(known, thing, found.get(thing))
            out.append(say(language, "trait_in", color=named, thing=word))
        elif f"{trait}_color" not in found or trait == "hair":
            out.append(_trait(known, trait, value))
    if not is_traditional(language):
        return out
    # Of the two characters 发 stands for, a face has the one for hair.
    return [to_traditional(word).replace("發", "髮") for word in out]


def _trait(known: Mapping[tuple[str, str], str], trait: str, value: object) -> str:
    return known.get((trait, str(value)), str(value or trait.replace("_", " ")))


def recipe(language: str, m: Values) -> str:
    """What a new avatar looks like, shortly."""
    look = m.get("avatar") or {}
    parts = [background(language, look.get("background") or {})]
    if look.get("ring"):
        parts.append(ring(language, look["ring"]))
    if look.get("shadow"):
        parts.append(say(language, "shadow"))
    if look.get("style", "none") != "none":
        parts.append(say(language, "style", style=name(language, look["style"])))
    if m.get("motion", "none") != "none":
        parts.append(name(language, m["motion"]))
    return listing(language, parts)


def variant(language: str, look: Values) -> str:
    """One version in a few words."""
    parts = [name(language, look.get("shape", "circle")), background(language, look.get("background") or {})]
    if look.get("style", "none") != "none":
        parts.append(say(language, "style", style=name(language, look["style"])))
    return say(language, "list_sep").join(parts)


def fact(language: str, change: Change) -> str:
    """One difference in words, with the pictures it holds for."""
    words = _fact(language, change.key, change.values)
    if change.where and change.key not in ("removed", "added", "added_back"):
        numbers = listing(language, [str(i + 1) for i in change.where])
        return say(language, "on_pictures", change=words, numbers=numbers)
    return words


def facts(language: str, changes: Sequence[Change]) -> str:
    """All differences in one list; what was made carries its size and what came with it."""
    if changes and changes[0].key.startswith("made_"):
        return _all_made(language, changes)
    return _told(language, [fact(language, change) for change in changes])


def _all_made(language: str, changes: Sequence[Change]) -> str:
    made = fact(language, changes[0])
    rest = []
    for change in changes[1:]:
        if change.key == "canvas":
            size = {key: change.values[key] for key in ("width", "height")}
            made = say(language, "made_size", made=made, **size)
        else:
            rest.append(fact(language, change))
    return say(language, "made_with", made=made, rest=_told(language, rest)) if rest else made


def _told(language: str, told: Sequence[str]) -> str:
    """Facts that hold a list of their own are parted more strongly."""
    inner = (say(language, "list_sep"), say(language, "list_last"), "，")
    if len(told) > 2 and any(mark in words for words in told for mark in inner):
        return say(language, "list_long").join(told)
    return listing(language, told)


def _fact(language: str, key: str, v: Values) -> str:
    if key.startswith("made_"):
        return _made(language, key, v)
    if key in ("removed", "added", "added_back", "order"):
        return say(language, key, names=listing(language, v["names"]), left=v.get("left", 0))
    if key == "shape":
        return say(language, key, shape=name(language, v["shape"]))
    if key == "background":
        return background(language, v["background"])
    if key == "ring":
        return ring(language, v["ring"])
    if key == "drawing":
        return say(language, key, drawing=drawing(language, v["drawing"]))
    if key == "style":
        style = v["style"]
        return (
            say(language, "style_none")
            if style == "none"
            else say(language, key, style=name(language, style))
        )
    if key == "motion":
        motion = v["motion"]
        return name(language, "motion:none" if motion == "none" else motion)
    if key in ("strength", "volume", "title_size", "adjust", "zoom", "speed"):
        return _number(language, key, v)
    if key == "offset":
        return _offset(language, v)
    if key == "face":
        face = v["face"]
        if face is None:
            return say(language, "face_all")
        return say(language, "face_last") if face < 0 else say(language, "face", number=face + 1)
    if key == "music":
        return say(language, key, name=mood(language, v["name"]), volume=percent(v["volume"]))
    if key == "music_changed":
        return say(language, key, name=mood(language, v["name"]))
    if key in ("music_fade_in", "music_fade_out") and not v["ms"]:
        return say(language, f"{key}_off")
    if key == "title":
        return _title(language, v)
    if key == "title_position":
        return say(language, key, place=name(language, f"place:{v['value']}"))
    if key == "title_color":
        return say(language, key, value=color_name(language, v["value"]))
    if key == "title_time":
        return say(language, key, start=seconds(language, v["start"]), end=seconds(language, v["end"]))
    if "ms" in v:
        return say(language, key, time=seconds(language, v["ms"]))
    return say(language, key, **v)


def mood(language: str, track: str) -> str:
    """A music track's name: moods translated, files as they are called."""
    key = "music:" + track.lower().replace("-", "")
    table = messages_zh.NAMES if is_chinese(language) else messages_en.NAMES
    return name(language, key) if key in table else track


def _number(language: str, key: str, v: Values) -> str:
    if key == "adjust":
        value = f"{v['value']:+.2g}" if v["value"] else "0"
        known = f"{v['field']}_{'up' if v['up'] else 'down'}"
        if known in messages_en.MESSAGES:
            return say(language, known, value=value)
        return say(language, key, field=name(language, v["field"]), value=value)
    if key == "zoom":
        return say(language, "zoom_closer" if v["closer"] else "zoom_wider", value=f"{v['value']:.3g}")
    if key == "speed":
        return say(language, key, value=f"{v['value']:.3g}")
    if key == "strength":
        return say(language, key, value=percent(v["value"]))
    if key == "volume" and not v["value"]:
        return say(language, "muted")
    return say(language, f"{key}_{'up' if v['up'] else 'down'}", value=percent(v["value"]))


def _offset(language: str, v: Values) -> str:
    if not v["x"] and not v["y"]:
        return say(language, "offset_center")
    ways = []
    if v["dx"]:
        ways.append("right" if v["dx"] > 0 else "left")
    if v["dy"]:
        ways.append("down" if v["dy"] > 0 else "up")
    directions = [say(language, f"direction_{way}") for way in ways]
    return say(language, "offset", direction=listing(language, directions))


def _title(language: str, v: Values) -> str:
    when = say(language, "when_whole")
    if not v["whole"] and not v["start"]:
        when = say(language, "when_first", end=seconds(language, v["end"]))
    elif not v["whole"]:
        when = say(
            language, "when_span", start=seconds(language, v["start"]), end=seconds(language, v["end"])
        )
    place = name(language, f"place:{v['position']}")
    words = say(language, "title", text=v["text"], place=place, when=when)
    if str(v["color"]).lower() != "#ffffff":
        words = say(language, "title_in", title=words, color=color_name(language, v["color"]))
    return words


def _made(language: str, key: str, v: Values) -> str:
    m = v["m"]
    look = m.get("avatar") or {}
    return say(
        language,
        key,
        names=listing(language, v["names"]),
        name=v["names"][0],
        count=v["count"],
        time=seconds(language, v["ms"]),
        shape=name(language, look.get("shape", "circle")),
        recipe=recipe(language, m) if look else "",
        drawing=drawing(language, m.get("illustration") or {}),
    )


def refusal(language: str, error: EditError) -> str:
    """Why an edit could not be done, with the range or the count."""
    values = dict(error.values)
    if error.key == "range":
        field = values["field"]
        for key in ("low", "high", "got"):
            values[key] = _in_units(language, field, values[key])
        values["field"] = name(language, f"field:{field}")
    return say(language, error.key, **values)


def _in_units(language: str, field: str, value: float) -> str:
    if field == "length":
        return seconds(language, value, short=True)
    if field in ("fade", "crossfade", "title_length"):
        return seconds(language, value * 1000, short=True)
    if field in ("volume", "strength", "ring", "size", "blur"):
        return percent(value)
    if field == "canvas":
        return f"{value:g} px"
    return f"{value:g}"
