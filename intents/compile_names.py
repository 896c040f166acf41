"""The marks a clause may begin with, by their place in the compiled data."""

from __future__ import annotations

PREFIXES = ("negate", "keep", "before", "after", "first")
NEGATE, KEEP, BEFORE, AFTER, FIRST = range(len(PREFIXES))
