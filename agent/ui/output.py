"""Which renderer a command gets, from its settings and from what stdout is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.ui.json_lines import JsonRenderer
from agent.ui.manners import drawing, first_language
from agent.ui.plain import PlainRenderer
from agent.ui.renderer import Renderer

if TYPE_CHECKING:
    from agent.config import Settings


def renderer_for(settings: Settings) -> Renderer:
    """JSON Lines with --json; on a terminal colours and a status line; else plain lines."""
    language = first_language(settings)
    if settings.json:
        return JsonRenderer(sys.stdout, language)
    # With -o - stdout carries the file alone.
    out = sys.stderr if settings.output == "-" else sys.stdout
    if drawing(settings, out):
        from agent.ui.terminal import terminal_renderer

        return terminal_renderer(settings, out, language)
    return PlainRenderer(out, sys.stderr, language, quiet=settings.quiet)


def simple_renderer(*, json: bool, language: str) -> Renderer:
    """A renderer for an error that came before there were settings."""
    return JsonRenderer(sys.stdout, language) if json else PlainRenderer(sys.stdout, sys.stderr, language)
