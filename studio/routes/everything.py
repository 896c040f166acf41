"""The routes that need the database; loaded after the server already answers."""

from __future__ import annotations

from starlette.routing import Router

from studio.routes import auth, chat, description, events, previews, renders, sessions, uploads, versions

GROUPS = (auth, chat, description, events, previews, renders, sessions, uploads, versions)


def router() -> Router:
    """Every endpoint but those that `studio.routes.owner` answers at once."""
    return Router([route for group in GROUPS for route in group.routes])
