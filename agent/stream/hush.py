"""Keeps a secret out of streamed text, though the stream may bring it in pieces that no one piece shows.

What is said goes to a terminal and into a transcript, where the pieces stand joined.
"""

from __future__ import annotations

MARK = "…"


class Hush:
    """Passes text through with every occurrence of `secret` replaced; an empty secret hides nothing."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._held = ""

    def feed(self, piece: str) -> str:
        """What may be shown now; an end that may still become the secret is held back."""
        if not self._secret:
            return piece
        text = (self._held + piece).replace(self._secret, MARK)
        at = self._begins(text)
        self._held = text[at:]
        return text[:at]

    def close(self) -> str:
        """What was held back and did not become the secret; nothing is held afterwards."""
        held, self._held = self._held, ""
        return held

    def _begins(self, text: str) -> int:
        """Where the text's end begins to be the secret; its length where it does not."""
        at = max(0, len(text) - len(self._secret) + 1)
        while (at := text.find(self._secret[0], at)) >= 0:
            if self._secret.startswith(text[at:]):
                return at
            at += 1
        return len(text)
