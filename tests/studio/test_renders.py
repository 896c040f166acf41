"""Renders as rows: one for each id, one holder at a time, published once, on both databases."""

from __future__ import annotations

import time

import pytest

from studio import accounts, renders, sessions
from studio.config import Prices
from studio.db import Database
from studio.renders import Job, Render
from studio.replies import ApiError
from tests.studio.serving import at_once

DRAFT = {"t": [], "d": 0, "m": {}}
MP4 = {"format": "mp4"}
LEASE = 30.0


def session(database: Database, client: str = "client") -> tuple[str, str]:
    with database.write() as connection:
        account = accounts.issue(connection, client, Prices()).account_id
        return account, sessions.create(connection, account, "project", "en").id


def submit(
    database: Database, owner: tuple[str, str], render_id: str, draft: object = None, form: str = "mp4"
) -> Render:
    with database.write() as connection:
        return renders.submit(connection, *owner, render_id, draft or DRAFT, {"format": form})


def claim(database: Database, lease: float = LEASE, claims: int = 20) -> Job | None:
    with database.write() as connection:
        return renders.claim(connection, lease, claims)


def load(database: Database, owner: tuple[str, str], render_id: str) -> Render:
    with database.read() as connection:
        return renders.load(connection, owner[0], render_id)


def claimed(database: Database, lease: float = LEASE) -> Job:
    job = claim(database, lease)
    assert job is not None
    return job


def test_a_render_waits_until_it_is_claimed_by_one(database: Database) -> None:
    owner = session(database)
    assert submit(database, owner, "r").status == "pending"
    job = claimed(database)
    assert (job.id, job.attempt, job.draft, job.output) == ("r", 1, DRAFT, MP4)
    assert load(database, owner, "r").status == "processing"
    assert claim(database) is None


def test_the_same_submit_is_the_same_render_and_another_body_is_refused(database: Database) -> None:
    owner = session(database)
    submit(database, owner, "r")
    submit(database, owner, "r")
    with pytest.raises(ApiError) as refused:
        submit(database, owner, "r", {"t": [], "d": 1, "m": {}})
    assert refused.value.status == 400
    assert claim(database) is not None
    assert claim(database) is None


def test_the_same_id_in_another_session_is_another_render(database: Database) -> None:
    first, second = session(database), session(database)
    submit(database, first, "r")
    submit(database, second, "r", {"t": [], "d": 1, "m": {}})
    assert {claimed(database).session_id, claimed(database).session_id} == {first[1], second[1]}


def test_a_holder_publishes_once_and_no_one_after_it(database: Database) -> None:
    owner = session(database)
    submit(database, owner, "r")
    job = claimed(database)
    with database.write() as connection:
        assert renders.renew(connection, job, LEASE, 40) is True
        assert renders.publish(connection, job, "a" * 64, 10, 1.5) is True
        assert renders.publish(connection, job, "b" * 64, 11, 2.5) is False
        assert renders.fail(connection, job, "late") is False
        assert renders.renew(connection, job, LEASE, 50) is False
    done = load(database, owner, "r")
    assert (done.status, done.progress, done.sha256, done.size, done.duration) == (
        "completed",
        100,
        "a" * 64,
        10,
        1.5,
    )


def test_a_holder_that_was_frozen_publishes_nothing(database: Database) -> None:
    owner = session(database)
    submit(database, owner, "r")
    frozen = claimed(database, lease=0.01)
    time.sleep(0.05)
    second = claimed(database)
    assert second.token != frozen.token
    with database.write() as connection:
        assert renders.publish(connection, frozen, "a" * 64, 10, 1) is False
        assert renders.publish(connection, second, "b" * 64, 10, 1) is True
    assert load(database, owner, "r").sha256 == "b" * 64


def test_a_render_on_which_every_process_died_has_failed_in_the_end(database: Database) -> None:
    owner = session(database)
    submit(database, owner, "r")
    for _ in range(3):
        job = claim(database, lease=0.001, claims=3)
        assert job is not None
        assert job.attempt == 1, "the death of a process is no failure of the render"
        time.sleep(0.02)
    assert claim(database, claims=3) is None
    told = load(database, owner, "r")
    assert told.status == "failed"
    assert "3 times" in told.error


def test_a_job_given_back_is_taken_again_and_its_attempt_counts_only_when_it_failed(
    database: Database,
) -> None:
    owner = session(database)
    submit(database, owner, "r")
    first = claimed(database)
    with database.write() as connection:
        assert renders.give_back(connection, first, counted=False)
    second = claimed(database)
    assert second.attempt == 1
    with database.write() as connection:
        assert renders.give_back(connection, second, counted=True)
    assert claimed(database).attempt == 2


def test_a_process_that_slept_keeps_its_own_work(database: Database) -> None:
    owner = session(database)
    submit(database, owner, "r")
    job = claimed(database, lease=0.01)
    time.sleep(0.05)
    with database.write() as connection:
        renders.extend(connection, [job.token], LEASE)
        assert renders.claim(connection, LEASE, 20) is None
        assert renders.publish(connection, job, "a" * 64, 1, 1) is True
        renders.extend(connection, [], LEASE)


def test_a_cancelled_render_is_nobodys(database: Database) -> None:
    owner = session(database)
    waiting, held = submit(database, owner, "waiting"), submit(database, owner, "held")
    jobs = [claimed(database)]
    with database.write() as connection:
        for render in (waiting, held):
            assert renders.cancel(connection, render).status == "failed"
        assert renders.publish(connection, jobs[0], "a" * 64, 1, 1) is False
    assert claim(database) is None


def test_pictures_go_before_films_and_may_be_asked_for_alone(database: Database) -> None:
    owner = session(database)
    submit(database, owner, "film")
    # Two of one millisecond go by their ids, which rise with time.
    submit(database, owner, "picture1", form="png")
    submit(database, owner, "picture2", form="png")
    with database.write() as connection:
        taken = [renders.claim(connection, LEASE, 20, renders.QUICK) for _ in range(3)]
    assert [job.id if job else None for job in taken] == ["picture1", "picture2", None]
    assert claimed(database).id == "film"


def test_accounts_take_turns(database: Database) -> None:
    busy, calm = session(database, "busy"), session(database, "calm")
    for n in range(3):
        submit(database, busy, f"busy{n}")
    submit(database, calm, "calm0")
    assert [claimed(database).id for _ in range(4)] == ["busy0", "calm0", "busy1", "busy2"]


def test_anothers_render_is_unknown(database: Database) -> None:
    owner, stranger = session(database), session(database, "stranger")
    submit(database, owner, "r")
    with pytest.raises(ApiError) as refused:
        load(database, stranger, "r")
    assert refused.value.status == 404


def test_many_claimers_get_each_job_once(database: Database) -> None:
    owner = session(database)
    for n in range(40):
        submit(database, owner, f"r{n}")
    got: list[str] = []

    def work(number: int) -> None:
        while job := claim(database):
            got.append(job.id)

    at_once(8, work)
    assert sorted(got) == sorted(f"r{n}" for n in range(40))


def test_many_submits_of_one_id_are_one_render(database: Database) -> None:
    owner = session(database)
    at_once(8, lambda number: submit(database, owner, "r"))
    assert claimed(database).id == "r"
    assert claim(database) is None
