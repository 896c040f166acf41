"""Frames for the whole: how long it is, how fast it plays, its canvas."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.draft import VIDEO
from studio.edits import SetCanvas, SetLength, SetSegmentLength, SetSpeed
from studio.edits.tracks import segments
from studio.edits.values import RANGES


def speed(c: Clause, r: Reading) -> bool:
    """Faster, half speed, 1.5x."""
    noun = c.first("t", "speed")
    if c.targets("title", "music", "volume", "ring", "transition") and noun is None:
        return False
    faster = c.first("cmp", "fast+", "fast-")
    number = scope.number(c, "x")
    if number is not None and noun is None and faster is None and c.targets("length", "size", "zoom"):
        return False
    if noun is None and faster is None and number is None:
        return False
    if noun is None and any(
        t.text in ("long", "big", "loud", "large", "size", "as long", "长", "大") for t in c.tokens
    ):
        return False
    if (
        faster is not None
        and noun is None
        and (any(t.has("motion") for t in c.tokens) or c.targets("motion"))
    ):
        return False
    if noun is not None and scope.polarity(c, noun) == "keep":
        c.use(noun)
        r.plan.kept = True
        return True
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    percent = scope.number(c, "pct")
    bare = scope.number(c, "") if noun is not None else None
    c.use(noun, faster, number, percent, *c.all("t", "video", "clip", "slideshow"))
    if any(t.has("v", "restore", "reset") for t in c.tokens) or any(
        t.text in ("normal", "正常", "原速", "original") for t in c.tokens
    ):
        c.use_all(("v", "style", "bg"))
        return r.do(SetSpeed(to=1.0, target=target))
    if number is not None:
        value = scope.num(number).value
        if faster is not None and any(t.text in ("faster", "slower", "快", "慢", "as") for t in c.tokens):
            slow = faster.has("cmp", "fast-") and value > 1
            return r.do(SetSpeed(times=1 / value if slow and value else value, target=target))
        return r.do(SetSpeed(to=value, target=target))
    if percent is not None:
        value = scope.num(percent).value
        if faster is not None:
            up = faster.has("cmp", "fast+")
            return r.do(SetSpeed(times=1 + value if up else 1 - value, target=target))
        return r.do(SetSpeed(to=value, target=target))
    if bare is not None:
        c.use(bare)
        return r.do(SetSpeed(to=scope.num(bare).value, target=target))
    times = scope.factor(c)
    if faster is not None and faster.text == "double speed":
        times = 2.0
    if times is not None:
        slow = faster is not None and faster.has("cmp", "fast-") and times > 1
        return r.do(SetSpeed(times=1 / times if slow else times, target=target))
    sign = scope.direction(c) if faster is None else 1 if faster.has("cmp", "fast+") else -1
    if faster is not None and scope.flipped(c, faster):
        sign = -sign
    if not sign:
        noun_only = noun is not None
        if noun_only and noun is not None:
            noun.used = False
        return False
    r.do(SetSpeed(times=RANGES["speed"].step ** (sign * scope.degree(c)), target=target))
    r.say_all(target)
    return True


def length(c: Clause, r: Reading) -> bool:
    """Ten seconds, half as long, a bit shorter."""
    if c.targets("title", "music", "volume", "transition") and not c.targets(
        "length", "video", "slideshow", "timeline"
    ):
        return False
    number = scope.number(c, "s")
    noun = c.first("t", "length")
    cmp = c.first("cmp", "long+", "long-")
    if noun is not None and scope.polarity(c, noun) == "keep":
        c.use(noun)
        r.plan.kept = True
        return True
    if number is not None:
        return _timed(c, r)
    if (
        cmp is not None
        and r.topic == "length"
        and any(t.text in ("that", "this", "it") for t in c.tokens[-1:])
    ):
        c.use(cmp)
        return True
    bare = scope.number(c, "") if noun is not None and noun.text not in ("时间",) else None
    if bare is not None:
        c.use(bare, noun, cmp)
        return r.do(SetLength(to=scope.num(bare).value * 1000))
    said = [
        t
        for t in c.tokens
        if t.text in ("long", "长") or t.has("t", "video", "slideshow", "timeline", "length", "photo")
    ]
    number_times = scope.number(c, "x")
    percent = scope.number(c, "pct")
    times = c.first("times")
    if (times is not None or number_times is not None) and (noun or cmp or said):
        value = scope.num(number_times).value if number_times is not None else scope.factor(c) or 1.0
        shrinks = cmp is not None and cmp.has("cmp", "long-") and value > 1
        c.use(number_times, noun, cmp, *said)
        return r.do(SetLength(times=1 / value if shrinks else value))
    if percent is not None and (noun or cmp):
        c.use(percent, noun, cmp)
        value = scope.num(percent).value
        if cmp is None:
            return r.do(SetLength(times=value))
        return r.do(SetLength(times=1 + value if cmp.has("cmp", "long+") else max(0.0, 1 - value)))
    if cmp is not None and not (len(cmp.text) == 1 and not (noun or c.has("deg") or c.has("too"))):
        return _longer(c, r)
    if noun is not None and (sign := scope.direction(c)):
        c.use(noun)
        return r.do(SetLength(times=RANGES["length"].step ** (sign * scope.degree(c))))
    return False


def _timed(c: Clause, r: Reading) -> bool:
    number = scope.number(c, "s")
    if number is None or c.has("fade"):
        return False
    noun = c.first("t", "length")
    if (
        noun is None
        and any(set(t.senses) == {"unknown"} for t in c.tokens)
        and not c.targets("video", "slideshow")
    ):
        return False
    cmp = c.first("cmp", "long+", "long-")
    shorten = c.first("v", "shorten", "extend")
    c.use(number, noun, cmp, shorten)
    c.use_all(("v",))
    c.use(
        *[
            t
            for t in c.tokens
            if t.has("t", "video", "slideshow", "timeline", "photo", "avatar", "clip") or t.has("rel", "for")
        ]
    )
    value = scope.num(number).value
    to = any(
        t.text in ("to", "at") or t.has("v", "to") or t.text.endswith(("到", "至"))
        for t in c.before(number)[-3:]
    )
    more = any(
        t.text in ("by", "more", "extra", "another", "additional") or t.has("ord", "other") for t in c.tokens
    )
    adds = any(t.text in ("add", "plus", "再加", "加", "多", "增加") for t in c.before(number))
    relative = (cmp is not None and not to and len(c.before(cmp)) + 1 and _by(c)) or more or adds
    if relative and not to and r.video:
        shrinks = (cmp is not None and cmp.has("cmp", "long-")) or any(
            t.has("cmp", "down") or t.text in ("shorter", "less", "短", "少") for t in c.tokens
        )
        return r.do(SetLength(by=-value if shrinks else value))
    cuts = [t for t in c.before(number) if t.has("v", "trim", "remove")]
    if cuts and not to and r.video and noun is None:
        return r.do(SetLength(by=-value))
    return r.do(SetLength(to=value))


def _by(c: Clause) -> bool:
    """Whether "3 seconds longer" or 延长3秒 speaks of a difference."""
    numbers = [t for t in c.tokens if t.has("num")]
    marks = [t for t in c.tokens if t.has("cmp", "long+", "long-")]
    if not numbers or not marks:
        return False
    behind = c.index(marks[0]) > c.index(numbers[0])
    if marks[0].text in ("长", "短") and c.index(numbers[0]) == c.index(marks[0]) + 1:
        return True
    return (
        behind
        or any(t.text == "by" for t in c.tokens)
        or marks[0].text in ("延长", "缩短", "加长", "拉长", "减短", "剪短")
    )


def _longer(c: Clause, r: Reading) -> bool:
    cmp = c.first("cmp", "long+", "long-")
    if cmp is None:
        return False
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    grows = cmp.has("cmp", "long+") != scope.flipped(c, cmp)
    c.use(cmp, c.first("t", "length"), *c.all("t", "video", "slideshow", "clip", "photo"))
    times = RANGES["length"].step ** (scope.degree(c) * (1 if grows else -1))
    if target is not None:
        return r.do(SetSegmentLength(times=times, target=target))
    return r.do(SetLength(times=times))


def canvas(c: Clause, r: Reading) -> bool:
    """A ratio, a size, a platform's preset."""
    done = False
    if c.targets("title") and not c.has("ratio") and not c.has("platform") and not c.has("fit"):
        return False
    size = c.first("size")
    ratio = c.first("ratio")
    fit = c.first("fit")
    platform = c.first("platform")
    lines = c.first("lines") or c.first("res")
    pixels = scope.number(c, "px")
    noun = [t for t in c.tokens if t.has("t", "canvas", "ratio", "size")]
    if noun and any(t.has("v", "keep") for t in c.tokens) and not (size or ratio or fit or platform):
        c.use(*noun)
        r.plan.kept = True
        return True
    if platform is not None:
        c.use(platform, fit, *noun)
        held = platform.get("platform")
        name = held if isinstance(held, str) else sorted(held)[-1]
        done = r.do(_preset(c, r, name, fit is not None))
    if size is not None:
        c.use(size, *noun)
        width, height = size.get("size")
        done = r.do(SetCanvas(width=width, height=height))
    elif pixels is not None and not c.targets("ring"):
        others = [t for t in c.all("num") if scope.num(t).unit == "px"]
        c.use(*others, *noun, *c.all("shape", "square"), *c.all("fit"))
        fit = None
        width, height = (int(scope.num(others[0]).value), int(scope.num(others[-1]).value))
        now = r.now.get("m", {})
        if len(others) == 1 and any(t.text in ("wide", "width", "宽", "宽度") for t in c.tokens):
            height = int(now.get("height", height))
        elif len(others) == 1 and any(t.text in ("tall", "high", "height", "高", "高度") for t in c.tokens):
            width = int(now.get("width", width))
        done = r.do(SetCanvas(width=width, height=height))
    if ratio is not None:
        c.use(ratio, *noun, fit)
        done = r.do(SetCanvas(ratio=str(ratio.get("ratio"))))
    elif fit is not None and platform is None:
        held = fit.get("fit")
        value = held if isinstance(held, str) else sorted(held)[0]
        c.use(fit, *noun)
        done = r.do(SetCanvas(ratio="1:1" if value == "square" else value))
    if lines is not None:
        c.use(lines, *noun)
        named = {"hd": 1080, "uhd": 2160, "qhd": 1440}
        count = lines.get("lines") or named[str(lines.get("res"))]
        if r.video or not c.targets("video"):
            done = r.do(SetCanvas(lines=int(count)))
    bare = scope.number(c, "") if noun and not done else None
    if bare is not None and scope.num(bare).value >= 16 and any(t.has("t", "canvas", "size") for t in noun):
        c.use(bare, *noun)
        side = int(scope.num(bare).value)
        done = r.do(SetCanvas(width=side, height=side))
    if done:
        c.use(
            *[
                t
                for t in c.tokens
                if t.has("t", "video", "canvas", "ratio", "size", "avatar", "slideshow", "clip")
            ]
        )
        c.use_all(("v",))
    return done


def _preset(c: Clause, r: Reading, name: str, upright: bool) -> SetCanvas:
    words = {t.text for t in c.tokens}
    if upright and words & {"story", "stories", "vertical", "竖屏", "竖版"}:
        return SetCanvas(ratio="9:16")
    if (
        words & {"video", "banner", "thumbnail", "cover", "视频"}
        and name in ("youtube",)
        and not segments(r.now, VIDEO)
    ):
        return SetCanvas(ratio="16:9")
    return SetCanvas(platform=name)
