"""Looks a sentence up in the user's language and fills it in; what is filled in is cleaned first."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from agent.clean import clean

if TYPE_CHECKING:
    from agent.errors import AvatarError
    from agent.events import Error

DEFAULT = "en"
_TRADITIONAL = frozenset({"tw", "hk", "mo", "hant"})


class _Values(dict[str, object]):
    """Values of a sentence; one that is missing leaves a gap instead of an exception."""

    def __missing__(self, key: str) -> str:
        return ""


def interface_language(tag: str) -> str:
    """The catalogue that serves a language tag: "zh_tw" for Traditional Chinese, "zh", else "en"."""
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] != "zh":
        return DEFAULT
    if "hans" in parts:
        return "zh"
    return "zh_tw" if _TRADITIONAL.intersection(parts) else "zh"


def chinese(tag: str) -> bool:
    """Whether the sentences of this language are Chinese, which leaves no space between them."""
    return interface_language(tag).startswith("zh")


def message(language: str, key: str, **values: object) -> str:
    """The sentence `key`, filled in; a key in no catalogue is a mistake of ours and raises KeyError."""
    return _catalogue(language)[key].format_map(
        _Values({name: clean(value) if isinstance(value, str) else value for name, value in values.items()})
    )


def has(language: str, key: str) -> bool:
    return key in _catalogue(language)


def explain(error: AvatarError, language: str) -> Error:
    """An error in its two renderings: sentences in the user's language, kind and code for scripts."""
    from agent.events import Error

    key = error.key if has(language, f"error.{error.key}") else error.default_key
    if not has(language, f"error.{key}"):
        key = "failed"
    if key == "failed" and not error.detail:
        said = message(language, "error.failed_plain")
    else:
        said = message(language, f"error.{key}", **error.values)
    hint = message(language, f"hint.{key}", **error.values) if has(language, f"hint.{key}") else ""
    return Error(error.kind, error.code, _sentence(said, language), " ".join(hint.split()))


def _sentence(text: str, language: str) -> str:
    """One line that ends as a sentence does, whatever was filled in at its end."""
    text = " ".join(text.split())
    if not text or text[-1] in ".!?…。！？":
        return text
    return text + ("。" if chinese(language) else ".")


def _catalogue(language: str) -> dict[str, str]:
    module = import_module(f"agent.messages.{interface_language(language)}")
    messages: dict[str, str] = module.MESSAGES
    return messages
