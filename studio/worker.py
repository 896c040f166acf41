"""The process that touches media: probes, previews and renders, one request at a time.

JSON Lines on stdin and stdout. It is killed to cancel, it ends with its parent, and its memory, time and file
sizes are bounded, for every file in it comes from outside.
"""

from __future__ import annotations

import importlib
import json
import logging
import math
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

Request = Mapping[str, Any]
Say = Callable[[Mapping[str, Any]], None]

log = logging.getLogger("studio.worker")
MAX_FACES = 32
SHEET_PX = 1080


def main() -> int:
    """Serve requests until stdin ends."""
    out = _private_stdout()
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin, lines), daemon=True).start()

    def say(message: Mapping[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    while True:
        say(answer(json.loads(lines.get()), say))


def answer(request: Request, say: Say) -> dict[str, Any]:
    """Carry out one request; failures become `{"ok": false, "kind", "message"}`."""
    try:
        _allow_cpu(float(request.get("seconds", 0)))
        return {"ok": True, **_OPERATIONS[request["op"]](request, say)}
    except MemoryError:
        return _failed("too_large", "This needs more memory than a file may take.")
    except OSError as error:
        return _failed("disk", error.strerror or str(error), errno=error.errno)
    except ValueError as error:
        return _failed(str(getattr(error, "kind", "invalid")), str(error), errno=_errno(error))
    except Exception as error:
        log.exception("request %s failed", request.get("op"))
        return _failed("crashed", f"{type(error).__name__}: {error}")


def _probe(request: Request, say: Say) -> dict[str, Any]:
    from studio.probe import probe

    path = Path(request["path"])
    found = probe(path)
    faces: list[list[float]] = []
    if found.file_type == "image":
        from studio.avatar.face import detect_faces
        from studio.avatar.photo import load_photo

        faces = [[face.x, face.y, face.w, face.h] for face in detect_faces(load_photo(path))[:MAX_FACES]]
    return {
        "file_type": found.file_type,
        "media_type": found.media_type,
        "width": found.width,
        "height": found.height,
        "duration": found.duration,
        "fps": found.fps,
        "faces": faces,
    }


def _render(request: Request, say: Say) -> dict[str, Any]:
    from studio.render import Output, render

    done = render(
        request["draft"],
        Path(request["out"]),
        Output.from_json(request["output"]),
        asset=_assets(request),
        progress=lambda part: say({"progress": part}),
        cache=Path(request["cache"]) if request.get("cache") else None,
    )
    return {
        "format": done.format,
        "width": done.width,
        "height": done.height,
        "duration": done.duration,
        "bytes": done.bytes,
    }


def _preview(request: Request, say: Say) -> dict[str, Any]:
    from PIL import Image

    from studio.render import preview

    picture = preview(request["draft"], int(request["px"]), int(request["at"]), asset=_assets(request))
    image = Image.fromarray(picture, "RGBA")
    out = Path(request["out"])
    if request["format"] == "rgb":
        ground = Image.new("RGBA", image.size, (0, 0, 0, 255))
        out.write_bytes(Image.alpha_composite(ground, image).convert("RGB").tobytes())
    else:
        image.save(out, "PNG", compress_level=1)
    return {"width": image.width, "height": image.height}


def _sheet(request: Request, say: Say) -> dict[str, Any]:
    """Pictures of one size side by side on white, each with its number."""
    from PIL import Image, ImageDraw, ImageFont

    paths = [Path(one) for one in request["pictures"]]
    columns = math.ceil(math.sqrt(len(paths)))
    side, gap = SHEET_PX // columns, 16
    lines = math.ceil(len(paths) / columns)
    sheet = Image.new("RGB", (columns * (side + gap) + gap, lines * (side + gap) + gap), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(max(16, side // 10))
    for number, path in enumerate(paths):
        x, y = gap + number % columns * (side + gap), gap + number // columns * (side + gap)
        with Image.open(path) as picture:
            small = picture.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS)
        sheet.paste(small, (x, y), small)
        pen.text((x + 4, y), str(number + 1), fill="#333333", font=font)
    sheet.save(request["out"], "PNG")
    return {"width": sheet.width, "height": sheet.height}


def _warm(request: Request, say: Say) -> dict[str, Any]:
    """Load what the first real request would otherwise wait for: do the work once on a small picture."""
    import numpy as np

    from studio.avatar.face import detect_faces

    blank = np.full((256, 256, 3), 200, np.uint8)
    detect_faces(blank)
    if request.get("render"):
        from studio.avatar.engine import layers

        layers(blank, {"shape": "circle"}, 128, 128)
        importlib.import_module("studio.render.job")
    return {}


_OPERATIONS: dict[str, Callable[[Request, Say], dict[str, Any]]] = {
    "probe": _probe,
    "render": _render,
    "preview": _preview,
    "sheet": _sheet,
    "warm": _warm,
}


def _assets(request: Request) -> Callable[[str], Path]:
    known: Mapping[str, str] = request["assets"]

    def find(name: str) -> Path:
        if name not in known:
            raise ValueError(f"the draft uses a file that this session does not have: {str(name)[:80]}")
        return Path(known[name])

    return find


def _errno(error: BaseException | None) -> int | None:
    """The system's number for what went wrong, where an error of the system lies behind this one."""
    while error is not None:
        if isinstance(error, OSError):
            return error.errno
        error = error.__cause__ or error.__context__
    return None


def _failed(kind: str, message: str, **more: Any) -> dict[str, Any]:
    return {"ok": False, "kind": kind, "message": message[:500], **more}


def _private_stdout() -> TextIO:
    """Our own stream to the parent; whatever a library prints goes to stderr."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _read(stream: TextIO, lines: queue.SimpleQueue[str]) -> None:
    """Hand over requests; when the parent is gone, end at once, even in the middle of an encode."""
    for line in stream:
        lines.put(line)
    os._exit(0)


def limit(memory: int, file_bytes: int) -> None:
    """Bound the address space and the size of written files, where the system can (not on Windows)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _allow_cpu(seconds: float) -> None:
    """Bound this request's processor time; the limit counts the whole process, so it moves on each time."""
    if sys.platform == "win32" or seconds <= 0:
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.exit(main())
