"""The sessions of one backend: those this machine knows, and how one is deleted on both sides."""

from __future__ import annotations

from agent.client.errors import NotFound
from agent.config import Settings
from agent.connection import connect
from agent.errors import SessionGone
from agent.identity import identity
from agent.local import BackendAddress
from agent.opening import find_backend
from agent.skill import load_skill
from agent.store import SessionNote, Store


def known(settings: Settings) -> tuple[SessionNote, ...]:
    """The sessions used on the chosen backend, the last used first; nothing is started for that."""
    store = Store(settings.state_dir)
    return store.sessions(_key(settings, store))


async def delete(wanted: str, settings: Settings) -> None:
    """Delete a session by its id or its number in the list. Raises SessionGone where nobody knows it."""
    store = Store(settings.state_dir)
    notes = store.sessions(_key(settings, store))
    ident = wanted
    if wanted.isdecimal() and 0 < int(wanted) <= len(notes):
        ident = notes[int(wanted) - 1].session_id
    noted = any(note.session_id == ident for note in notes)
    try:
        connection = await connect(
            settings,
            load_skill(settings.skill_path),
            store,
            await find_backend(settings),
            which_session=ident,
        )
    except SessionGone:
        if not noted:
            raise
    else:
        try:
            await connection.authed(lambda: connection.client.delete_session(ident))
        except NotFound:
            # Only the studio deletes; elsewhere the session is forgotten on this side.
            pass
        finally:
            await connection.aclose()
    store.forget_session(_key(settings, store), ident)


def _key(settings: Settings, store: Store) -> str:
    """What the chosen backend's sessions are kept under."""
    if settings.backend == "studio":
        return "studio"
    url = settings.api_url if settings.backend == "hosted" else settings.backend
    return identity(settings, store, BackendAddress(url)).key
