"""Reads the YAML that translators edit, and says file and line where it is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from intents.template import Node, TemplateError, check_rules, parse

# What a sentence may stand for. `idle` (greetings, praise, "no more changes") asks for nothing.
KINDS = ("upload", "export", "credits", "status", "sse", "idle")
INTENT_KEYS = ("intent", "match", "veto", "examples", "not")
LISTS = (
    *("skip", "negate", "keep", "before", "before_end", "after", "after_end", "first"),
    *("strong", "weak", "frame", "deny"),
)
COMMON_KEYS = ("language", "rules", "homophones", "key", "known", *LISTS)


class SchemaError(ValueError):
    """A data file is not as it should be; the message begins with file and line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One string of a YAML list and where it stands."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class IntentData:
    language: str
    kind: str
    match: tuple[Line, ...]
    veto: tuple[Line, ...]
    examples: tuple[Line, ...]
    negative: tuple[Line, ...]


@dataclass(slots=True)
class LanguageData:
    language: str
    rules: dict[str, Line] = field(default_factory=dict)
    lists: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    homophones: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    intents: dict[str, IntentData] = field(default_factory=dict)


def _fail(path: Path, node: yaml.Node | None, message: str) -> SchemaError:
    line = f":{node.start_mark.line + 1}" if node is not None else ""
    return SchemaError(f"{path.parent.name}/{path.name}{line}: {message}")


def _mapping(path: Path) -> dict[str, yaml.Node]:
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        text = getattr(problem, "problem", None) or "broken YAML"
        raise SchemaError(f"{path.parent.name}/{path.name}{line}: {text}") from problem
    if not isinstance(root, yaml.MappingNode):
        raise _fail(path, root, "a mapping is expected")
    found: dict[str, yaml.Node] = {}
    for key, value in root.value:
        if key.value in found:
            raise _fail(path, key, f"{key.value!r} stands twice")
        found[key.value] = value
    return found


def _text(path: Path, node: yaml.Node) -> Line:
    if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:str":
        shown = node.value if isinstance(node, yaml.ScalarNode) else "a nested value"
        raise _fail(path, node, f"text is expected, not {shown!r} (quote it)")
    return Line(node.value, f"{path.parent.name}/{path.name}:{node.start_mark.line + 1}")


def _list(path: Path, node: yaml.Node | None) -> tuple[Line, ...]:
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        raise _fail(path, node, "a list is expected")
    return tuple(_text(path, item) for item in node.value)


def template(line: Line) -> Node:
    """The parsed template of a line; raises SchemaError naming file and line."""
    try:
        return parse(line.text)
    except TemplateError as problem:
        raise SchemaError(f"{line.where}: {problem}") from problem


def _intent(path: Path, language: str) -> IntentData:
    nodes = _mapping(path)
    for key, node in nodes.items():
        if key not in INTENT_KEYS:
            raise _fail(path, node, f"unknown key {key!r}; there are {', '.join(INTENT_KEYS)}")
    kind = nodes.get("intent")
    if kind is None or kind.value not in KINDS:
        raise _fail(path, kind, f"'intent' must be one of {', '.join(KINDS)}")
    if kind.value != path.stem:
        raise _fail(path, kind, f"the file is called {path.stem}, its intent {kind.value}")
    return IntentData(
        language,
        kind.value,
        _list(path, nodes.get("match")),
        _list(path, nodes.get("veto")),
        _list(path, nodes.get("examples")),
        _list(path, nodes.get("not")),
    )


def _common(path: Path) -> LanguageData:
    nodes = _mapping(path)
    for key, node in nodes.items():
        if key not in COMMON_KEYS:
            raise _fail(path, node, f"unknown key {key!r}; there are {', '.join(COMMON_KEYS)}")
    data = LanguageData(path.parent.name)
    pairs: dict[str, dict[str, Line]] = {"rules": {}, "homophones": {}}
    for name, target in pairs.items():
        given = nodes.get(name)
        if given is not None:
            if not isinstance(given, yaml.MappingNode):
                raise _fail(path, given, f"{name!r} must be a mapping")
            for key, value in given.value:
                target[key.value] = _text(path, value)
    data.rules = pairs["rules"]
    data.homophones = {k: v.text for k, v in pairs["homophones"].items()}
    data.lists = {name: _list(path, nodes.get(name)) for name in LISTS}
    data.key = tuple(line.text for line in _list(path, nodes.get("key")))
    data.known = frozenset(w for line in _list(path, nodes.get("known")) for w in line.text.split())
    return data


def load(folder: Path) -> dict[str, LanguageData]:
    """Every language below `folder`, checked; raises SchemaError."""
    found: dict[str, LanguageData] = {}
    for home in sorted(p for p in folder.iterdir() if p.is_dir() and any(p.glob("*.yaml"))):
        common = home / "common.yaml"
        data = _common(common) if common.exists() else LanguageData(home.name)
        for path in sorted(home.glob("*.yaml")):
            if path.stem not in ("common", "gui", "rows"):
                data.intents[path.stem] = _intent(path, home.name)
        missing = [k for k in KINDS if k not in data.intents]
        if missing:
            raise SchemaError(f"{home.name}: no file for {', '.join(missing)}")
        found[home.name] = data
    check(found)
    return found


def rules_of(data: dict[str, LanguageData]) -> dict[str, Node]:
    """All rules: a language's own by name (`en.media` from elsewhere)."""
    return {
        f"{language}.{name}": template(line)
        for language, one in data.items()
        for name, line in one.rules.items()
    }


def check(data: dict[str, LanguageData]) -> None:
    """Raises SchemaError when a rule is missing or contains itself."""
    from intents.compile import qualify

    rules = {name: qualify(node, name.split(".")[0]) for name, node in rules_of(data).items()}
    try:
        check_rules(rules)
    except TemplateError as problem:
        raise SchemaError(str(problem)) from problem
