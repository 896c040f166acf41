"""One turn from the command line: files and words in, a reply and perhaps a file out."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.events import Notice, Progress
from agent.ui.answers import terminal_ask
from agent.ui.drive import guarded, perform
from agent.ui.manners import first_language
from agent.ui.output import renderer_for

if TYPE_CHECKING:
    from agent.arguments import Invocation
    from agent.config import Settings
    from agent.conversation import Conversation
    from agent.models import Attachment
    from agent.skill import Skill
    from agent.ui.renderer import Renderer


def run_one_shot(invocation: Invocation, settings: Settings, began: float) -> int:
    """Run the turn; its exit code."""
    renderer = renderer_for(settings)

    async def work() -> int:
        return await _turn(invocation, settings, renderer, began)

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


async def _turn(invocation: Invocation, settings: Settings, renderer: Renderer, began: float) -> int:
    from agent.attachments import check
    from agent.opening import open_conversation, ready
    from agent.plan import acts_on_last
    from agent.renders import catch_up
    from agent.skill import load_skill

    skill = load_skill(settings.skill_path)
    if settings.language == "auto" and invocation.utterance:
        from intents.language import detect

        renderer.language = detect(invocation.utterance, fallback=renderer.language)
    files = [check(name, types=skill.types, max_bytes=skill.max_bytes) for name in invocation.attachments]
    which = settings.session or ("last" if acts_on_last(invocation.utterance, files) else "new")
    connecting(renderer, settings, began)
    conversation = await open_conversation(
        settings,
        skill,
        which_session=which,
        text_hint=invocation.utterance,
        on_wait=telling_waits(renderer, began),
    )
    try:
        conversation.one_shot = True
        if settings.output == "-":
            conversation.deliver = to_stdout
        renderer.language = conversation.language
        renderer.show(ready(conversation))
        await catch_up(conversation, renderer.show)
        words = _words(invocation, settings, skill, files, renderer)
        code = await perform(words, files, conversation, renderer, terminal_ask(conversation.language))
        if not words and files and code == 0:
            renderer.show(
                Notice(conversation.said("say_next", example=suggestion(skill, conversation.language)))
            )
        if code == 0 and conversation.changes and not conversation.exports:
            renderer.show(
                Notice(conversation.said("export_hint", file=_likely(invocation.utterance, conversation)))
            )
        return code
    except asyncio.CancelledError:
        _tell_renders(conversation, renderer)
        raise
    finally:
        await conversation.connection.aclose()


def _words(
    invocation: Invocation,
    settings: Settings,
    skill: Skill,
    files: Sequence[Attachment],
    renderer: Renderer,
) -> str:
    """The utterance; for photos with -o and no words, the skill's own main suggestion, which is told."""
    if invocation.utterance or not files or not settings.output:
        return invocation.utterance
    from agent.catalogue import message

    words = suggestion(skill, renderer.language)
    renderer.show(Notice(message(renderer.language, "default_words", text=words)))
    return words


def suggestion(skill: Skill, language: str) -> str:
    """What is suggested to someone with a photo: the skill's line for an icon."""
    lines = skill.try_saying(language)
    return lines[min(1, len(lines) - 1)] if lines else ""


def _likely(words: str, conversation: Conversation) -> str:
    """A name for the file that these words would be exported to."""
    from agent.outputs import fitting_format

    draft = conversation.known.draft if conversation.known else {}
    return f"me.{fitting_format(draft, words, conversation.formats)}"


def connecting(renderer: Renderer, settings: Settings, began: float) -> None:
    """ "Connecting…", for people only: a script waits for `ready`."""
    from agent.catalogue import message

    if not settings.json and sys.stderr.isatty():
        said = message(renderer.language, "connecting")
        renderer.show(Progress(said, round(time.monotonic() - began, 3)))


def telling_waits(renderer: Renderer, began: float) -> Callable[[float], None]:
    """Says, while signing in, that a rate limit is waited for and how long."""
    from agent.catalogue import message

    def tell(seconds: float) -> None:
        said = message(renderer.language, "rate_waiting", seconds=max(1, round(seconds)))
        renderer.show(Progress(said, round(time.monotonic() - began, 3)))

    return tell


def _tell_renders(conversation: Conversation, renderer: Renderer) -> None:
    if conversation.store.renders(conversation.connection.backend):
        renderer.show(Notice(conversation.said("render_goes_on")))


def to_stdout(path: Path) -> None:
    """Copy a finished file to stdout, as bytes."""
    with path.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
