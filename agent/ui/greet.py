"""The first paint: greeting and suggestions, on screen before anything heavy is imported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.catalogue import message
from agent.skill import load_skill
from agent.ui.manners import columns, drawing, first_language
from agent.ui.width import wrap

if TYPE_CHECKING:
    from agent.config import Settings
    from agent.skill import Skill

_BOLD, _DIM, _CYAN, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


def greet(settings: Settings) -> Skill:
    """Print the greeting and "Connecting…"; the skill it came from. Raises SkillError."""
    skill = load_skill(settings.skill_path)
    if not settings.quiet:
        styled = drawing(settings, sys.stdout) and not settings.no_color
        sys.stdout.write(greeting(skill, first_language(settings), styled=styled, width=columns()))
        sys.stdout.flush()
    return skill


def greeting(skill: Skill, language: str, *, styled: bool, width: int = 80) -> str:
    """The greeting, what to try, and that a connection is being made."""
    bold, dim, accent, off = (_BOLD, _DIM, _CYAN, _OFF) if styled else ("", "", "", "")
    lines = [*(f"{bold}{said}{off}" for said in wrap(skill.greeting(language), width)), ""]
    if suggestions := skill.try_saying(language):
        lines.append(f"{dim}{message(language, 'try_saying')}:{off}")
        for said in suggestions:
            first, *rest = wrap(said, width - 4)
            lines += [f"  {accent}·{off} {first}", *(f"    {more}" for more in rest)]
        lines.append("")
    lines.append(f"{dim}{message(language, 'connecting')}{off}")
    return "\n".join(lines) + "\n"
