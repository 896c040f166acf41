"""An error on its way to the user: its sentence through the renderer, with --debug its traceback too."""

from __future__ import annotations

import logging
import sys
import traceback

from agent.catalogue import explain
from agent.clean import clean_line
from agent.errors import AvatarError
from agent.ui.renderer import Renderer

_log = logging.getLogger(__name__)


def report(error: AvatarError, renderer: Renderer, language: str, *, debug: bool) -> int:
    """Show an error in the user's words; its exit code."""
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    renderer.show(explain(error, language))
    return error.exit_code


def unexpected(error: Exception) -> AvatarError:
    """A mistake of the program itself, told as an error like the others.

    Raises a BrokenPipeError again: who would have read the sentence has gone.
    """
    if isinstance(error, BrokenPipeError):
        raise error
    _log.debug("unexpected", exc_info=error)
    wrapped = AvatarError("unexpected", detail=clean_line(f"{type(error).__name__}: {error}")[:300])
    wrapped.__cause__ = error
    return wrapped
