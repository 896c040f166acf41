"""Large files to and from the embedded studio, beside curl on the same file in the same run."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.attachments import check
from agent.client import Client
from agent.models import RenderStatus
from agent.skill import shipped_skill

pytestmark = pytest.mark.benchmark

SIZE = 200 * 1024**2
ROUNDS = 3
# Runs in a process of its own, so that its memory is its own.
PROGRAM = """
import asyncio, json, sys
from tests.benchmarks.test_transfer import transfer
print(json.dumps(asyncio.run(transfer(json.loads(sys.argv[1]), sys.argv[2]))))
"""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[dict[str, Any]]:
    runtime = tmp_path / "runtime.json"
    command = [sys.executable, "-m", "studio", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data", str(tmp_path / "data"), "--runtime", str(runtime)], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            if runtime.exists():
                break
            time.sleep(0.1)
        yield json.loads(runtime.read_text())
    finally:
        process.terminate()
        process.wait()


def silence(path: Path) -> Path:
    """A WAV file of exactly `SIZE` bytes."""
    body = SIZE - 44
    head = struct.pack("<IHHIIHH", 16, 1, 2, 48000, 192000, 4, 16)
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", body + 36) + b"WAVEfmt " + head)
        file.write(b"data" + struct.pack("<I", body))
        file.truncate(SIZE)
    return path


def resident() -> float:
    """This process's resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


async def transfer(told: dict[str, Any], path: str) -> dict[str, float]:
    """Least seconds up and down, ours and curl's, and by how many MB memory grew meanwhile."""
    skill, folder = shipped_skill(), Path(path).parent
    client = Client(told["url"], headers=skill.headers(), secret=told["secret"], is_studio=True)
    client.token = await client.anonymous_token("benchmark")
    session = (await client.create_session("en")).session_id
    attachment = check(path, types=skill.types, max_bytes=skill.max_bytes)
    await client.balance()
    grown, before = 0.0, resident()

    def watch(*_: object) -> None:
        nonlocal grown
        grown = max(grown, resident() - before)

    headers = {**skill.headers(), "Authorization": f"Bearer {client.token.value}", "Expect": ""}
    curl = ["curl", "-sSf"] + [part for item in headers.items() for part in ("-H", ": ".join(item))]
    upload = f"{told['url']}/api/upload-video/nemo_agent/me/{session}"
    times: dict[str, list[float]] = {"up": [], "curl up": [], "down": [], "curl down": []}
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        (info,) = await client.upload_files(session, [attachment], watch)
        times["up"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        subprocess.run([*curl, "-o", "/dev/null", "-F", f"files=@{path};type=audio/wav", upload], check=True)
        times["curl up"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        await client.download(RenderStatus("r", "completed", url=info.url), folder / "down.wav", watch)
        times["down"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        url = info.url if "://" in info.url else told["url"] + info.url
        subprocess.run([*curl, "-o", str(folder / "curl.wav"), url], check=True)
        # Ours is on the disk when it has its name, so curl's is brought there too.
        with (folder / "curl.wav").open("rb+") as file:
            os.fsync(file.fileno())
        times["curl down"].append(time.perf_counter() - begun)
    await client.aclose()
    return {"grown": grown, **{name: min(values) for name, values in times.items()}}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_large_files_go_nearly_as_fast_as_with_curl_in_little_memory(
    studio: dict[str, Any], tmp_path: Path
) -> None:
    path = silence(tmp_path / "silence.wav")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(studio), str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    found = json.loads(done.stdout)
    up, down = found["curl up"] / found["up"], found["curl down"] / found["down"]
    print(
        f"\n200 MB up {found['up']:.2f} s ({up:.2f} of curl's speed), down {found['down']:.2f} s "
        f"({down:.2f} of curl's), memory +{found['grown']:.1f} MB"
    )
    assert up >= 0.6
    assert down >= 0.7
    assert found["grown"] <= 10
