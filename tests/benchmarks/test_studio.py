"""What the studio's server costs: memory and time of streams, uploads, turns, the queue, and waiting."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.studio.serving import Caller, StudioProcess, drawing, message, running, until

pytestmark = pytest.mark.benchmark
TICKS = os.sysconf("SC_CLK_TCK")
BOUNDARY = "0123456789abcdef"
RAW_SERVER = """
import sys, uvicorn
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
uvicorn.run(app, port=int(sys.argv[1]), http="h11", ws="none", lifespan="off", log_level="error")
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioProcess]:
    with running(tmp_path_factory.mktemp("studio")) as process:
        process.caller().avatar()
        yield process


def cpu(pid: int) -> float:
    """Processor time of a process in seconds, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def body(size: int) -> Iterator[bytes]:
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="big.mp4"\r\n\r\n'.encode()
    )
    for _ in range(size >> 16):
        yield b"x" * 65536
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def timed_upload(http: httpx.Client, url: str, size: int) -> float:
    begun = time.perf_counter()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(length(size)),
    }
    http.post(url, content=body(size), headers=headers)
    return time.perf_counter() - begun


def length(size: int) -> int:
    return sum(map(len, body(0))) + (size >> 16 << 16)


def test_an_upload_keeps_most_of_the_throughput_of_a_raw_post(studio: StudioProcess) -> None:
    size, port = 200 << 20, 18_765
    caller = studio.caller()
    url = f"/api/upload-video/nemo_agent/me/{caller.session()}"
    raw = subprocess.Popen([sys.executable, "-c", RAW_SERVER, str(port)])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            until(lambda: _answers(http))
            raws, ours = [], []
            for _ in range(3):
                raws.append(timed_upload(http, "/", size))
                ours.append(timed_upload(caller.http, url, size))
    finally:
        raw.terminate()
        raw.wait()
    share = min(raws) / min(ours)
    print(f"\n200 MB: raw {200 / min(raws):.0f} MB/s, upload {200 / min(ours):.0f} MB/s, {share:.0%}")
    assert share >= 0.6


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/").status_code == 200
    except httpx.HTTPError:
        return False


def test_twenty_uploads_at_once_take_little_memory(studio: StudioProcess) -> None:
    caller = studio.caller()
    url = f"/api/upload-video/nemo_agent/me/{caller.session()}"
    pid, before, peak = studio.told["pid"], resident(studio.told["pid"]), 0
    with ThreadPoolExecutor(20) as pool:
        running_uploads = [pool.submit(timed_upload, caller.http, url, 50 << 20) for _ in range(20)]
        while not all(one.done() for one in running_uploads):
            peak = max(peak, resident(pid))
            time.sleep(0.05)
    print(f"\n20 × 50 MB at once: {(peak - before) / (20 << 20):.1f} MB each")
    assert (peak - before) / 20 <= 20 << 20


def test_a_thousand_idle_streams_are_cheap(studio: StudioProcess) -> None:
    caller, pid, count = studio.caller(), studio.told["pid"], 1000
    session_id = caller.session()
    request = (
        f"GET /api/events/{session_id} HTTP/1.1\r\nHost: 127.0.0.1:{studio.told['port']}\r\n"
        f"Authorization: {caller.http.headers['Authorization']}\r\n\r\n"
    ).encode()
    streams = [_open(studio, request) for _ in range(20)]
    before = resident(pid)
    streams += [_open(studio, request) for _ in range(count)]
    each = (resident(pid) - before) / count
    used, seconds = cpu(pid), 25.0
    time.sleep(seconds)
    share = (cpu(pid) - used) / seconds
    for stream in streams:
        stream.close()
    print(f"\n{count} idle streams: {each / 1024:.0f} KB each, {share:.1%} of one core")
    assert each <= 60 << 10
    assert share <= 0.15


def _open(studio: StudioProcess, request: bytes) -> object:
    import socket

    connection = socket.create_connection(("127.0.0.1", studio.told["port"]), timeout=30)
    connection.sendall(request)
    assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    return connection


def test_fifty_who_chat_at_once_get_their_first_words_soon(studio: StudioProcess) -> None:
    callers = [studio.caller() for _ in range(50)]
    sessions = [caller.portrait() for caller in callers]
    for caller, session_id in zip(callers, sessions, strict=True):
        caller.say(session_id, "make a circular avatar")
    waits: list[float] = []

    def chat(number: int) -> None:
        for turn in range(4):
            waits.append(first_text(callers[number], sessions[number], f'add title "Turn {turn}"'))

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(chat, range(50)))
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"\nfirst text with 50 at once: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    alone = min(first_text(callers[0], sessions[0], f'change the title to "{n}"') for n in range(5))
    assert p99 <= 2 * 50 * alone, "twice what 50 turns take one after the other"


def first_text(caller: Caller, session_id: str, text: str) -> float:
    begun = time.perf_counter()
    with caller.http.stream("POST", "/run_sse", json=message(session_id, text)) as reply:
        for line in reply.iter_lines():
            if '"text"' in line:
                return time.perf_counter() - begun
    raise AssertionError("the turn said nothing")


def test_waiting_costs_next_to_nothing(studio: StudioProcess) -> None:
    pid, seconds = studio.told["pid"], 10.0
    used = cpu(pid)
    time.sleep(seconds)
    share = (cpu(pid) - used) / seconds
    print(f"\nidle: {share:.2%} of one core")
    assert share <= 0.05


def test_the_queue_costs_little_beside_its_jobs(studio: StudioProcess) -> None:
    caller = studio.caller()
    session_id, pid = caller.portrait(), studio.told["pid"]
    draft = drawing(4000, "zoom-in", width=1080, height=1080)
    used, begun = cpu(pid), time.perf_counter()
    for number in range(6):
        caller.submit(session_id, draft, None, f"render_{number}")
    for number in range(6):
        while caller.status(f"render_{number}")["status"] != "completed":
            time.sleep(0.5)
    share = (cpu(pid) - used) / (time.perf_counter() - begun)
    print(f"\nthe queue, its leases and its polling: {share:.1%} of a core while rendering")
    assert share <= 0.10


def test_a_cold_start_answers_in_little_more_than_its_imports(tmp_path: Path) -> None:
    imports = "import starlette.applications, starlette.routing, starlette.responses, uvicorn.server"
    imports += ", uvicorn.protocols.http.h11_impl, uvicorn.lifespan.on"
    alone, ours = [], []
    for number in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-P", "-c", imports], check=True)
        alone.append(time.perf_counter() - begun)
        folder = tmp_path / str(number)
        folder.mkdir()
        begun = time.perf_counter()
        studio = StudioProcess(folder).start()
        with urllib.request.urlopen(f"{studio.url}/health") as reply:
            assert reply.status == 200
        ours.append(time.perf_counter() - begun)
        studio.stop()
    ratio = min(ours) / min(alone)
    print(f"\nfirst answer {min(ours):.2f} s, the web stack's imports {min(alone):.2f} s, ratio {ratio:.2f}")
    assert ratio <= 1.5
