# Traits said in plain words (hair: curly, glasses: sunglasses) become options of whatever drawing style
# is asked for. Styles name their parts differently, so a trait looks for parts and variants by what their
# names mean.
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

# A part of the drawing, whatever the style calls it.
PARTS: Mapping[str, tuple[str, ...]] = {
    "hair": ("head", "hair", "top", "rearHair"),
    "glasses": ("glasses", "accessories", "eyes"),
    "beard": ("facialHair", "beard", "mustache", "details", "accessories"),
    "clothes": ("clothes", "outfit", "body"),
    "mood": ("expression", "mood", "mouth", "eyes"),
    "hat": ("hat", "head", "hair", "top"),
    "earrings": ("earrings",),
}
COLORS: Mapping[str, tuple[str, ...]] = {
    "hair_color": ("hair", "headContrast", "facialHair", "eyebrows"),
    "skin": ("skin", "base"),
    "clothes_color": ("clothing", "clothes", "shirt", "jacket", "body"),
    "hat_color": ("hat",),
    "glasses_color": ("glasses", "accessories"),
}
SKIN: Mapping[str, tuple[str, ...]] = {
    "dark": ("#8d5524", "#6f4328", "#5b3a29"),
    "tan": ("#d08b5b", "#c68642"),
    "light": ("#ffdbb4", "#f6d0b1", "#f1c9a5"),
}
HAIR = ("#2c1b18", "#4a312c", "#724133", "#a55728", "#d6b370")
GREY = "#c9c9c9"
# What a value may be called in a variant's name; the first words that match anything win.
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("hair", "curly"): ("curly", "frizzle", "afro", "curvy", "twists"),
    ("hair", "straight"): ("straight", "bob", "medium", "long"),
    ("hair", "wavy"): ("wav", "curvy", "medium"),
    ("hair", "bald"): ("nohair", "bald", "mrclean", "shavedhead"),
    ("hair", "ponytail"): ("pony", "pigtail", "twintails", "bun"),
    ("hair", "bun"): ("bun",),
    ("hair", "braids"): ("braid", "cornrows", "dreads", "pigtail"),
    ("hair", "afro"): ("afro", "fro", "bighair"),
    ("hair", "mohawk"): ("mohawk", "flattop"),
    ("hair", "spiky"): ("spiky", "pomp", "mohawk", "elvis", "dannyphantom"),
    ("hair", "fringe"): ("bangs", "fringe", "bowl"),
    ("hair_length", "long"): ("long",),
    ("hair_length", "short"): ("short", "buzz", "caesar", "pixie", "fade"),
    ("glasses", "glasses"): ("glasses", "prescription", "round", "square", "light", "variant"),
    ("glasses", "sunglasses"): ("sunglasses", "shades", "wayfarers", "dark"),
    ("beard", "full"): ("full", "beard", "majestic", "pyramid", "scruff", "variant"),
    ("beard", "moustache"): ("moustache", "mustache", "walrus", "freddy", "pencil", "variant"),
    ("hat", "hat"): ("hathip", "hat", "cap"),
    ("hat", "cap"): ("cap", "hathip", "hat"),
    ("hat", "beanie"): ("beanie", "winterhat", "hat"),
    ("clothes", "hoodie"): ("hoodie",),
    ("clothes", "suit"): ("suit", "blazer", "jacket", "coat", "collar", "squared"),
    ("clothes", "shirt"): ("shirt", "crew", "collar", "tie", "rounded"),
    ("clothes", "dress"): ("dress", "scoop"),
    ("clothes", "sweater"): ("sweater", "turtle", "crew", "rounded"),
    ("mood", "happy"): ("smilebig", "bigsmile", "smile", "happy", "laugh", "cute", "teeth", "twinkle"),
    ("mood", "sad"): ("sad", "frown", "solemn", "concerned"),
    ("mood", "angry"): ("angry", "rage", "frown", "serious"),
    ("mood", "serious"): ("serious", "calm", "default", "flat", "smirk"),
    ("mood", "surprised"): ("surprised", "awe", "agape", "ooh", "disbelief"),
    ("mood", "wink"): ("wink", "cheeky", "smirk"),
}
HATS = ("hat", "beanie", "cap", "turban", "hijab", "bear", "bunny", "animal")
FEMALE = ("long", "bun", "bangs", "bob", "medium", "curvy", "pony", "braid", "curly")
MALE = ("short", "fade", "flat", "pomp", "caesar", "buzz", "sides", "comb", "shaved", "fonze", "elvis")
ODD = (
    "mask",
    "eyepatch",
    "cyclops",
    "monster",
    "fang",
    "vomit",
    "clown",
    "sleepmask",
    "cat",
    "dizzy",
    "lol",
    "tears",
)
CALM = ("smile", "smilebig", "calm", "happy", "cute", "default", "normal", "open", "lips", "twinkle", "soft")
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def options(definition: Mapping[str, Any], traits: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """DiceBear options for a style's definition; traits it has no part for are left to the seed."""
    components, colors = definition.get("components", {}), definition.get("colors", {})
    variants = {name: list(part.get("variants", {})) for name, part in components.items()}
    said = {str(key): str(value)[:40] for key, value in traits.items() if isinstance(value, str)}
    found: dict[str, Any] = {"seed": seed}
    _plain(found, variants)
    _hair(found, variants, said)
    for trait in ("glasses", "beard", "clothes", "mood", "earrings"):
        if trait in said:
            _choose(found, variants, trait, said[trait])
    if "hat" in said:
        _choose(found, variants, "hat", said["hat"])
    for key, names in COLORS.items():
        if color := _color(key, said.get(key, ""), "old" in said.get("age", ""), seed):
            found |= {f"{name}Color": [color] for name in names if name in colors}
    return found


def _plain(found: dict[str, Any], variants: Mapping[str, list[str]]) -> None:
    """What nobody asked for is left off: masks, eye patches, hats, glasses, beards; faces look friendly."""
    for part in (
        "mask",
        "accessories",
        "facialHair",
        "beard",
        "glasses",
        "mustache",
        "hat",
        "details",
        "earrings",
    ):
        if part in variants:
            found[f"{part}Probability"] = 0
    for part in ("expression", "mood", "mouth", "eyes"):
        if calm := _named(variants.get(part, ()), CALM[:6] if part == "eyes" else CALM):
            found[f"{part}Variant"] = calm
    for part in ("eyes", "head", "hair", "top"):
        kept = [name for name in variants.get(part, ()) if not _is(name, (*HATS, *ODD, "glasses"))]
        if kept and len(kept) < len(variants[part]) and f"{part}Variant" not in found:
            found[f"{part}Variant"] = kept


def _hair(found: dict[str, Any], variants: Mapping[str, list[str]], said: Mapping[str, str]) -> None:
    # A few heads are face shapes; many heads carry the hair in their names.
    few = {"head": 10}
    part = next((name for name in PARTS["hair"] if len(variants.get(name, ())) > few.get(name, 3)), None)
    if part is None:
        return
    names = [name for name in variants[part] if not _is(name, HATS)]
    if said.get("age") == "old" and (grey := [name for name in names if _is(name, ("gray", "grey"))]):
        names = grey
    else:
        names = [name for name in names if not _is(name, ("gray", "grey"))] or names
    for trait in ("hair", "hair_length"):
        if trait in said and (fitting := _named(names, WORDS.get((trait, said[trait]), (said[trait],)))):
            names = fitting
    if "hair" not in said and "hair_length" not in said and said.get("gender") in ("female", "male"):
        names = [name for name in names if _is(name, FEMALE if said["gender"] == "female" else MALE)] or names
    if said.get("hair") == "bald" and not _named(names, WORDS["hair", "bald"]):
        # Where a style has a head of its own, no hair is bald; else the hair carries the whole drawing.
        if "head" not in variants or all(not _is(name, ("variant",)) for name in variants["head"]):
            found[f"{part}Probability"] = 0
        return
    if "rearHair" in variants and (said.get("hair_length") == "short" or said.get("gender") == "male"):
        found["rearHairProbability"] = 0
    found[f"{part}Variant"] = names
    found[f"{part}Probability"] = 100


def _choose(found: dict[str, Any], variants: Mapping[str, list[str]], trait: str, value: str) -> None:
    words = WORDS.get((trait, value), (value.lower(),))
    for part in PARTS[trait]:
        names = variants.get(part)
        if not names:
            continue
        # Opaque names (variant01 …) say only that the part is there.
        clear = value == "glasses"
        fitting = _named((name for name in names if not (clear and _is(name, ("sunglasses",)))), words)
        own = part.lower().startswith((trait, "facialhair", "mustache")) and all(
            "variant" in name for name in names
        )
        if fitting or own:
            found[f"{part}Variant"] = fitting or names
            found[f"{part}Probability"] = 100
            return


def _named(names: Iterable[str], words: Iterable[str]) -> list[str]:
    """Names that hold the first of the words that any name holds."""
    listed = list(names)
    for word in words:
        if found := [name for name in listed if word in name.lower() and not _is(name, ODD)]:
            return found
    return []


def _is(name: str, words: Iterable[str]) -> bool:
    return any(word in name.lower() for word in words)


def _color(key: str, value: str, old: bool, seed: str) -> str | None:
    """The colour said; for hair and skin a natural one by the seed when nothing was said."""
    if HEX.fullmatch(value):
        return value.lower()
    drawn = hashlib.sha256(f"{key} {seed}".encode()).digest()[0]
    if key == "skin":
        tones = SKIN.get(value) or tuple(tone for group in SKIN.values() for tone in group)
        return tones[drawn % len(tones)]
    if key == "hair_color":
        return GREY if old else HAIR[drawn % len(HAIR)]
    return None
