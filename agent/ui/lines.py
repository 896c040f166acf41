"""One utterance a line from stdin: a pipe, or a terminal that takes no drawing (then with a prompt)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from agent.conversation import answer_no
from agent.ui.answers import read_line
from agent.ui.drive import guarded, perform
from agent.ui.one_shot import connecting
from agent.ui.output import first_language, renderer_for

if TYPE_CHECKING:
    from agent.config import Settings
    from agent.ui.renderer import Renderer


def run_lines(settings: Settings, began: float) -> int:
    """Say every line; the highest exit code met."""
    renderer = renderer_for(settings)

    async def work() -> int:
        return await _lines(settings, renderer, began)

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


async def _lines(settings: Settings, renderer: Renderer, began: float) -> int:
    from agent.opening import open_conversation, ready
    from agent.plan import acts_on_last
    from agent.renders import catch_up
    from agent.skill import load_skill

    skill = load_skill(settings.skill_path)
    utterances = _utterances()
    first = await anext(utterances, "")
    if not first:
        return 0
    which = settings.session or ("last" if acts_on_last(first, ()) else "new")
    connecting(renderer, settings, began)
    conversation = await open_conversation(settings, skill, which_session=which, text_hint=first)
    worst, utterance = 0, first
    try:
        renderer.language = conversation.language
        renderer.show(ready(conversation))
        await catch_up(conversation, renderer.show)
        while utterance:
            worst = max(worst, await perform(utterance, (), conversation, renderer, answer_no))
            utterance = await anext(utterances, "")
        return worst
    finally:
        await conversation.connection.aclose()


async def _utterances() -> AsyncIterator[str]:
    """The lines that say something, as they come."""
    while line := await read_line():
        if line.strip():
            yield line.strip()
