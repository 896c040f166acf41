"""The edits as tools: a JSON schema for each, and the check that turns a call back into an edit."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from studio.draft import ADJUSTMENTS, BACKGROUNDS, MOTIONS, POSITIONS, SHAPES, STYLES
from studio.edits.base import Edit, edit_from_json

# Fields that take one of a few words, by edit and field.
_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("shape", "shape"): SHAPES,
    ("style", "style"): STYLES,
    ("motion", "motion"): MOTIONS,
    ("background", "to"): BACKGROUNDS,
    ("adjust", "field"): ADJUSTMENTS,
    ("add_title", "position"): POSITIONS,
    ("change_title", "position"): POSITIONS,
}
_PLAIN: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def tools() -> list[dict[str, Any]]:
    """Every edit as an OpenAI-style function tool."""
    return [
        {
            "type": "function",
            "function": {
                "name": kind,
                "description": (known.__doc__ or kind).strip(),
                "parameters": parameters(known),
            },
        }
        for kind, known in sorted(Edit.registry.items())
        if kind != "take_recipe"
    ]


def parameters(known: type[Edit]) -> dict[str, Any]:
    """The JSON schema of one edit's fields."""
    hints = typing.get_type_hints(known)
    properties = {f.name: _schema(hints[f.name], known.kind, f.name) for f in fields(known)}
    required = [f.name for f in fields(known) if f.default is MISSING and f.default_factory is MISSING]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def edit_from_call(name: str, arguments: object) -> Edit | None:
    """The edit a tool call stands for, None when the call is not exactly one."""
    known = Edit.registry.get(name)
    if known is None or not isinstance(arguments, dict) or name == "take_recipe":
        return None
    given = {key: value for key, value in arguments.items() if value is not None}
    schema = parameters(known)
    if not set(schema["required"]) <= set(given) <= set(schema["properties"]):
        return None
    if not all(_fits(value, schema["properties"][key]) for key, value in given.items()):
        return None
    return edit_from_json({"edit": name, **given})


def _schema(hint: Any, kind: str, name: str) -> dict[str, Any]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return _schema(inner, kind, name)
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return {"type": "array", "items": {"type": _PLAIN[item]}}
    if hint in _PLAIN:
        found: dict[str, Any] = {"type": _PLAIN[hint]}
        if (kind, name) in _WORDS:
            found["enum"] = list(_WORDS[kind, name])
        return found
    return {"type": "object"}


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    kind = schema["type"]
    if kind == "array":
        return isinstance(value, list) and all(_fits(item, schema["items"]) for item in value)
    if kind == "object":
        return isinstance(value, dict)
    if kind == "string":
        return isinstance(value, str) and ("enum" not in schema or value in schema["enum"])
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) if kind == "integer" else isinstance(value, int | float)
