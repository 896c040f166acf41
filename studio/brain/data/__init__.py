"""The language files: words and phrases as YAML, what a translator edits."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(language: str, name: str) -> Any:
    """One language file, read once."""
    return yaml.load((_HERE / language / f"{name}.yaml").read_text("utf-8"), Loader=_Loader)  # noqa: S506
