"""Event streams that parsers get wrong, every way to cut them, and the standard's rules written out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A stream's bytes and how they are served; `events` is what a correct reader delivers, None: refused."""

    body: bytes
    content_type: str | None = "text/event-stream"
    status: int = 200
    encoding: str = ""
    cut: bool = False
    refused: bool = False

    @property
    def events(self) -> list[tuple[str, str, str]]:
        return reference(self.body)


def reference(body: bytes) -> list[tuple[str, str, str]]:
    """(event, data, id) by WHATWG HTML §9.2.6, the whole stream at once and without any cleverness."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    # A last line that no line end closes is dropped with its event.
    lines = re.split("\r\n|\r|\n", text)[:-1]
    found: list[tuple[str, str, str]] = []
    data: list[str] = []
    kind = last_id = ""
    for line in lines:
        if not line:
            if data:
                found.append((kind or "message", "\n".join(data), last_id))
            data, kind = [], ""
            continue
        if line.startswith(":"):
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id" and "\0" not in value:
            last_id = value
    return found


def adk(text: str) -> str:
    return f'{{"content":{{"parts":[{{"text":"{text}"}}],"role":"model"}},"author":"nemo_agent"}}'


def _case(body: str | bytes, **how: object) -> Case:
    data = body.encode() if isinstance(body, str) else body
    return Case(data, **how)  # type: ignore[arg-type]


CASES: dict[str, Case] = {
    "line feeds": _case(f"data: {adk('one')}\n\ndata: {adk('two')}\n\n"),
    "carriage return line feeds": _case(f"data: {adk('one')}\r\n\r\ndata: {adk('two')}\r\n\r\n"),
    "carriage returns": _case(f"data: {adk('one')}\r\rdata: {adk('two')}\r\r"),
    "mixed line ends": _case("data: a\r\n\ndata: b\r\rdata: c\n\r\ndata: d\r\ndata: e\n\n"),
    "a byte order mark": _case("\ufeffdata: bom\n\ndata: next\n\n"),
    "two byte order marks": _case("\ufeff\ufeffdata: ignored\n\ndata: 2\n\n"),
    "a byte order mark in the middle": _case("data: 1\n\n\ufeffdata: ignored\n\ndata: 3\n\n"),
    "unicode line separators": _case("data: a\u2028b\u2029c\n\n"),
    "control characters that split lines elsewhere": _case(
        "data: a\u0085b\x0bc\x0cd\x1ce\x1df\x1eg\n\n",
    ),
    "an object over several lines": _case('data: {\ndata:  "a": 1,\ndata:\ndata: "b": 2}\n\n'),
    "comments": _case(": hb\n\n:\n\n: ping\r\n\r\ndata: x\n: in the middle\ndata: y\n\n:last\n\n"),
    "nothing but comments": _case(": hb\n\n" * 20),
    "empty data": _case("data:\n\ndata\n\ndata: \n\ndata:x\n\n"),
    "two empty data lines": _case("data\ndata\n\n"),
    "no space after the colon": _case("data:x\n\ndata:  two-spaces\n\ndata:\ttab\n\n"),
    "ids and retries": _case("id: 1\nretry: 3000\ndata: a\n\ndata: b\n\n\n\nid\ndata: c\n\n"),
    "an id alone": _case("id: 7\n\n: hb\n\n: hb\n\ndata: x\n\n: hb\n\n"),
    "an id with a null": _case("id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n"),
    "a retry alone": _case("retry: 1000\n\ndata: x\n\n"),
    "bogus retries": _case("retry: -5\nretry: 1_0\nretry: 5x\nretry: \u0663\nretry: 3.5\ndata: x\n\n"),
    "an event name alone": _case("event: ping\n\ndata: x\n\n"),
    "event names do not last": _case("event: a\ndata: 1\n\ndata: 2\n\nevent:\ndata: 3\n\n"),
    "unknown fields": _case("foo: bar\nDATA: no\n data: no\ndata : no\ndata: yes\n\n"),
    "colons in values": _case("data: a:b: c\n\ndata:::\n\n"),
    "a null character": _case("data: a\x00b\n\n"),
    "letters of many bytes": _case("data: é € 🎬 日本語 👩‍👩‍👧\n\n" * 3),
    "broken utf-8": _case(b"data: ok \xff\xfe bad \xe2\x82\n\ndata: \xf0\x9f\n\ndata: fine\n\n"),
    "a latin-1 header": _case("data: é🎬\n\n", content_type="text/event-stream; charset=iso-8859-1"),
    "an upper case charset": _case("data: é\n\n", content_type="text/event-stream;charset=UTF-8"),
    "no last blank line": _case("data: a\n\ndata: lost"),
    "a last line without its blank": _case("data: a\n\ndata: lost\n"),
    "a last carriage return": _case("data: a\r\n\r\ndata: b\r\n\r"),
    "many small events": _case("".join(f"data: {number}\n\n" for number in range(2000))),
    "many data lines": _case("".join(f"data: {number}\n" for number in range(5000)) + "\n"),
    "gzip": _case(f"data: {adk('zipped')}\n\n" * 10, encoding="gzip"),
    "deflate": _case(f"data: {adk('zipped')}\n\n" * 10, encoding="deflate"),
    "cut in an event": _case('data: a\n\ndata: {"content":{"parts":[{"text":"hal', cut=True),
    "cut after an event": _case("data: a\n\n", cut=True),
    "cut in a letter": _case(b"data: a\n\ndata: \xf0\x9f", cut=True),
    "a json answer": _case('{"detail":"nope"}', content_type="application/json", refused=True),
    "a page": _case("<html>captive portal</html>", content_type="text/html", refused=True),
    "an upper case type": _case("data: x\n\n", content_type="Text/Event-Stream"),
    "a type that only begins so": _case("data: x\n\n", content_type="text/event-stream-x", refused=True),
    "no type": _case("data: x\n\n", content_type=None, refused=True),
    "no content": _case(b"", status=204, content_type=None, refused=True),
    "a stream under 500": _case("data: x\n\n", status=500, refused=True),
    "a json 401": _case('{"detail":"expired"}', status=401, content_type="application/json", refused=True),
    "a json 429": _case('{"detail":"slow down"}', status=429, content_type="application/json", refused=True),
    "an empty stream": _case(b""),
    "an agent's exception": _case('data: {"error": "RuntimeError: kaboom", "error_details": {}}\n\n'),
    "the done sentinel": _case('data: {"a":1}\n\ndata: [DONE]\n\n'),
    "no json": _case('data: {not json\n\ndata: {"ok":1}\n\n'),
}

CUTS = ("whole", "byte", "ends", "utf8", "random 7", "random 8", "3")


def cut(body: bytes, how: str) -> list[bytes]:
    """The body in pieces: inside every CR LF and blank line, in every letter, at random, every n bytes."""
    return [piece for piece in _pieces(body, sorted(set(_places(body, how)))) if piece]


def _places(body: bytes, how: str) -> Sequence[int]:
    if how == "whole":
        return []
    if how == "byte":
        return range(1, len(body))
    if how == "ends":
        return [
            place for place in range(1, len(body)) if body[place - 1] in b"\r\n" and body[place] in b"\r\n"
        ]
    if how == "utf8":
        return [place for place in range(1, len(body)) if body[place] & 0xC0 == 0x80]
    if how.startswith("random"):
        dice = random.Random(int(how.split()[1]))
        places, place = [], 0
        while place < len(body):
            place += dice.choice([1, 2, 3, 7, 50, 1000, 60000])
            places.append(place)
        return places
    return range(int(how), len(body), int(how))


def _pieces(body: bytes, places: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for place in [*places, len(body)]:
        yield body[start:place]
        start = place
