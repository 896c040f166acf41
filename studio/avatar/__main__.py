# `python -m studio.avatar`: the engine alone, for judging it and for tuning.
from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from studio.avatar.engine import flatten, layers
from studio.avatar.photo import PhotoError, load_photo
from studio.avatar.recipe import RecipeError
from studio.avatar.shapes import SHAPES

DEFAULT = {
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
    "shadow": True,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; exit code 2 for a photo or recipe that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m studio.avatar")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make", help="an avatar PNG from a photo")
    make.add_argument("photo", type=Path)
    make.add_argument("out", type=Path)
    make.add_argument("--shape", choices=SHAPES, default="circle")
    make.add_argument("--recipe", default="{}", help="a draft's avatar object as JSON, over the default look")
    make.add_argument("--adjust", default="{}", help="a draft's adjust object as JSON")
    make.add_argument("--size", type=int, default=1080)
    arguments = parser.parse_args(argv)
    try:
        photo = load_photo(arguments.photo)
        recipe = {**DEFAULT, "shape": arguments.shape, **json.loads(arguments.recipe)}
        picture = flatten(
            layers(photo, recipe, arguments.size, arguments.size, adjust=json.loads(arguments.adjust))
        )
    except (PhotoError, RecipeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    Image.fromarray(np.ascontiguousarray(picture)).save(arguments.out, compress_level=1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
