"""The skill file → Skill: who the agent says it is, where it talks and what it greets with.

Reads skill.yaml (frontmatter, then a second document) and any SKILL.md of the same family.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from agent.errors import SkillError

_MAX_BYTES = 1024**2
_FRONTMATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?(?:\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE
)
_PLAIN_WITH_COLON = re.compile(r"^([\w-]+:[ \t]+)([^\s'\"\[{&*!|>%@`#].*:[ \t].*?)[ \t]*\r?$", re.MULTILINE)
_HEADER_TEXT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?\Z")


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill file's content; `version` is the text as written, `max_bytes` the upload limit per file."""

    name: str
    version: str
    path: Path
    description: str = ""
    homepage: str = ""
    api_url: str = ""
    web_url: str = ""
    types: tuple[str, ...] = ()
    max_bytes: int = 0
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def headers(self, skill_source: str = "") -> dict[str, str]:
        """The three attribution headers; `skill_source` is SKILL_SOURCE where it is set."""
        return {
            "X-Skill-Source": self.name,
            "X-Skill-Version": self.version,
            "X-Skill-Platform": skill_source or platform(self.path),
        }

    def greeting(self, language: str = "en") -> str:
        """What the agent says first."""
        return str(self._said(language).get("greeting", ""))

    def try_saying(self, language: str = "en") -> tuple[str, ...]:
        """Sentences the user may start with."""
        return _texts(self._said(language).get("try_saying"))

    def tips(self, language: str = "en") -> tuple[str, ...]:
        return _texts(self._said(language).get("tips"))

    def _said(self, language: str) -> Mapping[str, Any]:
        found = self.words.get(language) or self.words.get(language.partition("-")[0])
        return found or self.words.get("en", {})


def load_skill(path: Path | None = None) -> Skill:
    """The skill at `path` (a file, or the folder that holds it), else the one that ships with the program.

    What a SKILL.md does not say (base URLs, types, greeting) is the shipped skill's. Raises SkillError.
    """
    if path is None:
        return shipped_skill()
    return _read(_file_of(path), shipped_skill())


@cache
def shipped_skill() -> Skill:
    """The skill.yaml of this program, beside the package in a checkout and inside it when installed."""
    here = Path(__file__).resolve().parent
    inside = here / "skill.yaml"
    return _read(inside if inside.is_file() else here.parent / "skill.yaml", None)


def platform(path: Path) -> str:
    """The platform a skill file is installed on, told from where it lies once `~` and links are resolved."""
    try:
        home = Path.home()
        place = path.expanduser().resolve()
        folders = (("clawhub", home / ".clawhub"), ("cursor", home / ".cursor" / "skills"))
        return next((name for name, folder in folders if place.is_relative_to(folder.resolve())), "unknown")
    except (OSError, RuntimeError):
        return "unknown"


def _file_of(path: Path) -> Path:
    try:
        path = path.expanduser()
    except RuntimeError as error:
        raise SkillError(path=str(path), detail=str(error)) from error
    if path.is_dir():
        for name in ("SKILL.md", "skill.yaml"):
            if (path / name).is_file():
                return path / name
    return path


def _read(path: Path, fallback: Skill | None) -> Skill:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise SkillError(path=str(path), detail=error.strerror or str(error)) from error
    if len(data) > _MAX_BYTES:
        raise SkillError(path=str(path), detail="larger than 1 MB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SkillError(path=str(path), detail="not UTF-8 text") from error
    parts = _FRONTMATTER.match(text)
    if parts is None:
        raise SkillError(path=str(path), detail="no frontmatter between --- lines")
    front = _scalars(path, parts[1])
    second = _document(path, parts[2]) if path.suffix.lower() in (".yaml", ".yml") else {}
    backend, files = _mapping(second.get("backend")), _mapping(second.get("files"))
    return Skill(
        name=_header(path, front, "name"),
        version=_header(path, front, "version"),
        path=path,
        description=front.get("description", ""),
        homepage=front.get("homepage", ""),
        api_url=str(backend.get("api_url") or (fallback.api_url if fallback else "")),
        web_url=str(backend.get("web_url") or (fallback.web_url if fallback else "")),
        types=_texts(files.get("types")) or (fallback.types if fallback else ()),
        max_bytes=_size(path, files.get("max_bytes")) or (fallback.max_bytes if fallback else 0),
        words={
            **(fallback.words if fallback else {}),
            **{
                key: value for key, value in second.items() if isinstance(value, dict) and "greeting" in value
            },
        },
    )


def _scalars(path: Path, text: str) -> dict[str, str]:
    """The frontmatter's top-level scalars as written: a parser's `1.10` must not become 1.1."""
    import yaml

    try:
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.scanner.ScannerError as error:
            if error.problem != "mapping values are not allowed here":
                raise
            # Skill files are written by hand, and a colon in an unquoted description is their usual slip.
            root = yaml.compose(_PLAIN_WITH_COLON.sub(_quoted, text), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SkillError(path=str(path), detail=_where(error)) from error
    if not isinstance(root, yaml.MappingNode):
        raise SkillError(path=str(path), detail="the frontmatter is no mapping")
    return {
        str(key.value): str(value.value)
        for key, value in root.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def _quoted(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[2].replace(chr(39), chr(39) * 2)}'"


def _document(path: Path, text: str) -> Mapping[str, Any]:
    import yaml

    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise SkillError(path=str(path), detail=_where(error)) from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SkillError(path=str(path), detail="the second document is no mapping")
    return value


def _where(error: Exception) -> str:
    """The parser's complaint on one line, with the line it is about."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{problem} (frontmatter line {mark.line + 1})" if mark is not None else str(problem)


def _header(path: Path, front: Mapping[str, str], key: str) -> str:
    value = front.get(key, "").strip()
    if not value:
        raise SkillError(path=str(path), detail=f"no `{key}` in the frontmatter")
    if _HEADER_TEXT.match(value) is None:
        raise SkillError(path=str(path), detail=f"`{key}` holds characters that no HTTP header may carry")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _size(path: Path, value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise SkillError(path=str(path), detail="`max_bytes` is no positive whole number")
    return value
