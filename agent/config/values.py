"""What a setting's text may be: parsers that raise ValueError with the words for what was expected."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from agent.errors import UsageError
from agent.outputs import parse_size

LANGUAGES = ("auto", "en", "zh-CN", "zh-TW")
IMAGES = ("auto", "never", "always", "kitty", "iterm", "sixel", "blocks")
_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def url(text: str) -> str:
    """An http(s) base URL without a trailing slash."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("an http(s) URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError("an http(s) URL")
    if parts.username or parts.password or parts.query or parts.fragment or _VISIBLE.match(text) is None:
        raise ValueError("an http(s) URL without user, query and fragment")
    return text.rstrip("/")


def backend(text: str) -> str:
    if text in ("studio", "hosted"):
        return text
    try:
        return url(text)
    except ValueError as error:
        raise ValueError(f"studio, hosted or {error}") from None


def header(text: str) -> str:
    """Visible ASCII, as a header value must be."""
    if _VISIBLE.match(text) is None:
        raise ValueError("visible ASCII characters without spaces")
    return text


def header_text(text: str) -> str:
    """A header value of several words."""
    for word in text.split(" "):
        header(word)
    return text


def client_id(text: str) -> str:
    if _VISIBLE.match(text) is None or len(text) > 64:
        raise ValueError("a UUID (at most 64 visible characters)")
    return text


def endpoint(text: str) -> str:
    if not text.startswith("/") or _VISIBLE.match(text) is None:
        raise ValueError("a path that begins with /")
    return text


def language(text: str) -> str:
    """One of `LANGUAGES` in its own spelling; any tag a locale may give is understood."""
    tag = text.partition(".")[0].replace("_", "-").lower()
    if tag in ("zh-tw", "zh-hk", "zh-mo", "zh-hant") or tag.startswith("zh-hant-"):
        return "zh-TW"
    if tag == "zh" or tag.startswith("zh-"):
        return "zh-CN"
    if tag == "en" or tag.startswith("en-"):
        return "en"
    if tag == "auto":
        return "auto"
    raise ValueError(", ".join(LANGUAGES))


def system_language(env: Mapping[str, str]) -> str:
    """The language of the locale variables, English where they name none that the agent speaks."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(name):
            try:
                found = language(env[name])
            except ValueError:
                return "en"
            return "en" if found == "auto" else found
    return "en"


def images(text: str) -> str:
    if text.lower() not in IMAGES:
        raise ValueError(", ".join(IMAGES))
    return text.lower()


def format_name(text: str) -> str:
    name = text.lstrip(".").lower()
    if not re.fullmatch(r"[a-z0-9]{2,5}", name):
        raise ValueError("a format such as png, webp, gif or mp4")
    return name


def size(text: str) -> str:
    """A size as `outputs.parse_size` reads it, kept as it was written."""
    try:
        parse_size(text)
    except UsageError as error:
        raise ValueError(f"512, 1080x1920, or one of: {error.values['presets']}") from None
    return text


def path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def flag(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError("yes or no")


def presence(text: str) -> bool:
    """NO_COLOR's own rule: any value at all means yes; the config file may still say no."""
    return text.lower() not in ("false", "no", "off")


def seconds(text: str) -> float:
    number = amount(text)
    if number <= 0:
        raise ValueError("a number of seconds above 0")
    return number


def amount(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("a number") from None
    if not math.isfinite(number) or number < 0:
        raise ValueError("a number of 0 or more")
    return number
