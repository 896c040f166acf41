"""argv → Invocation: the few commands, the options (anywhere), attachments told from the utterance."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from agent.errors import UsageError

USAGE = """\
avatar                                     the chat; when stdin is no terminal, one utterance a line
avatar "UTTERANCE" [FILE | URL …] [-o OUT] one turn: uploads, says, and with -o exports
avatar batch FILE… --say "UTTERANCE" --out DIR [--format F] [--sheet]
avatar batch --each --out DIR < jobs.jsonl one {"file": …, "say": …} a line
avatar sessions [list | delete ID]
avatar doctor                              checks what can go wrong
avatar config [show | set KEY VALUE]
avatar studio serve [--port N] | status | stop"""

_MEDIA = re.compile(
    r"\.(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac|heic|heif|avif|tiff?|bmp|svg|pdf|txt)\Z",
    re.IGNORECASE,
)
_PATH_START = re.compile(r"/|~/|\.{1,2}/|[A-Za-z]:[\\/]|\\\\")
_URL = re.compile(r"https?://\S+\Z", re.IGNORECASE)
_COMMANDS: dict[str, tuple[tuple[str, int], ...]] = {
    # command: (subcommand, arguments after it); "" is the command alone
    "sessions": (("", 0), ("list", 0), ("delete", 1)),
    "doctor": (("", 0),),
    "config": (("", 0), ("show", 0), ("set", 2)),
    "studio": (("serve", 0), ("work", 0), ("status", 0), ("stop", 0), ("migrate", 0)),
    "mcp": (("", 0),),
}


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the command line asks for: `command` is "" for the conversation itself."""

    command: str = ""
    words: tuple[str, ...] = ()
    utterance: str = ""
    attachments: tuple[str, ...] = ()
    flags: dict[str, object] = field(default_factory=dict)
    say: str = ""
    out: str = ""
    each: bool = False
    sheet: bool = False
    serve: tuple[str, ...] = ()


class _Parser(argparse.ArgumentParser):
    """argparse whose complaints are errors of ours, said in the user's language by a renderer."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(detail=message)


def parse(argv: Sequence[str], *, exists: Callable[[str], bool] = os.path.exists) -> Invocation:
    """The invocation for these arguments. Raises UsageError; `-h` and `--version` print and leave."""
    known, rest = _split(argv)
    found = vars(_parser().parse_args(known))
    words = tuple(rest)
    special = {name: found.pop(name) for name in ("say", "out", "each", "sheet", "port", "database_url",
                                                  "storage", "like_hosted")}  # fmt: skip
    command = _command(words, special, exists)
    serve = _serve_arguments(special)
    if serve and command != "studio":
        raise UsageError(detail=f"{serve[0]} belongs to `avatar studio serve`")
    if command:
        return Invocation(
            command, words[1:], flags=found, say=special["say"] or "", out=special["out"] or "",
            each=special["each"], sheet=special["sheet"], serve=serve,
        )  # fmt: skip
    for option in ("say", "out", "each", "sheet"):
        if special[option]:
            raise UsageError(detail=f"--{option} belongs to `avatar batch`")
    attached = tuple(word for word in words if is_attachment(word, exists))
    said = " ".join(word for word in words if not is_attachment(word, exists))
    return Invocation("", words, said.strip(), attached, found)


def is_attachment(word: str, exists: Callable[[str], bool] = os.path.exists) -> bool:
    """Whether an argument is a file or URL: it exists, holds a separator or ends in a media suffix."""
    if _URL.match(word):
        return True
    if not word.strip() or "\n" in word:
        return False
    try:
        if exists(word):
            return True
    except (OSError, ValueError):
        return False
    if _PATH_START.match(word) or not re.search(r"\s|[\u4e00-\u9fff]", word):
        return "/" in word or (os.sep != "/" and os.sep in word) or bool(_MEDIA.search(word))
    # Several words, or Chinese, which has no spaces: a file name unless it reads as a sentence.
    path_like = not re.search(r"\s", word) and "/" in word
    return (path_like or bool(_MEDIA.search(word))) and not _sentence(word)


def _sentence(words: str) -> bool:
    if len(words.split()) > 4 or re.search(r"[，。；：]", words):
        return True
    from intents import route

    return any(intent.kind == "export" for intent in route(words))


def _command(words: tuple[str, ...], special: dict[str, object], exists: Callable[[str], bool]) -> str:
    if not words:
        return ""
    first, rest = words[0], words[1:]
    if first == "batch":
        named = special["say"] or special["each"] or special["out"] or special["sheet"]
        return "batch" if named or not rest or all(is_attachment(word, exists) for word in rest) else ""
    for name, count in _COMMANDS.get(first, ()):
        if (not name and not rest) or (name and rest[:1] == (name,) and len(rest) == count + 1):
            return first
    if first == "config":
        raise UsageError(detail='avatar config [show | set KEY VALUE], where VALUE "" forgets the setting')
    if first in ("sessions", "studio") and rest[:1] in (("delete",), ("set",)) and len(rest) == 1:
        raise UsageError(detail=f"avatar {first} {rest[0]} needs its arguments")
    return ""


def _serve_arguments(special: dict[str, object]) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("port", "database_url", "storage"):
        if special[name] is not None:
            found += [f"--{name.replace('_', '-')}", str(special[name])]
    return (*found, "--like-hosted") if special["like_hosted"] else tuple(found)


def _split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Options with their values, and everything else: so that options may stand anywhere."""
    takes_value = {
        option
        for action in _parser()._actions
        if action.nargs is None and action.option_strings
        for option in action.option_strings
    }
    options: list[str] = []
    words: list[str] = []
    queue = list(argv)
    while queue:
        word = queue.pop(0)
        if word == "--":
            words += queue
            break
        if not word.startswith("-") or word == "-" or re.match(r"-\d", word) or " " in word.split("=")[0]:
            words.append(word)
            continue
        options.append(word)
        if word in takes_value and queue:
            # "--say=-x" is the way to say a value that looks like an option; "-o -" is a value all the same.
            options[-1:] = [f"{word}={queue.pop(0)}"] if word.startswith("--") else [word + queue.pop(0)]
    return options, words


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="avatar", usage=f"\n{USAGE}", add_help=True, allow_abbrev=False)
    add = parser.add_argument
    add("-o", "--output", metavar="OUT", help="write the export here; format by suffix (- = stdout)")
    add("--format", metavar="F", help="mp4, png, webp, gif, jpg, avif, ico")
    add("--size", metavar="N|WxH|PRESET", help="pixels, 1080x1920, 1080p, discord …")
    add("--backend", metavar="studio|hosted|URL")
    add("--skill", metavar="PATH", help="another skill.yaml or SKILL.md")
    add("--language", metavar="en|zh-CN|zh-TW|auto")
    add("--session", metavar="ID|last|new")
    for name, text in (
        ("--json", "one JSON object a line on stdout"),
        ("--plain", "no colours, no drawing"),
        ("--no-color", "no colours"),
        ("--quiet", "results and errors only"),
        ("--yes", "agree to spending credits, to nothing else"),
        ("--detach", "do not wait for the export"),
        ("--force", "overwrite existing files"),
        ("--why", "how an utterance is understood; nothing is sent"),
        ("--debug", "show where an error came from"),
    ):
        add(name, action="store_true", default=None, help=text)
    add("--max-credits", metavar="N", help="spend at most so many credits")
    add("--timeout", metavar="S", help="give up after so many seconds")
    add("--say", metavar="UTTERANCE", help="batch: the words for every photo")
    add("--out", metavar="DIR", help="batch: the folder for the results")
    add("--each", action="store_true", help="batch: words for each photo from stdin")
    add("--sheet", action="store_true", help="batch: a picture of all results too")
    for name in ("--port", "--database-url", "--storage"):
        add(name, help=argparse.SUPPRESS)
    add("--like-hosted", action="store_true", help=argparse.SUPPRESS)
    add("--version", action="version", version=_Version())
    return parser


class _Version(str):
    """The version, looked up only when it is printed."""

    def __new__(cls) -> _Version:
        return super().__new__(cls, "%(prog)s")

    def __mod__(self, _: object) -> str:
        from importlib.metadata import PackageNotFoundError, version

        try:
            return f"avatar {version('avatar-icon-generator')}"
        except PackageNotFoundError:
            return "avatar (not installed)"
