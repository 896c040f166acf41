"""The renderer: a draft becomes a video, an animation or a picture; light to import, heavy on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.render.errors import RenderError
from studio.render.output import FORMATS, Output, Rendered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FORMATS", "Output", "RenderError", "Rendered", "preview", "render"]


def render(
    draft: Mapping[str, Any],
    out: Path,
    output: Output,
    *,
    asset: Callable[[str], Path],
    progress: Callable[[float], None] | None = None,
    cache: Path | None = None,
) -> Rendered:
    """Render the draft to `out`, which appears whole or not at all; raises RenderError.

    `asset` maps an asset's hash to its file; `progress` is told fractions from 0 to 1; `cache` is a folder
    in which finished stretches of a video are kept for the next render of a similar draft.
    """
    from studio.render.job import run

    return run(draft, out, output, asset=asset, progress=progress, cache=cache)


def preview(draft: Mapping[str, Any], px: int, at: int, *, asset: Callable[[str], Path]) -> NDArray[np.uint8]:
    """The draft at `at` ms in a px × px × 4 RGBA uint8 picture, straight alpha; raises RenderError."""
    from studio.render.glance import glance

    return glance(draft, px, at, asset=asset)
