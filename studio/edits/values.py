"""The numbers an edit falls back on: defaults, ranges, steps and presets, each stated once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GRADIENT = ("#4f7bff", "#8a4fff")
RING_COLOR = "#ffffff"
RING_WIDTH = 0.03
RING_WIDTHS: Mapping[str, float] = {"thin": 0.015, "normal": 0.03, "thick": 0.06}
STILL_MS = 5000
SLIDE_MS = 3000
CROSSFADE_MS = 500
BLUR_AMOUNT = 0.5
SHOULDERS_ZOOM = 0.75
VOLUME = 0.35
VARIANTS = 4
NEUTRAL_ADJUST: Mapping[str, float] = dict.fromkeys(
    ("brightness", "contrast", "saturation", "warmth", "sharpness"), 0
)
TITLE_DEFAULTS: Mapping[str, Any] = {
    "position": "bottom",
    "size": 0.07,
    "color": "#ffffff",
    "fade_in": 300,
    "fade_out": 300,
}
MUSIC_NAMES: Mapping[str, str] = {
    "lofi": "Lo-fi",
    "upbeat": "Upbeat",
    "cinematic": "Cinematic",
    "ambient": "Ambient",
}


@dataclass(frozen=True)
class Range:
    """The values a field may take, and the step of a relative change."""

    low: float
    high: float
    step: float
    default: float

    def holds(self, value: float) -> bool:
        """Whether the value lies inside, with room for rounding."""
        return self.low - 1e-9 <= value <= self.high + 1e-9


RANGES: Mapping[str, Range] = {
    "length": Range(500, 600_000, 1.5, STILL_MS),
    "zoom": Range(0.5, 3, 1.2, 1.0),
    "offset": Range(-0.5, 0.5, 0.05, 0.0),
    "ring": Range(0.005, 0.15, 1.5, RING_WIDTH),
    "strength": Range(0, 1, 0.2, 1.0),
    "adjust": Range(-1, 1, 0.15, 0.0),
    "blur": Range(0, 1, 0.2, BLUR_AMOUNT),
    "speed": Range(0.25, 4, 1.5, 1.0),
    "volume": Range(0, 1, 0.15, VOLUME),
    "size": Range(0.02, 0.3, 1.25, 0.07),
    "canvas": Range(16, 4096, 1.5, 1080),
    "variants": Range(2, 16, 1, VARIANTS),
}

RATIOS: Mapping[str, tuple[int, int]] = {
    "1:1": (1080, 1080),
    "9:16": (1080, 1920),
    "16:9": (1920, 1080),
    "4:5": (1080, 1350),
    "3:4": (1080, 1440),
}
SLIDESHOW_RATIO: Mapping[str, str] = {
    "youtube": "16:9",
    "linkedin": "16:9",
    "facebook": "16:9",
    "x": "16:9",
    "tiktok": "9:16",
    "instagram": "9:16",
    "wechat": "9:16",
    "shorts": "9:16",
    "reels": "9:16",
}
PLATFORM_NAMES: Mapping[str, str] = {
    "discord": "Discord",
    "slack": "Slack",
    "github": "GitHub",
    "x": "X",
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "wechat": "WeChat",
    "telegram": "Telegram",
    "zoom": "Zoom",
    "google": "Google",
    "shorts": "Shorts",
    "reels": "Reels",
}
