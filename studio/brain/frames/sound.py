"""Frames for music: which, how loud, how it begins and ends, or none."""

from __future__ import annotations

from studio.brain import scope, words
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import RemoveMusic, SetFade, SetMusic, SetVolume, sounds

_MUSIC = ("music", "volume")


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause says of music."""
    target = c.first("t", *_MUSIC)
    mood = c.first("mood")
    fade = c.first("fade")
    mute = c.first("v", "mute")
    about = target is not None or r.topic == "music" or (r.focus == "music" and not r.topic)
    loud = c.first("cmp", "loud+", "loud-") if (target or _sounds_like(c)) else None
    if fade is not None and not c.targets("title", "photo", "transition") and not c.has("color"):
        if target is not None and (mood is not None or not r.sounds) and c.verb("add", "set", "create"):
            _play(c, r, target, mood)
        return _fade(c, r, fade)
    if mute is not None and (target is None or scope.polarity(c, mute) != "keep"):
        c.use(mute, target)
        return r.do(SetVolume(to=0.0))
    if target is None and loud is None and not (mood is not None and _mood_alone(c, r, about)):
        return _file(c, r)
    if target is not None:
        mode = scope.polarity(c, target)
        if mode == "keep":
            c.use(target, mood)
            r.plan.kept = True
            return True
        stops = (
            any(t.text in ("cut", "stop", "end", "停") for t in c.tokens)
            and not c.has("num")
            and not c.has("times")
        )
        if (mode == "remove" or stops) and not _volume_words(c):
            return _remove(c, r, target, mood)
    return _play(c, r, target, mood)


def _sounds_like(c: Clause) -> bool:
    return any(
        t.has("cmp", "loud+", "loud-") and not t.has("cmp", "up", "down", "size+", "strong-")
        for t in c.tokens
    )


def _mood_alone(c: Clause, r: Reading, about: bool) -> bool:
    """A mood without the word music: "something upbeat", "no, lofi"."""
    others = [t for t in c.tokens if t.has("t") and not t.has("mood")]
    if any(t.text in ("colors", "colours", "颜色", "色彩") for t in c.tokens):
        return False
    if others or (c.has("style") and not about and not r.sounds):
        return False
    if any(t.text in ("was", "were", "is", "are") for t in c.tokens):
        return False
    something = any(t.text in ("something", "来点", "来段", "一首", "换个", "加点", "配点") for t in c.tokens)
    strong = any(t.has("mood") and set(t.senses) <= {"mood", "word"} for t in c.tokens)
    return about or something or (strong and len([t for t in c.tokens if not t.is_filler]) <= 3)


def _volume_words(c: Clause) -> bool:
    return c.targets("volume") and (c.has("num") or c.has("cmp"))


def _remove(c: Clause, r: Reading, target: Token, mood: Token | None) -> bool:
    c.use(target, mood)
    c.use_all(("bgloc",))
    if target.has("t", "volume") and not target.has("t", "music"):
        return r.do(SetVolume(to=0.0))
    if not r.sounds and r.done and any(t.has("v", "no") for t in c.tokens):
        return True
    return r.do(RemoveMusic())


def _file(c: Clause, r: Reading) -> bool:
    for token in c.tokens:
        item = token.get("fileref") or token.get("filestem")
        if item is not None and item.file_type == "audio" and not token.used:
            c.use(token)
            c.use_all(("v",))
            return r.do(SetMusic(asset=item.asset))
    return False


def _play(c: Clause, r: Reading, target: Token | None, mood: Token | None) -> bool:
    c.use(target)
    for t in c.tokens:
        if t.has("t", "bgloc", *_MUSIC):
            t.used = True
    volume = _volume(c, r)
    before = len(r.refused)
    chosen = False
    own = _own_audio(c, r, mood)
    if own:
        chosen = r.do(SetMusic(asset=own))
    elif mood is not None:
        if any(t.text in ("jazz", "jazzy", "爵士") for t in c.tokens):
            r.plan.note("chose", word=mood.raw, meaning=words.name(r.plan.language, "music:lofi"))
        value = _mood(c)
        chosen = r.do(SetMusic(asset=f"music:{value}"))
    elif target is not None and target.has("t", "music") and (c.verb("add", "create") or _other(c)):
        if any(t.stands_out and not t.raw[:1].isupper() for t in c.tokens):
            return volume is not None and r.do(volume)
        if not r.sounds or _other(c):
            chosen = r.do(SetMusic(asset=_another(r)))
        elif volume is None:
            return r.do(SetMusic(asset=str(r.sounds[0].get("m", {}).get("asset", "music:lofi"))))
    if volume is not None and len(r.refused) == before:
        if not chosen and not r.sounds and target is not None and c.verb("add"):
            r.do(SetMusic())
        return r.do(volume)
    return chosen or volume is not None


def _mood(c: Clause) -> str:
    found = list(c.all("mood"))
    c.use(*found)
    weak = ("fast", "big", "quiet", "soft", "gentle", "bright", "电子", "movie", "film")
    if not found:
        return "lofi"
    best = next((t for t in reversed(found) if t.text not in weak), found[-1])
    value = best.get("mood")
    return value if isinstance(value, str) else min(value)


def _other(c: Clause) -> bool:
    return any(
        t.has("ord", "other") or t.text in ("change", "swap", "换", "换个", "换一首", "another")
        for t in c.tokens
    )


def _another(r: Reading) -> str:
    now = str(r.sounds[0].get("m", {}).get("asset", "")) if r.sounds else ""
    moods = ("music:lofi", "music:upbeat", "music:cinematic", "music:ambient")
    return moods[(moods.index(now) + 1) % 4] if now in moods else moods[0]


def _own_audio(c: Clause, r: Reading, mood: Token | None) -> str:
    files = sounds(r.context.media)
    for token in c.tokens:
        item = token.get("fileref") or token.get("filestem")
        if item is not None and item.file_type == "audio":
            c.use(token)
            return str(item.asset)
    mine = any(
        t.text in ("my", "uploaded", "own", "我的", "上传", "我上传的", "自己", "mp3", "我") for t in c.tokens
    )
    named = c.verb("add", "set", "create") and not c.has("num") and not c.has("cmp")
    if files and mood is None and mine and named:
        return files[-1].asset
    return ""


def _volume(c: Clause, r: Reading) -> SetVolume | None:
    token = scope.number(c, "pct") or _bare(c)
    if token is not None:
        c.use(token)
        value = scope.num(token).value
        if not scope.num(token).unit and abs(value) > 1:
            value /= 100
        changes = [t for t in c.tokens if t.has("cmp", "up", "down", "loud+", "loud-")]
        added = c.before(token)[-1:] and c.before(token)[-1].text in (
            "加",
            "再加",
            "增加",
            "减",
            "再减",
            "减少",
        )
        relative = changes and (added or any(t.text in ("by", "了") for t in c.tokens))
        if relative and not any(t.has("v", "to") or t.text == "to" for t in c.tokens):
            sign = 1 if changes[0].has("cmp", "up", "loud+") else -1
            c.use(*changes)
            return SetVolume(steps=sign * value / 0.15)
        c.use(*changes)
        return SetVolume(to=value)
    if c.has("mood") and c.has("cmp", "up") and any(t.text == "add some" for t in c.tokens):
        c.use(*[t for t in c.tokens if t.text == "add some"])
        return None
    times = scope.number(c, "x")
    if times is not None:
        c.use(times)
        value = scope.num(times).value
        return SetVolume(to=value) if value < 1 and _set_to(c, times) else SetVolume(times=value)
    half = c.first("times", "half")
    if half is not None and _set_to(c, half):
        c.use(half)
        return SetVolume(to=0.5)
    times_said = scope.factor(c)
    if times_said is not None:
        for t in c.all("cmp"):
            t.used = True
        return SetVolume(times=times_said)
    return _louder(c, r)


def _set_to(c: Clause, part: Token) -> bool:
    """Volume at three quarters, 音量四分之一, half volume: a part of all, not of what it is."""
    if c.has("cmp") or any(t.text in ("of", "by", "cut", "as", "减", "降", "的") for t in c.tokens):
        return False
    if part.text.startswith(("halv", "减", "缩", "砍", "折", "对半")):
        return False
    before, after = c.near(part, -1, skip_fillers=False), c.near(part, 1, skip_fillers=False)
    led = before is not None and (
        before.text in ("at", "to") or before.has("v", "to") or before.has("t", "volume")
    )
    return led or (after is not None and after.has("t", "volume"))


def _bare(c: Clause) -> Token | None:
    return scope.number(c, "") if c.targets("volume") or c.has("rel", "at") else None


def _louder(c: Clause, r: Reading) -> SetVolume | None:
    extreme = c.first("extreme")
    if extreme is not None:
        c.use(extreme, *c.all("cmp"))
        return SetVolume(to=1.0)
    steps = scope.degree(c)
    for token in c.tokens:
        if token.used:
            continue
        if token.has("cmp", "loud+", "loud-", "soft") or token.has("dir", "up", "down"):
            c.use(token)
            up = token.has("cmp", "loud+") or token.has("dir", "up")
            if scope.flipped(c, token):
                up = not up
            return SetVolume(steps=steps if up else -steps)
    sign = scope.direction(c)
    return SetVolume(steps=sign * steps) if sign else None


def _fade(c: Clause, r: Reading, fade: Token) -> bool:
    off = scope.polarity(c, fade) == "remove"
    length = scope.number(c, "s")
    ms = 0.0 if off else scope.num(length).value if length is not None else None
    fades = c.all("fade")
    c.use(length, *fades, c.first("t", "music"))
    into = any(t.has("fade", "in", "both") for t in fades)
    out = any(t.has("fade", "out", "both") for t in fades)
    if not into and not out:
        spoken = [t.text for t in c.after(fade)]
        into, out = "out" not in spoken or "in" in spoken, "in" not in spoken or "out" in spoken
        if any(t.has("when", "end") for t in c.tokens):
            into = False
        elif any(t.has("when", "start") for t in c.tokens):
            out = False
    return r.do(SetFade(fade_in=_ms(ms, 500) if into else None, fade_out=_ms(ms, 1000) if out else None))


def _ms(value: float | None, default: float) -> float:
    return default if value is None else value
