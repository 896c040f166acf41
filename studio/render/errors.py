"""The one error a caller of the renderer has to know: a sentence that says which part failed and why."""

from __future__ import annotations


class RenderError(ValueError):
    """A draft, a medium or an output that cannot be rendered; `path` is the JSON path, where there is one."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.reason = message
