"""Reads an utterance into a plan: keywords for the first kinds of edit."""

from __future__ import annotations

import re

from studio.brain import colors
from studio.brain.context import Context
from studio.brain.plan import Plan
from studio.brain.script import fold
from studio.draft import VIDEO
from studio.edits import (
    AddTitle,
    MakeAvatar,
    RemoveMusic,
    SetBackground,
    SetCanvas,
    SetLength,
    SetMusic,
    SetRing,
    SetShape,
    SetStyle,
)
from studio.edits.tracks import segments

_SHAPES = {
    "circ": "circle", "round": "circle", "圆形": "circle", "圆角": "rounded", "hexagon": "hexagon", "六边形": "hexagon",
    "heart": "heart", "心形": "heart", "star": "star", "星形": "star",
}  # fmt: skip


def read(utterance: str, context: Context, language: str) -> Plan:
    """What the words ask for."""
    plan = Plan(language=language)
    text = fold(utterance).lower()
    for step, cues in (
        ("undo", ("undo", "撤销", "撤回")),
        ("redo", ("redo", "重做")),
        ("reset", ("start over", "重新开始")),
    ):
        if any(cue in text for cue in cues):
            plan.step = step
            return plan
    if re.search(r"avatar|icon|profile|portrait|头像|人像", text):
        filled = bool(segments(context.draft, VIDEO))
        if not filled or re.search(r"photo|make|creat|generat|照片|做", text):
            plan.edits.append(MakeAvatar())
    for cue, shape in _SHAPES.items():
        if cue in text:
            plan.edits.append(SetShape(shape=shape))
            break
    found = [v for n, v in colors.names("en").items() if re.search(rf"\b{n}\b", text)]
    found += [v for n, v in colors.names("zh").items() if n in text]
    if re.search(r"ring|border|边框|边", text):
        off = bool(re.search(r"\bno\b|remove|去掉|不要", text))
        plan.edits.append(SetRing(off=off, colors=tuple(found[:1]) if not off else ()))
    elif found and re.search(r"background|背景", text):
        plan.edits.append(SetBackground(to="color", colors=(found[0],)))
    if "black and white" in text or "黑白" in text:
        plan.edits.append(SetStyle(style="mono"))
    if match := re.search(r"(\d+)\s*(?:s\b|sec|秒)", text):
        plan.edits.append(SetLength(to=int(match[1]) * 1000))
    if re.search(r"9:16|vertical|竖屏", text):
        plan.edits.append(SetCanvas(ratio="9:16"))
    if re.search(r"music|音乐", text):
        off = bool(re.search(r"\bno\b|remove|without|去掉|不要", text))
        plan.edits.append(RemoveMusic() if off else SetMusic())
    if match := re.search('title.*?["“](.+?)["”]|标题.*?["“「](.+?)["”」]', utterance):
        plan.edits.append(AddTitle(text=match[1] or match[2]))
    return plan
