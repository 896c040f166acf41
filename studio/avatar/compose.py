# What is inside the shape: the person placed on the canvas, in the wished light and style, over the
# wished backdrop.
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.avatar.backdrop import becoming, cover, flat, gradient
from studio.avatar.features import Features, find_features
from studio.avatar.light import adjusted
from studio.avatar.mesh import Mesh
from studio.avatar.pixels import F32, U8, f32, over, smoothstep, to_u8, wide_blur
from studio.avatar.placing import warp
from studio.avatar.recipe import Recipe
from studio.avatar.styles import STYLES, Scene, apply_style
from studio.avatar.subject import Cutout

SCENES = ("original", "blur", "image")


@dataclass(frozen=True, slots=True)
class View:
    """A photo seen through a frame: `matrix` (2×3) takes photo pixels to a width×height canvas."""

    photo: U8
    cutout: Cutout
    meshes: tuple[Mesh, ...]
    matrix: F32
    width: int
    height: int


def paint(view: View, look: Recipe, image: U8 | None = None) -> U8:
    """The content as height×width×4 RGBA uint8; transparent only where the look says so."""
    person, alpha = _place(view)
    features = find_features(view.meshes, view.matrix, view.width, view.height)
    colors = look.background.colors

    def scene(picture: F32) -> Scene:
        return Scene(picture, alpha, features, colors)

    if look.background.kind == "original":
        whole = _whole(view, person, alpha)
        if not look.adjust.neutral:
            whole = adjusted(scene(whole), look.adjust)
        return _opaque(apply_style(look.style, scene(whole), look.strength))
    if not look.adjust.neutral:
        person = adjusted(scene(person), look.adjust)
    if look.background.kind == "transparent":
        return np.dstack(
            [to_u8(apply_style(look.style, scene(person), look.strength)), to_u8(f32(alpha * 255.0))]
        )
    behind = _backdrop(view, look, person, alpha, features, image)
    if look.style == "none" or look.background.kind in SCENES or STYLES[look.style].whole:
        return _opaque(apply_style(look.style, scene(over(person, alpha, behind)), look.strength))
    return _opaque(over(apply_style(look.style, scene(person), look.strength), alpha, behind))


def _backdrop(view: View, look: Recipe, person: F32, alpha: F32, features: Features, image: U8 | None) -> F32:
    kind, width, height = look.background.kind, view.width, view.height
    if kind == "color":
        return flat(look.background.colors[0], width, height)
    if kind == "image" and image is not None:
        return cover(image[..., :3], width, height)
    if kind == "blur":
        return _blurred(view, alpha, look.background.amount)
    if kind == "auto":
        return gradient(becoming(person, alpha, features.skin), width, height)
    return gradient(look.background.colors or ("#4f7bff", "#8a4fff"), width, height)


def _whole(view: View, person: F32, alpha: F32) -> F32:
    """The photo as it is; where it ends too early its background goes on, out of focus, behind the person."""
    scene, inside = _seen(view)
    if inside.min() >= 1:
        return scene
    beyond = over(person, alpha, _blurred(view, alpha, 0.6))
    return over(scene, inside, beyond)


def _seen(view: View) -> tuple[F32, F32]:
    """The photo on the canvas and how far it reaches: 1 inside, softly 0 beyond its edges."""
    height, width = view.photo.shape[:2]
    scene = f32(warp(view.photo, view.matrix, view.width, view.height, cv2.BORDER_REPLICATE))
    scale = float(np.hypot(view.matrix[0, 0], view.matrix[1, 0]))
    back = f32(cv2.invertAffineTransform(view.matrix))
    x = np.arange(view.width, dtype=np.float32)[None] + 0.5
    y = np.arange(view.height, dtype=np.float32)[:, None] + 0.5
    column = back[0, 0] * x + back[0, 1] * y + back[0, 2]
    row = back[1, 0] * x + back[1, 1] * y + back[1, 2]
    edge = np.minimum(np.minimum(column, width - column), np.minimum(row, height - row)) * scale
    return scene, smoothstep(0.0, max(2.0, 0.03 * min(view.width, view.height)), f32(edge))


def _blurred(view: View, alpha: F32, amount: float) -> F32:
    """The photo's own background out of focus; the person is left out of the sum and leaves no ghost."""
    scene, inside = _seen(view)
    sigma = (0.01 + 0.07 * amount) * min(view.width, view.height)
    free = np.clip(1 - 1.15 * f32(cv2.dilate(alpha, np.ones((7, 7), np.uint8))), 0, 1)
    free = f32(free * inside + 1e-4)
    total, weight = np.zeros_like(scene), np.zeros_like(free)
    # Far from any free pixel a wider blur, and then the widest, stands in for the near one.
    for wider, share in ((1, 1.0), (4, 0.02), (12, 0.001)):
        total = f32(total + share * wide_blur(f32(scene * free[..., None]), sigma * wider))
        weight = f32(weight + share * wide_blur(free, sigma * wider))
    return f32(total / weight[..., None])


def _opaque(color: F32) -> U8:
    return np.dstack([to_u8(color), np.full(color.shape[:2], 255, dtype=np.uint8)])


def _place(view: View) -> tuple[F32, F32]:
    """The cutout on the canvas: colours (0…255) and alpha (0…1)."""
    cutout = view.cutout
    local = view.matrix.copy()
    local[:, 2] += view.matrix[:, :2] @ f32([cutout.x, cutout.y])
    local[:, :2] /= cutout.scale
    color = warp(cutout.color, local, view.width, view.height, cv2.BORDER_REPLICATE)
    alpha = warp(cutout.alpha, local, view.width, view.height, cv2.BORDER_REPLICATE)
    return f32(color), f32(alpha) / np.float32(255)
