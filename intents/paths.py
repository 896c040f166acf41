"""Finds attachments, media URLs and quoted spans in an utterance; values are ready to use, spans are raw."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from intents.leads import HAN, lead, openings, rooted

SpanKind = Literal["quote", "path", "file", "doc", "url"]

MEDIA = (
    "mp4|mov|avi|webm|mkv|m4v|wmv|flv|3gp|mpg|mpeg|jpe?g|png|gif|webp|heic|heif|avif|bmp|tiff?|svg"
    "|mp3|wav|m4a|aac|flac|ogg"
)
_DOC = "pdf|docx?|txt|md|pptx?|xlsx?|zip|psd|csv|rtf|html?|key|pages|srt|json"
_SPECIAL = re.compile(r"[/\\~\"'`\u2018\u201c\u300c\u300e\u300a\u00ab]|\.[a-z0-9]{2,5}(?![a-z0-9])", re.I)
_STOP = '\\s<>"`\u201c\u201d\u300c\u300d\u300e\u300f\u300a\u300b\uff0c\u3002\u3001\uff1b\uff01\uff1f'
_CJK = HAN
_STARTS = re.compile(
    rf"(?P<url>https?://[^{_STOP}]+)"
    rf"|(?P<fileurl>file://[^{_STOP}]+)"
    rf"|(?P<windows>(?<![A-Za-z0-9])[A-Za-z]:[\\/][^{_STOP}|?*]+|\\\\[^{_STOP}\\]+\\[^{_STOP}|?*]+)"
    rf"|(?P<posix>(?<![A-Za-z0-9_./~\\])(?:~[A-Za-z0-9_-]*|\.{{1,2}})?/(?:\\.|[^{_STOP}\\])*)"
    rf"|(?P<bare>\w(?:[^{_STOP}/\\:,;!?=~hf]|h(?!ttps?://)|f(?!ile://))*(?:(?<=[A-Za-z0-9_.)\]{_CJK}-])/[^{_STOP}\\:,;!?=/]+)*)"
    "|(?P<open>[\"'`\u2018\u201c\u300c\u300e\u300a\u00ab])",
    re.I,
)
_ENDING = re.compile(rf"\.(?:{MEDIA})(?![A-Za-z0-9/\\_-]|\.[A-Za-z0-9])", re.I)
_ENDING_DOC = re.compile(rf"\.(?:{_DOC})(?![A-Za-z0-9/\\_-]|\.[A-Za-z0-9])", re.I)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.(\[/-][A-Za-z0-9_.()\[\]/-]*$")
_RELATIVE = re.compile(rf"[^\s/\\][^/\\]*(?:/[^/\\]+)*/[^/\\]+\.(?:{MEDIA})\s*", re.I)
_INTO = re.compile(r"(?:\b(?:to|into|in|under)\s+|[到至]\s*)$", re.I)
_CLOSERS = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u2018": "\u2019",
    "\u201c": "\u201d",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "\u300a": "\u300b",
    "\u00ab": "\u00bb",
}
_LONGEST = 1024  # characters of a path or a quotation; beyond it a quotation mark is just a character
_APOSTROPHES = 4  # apostrophes inside words ("don't") passed over in search of a closing one
_GUESSES = 4  # places where an unquoted path with spaces may end
_WORDS = 6  # words before a file name that may belong to it
_LINES = 128  # stretches of text looked through for a name with spaces
_ASKED = 64  # files asked for in one utterance; a text that names more is no list of attachments
_TRAILING = ".,;:!?)]}'>"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [start, end) of the text that is no language; `value` is the path, URL or quoted text."""

    start: int
    end: int
    kind: SpanKind
    value: str


def special(text: str) -> bool:
    """Whether the text can hold anything for `find`."""
    return _SPECIAL.search(text) is not None


class Finder:
    """Walks a text once from the left."""

    def __init__(self, text: str, exists: Callable[[str], bool], cwd: str | None, raw: str) -> None:
        self.text = text
        self._exists = exists
        self._cwd = cwd
        self._hopeless: set[str] = set()
        self._asked = 0
        self._done = 0
        self._lines = 0
        self._raw = raw
        self._wide: dict[int, str] = {}
        if raw != text and len(raw) == len(text):
            self._wide = {ord(c): r for c, r in zip(text, raw, strict=True) if c != r}
        self._written: dict[str, str] = {}

    def there(self, path: str) -> bool:
        """Whether a file of that name exists, asked of the caller's predicate; a broken name does not."""
        if not path or len(path) > _LONGEST or self._asked >= _ASKED:
            return False
        self._asked += 1
        if self._is(path):
            return True
        if self._raw != self.text:
            # a name kept in full-width or decomposed letters is another name to the file system
            for form in (path.translate(self._wide), unicodedata.normalize("NFD", path)):
                if form != path and self._is(form):
                    self._written[path] = form
                    return True
        return False

    def written(self, span: Span) -> Span:
        """The span with the name as it was typed, where matching had changed its letters."""
        value = self._written.get(span.value, span.value)
        if value == span.value and self._wide and value == self.text[span.start : span.end]:
            typed = self._raw[span.start : span.end]
            value = value if typed == value or self.there(value) else typed
        return span if value == span.value else replace(span, value=value)

    def _is(self, path: str) -> bool:
        whole = path
        if self._cwd is not None and not (path[:1] in "/~\\" or path[1:2] == ":"):
            whole = os.path.join(self._cwd, path)  # noqa: PTH118 (Windows names on POSIX must stay as they are)
        try:
            return bool(self._exists(whole))
        except (OSError, ValueError):
            return False

    def find(self) -> list[Span]:
        found: list[Span] = []
        at, text = 0, self.text
        while True:
            match = _STARTS.search(text, at)
            if match is None:
                return found
            span = getattr(self, "_" + str(match.lastgroup))(match)
            if span is None:
                at = self._next(match)
            else:
                found.append(span)
                at = self._done = span.end

    def _next(self, match: re.Match[str]) -> int:
        """Where to look on after a run that was no file: inside it, where an absolute path begins there."""
        if match.lastgroup == "bare":
            root = rooted(match.group())
            if root > 0:
                return match.start() + root
            if self.text[match.end() : match.end() + 2] in (":\\", ":/") and len(match.group()) > 1:
                return match.end() - 1
        return max(match.start() + 1, match.end() if match.lastgroup in ("bare", "posix", "url") else 0)

    def _url(self, match: re.Match[str]) -> Span | None:
        run = match.group()
        ending = _ENDING.search(run.split("?", 1)[0].split("#", 1)[0])
        if ending:
            end = ending.end()
            if run[end : end + 1] in ("?", "#"):
                end += len(re.split(f"[{_CJK})\\]}}']", run[end:], maxsplit=1)[0])
            return Span(match.start(), match.start() + end, "url", run[:end])
        end = len(re.split(f"[{_CJK}]", run, maxsplit=1)[0].rstrip(_TRAILING))
        return Span(match.start(), match.start() + end, "quote", run[:end])

    def _fileurl(self, match: re.Match[str]) -> Span | None:
        run = match.group()
        ending = _ENDING.search(run)
        raw = run[: ending.end()] if ending else run.rstrip(_TRAILING)
        value = unquote(re.sub(r"^file://(?:localhost)?", "", raw, flags=re.I))
        if re.match(r"/[A-Za-z]:[\\/]", value):
            value = value[1:]
        return Span(match.start(), match.start() + len(raw), self.sort(value), value)

    def _windows(self, match: re.Match[str]) -> Span | None:
        return self._local(match.start(), match.group(), escapes=False)

    def _posix(self, match: re.Match[str]) -> Span | None:
        run = match.group()
        if run.strip("/.~") == "":
            return None
        return self._local(match.start(), run, escapes=True)

    def _local(self, start: int, run: str, *, escapes: bool) -> Span | None:
        ending = _ENDING.search(run) or _ENDING_DOC.search(run)
        if ending:
            raw = run[: ending.end()]
        else:
            longer = self._with_spaces(start, len(run))
            if longer:
                return Span(start, start + len(longer), self.sort(longer), longer)
            raw = run.rstrip(_TRAILING)
            head = re.split(f"[{_CJK}]", raw, maxsplit=1)[0]
            if head != raw and len(head) > 1 and not self.there(self.plain(raw, escapes)):
                raw = head
        value = self.plain(raw, escapes)
        if not self.there(value):
            longer = self._with_spaces(start, len(raw))
            if longer:
                return Span(start, start + len(longer), self.sort(longer), longer)
            if not ending and value.count("/") < 2 and "\\" not in value and not value.startswith(("~", ".")):
                return None
        return Span(start, start + len(raw), self.sort(value), value)

    def _with_spaces(self, start: int, short: int) -> str:
        """The path as typed without quotes or escapes, when a file of that very name exists."""
        self._lines += 1
        if self._lines > _LINES:
            return ""
        line = self.text[start : start + 300].split("\n", 1)[0]
        for tries, ending in enumerate(_ENDING.finditer(line, short - 1)):
            candidate = line[: ending.end()]
            if tries == _GUESSES:
                break
            if " " in candidate and self.there(os.path.expanduser(candidate)):  # noqa: PTH111
                return candidate
        return ""

    def _bare(self, match: re.Match[str]) -> Span | None:
        start, run = match.start(), match.group()[:_LONGEST]
        ending = _ENDING.search(run) or _ENDING_DOC.search(run)
        if not ending or ending.start() == 0:
            return ("/" in run and self._spaced(start, run)) or self._folder(match)
        raw = run[: ending.end()]
        kind: SpanKind = self.sort(raw)
        end = start + len(raw)
        if self.there(raw):
            return Span(start, end, kind, raw)
        found = self._spaced(start, raw)
        if found:
            return found
        for at in openings(raw, ending.start()):
            if self.there(self.plain(raw[at:], escapes=False)):
                return Span(start + at, end, kind, self.plain(raw[at:], escapes=False))
        begin = self._earlier(start, end)
        if begin >= 0:
            return Span(begin, end, kind, self.text[begin:end])
        if rooted(raw) > 0:
            return None
        tail = _PLAIN_NAME.search(raw)
        if tail and tail.start() and tail.group().rindex(".") > 0 and "/" not in raw[: tail.start() + 1]:
            raw = tail.group()
        elif kind == "doc":
            return None
        else:
            raw = raw[lead(raw[: ending.start() - 1]) :]
        return Span(end - len(raw), end, "path" if "/" in raw or self.there(raw) else "file", raw)

    def _spaced(self, start: int, run: str) -> Span | None:
        """A relative path that goes on after a space, when such a file exists."""
        for at in dict.fromkeys((0, lead(run))):
            longer = self._with_spaces(start + at, len(run) - at)
            if longer:
                return Span(start + at, start + at + len(longer), self.sort(longer), longer)
        return None

    def _earlier(self, start: int, end: int) -> int:
        """Where a name begun some words before this one begins, when such a file exists; else -1."""
        text, found = self.text, -1
        least = max(self._done, text.rfind("\n", 0, start) + 1, start - 200)
        at = start + 1
        for _ in range(_WORDS):
            at = text.rfind(" ", least, at - 1) + 1 or least
            for begin in (at, at + lead(text[at : at + 20])):
                if begin < start and self.there(text[begin:end]):
                    found = begin
            if at <= least:
                break
        return found

    def _folder(self, match: re.Match[str]) -> Span | None:
        """A folder told by its last slash ("to out/"), where a place is asked for or it exists."""
        start, end = match.start(), match.end() + 1
        if self.text[match.end() : end] != "/" or self.text[end : end + 1].strip(_TRAILING):
            return None
        begin = start + lead(match.group())
        name = self.text[begin:end]
        if len(name) > 1 and (_INTO.search(self.text[max(0, begin - 8) : begin]) or self.there(name)):
            return Span(begin, end, "doc", name)
        return None

    def _open(self, match: re.Match[str]) -> Span | None:
        start, mark = match.start(), match.group()
        text, closer = self.text, _CLOSERS[match.group()]
        if closer in self._hopeless:
            return None
        if mark == "'" and start and (text[start - 1].isalnum() and text[start - 1].isascii()):
            return None
        end = text.find(closer, start + 1, start + 1 + _LONGEST)
        for _ in range(_APOSTROPHES):
            if mark != "'" or end < 0 or not (text[end + 1 : end + 2].isalnum() and text[end + 1].isascii()):
                break
            end = text.find(closer, end + 1, start + 1 + _LONGEST)
        if end < 0:
            if text.find(closer, start + 1) < 0:
                self._hopeless.add(closer)
            return None
        inner = text[start + 1 : end]
        if not inner.strip():
            return None
        if _ENDING.search(inner) and not re.match(r"\s*https?://", inner, re.I):
            value = os.path.expanduser(inner.strip())  # noqa: PTH111
            looks = re.match(r"\s*(?:[A-Za-z]:[\\/]|\\\\|~?/|\.{1,2}/)", inner)
            if looks or self.there(value):
                return Span(start, end + 1, "path", value)
            if _RELATIVE.fullmatch(inner):
                return Span(start, end + 1, "file", inner.strip())
        elif re.match(r"\s*(?:[A-Za-z]:[\\/]|~?/[^/\s]+/|\.{1,2}/)", inner):
            return Span(start, end + 1, "doc", os.path.expanduser(inner.strip()))  # noqa: PTH111
        return Span(start, end + 1, "quote", inner)

    @staticmethod
    def plain(raw: str, escapes: bool) -> str:
        """The name that a shell would make of it."""
        value = re.sub(r"\\(.)", r"\1", raw) if escapes else raw
        return os.path.expanduser(value) if value.startswith("~") else value  # noqa: PTH111

    @staticmethod
    def sort(value: str) -> SpanKind:
        return "path" if _ENDING.search(value) else "doc"


def find(text: str, exists: Callable[[str], bool], cwd: str | None, raw: str = "") -> list[Span]:
    """Quotations, files and media URLs of a text, from left to right; `raw` is the text before NFKC."""
    finder = Finder(text, exists, cwd, raw or text)
    return [finder.written(span) for span in finder.find()]


def wholly_quoted(text: str) -> str:
    """What stands inside, when one pair of quotation marks holds the whole message; else nothing."""
    bare = text.strip()
    if (
        len(bare) > 2
        and _CLOSERS.get(bare[0]) == bare[-1]
        and bare[-1] not in bare[1:-1]
        and bare[0] not in bare[1:-1]
    ):
        return bare[1:-1]
    return ""
