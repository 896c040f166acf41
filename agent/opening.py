"""From settings to a conversation: find the backend, sign in, open the session it is to go on in."""

from __future__ import annotations

from agent.config import Settings
from agent.connection import Connection, OnWait, connect
from agent.conversation import Conversation
from agent.events import Ready
from agent.local import BackendAddress, ensure_studio
from agent.skill import Skill
from agent.store import Store


async def find_backend(settings: Settings) -> BackendAddress:
    """Where the chosen backend listens; the embedded studio is started where it is not running."""
    if settings.backend == "studio":
        return await ensure_studio(settings)
    return BackendAddress(settings.api_url if settings.backend == "hosted" else settings.backend)


async def open_conversation(
    settings: Settings,
    skill: Skill,
    *,
    which_session: str = "",
    text_hint: str = "",
    on_wait: OnWait | None = None,
) -> Conversation:
    """A conversation ready for its first turn; `on_wait` is told the seconds a rate limit makes it wait.

    Raises what connecting raises.
    """
    store = Store(settings.state_dir)
    address = await find_backend(settings)
    connection = await connect(
        settings, skill, store, address, which_session=which_session, text_hint=text_hint, on_wait=on_wait
    )
    conversation = Conversation(settings, skill, store, connection, connection.language)
    conversation.known = connection.state
    conversation.names = sent_names(conversation)
    return conversation


def sent_names(conversation: Conversation) -> list[str]:
    """The names of the files that were sent in this session before, as its transcript has them."""
    entries = conversation.store.transcript(conversation.session_id).entries()
    lists = [entry.get("names") for entry in entries if entry.get("type") == "files"]
    return [name for names in lists if isinstance(names, list) for name in names if isinstance(name, str)]


def ready(conversation: Conversation) -> Ready:
    connection: Connection = conversation.connection
    return Ready(
        backend=connection.backend_label,
        session_id=conversation.session_id,
        language=conversation.language,
        resumed=connection.resumed,
    )
