"""One Settings, resolved flag > environment > file > skill.yaml; nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.config import values
from agent.config.file import read_file, read_secret, write_secret, write_value
from agent.errors import ConfigError

if TYPE_CHECKING:
    from agent.skill import Skill

APP = "avatar-icon-generator"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its value; `origins` tells each one's source: flag, env NAME, file, skill, default.

    `session` is "", "last", "new" or an id. `output` is "", a path or "-". Times are in seconds.
    """

    backend: str = "studio"
    api_url: str = ""
    web_url: str = ""
    token: str = field(default="", repr=False)
    client_id: str = ""
    skill_path: Path | None = None
    skill_source: str = ""
    session_path: str = ""
    language: str = "auto"
    system_language: str = "en"
    dumb_terminal: bool = False
    session: str = ""
    output: str = ""
    output_dir: Path = Path()
    format: str = ""
    size: str = ""
    json: bool = False
    plain: bool = False
    no_color: bool = False
    quiet: bool = False
    yes: bool = False
    max_credits: float | None = None
    detach: bool = False
    force: bool = False
    timeout: float | None = None
    why: bool = False
    debug: bool = False
    poll_seconds: float | None = None
    heartbeat_seconds: float = 120.0
    stream_timeout: float = 900.0
    idle_timeout: float = 600.0
    images: str = "auto"
    accessible: bool = False
    config_dir: Path = Path()
    state_dir: Path = Path()
    cache_dir: Path = Path()
    runtime_dir: Path = Path()
    data_dir: Path = Path()
    client_id_file: Path = Path()
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """A setting the user may give: its variable, whether the config file may hold it, its parser."""

    name: str
    env: str = ""
    in_file: bool = False
    parse: Callable[[str], Any] = str
    secret: bool = False


KEYS: tuple[Key, ...] = (
    Key("backend", "AVATAR_BACKEND", True, values.backend),
    Key("api_url", "NEMO_API_URL", True, values.url),
    Key("web_url", "NEMO_WEB_URL", True, values.url),
    Key("token", "NEMO_TOKEN", True, values.header, secret=True),
    Key("client_id", "NEMO_CLIENT_ID", False, values.client_id, secret=True),
    Key("skill_path", "", True, values.path),
    Key("skill_source", "SKILL_SOURCE", False, values.header_text),
    Key("session_path", "", True, values.endpoint),
    Key("language", "AVATAR_LANGUAGE", True, values.language),
    Key("session"),
    Key("output"),
    Key("output_dir", "AVATAR_OUTPUT_DIR", True, values.path),
    Key("format", "", True, values.format_name),
    Key("size", "", True, values.size),
    Key("json", "", False, values.flag),
    Key("plain", "", True, values.flag),
    Key("no_color", "NO_COLOR", True, values.presence),
    Key("quiet", "", True, values.flag),
    Key("yes", "", False, values.flag),
    Key("max_credits", "", True, values.amount),
    Key("detach", "", False, values.flag),
    Key("force", "", False, values.flag),
    Key("timeout", "", True, values.seconds),
    Key("why", "", False, values.flag),
    Key("debug", "", False, values.flag),
    Key("poll_seconds", "AVATAR_POLL_SECONDS", True, values.seconds),
    Key("heartbeat_seconds", "AVATAR_HEARTBEAT_SECONDS", True, values.seconds),
    Key("stream_timeout", "AVATAR_STREAM_TIMEOUT", True, values.seconds),
    Key("idle_timeout", "AVATAR_IDLE_TIMEOUT", True, values.seconds),
    Key("images", "AVATAR_IMAGES", True, values.images),
    Key("accessible", "ACCESSIBLE", True, values.flag),
    Key("state_dir", "AVATAR_SESSION_DIR", True, values.path),
)
_BY_NAME = {key.name: key for key in KEYS}
_ALIASES = {"skill": "skill_path"}


def resolve(
    flags: Mapping[str, object],
    *,
    environ: Mapping[str, str] | None = None,
    skill: Skill | None = None,
    lenient: bool = False,
) -> Settings:
    """The settings for these flags (None means not given). Raises ConfigError, SkillError.

    With `lenient` a bad value in the file is passed over, so that it can be mended by a command.
    Without `skill` the base URLs are those of the skill file the settings name, else of the shipped one.
    """
    env = os.environ if environ is None else environ
    folders = _folders(env)
    stored = read_file(folders["config_dir"] / "config.toml")
    given = {_ALIASES.get(name, name): value for name, value in flags.items() if value is not None}
    found: dict[str, Any] = dict(folders)
    origins: dict[str, str] = dict.fromkeys(folders, "default")
    for key in KEYS:
        if key.name in given and given[key.name] is not False:
            found[key.name] = _parsed(key, given[key.name], "flag")
            origins[key.name] = "flag"
        elif key.env and env.get(key.env, "").strip():
            found[key.name] = _parsed(key, env[key.env], f"env {key.env}")
            origins[key.name] = f"env {key.env}"
        elif key.in_file and key.name in stored:
            try:
                found[key.name] = _parsed(key, stored[key.name], str(folders["config_dir"] / "config.toml"))
                origins[key.name] = "file"
            except ConfigError:
                if not lenient:
                    raise
                origins[key.name] = "file, not usable"
        elif key.secret and key.in_file and (secret := read_secret(folders["config_dir"] / key.name)):
            found[key.name] = _parsed(key, secret, "file")
            origins[key.name] = "file"
    for name in ("api_url", "web_url"):
        if name not in found:
            skill = skill or _skill(found.get("skill_path"))
            found[name], origins[name] = _from_skill(name, skill)
    if "backend" not in found:
        hosted = "token" in found or origins["api_url"] != "skill"
        found["backend"] = "hosted" if hosted else "studio"
    found["system_language"] = values.system_language(env)
    found["dumb_terminal"] = env.get("TERM", "") in ("dumb", "unknown")
    for key in KEYS:
        origins.setdefault(key.name, "default")
    return Settings(**found, origins=origins)


def system_language(environ: Mapping[str, str] | None = None) -> str:
    """The language of this machine, for what is said before there are settings."""
    return values.system_language(os.environ if environ is None else environ)


def set_value(settings: Settings, name: str, value: str) -> None:
    """Keep a setting in the config file (the token in a file of its own); an empty value forgets it.

    Raises ConfigError (no such key, bad value), LocalFileError.
    """
    key = _BY_NAME.get(_ALIASES.get(name, name))
    if key is None or not key.in_file:
        raise ConfigError(
            "config_key", setting=name, known=", ".join(sorted(key.name for key in KEYS if key.in_file))
        )
    if value:
        _parsed(key, value, "command line")
    if key.secret:
        write_secret(settings.config_dir / key.name, value)
    else:
        write_value(settings.config_dir / "config.toml", key.name, value)


def rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting as (key, value, where it comes from), secrets masked."""
    return [
        (key.name, _shown(key, getattr(settings, key.name)), settings.origins.get(key.name, "default"))
        for key in KEYS
    ]


def _parsed(key: Key, value: object, origin: str) -> Any:
    """A value as its setting wants it; flags may come typed already."""
    if isinstance(value, bool | Path) or (isinstance(value, int | float) and key.parse is not str):
        value = str(value)
    try:
        if not isinstance(value, str):
            raise ValueError("text")
        if key.name == "size" and origin == "flag":
            # Refused together with the export it is for, in words of its own.
            return value
        return key.parse(value if origin == "flag" else value.strip())
    except ValueError as error:
        shown = "…" if key.secret else str(value)
        raise ConfigError(
            "config_value", setting=key.env or key.name, value=shown, detail=str(error), origin=origin
        ) from error


def _skill(path: Path | None) -> Skill:
    from agent.skill import load_skill

    return load_skill(path)


def _from_skill(name: str, skill: Skill) -> tuple[str, str]:
    value = str(getattr(skill, name))
    try:
        return values.url(value), "skill"
    except ValueError as error:
        raise ConfigError(
            "config_value", setting=name, value=value, detail=str(error), origin=str(skill.path)
        ) from error


def _folders(env: Mapping[str, str]) -> dict[str, Path]:
    """The platform's own folders, and the client id's file that the whole family of skills shares."""
    import platformdirs

    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    state = Path(dirs.user_state_dir)
    runtime = env.get("XDG_RUNTIME_DIR", "")
    return {
        "config_dir": Path(dirs.user_config_dir),
        "state_dir": state,
        "cache_dir": Path(dirs.user_cache_dir),
        "data_dir": Path(dirs.user_data_dir),
        # Never a shared temporary folder: others could plant a runtime file there.
        "runtime_dir": Path(runtime) / APP if runtime and Path(runtime).is_dir() else state / "run",
        "client_id_file": Path.home() / ".config" / "nemovideo" / "client_id",
    }


def _shown(key: Key, value: object) -> str:
    if value is None or value == "":
        return ""
    if key.secret:
        text = str(value)
        return "•" * 8 + (text[-4:] if len(text) >= 16 else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
