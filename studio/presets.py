"""What platforms want of a profile picture: one table for the engine and for the edits."""

from __future__ import annotations

from collections.abc import Mapping

# Square pixels for avatars and illustrations; what slideshows and clips get is a ratio.
AVATAR_PX: Mapping[str, int] = {
    "discord": 512,
    "slack": 512,
    "github": 500,
    "x": 400,
    "linkedin": 400,
    "instagram": 320,
    "facebook": 720,
    "youtube": 800,
    "tiktok": 200,
    "whatsapp": 640,
    "wechat": 640,
    "telegram": 512,
    "zoom": 400,
    "google": 720,
}
