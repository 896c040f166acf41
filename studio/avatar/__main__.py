# `python -m studio.avatar`: the engine alone, for judging it from outside and for tuning.
from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.avatar.cutout import cut_photo
from studio.avatar.engine import flatten, layers
from studio.avatar.formats import encoded, write
from studio.avatar.photo import PhotoError, load_photo
from studio.avatar.pixels import U8
from studio.avatar.platforms import platform_set
from studio.avatar.recipe import read_recipe
from studio.avatar.report import describe
from studio.avatar.shapes import SHAPES
from studio.avatar.sheet import contact_sheet
from studio.avatar.variants import variants
from studio.draft import STYLES

DEFAULT: Mapping[str, Any] = {
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
    "shadow": True,
}
KEY = "photo"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; exit code 2 for a photo, recipe or name that cannot be used."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace, U8], None] = arguments.run
    try:
        if arguments.command == "draw":
            _draw(arguments)
        else:
            run(arguments, load_photo(arguments.photo))
    except PhotoError as error:
        sys.stderr.write(f"{arguments.photo}: {error}\n")
        return 2
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.avatar", description="The avatar engine alone.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace, U8], None], text: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("photo", type=Path)
        made.set_defaults(run=run)
        return made

    made = command(
        "make", _make, "an avatar; the output's ending says the format (png, webp, avif, jpg, ico)"
    )
    made.add_argument("out", type=Path)
    _look(made)
    made = command("cutout", _cutout, "the person alone, RGBA at the photo's own size")
    made.add_argument("out", type=Path)
    made.add_argument("--face", type=int, help="only this one: 0 is the leftmost, -1 the rightmost")
    made = command("frame", _frame, "what was found, as JSON: faces, landmarks, roll, the crop")
    made.add_argument("--shape", choices=SHAPES, default="circle")
    made.add_argument("--face", type=int)
    for name, run, text in (
        ("styles", _styles, "every style, one file each, and a sheet"),
        ("variants", _variants, "looks that differ in kind, one file each, and a sheet"),
        ("platforms", _platforms, "every platform's size, and a sheet at 40 px"),
    ):
        made = command(name, run, text)
        made.add_argument("folder", type=Path)
        _look(made)
        if name == "variants":
            made.add_argument("--count", type=int, default=16)
    drawn = commands.add_parser("draw", help="an avatar drawn from traits, without a photo")
    drawn.add_argument("illustration", help="a draft's illustration object as JSON")
    drawn.add_argument("out", type=Path)
    drawn.set_defaults(run=None, photo=None)
    _look(drawn)
    return parser


def _look(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shape", choices=SHAPES, default="circle")
    parser.add_argument("--style", choices=STYLES, default="none")
    parser.add_argument(
        "--recipe", default="{}", help="a draft's avatar object as JSON, over the default look"
    )
    parser.add_argument("--adjust", default="{}", help="a draft's adjust object as JSON")
    parser.add_argument("--size", type=int, default=1080)


def _recipe(arguments: argparse.Namespace) -> dict[str, Any]:
    return {**DEFAULT, "shape": arguments.shape, "style": arguments.style, **json.loads(arguments.recipe)}


def _drawn(arguments: argparse.Namespace, photo: U8, recipe: Mapping[str, Any]) -> U8:
    if not 16 <= arguments.size <= 4096:
        raise ValueError(f"--size {arguments.size}: from 16 to 4096")
    adjust = json.loads(arguments.adjust)
    return flatten(layers(photo, recipe, arguments.size, arguments.size, adjust=adjust, cache_key=KEY))


def _draw(arguments: argparse.Namespace) -> None:
    from studio.avatar.illustration import attribution, illustrate  # its packages are not needed for photos

    drawing = json.loads(arguments.illustration)
    made = illustrate(drawing, _recipe(arguments), arguments.size, arguments.size)
    write(flatten(made), arguments.out)
    if credit := attribution(str(drawing.get("style") or "open-peeps")):
        sys.stdout.write(f"{credit}\n")


def _make(arguments: argparse.Namespace, photo: U8) -> None:
    write(_drawn(arguments, photo, _recipe(arguments)), arguments.out)


def _cutout(arguments: argparse.Namespace, photo: U8) -> None:
    look = None if arguments.face is None else read_recipe({"face": arguments.face})
    write(cut_photo(photo, look), arguments.out)


def _frame(arguments: argparse.Namespace, photo: U8) -> None:
    recipe: dict[str, Any] = {"shape": arguments.shape}
    if arguments.face is not None:
        recipe["face"] = arguments.face
    sys.stdout.write(json.dumps(describe(photo, read_recipe(recipe)), indent=1) + "\n")


def _styles(arguments: argparse.Namespace, photo: U8) -> None:
    base = _recipe(arguments)
    _folder(arguments.folder, [(name, _drawn(arguments, photo, {**base, "style": name})) for name in STYLES])


def _variants(arguments: argparse.Namespace, photo: U8) -> None:
    looks = variants(_recipe(arguments), arguments.count)
    _folder(arguments.folder, [(name, _drawn(arguments, photo, look)) for name, look in looks])


def _platforms(arguments: argparse.Namespace, photo: U8) -> None:
    made = platform_set(photo, _recipe(arguments), adjust=json.loads(arguments.adjust), cache_key=KEY)
    _folder(arguments.folder, [(f"{platform} {side}", picture) for platform, side, picture in made], cell=40)


def _folder(folder: Path, pictures: Sequence[tuple[str, U8]], *, cell: int = 320) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures:
        (folder / (re.sub(r"\W+", "-", name) + ".png")).write_bytes(encoded(picture, "png"))
    sheet = contact_sheet(pictures, cell=320 if cell >= 100 else cell * 4)
    if cell < 100:
        small = [
            Image.fromarray(picture).resize((cell, cell), Image.Resampling.LANCZOS) for _, picture in pictures
        ]
        row = Image.new("RGB", (len(small) * (cell + 8) + 8, 2 * (cell + 16)), (255, 255, 255))
        row.paste((16, 18, 24), (0, cell + 16, row.width, row.height))
        for index, icon in enumerate(small):
            for top in (8, cell + 24):
                row.paste(icon, (8 + index * (cell + 8), top), icon)
        sheet = np.asarray(row, dtype=np.uint8)
    Image.fromarray(sheet).save(folder / "sheet.png")


if __name__ == "__main__":
    raise SystemExit(main())
