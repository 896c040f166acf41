"""The jobs of a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.batch import Job, jobs_for, jobs_in
from agent.errors import AvatarError, UsageError


def test_the_same_words_go_to_every_photo() -> None:
    assert jobs_for(["a.jpg", "b.jpg"], "round") == (Job("a.jpg", "round"), Job("b.jpg", "round"))


@pytest.mark.parametrize(("files", "say"), [([], "round"), (["a.jpg"], " ")])
def test_photos_and_words_are_both_needed(files: list[str], say: str) -> None:
    with pytest.raises(UsageError):
        jobs_for(files, say)


def test_a_line_that_is_no_job_does_not_stop_the_others() -> None:
    lines = (
        '{"file": "a.jpg", "say": "round"}\n\nnonsense\n["x"]\n'
        '{"file": "b.jpg", "say": 1}\n{"file": "c.jpg", "say": "方形"}\n'
    ).splitlines(keepends=True)
    found = list(jobs_in(lines))
    assert [type(item) is Job for item in found] == [True, False, False, False, True]
    assert [item.values["line"] for item in found if isinstance(item, AvatarError)] == [3, 4, 5]


def test_an_avatar_is_called_after_its_photo() -> None:
    assert Job("pics/me.jpg", "x").target("out", "png") == Path("out/me.png")
