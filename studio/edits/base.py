"""What every edit is: frozen data that turns one draft into another, or refuses with a reason to tell."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from studio.draft import Draft
from studio.edits.media import Media
from studio.edits.values import RANGES


class EditError(ValueError):
    """An edit that cannot be done; `key` names the sentence in the catalogue, `values` fill it."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change; subclasses are frozen data whose `_run` works on a copy the caller never sees half done."""

    kind: ClassVar[str] = ""
    registry: ClassVar[dict[str, type[Edit]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind:
            Edit.registry[cls.kind] = cls

    def apply(self, draft: Mapping[str, Any], media: Media = ()) -> Draft:
        """The draft after this edit; raises EditError and leaves the given draft alone."""
        after: Draft = copy.deepcopy(dict(draft))
        self._run(after, media)
        return after

    def to_json(self) -> dict[str, Any]:
        """The edit as plain JSON, only what it says and no defaults."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        plain = {
            key: list(v) if isinstance(v, tuple) else v for key, v in said.items() if v not in (None, ())
        }
        return {"edit": self.kind, **plain}

    def _run(self, draft: Draft, media: Media) -> None:
        raise TypeError(f"{type(self).__name__} cannot be applied")


def edit_from_json(said: Mapping[str, Any]) -> Edit | None:
    """The edit that `to_json` wrote, None when the kind or a field is unknown."""
    known = Edit.registry.get(str(said.get("edit")))
    if known is None:
        return None
    names = {f.name for f in fields(known)}
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items() if k != "edit"}
    if not set(given) <= names:
        return None
    try:
        return known(**given)
    except TypeError:
        return None


def within(name: str, value: float, field: str = "") -> float:
    """The value when the named range holds it; raises EditError with the range."""
    bounds = RANGES[name]
    if not bounds.holds(value):
        raise EditError("range", field=field or name, low=bounds.low, high=bounds.high, got=round(value, 3))
    return min(max(value, bounds.low), bounds.high)


def changed(
    name: str, now: float, to: float | None, times: float | None, by: float | None, field: str = ""
) -> float:
    """A number set, multiplied or moved, checked against its range."""
    value = now if to is None else to
    if times is not None:
        value *= times
    if by is not None:
        value += by
    return round(within(name, value, field), 4)
