"""Anonymous tokens between runs: one private file per backend, since a token belongs to one origin."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.disk import read_json, told_as_local_error, write_json
from agent.models import Token

# A token about to expire would fail in the middle of a turn.
_MARGIN = timedelta(minutes=5)


class TokenNotes:
    """The folder of tokens."""

    def __init__(self, folder: Path, damaged: list[Path] | None = None) -> None:
        self._folder = folder
        self._damaged = damaged

    def get(self, backend: str, client_id: str) -> Token | None:
        """The backend's token for this client id; None when there is none or it has expired."""
        value = read_json(self._file(backend), self._damaged)
        if value is None or value.get("backend") != backend or value.get("client_id") != client_id:
            return None
        text, user_id, expires = value.get("token"), value.get("user_id"), value.get("expires_at")
        if not isinstance(text, str) or not text:
            return None
        try:
            moment = datetime.fromisoformat(expires) if isinstance(expires, str) else None
        except ValueError:
            return None
        if moment is not None and moment - _MARGIN <= datetime.now(UTC):
            return None
        return Token(text, user_id if isinstance(user_id, str) else "", moment)

    def keep(self, backend: str, token: Token, client_id: str) -> None:
        """Keep an anonymous token with its expiry, 0600; a token of the user's own is never written."""
        if token.own:
            return
        write_json(
            self._file(backend),
            {
                "backend": backend,
                "client_id": client_id,
                "token": token.value,
                "user_id": token.user_id,
                "expires_at": token.expires_at.isoformat() if token.expires_at else None,
                "issued_at": datetime.now(UTC).isoformat(),
            },
        )

    def drop(self, backend: str) -> None:
        """Forget a refused token."""
        path = self._file(backend)
        with told_as_local_error(path):
            path.unlink(missing_ok=True)

    def issued_at(self, backend: str) -> datetime | None:
        """When the token that is kept was issued, for the date from which a new one can be had."""
        value = read_json(self._file(backend), self._damaged) or {}
        issued = value.get("issued_at")
        try:
            moment = datetime.fromisoformat(issued) if isinstance(issued, str) else None
        except ValueError:
            return None
        return moment if moment and moment.tzinfo else None

    def lock_file(self, backend: str) -> Path:
        return self._file(backend).with_suffix(".lock")

    def _file(self, backend: str) -> Path:
        return self._folder / f"{hashlib.sha256(backend.encode()).hexdigest()[:16]}.json"
