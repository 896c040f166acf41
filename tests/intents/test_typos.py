"""Slips are forgiven where a key word was meant, and nowhere else."""

from __future__ import annotations

import pytest

import intents
from intents.tables import shipped
from intents.typos import corrected, near


@pytest.mark.parametrize(
    ("a", "b"), [("exprot", "export"), ("exort", "export"), ("expport", "export"), ("exporf", "export")]
)
def test_one_slip_is_near(a: str, b: str) -> None:
    assert near(a, b) and near(b, a)


def test_two_slips_are_not_near() -> None:
    assert not near("exprto", "export")
    assert not near("expo", "export")


@pytest.mark.parametrize("word", ["expert", "truck", "trucks", "slow", "shows", "state", "safe"])
def test_words_of_their_own_are_left_alone(word: str) -> None:
    assert corrected(shipped(), [word]) == [word]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(("donwload", "export"), ("blance", "credits"), ("sttaus", "status"), ("uplaod", "upload")),
        *(("到处视频", "export"), ("鸡分", "credits"), ("状太", "status"), ("上船照片", "upload")),
        *(("到处都是人", "sse"), ("show the trucks", "sse")),
    ],
)
def test_slips_are_forgiven_in_whole_sentences_only(text: str, kind: str) -> None:
    assert [i.kind for i in intents.route(text, exists=lambda p: False)] == [kind]
