"""`python -m studio.render DRAFT.json OUT`: renders a draft file without a server."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from studio.render import FORMATS, Output, RenderError, render


def main(arguments: list[str] | None = None) -> int:
    """Render a draft; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m studio.render", description="Render a draft to a file.")
    parser.add_argument("draft", type=Path, help="the draft, as JSON")
    parser.add_argument("out", type=Path, help=f"the file to write: .{', .'.join(FORMATS)}")
    parser.add_argument(
        "--asset", action="append", default=[], metavar="HASH=FILE", help="where an asset lies"
    )
    parser.add_argument(
        "--media", type=Path, metavar="DIR", help="a folder whose files are found by hash or name"
    )
    parser.add_argument("--size", metavar="WxH", help="another size than the draft's")
    parser.add_argument("--fps", type=float)
    parser.add_argument("--at", type=int, metavar="MS", help="the moment a still shows")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep finished stretches here")
    options = parser.parse_args(arguments)
    try:
        draft = json.loads(options.draft.read_text(encoding="utf-8"))
        size = (
            [int(side) for side in options.size.lower().replace("×", "x").split("x")] if options.size else []
        )
        wanted = {"format": options.out.suffix.lstrip(".") or "mp4", "fps": options.fps, "at": options.at}
        if size:
            wanted |= {"width": size[0], "height": size[-1]}
        places = _places(options.asset, options.media)
        done = render(
            draft,
            options.out,
            Output.from_json(wanted),
            asset=places.__getitem__,
            progress=_bar,
            cache=options.cache,
        )
    except (RenderError, ValueError, OSError) as error:
        sys.stderr.write(f"\r{error}\n")
        return 1
    sys.stderr.write("\r")
    sys.stdout.write(
        f"{options.out}: {done.format} {done.width}×{done.height}, {done.duration:g} s, {done.bytes} bytes\n"
    )
    return 0


def _places(named: list[str], folder: Path | None) -> dict[str, Path]:
    """Where each asset lies: as named, or a file of the folder under its name, stem and SHA-256."""
    places: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder else ():
        if not path.is_file():
            continue
        for key in (path.name, path.stem):
            places.setdefault(key, path)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        places[digest] = path
    for pair in named:
        key, _, path_text = pair.partition("=")
        places[key] = Path(path_text)
    return places


def _bar(done: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:4.0%}")


if __name__ == "__main__":
    sys.exit(main())
