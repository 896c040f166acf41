"""Questions: what is possible and what is on the timeline, answered without changing anything."""

from __future__ import annotations

from studio.brain import colors, words
from studio.brain.frames.asides import aside, asks_price, of_now
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.draft import MOTIONS, POSITIONS, SHAPES, STYLES
from studio.edits.tracks import length
from studio.edits.values import PLATFORM_NAMES, RATIOS

_KNOWS = ("what", "which", "how", "who", "when", "where", "why")
_STATE = (
    "now",
    "currently",
    "moment",
    "current",
    "right now",
    "at the moment",
    "现在",
    "目前",
    "当前",
    "这会儿",
)
_EDIT_QUESTION = ("suggest", "polite")


def is_question(c: Clause, question: bool) -> bool:
    """Whether the words ask for an answer rather than an edit."""
    asks = {t.get("ask") for t in c.tokens if t.has("ask") and not t.has("quote")}
    flat = {v for held in asks for v in (held if isinstance(held, frozenset) else {held})}
    texts = [t.text for t in c.tokens]
    if "cando" in flat and not (c.has("color") or c.has("shape")):
        return True
    if not texts or asks_price(c):
        return bool(texts)
    either = "or" in texts and texts[0] in ("should", "is", "are", "would", "shall", "do", "does")
    both = (texts.count("好") + texts.count("还是") > 1 and texts[0] != "还是") or (
        "还是" in texts and any(t.startswith("哪") for t in texts)
    )
    beyond = "than" in texts and texts[0] in ("can it", "can", "could it", "could", "may")
    if (question and either) or both or (question and beyond):
        return True
    if flat & {"wh"} and "suggest" not in flat:
        first = next(
            (
                t
                for t in c.tokens
                if t.text
                not in (
                    "so",
                    "and",
                    "ok",
                    "okay",
                    "hey",
                    "um",
                    "please",
                    "tell",
                    "me",
                    "can",
                    "you",
                    "show",
                    "do",
                    "know",
                    "let",
                    "那",
                    "请问",
                    "now",
                    "hmm",
                )
            ),
            None,
        )
        if any(not t.text.isascii() and t.has("ask", "wh") for t in c.tokens):
            return not any(t.text in ("什么都不要", "随便") for t in c.tokens)
        return question or ((first is not None and first.has("ask", "wh")) and not c.has("quote"))
    lead = c.tokens[0]
    if lead.text in ("and", "so", "but") and len(c.tokens) > 1:
        lead = c.tokens[1]
    if lead.has("ask", "yn") and lead.text not in ("does it",) and lead.text.isascii():
        return question or lead.text in (
            "is there",
            "are there",
            "does",
            "did",
            "do i",
            "do you",
            "have i",
            "has",
            "is",
            "are",
        )
    if any(t.has("ask", "yn") and not t.text.isascii() for t in c.tokens):
        return True
    ma = any(t.text in ("吗", "么") for t in c.tokens)
    polite = any(t.has("ask", "polite") and not t.text.isascii() for t in c.tokens) or any(
        t.text in ("行", "好", "可以", "能") for t in c.tokens
    )
    if ma and not polite and any(t.text in ("有", "是", "了", "会") for t in c.tokens):
        return not c.verb("add", "remove", "set") or any(t.text in ("有", "是") for t in c.tokens)
    return False


def answer(c: Clause, r: Reading) -> str:
    """The answer in the user's language."""
    lang = r.plan.language
    asks_now = any(t.text in _STATE for t in c.tokens)
    texts = {t.text for t in c.tokens}
    counts = bool(texts & {"how many", "几张", "多少", "几个人", "几段"})
    if any(t.has("ask", "cando") for t in c.tokens):
        return _help(lang)
    if told_aside := aside(c, r):
        return told_aside
    if counts and c.targets("photo", "clip", "one"):
        return _count(r, lang)
    now = asks_now or _asks_state(c) or of_now(c)
    for thing, told in _THINGS:
        if c.targets(*thing):
            return told(c, r, lang, now)
    if c.has("style"):
        return _styles(c, r, lang, now)
    if c.has("shape"):
        return _shapes(c, r, lang, now)
    if c.has("bg"):
        return _backgrounds(c, r, lang, now)
    if c.has("motion"):
        return _motions(c, r, lang, now)
    if c.has("platform") or c.has("ratio") or c.has("fit"):
        return _canvas(c, r, lang, now)
    if any(t.text in ("how long", "多长", "几秒", "多久", "how many seconds") for t in c.tokens):
        return _length(c, r, lang, True)
    if any(
        t.text in ("how big", "how large", "how wide", "how tall", "多大", "多宽", "多高") for t in c.tokens
    ):
        return _canvas(c, r, lang, True)
    if any(t.text in ("colors", "colours", "color", "colour", "颜色", "色") for t in c.tokens) or c.has(
        "color"
    ):
        return words.say(lang, "answer_colors", names=words.listing(lang, colors.shown(lang)))
    if c.has("file") or texts & {"format", "formats", "格式"}:
        return words.say(lang, "answer_formats")
    if now or c.targets("timeline"):
        return _state(r, lang)
    return _help(lang)


def _asks_state(c: Clause) -> bool:
    """Whether it is asked how things are, not how they could be."""
    texts = {t.text for t in c.tokens}
    possible = texts & {
        "can",
        "could",
        "available",
        "possible",
        "options",
        "kinds",
        "types",
        "choose",
        "可以",
        "能",
        "用",
        "哪些",
        "有哪些",
        "哪种",
        "哪几种",
        "有什么",
        "换成",
        "支持",
        "sorts",
        "what kind of",
        "what sort of",
        "choices",
        "support",
        "would",
        "都",
    }
    states = texts & {
        "is",
        "does",
        "is there",
        "are there",
        "have",
        "多长",
        "几秒",
        "how long",
        "多大",
        "写",
        "what's",
        "whats",
        "有没有",
        "是不是",
        "是什么",
        "说",
        "says",
        "say",
    }
    return (
        bool(states)
        and not possible
        and not any(
            t.text
            in (
                "styles",
                "shapes",
                "filters",
                "effects",
                "backgrounds",
                "motions",
                "moods",
                "colors",
                "colours",
                "ratios",
                "sizes",
                "animations",
                "movements",
            )
            for t in c.tokens
        )
    )


def _help(lang: str) -> str:
    keys = ("make", "background", "ring", "style", "music", "title", "slideshow", "variants")
    return words.say(lang, "answer_help", things=words.things(lang, keys))


def _names(lang: str, keys: tuple[str, ...]) -> str:
    return words.listing(lang, [words.name(lang, key) for key in keys])


def _styles(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if now and r.has_avatar:
        return words.say(lang, "answer_style_now", style=words.name(lang, str(r.recipe.get("style", "none"))))
    return words.say(lang, "answer_styles", names=_names(lang, tuple(s for s in STYLES if s != "none")))


def _shapes(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if now and r.has_avatar:
        return words.say(
            lang, "answer_shape_now", shape=words.name(lang, str(r.recipe.get("shape", "circle")))
        )
    return words.say(lang, "answer_shapes", names=_names(lang, SHAPES))


def _backgrounds(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if now and r.has_avatar:
        told = words.background(lang, r.recipe.get("background") or {})
        return words.say(lang, "answer_background_now", background=told)
    return words.say(lang, "answer_backgrounds")


def _motions(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if now and r.video:
        key = str(r.video[0].get("m", {}).get("motion", "none"))
        return words.say(
            lang, "answer_motion_now", motion=words.name(lang, "motion:none" if key == "none" else key)
        )
    return words.say(lang, "answer_motions", names=_names(lang, tuple(m for m in MOTIONS if m != "none")))


def _music(c: Clause, r: Reading, lang: str, now: bool) -> str:
    existing = {
        "is there",
        "有没有",
        "有",
        "does",
        "which",
        "how loud",
        "多响",
        "几首",
        "do i",
        "have i",
        "playing",
    }
    if now or (
        existing & {t.text for t in c.tokens}
        and not any(
            t.text in ("kinds", "moods", "types", "哪些", "什么样的", "can", "可以", "available")
            for t in c.tokens
        )
    ):
        if not r.sounds:
            return words.say(lang, "answer_music_none")
        m = r.sounds[0].get("m", {})
        name = words.mood(lang, str(m.get("name", "")))
        return words.say(lang, "answer_music_now", name=name, volume=words.percent(m.get("volume", 1)))
    moods = ("music:lofi", "music:upbeat", "music:cinematic", "music:ambient")
    return words.say(lang, "answer_music", names=_names(lang, moods))


def _title(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if any(t.text in ("where", "哪里", "哪儿", "positions") for t in c.tokens) and not r.titles:
        return words.say(lang, "answer_positions", names=_names(lang, POSITIONS))
    if not r.titles:
        return words.say(lang, "answer_title_none")
    quote = "“{}”"
    texts = [quote.format(s.get("m", {}).get("text", "")) for s in r.titles]
    return words.say(lang, "answer_title", texts=words.listing(lang, texts))


def _ring(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if not r.has_avatar:
        return words.say(lang, "answer_empty")
    ring = r.recipe.get("ring")
    if not ring:
        return words.say(lang, "answer_ring_none")
    return words.say(lang, "answer_ring_now", ring=words.ring(lang, ring))


def _shadow(c: Clause, r: Reading, lang: str, now: bool) -> str:
    return words.say(lang, "answer_shadow_now" if r.recipe.get("shadow") else "answer_shadow_none")


def _length(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if not r.video:
        return words.say(lang, "answer_empty")
    return words.say(lang, "answer_length", time=words.seconds(lang, length(r.now)))


def _canvas(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if c.has("platform") or any(t.text in ("platforms", "平台") for t in c.tokens):
        return words.say(lang, "answer_platforms", names=words.listing(lang, list(PLATFORM_NAMES.values())))
    m = r.now.get("m", {})
    if (now or any(t.has("ask") and t.text in ("how big", "多大") for t in c.tokens)) and m.get("width"):
        return words.say(
            lang, "answer_canvas", width=m["width"], height=m.get("height", 0), ratio=m.get("ratio", "–")
        )
    return words.say(lang, "answer_ratios", names=words.listing(lang, list(RATIOS)))


def _adjust(c: Clause, r: Reading, lang: str, now: bool) -> str:
    return words.say(lang, "answer_adjust")


def _speed(c: Clause, r: Reading, lang: str, now: bool) -> str:
    if not r.video:
        return words.say(lang, "answer_empty")
    return words.say(lang, "answer_speed", value=f"{r.video[0].get('m', {}).get('speed', 1):g}")


def _transition(c: Clause, r: Reading, lang: str, now: bool) -> str:
    return words.say(lang, "answer_transitions")


def _count(r: Reading, lang: str) -> str:
    if not r.video:
        names = [item.filename for item in r.context.media]
        if not names:
            return words.say(lang, "answer_photos_none")
        return words.say(lang, "answer_photos", count=len(names), names=words.listing(lang, names))
    names = [str(s.get("m", {}).get("name", "")) for s in r.video]
    return words.say(lang, "answer_count", count=len(names), names=words.listing(lang, names))


def _state(r: Reading, lang: str) -> str:
    if not r.video:
        return words.say(lang, "answer_empty")
    parts = [
        words.say(
            lang,
            "state_picture",
            name=s.get("m", {}).get("name", ""),
            time=words.seconds(lang, s.get("d", 0)),
        )
        for s in r.video[:6]
    ]
    parts += [words.mood(lang, str(s.get("m", {}).get("name", ""))) for s in r.sounds]
    parts += [words.say(lang, "state_title", text=s.get("m", {}).get("text", "")) for s in r.titles]
    return words.say(lang, "answer_state", parts=words.listing(lang, parts))


_THINGS = (
    (("title",), _title),
    (("music", "volume"), _music),
    (("background",), _backgrounds),
    (("ring",), _ring),
    (("shadow",), _shadow),
    (("shape",), _shapes),
    (("motion",), _motions),
    (("transition",), _transition),
    (("length",), _length),
    (("speed",), _speed),
    (("canvas", "ratio", "size"), _canvas),
    (("style",), _styles),
    (("brightness", "contrast", "saturation", "warmth", "sharpness", "light"), _adjust),
)
