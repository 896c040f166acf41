"""Mutated media and drafts: every one is taken or refused, and the studio goes on as if nothing were."""

from __future__ import annotations

import copy
import io
import json
import random
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from tests.studio.serving import PORTRAIT, Caller, StudioProcess, drawing

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, -1e308, 10**30, 0.5, "", "x", "../../x", "\udcff", "\0", "music:lofi",
    "#12345g", "a" * 5000, [], {}, [[]], {"a": {}}, ["x"] * 300,
)  # fmt: skip


def seeds() -> dict[str, bytes]:
    """One small file of each kind."""
    picture = Image.open(PORTRAIT).resize((64, 80))
    made: dict[str, bytes] = {}
    for form in ("JPEG", "PNG", "GIF", "WEBP"):
        data = io.BytesIO()
        picture.save(data, form)
        made[form.lower()] = data.getvalue()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(8000))
    made["wav"] = sound.getvalue()
    made["mp4"] = film("mp4", "libx264")
    made["webm"] = film("webm", "libvpx")
    return made


def film(form: str, codec: str) -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format=form) as container:
        stream = container.add_stream(codec, rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for shade in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), shade * 40, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return data.getvalue()


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a piece cut out, doubled, or the end lost; headers are hit most."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = min(int(chance.expovariate(1 / 200)), len(changed) - 1) if chance.random() < 0.6 else (
            chance.randrange(len(changed))
        )  # fmt: skip
        match chance.randrange(5):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at : at + 4] = chance.choice(
                    [b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0"]
                )
            case 2:
                del changed[at : at + chance.randint(1, 40)]
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 200)]
            case _:
                del changed[max(16, len(changed) - chance.randint(1, len(changed))) :]
        if len(changed) < 2:
            return bytes(changed)
    return bytes(changed)


def upload_mutants(studio: StudioProcess, caller: Caller, count: int, seed: int, folder: Path) -> None:
    chance, session_id, files = random.Random(seed), caller.session(), list(seeds().items())
    for number in range(count):
        form, data = files[number % len(files)]
        path = folder / f"{number}.{form}"
        path.write_bytes(mutate(data, chance))
        reply = caller.upload(session_id, path)
        assert reply.status_code in (200, 413, 415), (form, number, seed, reply.text)
        assert reply.elapsed.total_seconds() < 30
        path.unlink()
    assert caller.http.get("/health").status_code == 200
    assert not [path for path in (studio.data / "scratch").iterdir() if path.is_file()]


def alter(value: Any, chance: random.Random) -> Any:
    """A draft with a few values, keys or items replaced by odd ones."""
    made = copy.deepcopy(value)
    for _ in range(chance.randint(1, 4)):
        holders: list[Any] = []
        _collect(made, holders.append)
        holder = chance.choice(holders)
        if isinstance(holder, dict) and holder:
            key = chance.choice(list(holder))
            match chance.randrange(3):
                case 0:
                    del holder[key]
                case 1:
                    holder[chance.choice(["t", "sg", "m", "d", "kind", "asset", "zz"])] = _odd(chance)
                case _:
                    holder[key] = _odd(chance)
        elif isinstance(holder, list) and holder:
            holder[chance.randrange(len(holder))] = _odd(chance)
    return made


def _odd(chance: random.Random) -> Any:
    """A copy of an odd value: one that is put into two places must not become its own child."""
    return copy.deepcopy(chance.choice(ODD))


def _collect(value: Any, take: Callable[[Any], None]) -> None:
    if isinstance(value, dict | list):
        take(value)
        for inner in value.values() if isinstance(value, dict) else value:
            _collect(inner, take)


def submit_mutants(caller: Caller, count: int, seed: int) -> None:
    chance, session_id = random.Random(seed), caller.portrait()
    base = caller.draft(caller.avatar()) | {"d": 1000}
    accepted = []
    for number in range(count):
        draft = alter(chance.choice([base, drawing(200)]), chance)
        output = {"format": "png", "width": 64, "height": 64}
        body = {"id": f"mutant_{seed}_{number}", "sessionId": session_id, "draft": draft, "output": output}
        reply = caller.http.post(
            "/api/render/proxy/lambda", content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert reply.status_code in (200, 400), (number, seed, reply.text, draft)
        if reply.status_code == 200:
            accepted.append(str(body["id"]))
    for render_id in accepted:
        told = caller.finished(render_id)
        assert "Traceback" not in (told["error"] or "")


def test_mutated_media_are_taken_or_refused(studio: StudioProcess, caller: Caller, tmp_path: Path) -> None:
    upload_mutants(studio, caller, 70, 1, tmp_path)


def test_mutated_drafts_are_rendered_or_refused(caller: Caller) -> None:
    submit_mutants(caller, 60, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_many_mutated_media_are_taken_or_refused(
    studio: StudioProcess, caller: Caller, tmp_path: Path, seed: int
) -> None:
    upload_mutants(studio, caller, 140, seed, tmp_path)


@pytest.mark.benchmark
def test_five_thousand_mutants_take_bounded_time(
    studio: StudioProcess, caller: Caller, tmp_path: Path
) -> None:
    begun = time.perf_counter()
    for seed in range(10, 18):
        upload_mutants(studio, caller, 500, seed, tmp_path)
        submit_mutants(caller, 125, seed)
    print(f"\n5,000 mutants: {time.perf_counter() - begun:.0f} s")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_many_mutated_drafts_are_rendered_or_refused(caller: Caller, seed: int) -> None:
    submit_mutants(caller, 250, seed)
