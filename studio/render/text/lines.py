"""Breaks a title into even lines that fit: at spaces, between Chinese characters, never before a comma."""

from __future__ import annotations

from collections.abc import Sequence

from studio.render.text.clusters import Cluster

# Kinsoku: what may not begin a line, and what may not end one.
_NOT_FIRST = frozenset(
    "、。，．：；！？）】》」』〉〕〗”’…—·～,.:;!?)]}%ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
_NOT_LAST = frozenset("（【《「『〈〔〖“‘([{￥$#")

# Katakana and hangul words stay whole.
_WHOLE_WORDS = (("\u30a0", "\u30ff"), ("\uac00", "\ud7af"))
# What a break between two Chinese characters costs, against a line's squared slack; none after a pause.
_TORN = 6.0

Line = tuple[Cluster, ...]


def width_of(line: Sequence[Cluster]) -> float:
    """A line's width in ems, spaces at its ends not counted."""
    return sum(cluster.width for cluster in trimmed(line))


def trimmed(line: Sequence[Cluster]) -> Line:
    """The line without spaces at its ends."""
    first, last = 0, len(line)
    while first < last and line[first].space:
        first += 1
    while last > first and line[last - 1].space:
        last -= 1
    return tuple(line[first:last])


def break_lines(text: Sequence[Cluster], room: float) -> tuple[Line, ...]:
    """The fewest lines no wider than `room` ems, with their widths as even as can be."""
    words = [piece for word in _words(text) for piece in _chopped(word, room)]
    widths = [sum(cluster.width for cluster in word) for word in words]
    inked = [width_of(word) for word in words]
    count = len(words)
    if not count:
        return ()
    # best[n]: (lines, raggedness, where the last line begins) for the first n words.
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, count + 1):
        options = []
        total = inked[end - 1]
        for begin in range(end - 1, -1, -1):
            if begin < end - 1:
                total += widths[begin]
            if total > room + 1e-6 and begin < end - 1:
                break
            lines, ragged, _ = best[begin]
            torn = _TORN if end < count and not _pauses(words[end - 1][-1]) else 0.0
            options.append((lines + 1, ragged + (room - total) ** 2 + torn, begin))
        best.append(min(options))
    result: list[Line] = []
    end = count
    while end:
        begin = best[end][2]
        result.append(trimmed([cluster for word in words[begin:end] for cluster in word]))
        end = begin
    return tuple(line for line in reversed(result) if line)


def longest_word(text: Sequence[Cluster]) -> float:
    """The width in ems of the widest piece that a line should not be broken in."""
    return max((width_of(word) for word in _words(text)), default=0.0)


def _words(text: Sequence[Cluster]) -> list[list[Cluster]]:
    """The shortest pieces between which a line may break; spaces belong to the piece before them."""
    words: list[list[Cluster]] = []
    for cluster in text:
        if words and not _may_break(words[-1][-1], cluster):
            words[-1].append(cluster)
        else:
            words.append([cluster])
    return words


def _may_break(before: Cluster, after: Cluster) -> bool:
    if after.space or after.text[0] in _NOT_FIRST or before.text[-1] in _NOT_LAST:
        return False
    if before.space or before.text in "-/–":
        return True
    if any(all(_in(cluster, block) for cluster in (before, after)) for block in _WHOLE_WORDS):
        return False
    return before.wide or after.wide or not before.font.weight or not after.font.weight


def _in(cluster: Cluster, block: tuple[str, str]) -> bool:
    return block[0] <= cluster.text[0] <= block[1]


def _pauses(cluster: Cluster) -> bool:
    return cluster.space or cluster.text[0] in _NOT_FIRST


def _chopped(word: list[Cluster], room: float) -> list[list[Cluster]]:
    """A word wider than a line, cut where it has to be."""
    pieces: list[list[Cluster]] = [[]]
    total = 0.0
    for cluster in word:
        if pieces[-1] and not cluster.space and total + cluster.width > room:
            pieces.append([])
            total = 0.0
        pieces[-1].append(cluster)
        total += cluster.width
    return pieces
