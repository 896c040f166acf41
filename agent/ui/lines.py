"""One utterance a line from stdin: a pipe, or a terminal that takes no drawing (then with a prompt)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from agent.conversation import Ask, answer_no
from agent.errors import AvatarError
from agent.events import Notice
from agent.ui.answers import stdin_lines, terminal_ask
from agent.ui.drive import guarded, perform
from agent.ui.interrupts import Interrupts
from agent.ui.manners import first_language
from agent.ui.one_shot import connecting, telling_waits
from agent.ui.output import renderer_for
from agent.ui.reporting import report
from agent.ui.slash import is_command, is_leaving, run_slash

if TYPE_CHECKING:
    from agent.config import Settings
    from agent.conversation import Conversation
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
    # Whoever types sees "Ready." before the prompt; a pipe's first line tells which session it is about.
    first = "" if prompt else await anext(utterances, "")
    if not first and not prompt:
        return 0
    which = settings.session or ("last" if first and acts_on_last(first, ()) else "new")
    if not prompt:
        connecting(renderer, settings, began)
    conversation = await open_conversation(
        settings, skill, which_session=which, text_hint=first, on_wait=telling_waits(renderer, began)
    )
    worst = 0
    running: list[asyncio.Future[int]] = []
    if prompt:
        _catch_interrupts(running, conversation, prompt)
    ask = terminal_ask(conversation.language) if prompt else answer_no
    conversation.interactive = bool(prompt)
    try:
        renderer.language = conversation.language
        renderer.show(ready(conversation))
        await catch_up(conversation, renderer.show)
        utterance = first or await anext(utterances, "")
        while utterance:
            if is_leaving(utterance):
                break
            turn = asyncio.ensure_future(_carried_out(utterance, conversation, renderer, ask))
            running.append(turn)
            worst = max(worst, await _result(turn, conversation, renderer, typed=bool(prompt)))
            running.clear()
            utterance = await anext(utterances, "")
        return 0 if prompt else worst
    finally:
        await conversation.connection.aclose()


async def _carried_out(utterance: str, conversation: Conversation, renderer: Renderer, ask: Ask) -> int:
    """A command, else an utterance; its exit code."""
    if not is_command(utterance):
        return await perform(utterance, (), conversation, renderer, ask)
    try:
        await run_slash(utterance, conversation, renderer.show)
    except AvatarError as error:
        return report(error, renderer, conversation.language, debug=conversation.settings.debug)
    return 0


async def _result(
    turn: asyncio.Future[int], conversation: Conversation, renderer: Renderer, *, typed: bool
) -> int:
    """A turn's exit code; one that the user stopped is told, and the conversation goes on."""
    try:
        return await turn
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if not typed or (current is not None and current.cancelling()):
            raise
        renderer.show(Notice(conversation.said("cancelled_turn")))
        return 130


def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()


def _catch_interrupts(running: list[asyncio.Future[int]], conversation: Conversation, prompt: str) -> None:
    """Ctrl-C stops the turn alone; where none runs, the second one within a second leaves."""
    task = asyncio.current_task()
    assert task is not None

    def hint() -> None:
        # The terminal has just echoed ^C behind the prompt.
        sys.stdout.write(f"\n{conversation.said('hint_exit')}\n{prompt}")
        sys.stdout.flush()

    interrupts = Interrupts(
        stop=lambda: any(turn.cancel() for turn in running),
        hint=hint,
        leave=lambda: _cancel(task),
    )
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupts)


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
