"""One utterance a line from stdin: a pipe, or a terminal that takes no drawing (then with a prompt)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from agent.conversation import answer_no
from agent.ui.answers import stdin_lines, terminal_ask
from agent.ui.drive import guarded, perform
from agent.ui.one_shot import connecting
from agent.ui.output import first_language, renderer_for

if TYPE_CHECKING:
    from agent.config import Settings
    from agent.ui.renderer import Renderer


def run_lines(settings: Settings, began: float, prompt: str = "") -> int:
    """Say every line; the highest exit code met. With a `prompt` someone is typing, and may be asked."""
    renderer = renderer_for(settings)

    async def work() -> int:
        return await _lines(settings, renderer, began, prompt)

    return asyncio.run(
        guarded(
            work,
            renderer,
            first_language(settings),
            debug=settings.debug,
            seconds=settings.timeout,
            began=began,
        )
    )


async def _lines(settings: Settings, renderer: Renderer, began: float, prompt: str) -> int:
    from agent.opening import open_conversation, ready
    from agent.plan import acts_on_last
    from agent.renders import catch_up
    from agent.skill import load_skill

    skill = load_skill(settings.skill_path)
    utterances = _utterances(prompt)
    first = await anext(utterances, "")
    if not first:
        return 0
    which = settings.session or ("last" if acts_on_last(first, ()) else "new")
    connecting(renderer, settings, began)
    conversation = await open_conversation(settings, skill, which_session=which, text_hint=first)
    worst, utterance = 0, first
    ask = terminal_ask(conversation.language) if prompt else answer_no
    conversation.interactive = bool(prompt)
    try:
        renderer.language = conversation.language
        renderer.show(ready(conversation))
        await catch_up(conversation, renderer.show)
        while utterance:
            worst = max(worst, await perform(utterance, (), conversation, renderer, ask))
            utterance = await anext(utterances, "")
        return worst
    finally:
        await conversation.connection.aclose()


async def _utterances(prompt: str) -> AsyncIterator[str]:
    """The lines that say something, as they come."""
    while line := await _prompted(prompt):
        if line.strip():
            yield line.strip()


async def _prompted(prompt: str) -> str:
    if prompt:
        sys.stdout.write(prompt)
        sys.stdout.flush()
    return await stdin_lines().line()
