"""Who the agent is to a backend: which token and client id may go there, and what it is called.

The user's own token and the client id of the family of skills go to the hosted service alone; every other
backend knows this machine by an id and a token of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from agent.config import Settings
from agent.errors import ConfigError
from agent.local import BackendAddress
from agent.skill import shipped_skill
from agent.store import Store


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the agent is to one backend; `key` is what its token and sessions are kept under."""

    key: str
    own_token: str
    client_id: str
    client_id_file: Path


def identity(settings: Settings, store: Store, address: BackendAddress) -> Identity:
    """Who the agent is to this backend. Raises ConfigError for a URL that is none."""
    key = "studio" if address.is_studio else origin(address.url)
    if not address.is_studio and key in home_origins(settings):
        return Identity(key, settings.token, settings.client_id, settings.client_id_file)
    return Identity(key, "", "", store.client_id_file(key))


def home_origins(settings: Settings) -> frozenset[str]:
    """Where the user's token may go: the hosted service, and the API address the user has set themselves.

    Not the address of any skill file: a foreign one could name a place of its own.
    """
    found = {origin(shipped_skill().api_url)}
    if settings.origins.get("api_url") != "skill":
        found.add(origin(settings.api_url))
    return frozenset(found)


def origin(url: str) -> str:
    """`scheme://host:port` of a URL. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        if not parts.hostname:
            raise ValueError("no host")
    except (ValueError, KeyError) as error:
        raise ConfigError("config_value", setting="backend", value=url, detail="an http(s) URL") from error
    return f"{parts.scheme}://{parts.hostname}:{port}"


def label(settings: Settings, address: BackendAddress) -> str:
    """How the backend is called to the user: studio, hosted, or its URL."""
    if address.is_studio:
        return "studio"
    return "hosted" if settings.backend == "hosted" else address.url


def language_for(settings: Settings, text: str) -> str:
    """The session's language: the setting, else that of the first words, else the system's."""
    if settings.language != "auto":
        return settings.language
    if text.strip():
        from intents.language import detect

        return detect(text)
    return settings.system_language
