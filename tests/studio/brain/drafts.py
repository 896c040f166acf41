"""Start drafts the labelled utterances are said on, and the media that go with them."""

from __future__ import annotations

from typing import Any

from studio.edits import MediaItem

NEUTRAL = {"brightness": 0, "contrast": 0, "saturation": 0, "warmth": 0, "sharpness": 0}


def _draft(d: int, size: tuple[int, int], ratio: str, tracks: list[dict[str, Any]]) -> dict[str, Any]:
    meta = {"title": "project", "width": size[0], "height": size[1], "fps": 30, "ratio": ratio, "version": 3}
    return {"d": d, "m": meta, "t": tracks}


def _video(*segments: dict[str, Any]) -> dict[str, Any]:
    return {"tt": 0, "m": {"id": "v1"}, "sg": list(segments)}


def _music(d: int, asset: str = "music:lofi", volume: float = 0.35) -> dict[str, Any]:
    m = {
        "id": "b1",
        "start": 0,
        "name": "Lo-fi",
        "asset": asset,
        "volume": volume,
        "fade_in": 500,
        "fade_out": 1000,
    }
    return {"tt": 1, "m": {"id": "a1"}, "sg": [{"d": d, "m": m}]}


def _title(text: str, d: int) -> dict[str, Any]:
    m = {"id": "c1", "start": 0, "text": text, "position": "bottom", "size": 0.07, "color": "#ffffff"}
    return {"tt": 7, "m": {"id": "x1"}, "sg": [{"d": d, "m": {**m, "fade_in": 300, "fade_out": 300}}]}


def _avatar(d: int, name: str, asset: str, look: dict[str, Any], **more: Any) -> dict[str, Any]:
    m = {"id": "s1", "start": 0, "kind": "avatar", "name": name, "asset": asset, "avatar": look}
    return {"d": d, "m": {**m, "adjust": dict(NEUTRAL), "motion": "none", "speed": 1.0, **more}}


def _photo(i: int, name: str) -> dict[str, Any]:
    m = {"id": f"s{i + 1}", "start": i * 4000, "kind": "photo", "name": name, "asset": name[0] * 64}
    fade = {"kind": "crossfade", "d": 500} if i else None
    return {"d": 4000, "m": {**m, "adjust": dict(NEUTRAL), "motion": "none", "transition": fade}}


PORTRAIT = MediaItem("p" * 64, "portrait.jpg", "image", 1200, 1600)
BEACH = MediaItem("b" * 64, "beach.jpg", "image", 1600, 1200)
PHOTOS = tuple(
    MediaItem(name[0] * 64, name, "image", 1600, 1200) for name in ("sunrise.jpg", "bridge.jpg", "market.jpg")
)
TEAM = MediaItem("t" * 64, "team.jpg", "image", 2400, 1600)
SONG = MediaItem("r" * 64, "rainy-night.mp3", "audio", duration=95.0)
CLIP = MediaItem("c" * 64, "dance.mp4", "video", 1920, 1080, 20.0)

PLAIN = {
    "shape": "circle",
    "zoom": 1.0,
    "face": 0,
    "background": {"kind": "original"},
    "ring": None,
    "shadow": False,
    "style": "none",
}
RICH = {
    "shape": "rounded",
    "zoom": 1.2,
    "face": 1,
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
    "shadow": True,
    "style": "toon",
}
_DRAWN = {
    "style": "personas",
    "seed": "mia-1",
    "traits": {"hair": "curly", "hair_length": "long", "hair_color": "#6a3e1f"},
}
_SEPIA = {"kind": "color", "color": "#f2e6d8"}


def starts() -> dict[str, tuple[dict[str, Any], tuple[MediaItem, ...]]]:
    """Fresh copies: name → (draft, media)."""
    illustration = {
        "d": 5000,
        "m": {
            "id": "s1",
            "start": 0,
            "kind": "illustration",
            "name": "drawn portrait",
            "illustration": {**_DRAWN, "traits": dict(_DRAWN["traits"])},  # type: ignore[call-overload]
            "avatar": {**{k: v for k, v in PLAIN.items() if k != "face"}, "background": dict(_SEPIA)},
            "adjust": dict(NEUTRAL),
            "motion": "none",
        },
    }
    clip = {
        "d": 20000,
        "m": {
            "id": "s1",
            "start": 0,
            "kind": "clip",
            "name": "dance.mp4",
            "asset": CLIP.asset,
            "source": {"start": 0, "end": 20000},
            "speed": 1.0,
            "adjust": dict(NEUTRAL),
            "motion": "none",
        },
    }
    hosted = {
        "d": 10000,
        "m": {"hosted_ref": "xk-19"},
        "t": [
            {"tt": 0, "m": {}, "sg": [{"d": 10000, "m": {"name": "city timelapse", "lane": "main"}}]},
            {"tt": 1, "m": {}, "sg": [{"d": 10000, "m": {"name": "Lo-fi", "volume": 0.35}}]},
            {"tt": 7, "m": {}, "sg": [{"d": 3000, "m": {"text": "Urban Dreams"}}]},
        ],
    }
    rich = _avatar(10000, "team.jpg", TEAM.asset, {**RICH}, motion="zoom-in")
    rich["m"]["adjust"].update(brightness=0.1, contrast=0.1, saturation=0.1)
    photos = [_photo(i, item.filename) for i, item in enumerate(PHOTOS)]
    square = (1080, 1080)
    return {
        "empty": (_draft(0, square, "1:1", []), ()),
        "empty1": (_draft(0, square, "1:1", []), (PORTRAIT,)),
        "empty3": (_draft(0, square, "1:1", []), PHOTOS),
        "avatar": (
            _draft(6000, square, "1:1", [_video(_avatar(6000, "portrait.jpg", PORTRAIT.asset, {**PLAIN}))]),
            (BEACH, PORTRAIT),
        ),
        "full": (
            _draft(10000, square, "1:1", [_video(rich), _music(10000), _title("Hello Mia", 3000)]),
            (TEAM, SONG),
        ),
        "slides": (_draft(12000, (1920, 1080), "16:9", [_video(*photos)]), PHOTOS),
        "illus": (_draft(5000, square, "1:1", [_video(illustration)]), ()),
        "clip": (
            _draft(20000, (1920, 1080), "16:9", [_video(clip), _music(20000, "music:ambient", 0.5)]),
            (CLIP,),
        ),
        "hosted": (hosted, ()),
    }
