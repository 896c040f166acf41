"""Worker processes: what they answer, and what becomes of one that dies, hangs, or takes too much."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from studio.config import Limits
from studio.pool import Lane, Worker, WorkerDiedError, WorkError
from tests.studio.serving import PORTRAIT, PORTRAIT_HASH, drawing, long_drawing

LIMITS = Limits()


def with_worker(tmp_path: Path, work: Callable[[Worker], Awaitable[Any]], limits: Limits = LIMITS) -> Any:
    async def run() -> Any:
        worker = await Worker.start(tmp_path, limits)
        try:
            return await work(worker)
        finally:
            await worker.close()

    return asyncio.run(run())


def rendering(tmp_path: Path, seconds: int = 60) -> dict[str, Any]:
    return {
        "op": "render",
        "draft": long_drawing(seconds),
        "out": str(tmp_path / "out.mp4"),
        "output": {"format": "mp4"},
        "assets": {PORTRAIT_HASH: str(PORTRAIT)},
    }


def test_a_probe_tells_what_a_file_is_and_where_its_faces_are(tmp_path: Path) -> None:
    told = with_worker(
        tmp_path, lambda worker: worker.ask({"op": "probe", "path": str(PORTRAIT)}, seconds=60)
    )
    assert (told["file_type"], told["width"], told["height"]) == ("image", 512, 600)
    (face,) = told["faces"]
    assert all(0 <= value <= 1 for value in face)


def test_a_failure_has_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "words.jpg"
    path.write_text("no picture")
    with pytest.raises(WorkError) as failed:
        with_worker(tmp_path, lambda worker: worker.ask({"op": "probe", "path": str(path)}, seconds=60))
    assert failed.value.kind == "unsupported"


def test_a_worker_goes_on_after_a_request_that_makes_no_sense(tmp_path: Path) -> None:
    async def work(worker: Worker) -> None:
        for request in ({"op": "unknown"}, {"op": "probe"}, {"op": "render", "draft": []}):
            with pytest.raises(WorkError):
                await worker.ask(request, seconds=60)
        await worker.ask({"op": "probe", "path": str(PORTRAIT)}, seconds=60)

    with_worker(tmp_path, work)


def test_a_render_tells_its_progress(tmp_path: Path) -> None:
    told: list[float] = []
    request = {**rendering(tmp_path, 1), "draft": drawing(2000)}
    done = with_worker(tmp_path, lambda worker: worker.ask(request, seconds=60, progress=told.append))
    assert done["duration"] == pytest.approx(2, abs=0.1)
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_a_worker_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    async def work(worker: Worker) -> bool:
        with pytest.raises(WorkerDiedError, match="more than 1 seconds"):
            await worker.ask(rendering(tmp_path), seconds=1)
        return worker.alive

    assert with_worker(tmp_path, work) is False


def test_a_worker_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    async def work(worker: Worker) -> None:
        with pytest.raises(WorkerDiedError, match="memory"):
            await worker.ask(rendering(tmp_path), seconds=60)

    with_worker(tmp_path, work, Limits(worker_bytes=60 << 20))


def test_a_worker_that_is_frozen_is_ended(tmp_path: Path) -> None:
    async def work(worker: Worker) -> None:
        asking = asyncio.create_task(worker.ask(rendering(tmp_path), seconds=60))
        await asyncio.sleep(0.5)
        os.kill(worker.pid, signal.SIGSTOP)
        with pytest.raises(WorkerDiedError, match="did nothing"):
            await asking

    with_worker(tmp_path, work, Limits(stall_seconds=1))


def test_who_stops_waiting_ends_the_work(tmp_path: Path) -> None:
    async def work(worker: Worker) -> bool:
        asking = asyncio.create_task(worker.ask(rendering(tmp_path), seconds=60))
        await asyncio.sleep(0.5)
        asking.cancel()
        await asyncio.wait([asking], timeout=0.5)
        assert asking.done(), "the worker is gone within half a second"
        return worker.alive

    assert with_worker(tmp_path, work) is False


def test_a_dead_worker_is_replaced(tmp_path: Path) -> None:
    async def run() -> None:
        lane = Lane(1, tmp_path, LIMITS, render=False)
        lane.open()
        async with lane.worker() as first:
            os.kill(first.pid, signal.SIGKILL)
            with pytest.raises(WorkerDiedError):
                await first.ask({"op": "probe", "path": str(PORTRAIT)}, seconds=60)
        async with lane.worker() as second:
            assert second.pid != first.pid
            await second.ask({"op": "probe", "path": str(PORTRAIT)}, seconds=60)
        async with lane.worker() as third:
            assert third.pid == second.pid
        await lane.close()
        assert not third.alive

    asyncio.run(run())


def test_a_worker_sees_nothing_of_the_users_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_TOKEN", "secret")

    async def work(worker: Worker) -> bytes:
        return Path(f"/proc/{worker.pid}/environ").read_bytes()

    assert b"secret" not in with_worker(tmp_path, work)
