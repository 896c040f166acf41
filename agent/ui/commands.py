"""The few commands beside the conversation: sessions, doctor, config, studio, batch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from agent.catalogue import message
from agent.errors import UsageError
from agent.events import Text
from agent.ui.drive import guarded
from agent.ui.manners import first_language
from agent.ui.output import renderer_for

if TYPE_CHECKING:
    from agent.arguments import Invocation
    from agent.config import Settings
    from agent.ui.renderer import Renderer

    Work = Callable[[Invocation, Settings, Renderer], Awaitable[int]]


def run_command(invocation: Invocation, settings: Settings, began: float) -> int:
    """Run a command; its exit code."""
    if invocation.command == "studio" and invocation.words[0] in ("serve", "work", "migrate"):
        from agent.local import run_studio

        return run_studio(settings, [*invocation.words, *invocation.serve])
    renderer = renderer_for(settings)
    work = _WORK[invocation.command]

    async def run() -> int:
        return await work(invocation, settings, renderer)

    return asyncio.run(
        guarded(
            run,
            renderer,
            first_language(settings),
            debug=settings.debug,
            seconds=settings.timeout,
            began=began,
        )
    )


async def _config(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    from agent.config import rows, set_value

    if invocation.words[:1] == ("set",):
        _, name, value = invocation.words
        set_value(settings, name, value)
        key = "config_kept" if value else "config_forgotten"
        renderer.show(Text(message(renderer.language, key, setting=name, value=value)))
        return 0
    for name, value, origin in rows(settings):
        renderer.show(Text(f"{name:<18} {value or '–'}  ({origin})"))
    return 0


async def _doctor(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    from agent.doctor import examine

    worst = 0
    async for finding in examine(settings, renderer.language):
        mark = "✗" if finding.exit else "✓" if finding.good else "·"
        remedy = f" {finding.remedy}" if finding.remedy else ""
        renderer.show(Text(f"{mark} {finding.said}{remedy}"))
        worst = max(worst, finding.exit)
    return worst


async def _studio(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    from agent.local import stop_studio, studio_status

    language = renderer.language
    if invocation.words[0] == "stop":
        stopped = await stop_studio(settings)
        renderer.show(Text(message(language, "studio_stopped" if stopped else "studio_absent")))
        return 0
    status = await studio_status(settings)
    if status is None:
        renderer.show(Text(message(language, "studio_absent")))
    else:
        told = ", ".join(f"{name} {value}" for name, value in status.items() if name != "secret")
        renderer.show(Text(message(language, "studio_runs", detail=told)))
    return 0


async def _sessions(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    from agent.sessions_command import delete, known
    from agent.ui.slash import row

    language = renderer.language
    if invocation.words[:1] == ("delete",):
        await delete(invocation.words[1], settings)
        renderer.show(Text(message(language, "session_deleted", session=invocation.words[1])))
        return 0
    notes = known(settings)
    for place, note in enumerate(notes, 1):
        renderer.show(Text(f"{row(language, place, note)}  {note.session_id}"))
    if not notes:
        renderer.show(Text(message(language, "sessions_none")))
    return 0


async def _batch(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    from agent.ui.batch import run_batch

    return await run_batch(invocation, settings, renderer)


async def _absent(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    raise UsageError("not_here", command=invocation.command)


_WORK: Mapping[str, Work] = {
    "config": _config,
    "doctor": _doctor,
    "studio": _studio,
    "sessions": _sessions,
    "batch": _batch,
    "mcp": _absent,
}
