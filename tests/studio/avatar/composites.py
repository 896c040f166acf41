# Portraits over thirty backgrounds, with the alpha known exactly because it made them: what the matte is
# measured by. Foreground colours are solved from the reference matte, so that no trace of the true
# background gives the edge away.
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

FOLDER = Path(__file__).parents[2] / "data" / "mattes"
NAMES = ("astronaut", "grace_hopper")
SIDE = 1024


def crop(name: str) -> U8:
    """The head crop of a portrait, 1024×1024×3 RGB."""
    return np.asarray(Image.open(FOLDER / f"{name}.jpg").convert("RGB"), dtype=np.uint8)


def truth(name: str) -> F32:
    """The reference alpha of that crop, 0…1."""
    return np.asarray(Image.open(FOLDER / f"{name}.alpha.png").convert("L"), dtype=np.float32) / np.float32(
        255
    )


def composite(name: str, background: U8) -> U8:
    """That portrait's person over another background."""
    alpha = truth(name)[..., None]
    mixed = _foreground(name) * alpha + background.astype(np.float32) * (1 - alpha)
    return np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def backgrounds() -> Iterator[tuple[str, U8]]:
    """Thirty named backgrounds, 1024×1024×3 RGB, the same on every run."""
    for index, (name, make) in enumerate(_MAKERS.items()):
        picture = make(np.random.default_rng(index))
        yield name, np.clip(picture, 0, 255).astype(np.uint8)


def errors(alpha: F32, reference: F32) -> tuple[float, float]:
    """Mean absolute error over the picture, and within the 60-px band round the reference's outline."""
    solid = (reference > 0.5).astype(np.uint8)
    reach = np.minimum(
        cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5) + 1e3 * solid,
        cv2.distanceTransform(solid, cv2.DIST_L2, 5) + 1e3 * (1 - solid),
    )
    wrong = np.abs(alpha - reference)
    return float(wrong.mean()), float(wrong[reach <= 30].mean())


def _foreground(name: str) -> F32:
    picture, alpha = crop(name).astype(np.float32), truth(name)
    solid = (alpha > 0.98).astype(np.float32)
    filled, weight = picture * solid[..., None], solid
    result, known = picture * solid[..., None], solid.copy()
    for _ in range(7):  # a pyramid of ever wider means fills what is not surely foreground
        filled, weight = cv2.blur(filled, (9, 9)), cv2.blur(weight, (9, 9))
        fresh = (known == 0) & (weight > 1e-3)
        result[fresh] = filled[fresh] / weight[fresh][:, None]
        known[fresh] = 1
    return result


def _noise(random: np.random.Generator, cells: int) -> F32:
    coarse = random.random((cells, cells, 3), dtype=np.float32)
    return cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def _clouds(random: np.random.Generator, low: tuple[int, ...], high: tuple[int, ...]) -> F32:
    grey = sum(_noise(random, 2**k)[..., :1] / 2 ** (k - 1) for k in range(2, 7))
    share = (grey - grey.min()) / (grey.max() - grey.min())
    return np.asarray(low, np.float32) * (1 - share) + np.asarray(high, np.float32) * share


def _ramp(low: tuple[int, ...], high: tuple[int, ...], down: bool = True) -> F32:
    t = np.linspace(0, 1, SIDE, dtype=np.float32)
    t = t[:, None, None] if down else t[None, :, None]
    return np.broadcast_to(
        np.asarray(low, np.float32) * (1 - t) + np.asarray(high, np.float32) * t, (SIDE, SIDE, 3)
    ).copy()


def _flat(color: tuple[int, ...]) -> Callable[[np.random.Generator], F32]:
    return lambda _: np.full((SIDE, SIDE, 3), color, dtype=np.float32)


def _stripes(width: int, a: tuple[int, ...], b: tuple[int, ...], slope: float = 0.0) -> F32:
    y, x = np.mgrid[:SIDE, :SIDE]
    return np.where((((x + slope * y) // width) % 2 == 0)[..., None], a, b).astype(np.float32)


def _bokeh(random: np.random.Generator) -> F32:
    picture = _clouds(random, (18, 20, 34), (50, 40, 70)).astype(np.float32)
    for _ in range(60):
        disc = np.zeros((SIDE, SIDE), np.float32)
        cv2.circle(
            disc, tuple(int(v) for v in random.integers(0, SIDE, 2)), int(random.integers(20, 70)), 1.0, -1
        )
        picture += cv2.GaussianBlur(disc, (0, 0), 3)[..., None] * random.integers(20, 130, 3).astype(
            np.float32
        )
    return picture


def _foliage(random: np.random.Generator) -> F32:
    picture = _clouds(random, (20, 50, 15), (60, 110, 40)).astype(np.float32)
    for _ in range(900):
        centre = tuple(int(v) for v in random.integers(0, SIDE, 2))
        axes = (int(random.integers(8, 30)), int(random.integers(4, 10)))
        color = tuple(float(v) for v in random.integers(20, 90, 3) + np.array([0, 70, 0]))
        cv2.ellipse(picture, centre, axes, float(random.integers(0, 180)), 0, 360, color, -1, cv2.LINE_AA)
    return picture


def _bricks(random: np.random.Generator) -> F32:
    picture = np.full((SIDE, SIDE, 3), (190, 185, 175), np.float32)
    for row in range(0, SIDE, 48):
        for column in range(-96, SIDE, 112):
            left = column + (56 if (row // 48) % 2 else 0)
            color = tuple(float(v) for v in np.array([150, 70, 55]) + random.integers(-25, 25, 3))
            cv2.rectangle(picture, (left + 3, row + 3), (left + 108, row + 44), color, -1)
    return picture + random.normal(0, 6, picture.shape).astype(np.float32)


def _books(random: np.random.Generator) -> F32:
    picture = np.full((SIDE, SIDE, 3), (70, 45, 30), np.float32)
    for shelf in range(0, SIDE, 205):
        x = 0
        while x < SIDE:
            width, tall = int(random.integers(18, 48)), int(random.integers(120, 185))
            color = tuple(float(v) for v in random.integers(30, 220, 3))
            cv2.rectangle(picture, (x, shelf + 190 - tall), (x + width - 2, shelf + 190), color, -1)
            x += width
    return picture


def _city(random: np.random.Generator) -> F32:
    picture = _ramp((120, 160, 220), (235, 200, 170))
    for _ in range(26):
        x, w, h = int(random.integers(0, SIDE)), int(random.integers(50, 140)), int(random.integers(200, 800))
        shade = float(random.integers(40, 130))
        cv2.rectangle(picture, (x, SIDE - h), (x + w, SIDE), (shade, shade, shade + 12), -1)
        for wy in range(SIDE - h + 12, SIDE, 26):
            for wx in range(x + 8, x + w - 10, 22):
                if random.random() < 0.5:
                    cv2.rectangle(picture, (wx, wy), (wx + 9, wy + 12), (240, 220, 150), -1)
    return picture


def _room(random: np.random.Generator) -> F32:
    picture = _ramp((205, 198, 186), (180, 172, 160), down=False)
    cv2.rectangle(picture, (60, 90), (400, 560), (235, 242, 250), -1)
    cv2.rectangle(picture, (60, 90), (400, 560), (110, 80, 60), 14)
    cv2.line(picture, (230, 90), (230, 560), (110, 80, 60), 8)
    cv2.rectangle(picture, (640, 180), (960, 420), (60, 90, 120), -1)
    cv2.rectangle(picture, (640, 180), (960, 420), (30, 25, 20), 10)
    cv2.rectangle(picture, (0, 780), (SIDE, SIDE), (120, 85, 60), -1)
    return cv2.GaussianBlur(picture, (0, 0), 2) + random.normal(0, 3, picture.shape).astype(np.float32)


def _curtain(random: np.random.Generator) -> F32:
    x = np.arange(SIDE, dtype=np.float32)
    folds = 0.6 + 0.25 * np.sin(x / 23) + 0.15 * np.sin(x / 9.7 + 1)
    return np.broadcast_to(folds[None, :, None] * np.array([150, 30, 40], np.float32), (SIDE, SIDE, 3)).copy()


def _flag(random: np.random.Generator) -> F32:
    picture = np.zeros((SIDE, SIDE, 3), np.float32)
    for index in range(13):
        top = index * SIDE // 13
        picture[top:] = (178, 34, 52) if index % 2 == 0 else (245, 245, 245)
    picture[:540, :470] = (40, 45, 110)
    for y in range(40, 540, 60):
        for x in range(40, 470, 70):
            cv2.circle(picture, (x, y), 13, (250, 250, 250), -1, cv2.LINE_AA)
    return picture


def _other_portrait(name: str) -> Callable[[np.random.Generator], F32]:
    def make(random: np.random.Generator) -> F32:
        picture, alpha = crop(name), truth(name)
        hole = cv2.dilate((alpha > 0.02).astype(np.uint8), np.ones((15, 15), np.uint8))
        small = cv2.inpaint(
            cv2.resize(picture, (256, 256)), cv2.resize(hole, (256, 256)), 5, cv2.INPAINT_TELEA
        )
        filled = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        return np.where(hole[..., None] > 0, filled, picture).astype(np.float32)

    return make


_MAKERS: dict[str, Callable[[np.random.Generator], F32]] = {
    "white": _flat((250, 250, 250)),
    "black": _flat((12, 12, 14)),
    "grey": _flat((128, 128, 128)),
    "chroma green": _flat((30, 180, 60)),
    "passport blue": _flat((70, 120, 200)),
    "skin-like": _flat((205, 165, 140)),
    "hair-like": _flat((120, 95, 60)),
    "navy like the suit": _flat((22, 24, 48)),
    "sky": lambda _: _ramp((90, 150, 230), (220, 235, 250)),
    "sunset": lambda _: _ramp((70, 40, 110), (250, 150, 80)),
    "side light": lambda _: _ramp((30, 30, 34), (225, 222, 215), down=False),
    "studio backdrop": lambda r: _clouds(r, (120, 115, 108), (190, 185, 178)),
    "dark backdrop": lambda r: _clouds(r, (25, 25, 30), (80, 75, 70)),
    "warm backdrop": lambda r: _clouds(r, (120, 80, 50), (220, 180, 130)),
    "sky with clouds": lambda r: _clouds(r, (90, 140, 210), (250, 250, 250)),
    "colour noise": lambda r: _noise(r, 24) * 255,
    "soft colours": lambda r: _noise(r, 5) * 255,
    "fine stripes": lambda _: _stripes(14, (210, 205, 190), (120, 130, 140)),
    "wide stripes": lambda _: _stripes(90, (230, 120, 60), (60, 60, 70), 0.4),
    "blinds": lambda _: np.transpose(_stripes(26, (235, 230, 220), (170, 165, 150)), (1, 0, 2)).copy(),
    "checks": lambda _: np.abs(
        _stripes(64, (0, 0, 0), (220, 220, 220)) - _stripes(64, (0, 0, 0), (220, 220, 220)).transpose(1, 0, 2)
    ),
    "bokeh": _bokeh,
    "foliage": _foliage,
    "bricks": _bricks,
    "books": _books,
    "city": _city,
    "room": _room,
    "curtain": _curtain,
    "flag": _flag,
    "behind the other": _other_portrait("grace_hopper"),
}
