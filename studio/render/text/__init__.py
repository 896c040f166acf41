"""Titles: text in any script, with emoji, broken into lines, measured and drawn as a picture with alpha."""

from __future__ import annotations

from studio.render.text.lettering import Lettering, letter

__all__ = ["Lettering", "letter"]
