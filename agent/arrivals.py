"""After an upload whose answer was lost: what arrived all the same is found in the session's state.

Sending a file again that the backend has already would put it there twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from agent.clean import clean_line
from agent.client.replies import media
from agent.conversation import Conversation
from agent.errors import AvatarError
from agent.models import MediaInfo, State

LOOKS = 3
_LONGEST_PAUSE = 5.0
Infos = tuple[Mapping[str, Any], ...]


async def media_now(conversation: Conversation) -> Infos | None:
    """The files the session holds; None where that cannot be found out."""
    try:
        return (await _state(conversation)).video_infos
    except AvatarError:
        return None


async def media_before(conversation: Conversation) -> Infos | None:
    """The files before an upload; a session that was just opened is known to hold none."""
    fresh = not (conversation.connection.resumed or conversation.names or conversation.known)
    return () if fresh else await media_now(conversation)


async def arrived(
    names: Sequence[str], before: Infos | None, conversation: Conversation
) -> tuple[MediaInfo, ...]:
    """The files of these names that the session holds now and did not hold `before`; () unless all are there.

    Looks a few times: the backend may still be at work on them when the connection breaks off.
    """
    if before is None:
        return ()
    pause = conversation.settings.poll_seconds
    if pause is None:
        pause = 0.5 if conversation.connection.is_studio else _LONGEST_PAUSE
    for look in range(LOOKS):
        if look:
            await asyncio.sleep(min(pause, _LONGEST_PAUSE))
        found = new_media(names, before, await media_now(conversation) or ())
        if found:
            return found
    return ()


def new_media(names: Sequence[str], before: Infos, after: Infos) -> tuple[MediaInfo, ...]:
    """Every one of `names` among what is in `after` and not in `before`, in their order; else ()."""
    had = Counter(_name(info) for info in before)
    new: list[Mapping[str, Any]] = []
    for info in after:
        if had[_name(info)]:
            had[_name(info)] -= 1
        else:
            new.append(info)
    found = []
    for name in names:
        info = next((one for one in new if _name(one) == clean_line(name)), {})
        if not info:
            return ()
        new.remove(info)
        found.append(info)
    return tuple(_media(info) for info in found)


async def _state(conversation: Conversation) -> State:
    session, connection = conversation.session_id, conversation.connection
    return await connection.authed(lambda: connection.client.state(session))


def _name(info: Mapping[str, Any]) -> str:
    name = info.get("filename")
    return clean_line(name) if isinstance(name, str) else ""


def _media(info: Mapping[str, Any]) -> MediaInfo:
    (found,) = media({"files": [info]})
    return found
