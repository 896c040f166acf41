"""What of a reply was shown as increments, remembered as digests: a long reply is not held a second time."""

from __future__ import annotations

import re
from hashlib import blake2b

_HEAD = 65536
_VISIBLE = re.compile(r"\S")


class Increments:
    """The increments of one block, against which the whole text at its end is held."""

    def __init__(self) -> None:
        self._length = self._visible = 0
        self._digest, self._visible_digest = blake2b(), blake2b()
        self._head = ""

    def add(self, text: str) -> None:
        """Another increment was shown."""
        self._length += len(text)
        self._digest.update(text.encode())
        visible = "".join(text.split())
        self._visible += len(visible)
        self._visible_digest.update(visible.encode())
        if len(self._head) < _HEAD:
            self._head += text[: _HEAD - len(self._head)]

    def unseen(self, whole: str) -> str:
        """What of the whole text was not shown yet.

        The whole may differ from its increments in white space alone; where it says something else it is
        shown in full, since words said twice are better than words lost.
        """
        if _is(whole[: self._length], self._length, self._digest.digest()):
            return whole[self._length :]
        if len(whole) <= len(self._head) and self._head.startswith(whole):
            return ""
        visible = "".join(whole.split())[: self._visible]
        if self._visible and _is(visible, self._visible, self._visible_digest.digest()):
            return whole[_after(whole, self._visible) :]
        return whole


def _is(text: str, length: int, digest: bytes) -> bool:
    return len(text) == length and blake2b(text.encode()).digest() == digest


def _after(text: str, visible: int) -> int:
    """The place after so many visible characters, or the end where only white space follows."""
    place = 0
    for number, found in enumerate(_VISIBLE.finditer(text), start=1):
        if number == visible:
            place = found.end()
            break
    return place if text[place:].strip() else len(text)
