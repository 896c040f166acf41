"""`avatar batch`: every job is tried, each in a session of its own; the highest exit code met counts."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.attachments import check
from agent.batch import Job, jobs_for, jobs_in
from agent.disk import write_whole
from agent.errors import AvatarError, UsageError
from agent.events import Notice
from agent.media.sheet import contact_sheet
from agent.naming import absolute, check_writable, free_name
from agent.opening import open_conversation, ready
from agent.outputs import check_format
from agent.skill import load_skill
from agent.ui.drive import perform
from agent.ui.one_shot import telling_waits
from agent.ui.reporting import report

if TYPE_CHECKING:
    from agent.arguments import Invocation
    from agent.config import Settings
    from agent.conversation import Conversation
    from agent.ui.renderer import Renderer

_THUMB = 256


async def run_batch(invocation: Invocation, settings: Settings, renderer: Renderer) -> int:
    """Make them all. Raises UsageError, and what connecting raises."""
    if not invocation.out:
        raise UsageError("missing_option", option="--out")
    jobs = list(jobs_in(sys.stdin)) if invocation.each else list(jobs_for(invocation.words, invocation.say))
    if not jobs:
        raise UsageError("batch_none")
    format = settings.format or "png"
    folder = absolute(invocation.out)
    check_writable(folder / f"avatar.{format}")
    hint = next((job.say for job in jobs if isinstance(job, Job)), "")
    conversation = await open_conversation(
        settings,
        load_skill(settings.skill_path),
        which_session="new",
        text_hint=hint,
        on_wait=telling_waits(renderer, time.monotonic()),
    )
    worst, thumbs = 0, []
    try:
        check_format(format, conversation.formats)
        conversation.one_shot = True
        renderer.language = conversation.language
        renderer.show(ready(conversation))
        for place, job in enumerate(jobs, 1):
            if isinstance(job, AvatarError):
                code = report(job, renderer, renderer.language, debug=settings.debug)
            else:
                if place > 1:
                    await conversation.connection.new_session()
                    conversation.forget_session()
                said = conversation.said("batch_place", place=place, total=len(jobs), file=job.file)
                renderer.show(Notice(said))
                target = job.target(str(folder), format)
                conversation.settings = replace(settings, output=str(target), format=format)
                code = await _one(job, conversation, renderer)
                if invocation.sheet and code == 0:
                    thumbs.append(await _thumb(conversation))
            worst = max(worst, code)
        if invocation.sheet:
            _keep_sheet([thumb for thumb in thumbs if thumb], str(folder), settings, conversation, renderer)
    finally:
        await conversation.connection.aclose()
    return worst


async def _one(job: Job, conversation: Conversation, renderer: Renderer) -> int:
    skill = conversation.skill
    try:
        photo = check(job.file, types=skill.types, max_bytes=skill.max_bytes)
    except AvatarError as error:
        return report(error, renderer, conversation.language, debug=conversation.settings.debug)
    return await perform(job.say, (photo,), conversation, renderer)


async def _thumb(conversation: Conversation) -> bytes | None:
    picture = await conversation.connection.client.preview(conversation.session_id, _THUMB, format="rgb")
    return picture if picture is not None and len(picture) == _THUMB * _THUMB * 3 else None


def _keep_sheet(
    thumbs: list[bytes], folder: str, settings: Settings, conversation: Conversation, renderer: Renderer
) -> None:
    """Write the contact sheet beside the avatars, or say why there is none."""
    if not thumbs:
        renderer.show(Notice(conversation.said("sheet_none")))
        return
    path = absolute(folder) / "sheet.png"
    path = path if settings.force else free_name(path)
    write_whole(path, contact_sheet(thumbs, _THUMB), mode=0o644)
    renderer.show(Notice(conversation.said("sheet_saved", path=str(path))))
