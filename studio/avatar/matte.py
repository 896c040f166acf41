# Who is person and what is background. Two networks see the crop and each is trusted where it is right:
# the selfie mask knows persons but not outlines, U²-Net light knows outlines but keeps flags, chairs and
# helmets. So the first bounds the second, the face's place vouches for hair and hat, and colours settle
# the outline.
from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from studio.avatar.mesh import Mesh
from studio.avatar.models import salient_mask, selfie_mask
from studio.avatar.pixels import AREA, F32, LINEAR, U8, blur, f32, resize_f32, resize_u8, smoothstep, to_u8
from studio.avatar.propagate import propagate
from studio.avatar.sampling import settle
from studio.avatar.upright import upright
from studio.avatar.witness import colour_odds

SIDE = 320
WORKING = 512
REACH = 5
KEEP = 16
SPIKE = 6
VEIL = 0.06
WORD = 1.5
LEAN = 0.08
HEAD_WIDTH, HEAD_RISE, HEAD_HEIGHT = 0.60, 0.55, 0.76


def person_matte(
    image: U8, mesh: Mesh | None = None, others: Sequence[Mesh] = (), *, fine: bool = False
) -> F32:
    """Alpha (H×W, 0…1) of the person in an H×W×3 RGB crop; meshes are in the crop's pixels.

    `mesh` is the chosen face (None: everyone), `others` are people to leave out as far as the picture allows;
    `fine` settles large pictures at twice the resolution.
    """
    height, width = image.shape[:2]
    roll = mesh.roll if mesh is not None else 0.0
    person = upright(selfie_mask, image, (width, height), roll, SIDE)
    share = _share(mesh, others, width, height)
    if share is not None:
        person = f32(person * share)
    head = _head(mesh, width, height)
    salient = upright(salient_mask, _quietened(image, person, head), (width, height), roll, SIDE)
    coarse = _combine(salient if share is None else f32(salient * share), person, head)
    return _settled(image, coarse, person, WORKING * (2 if fine and max(height, width) > 1200 else 1))


def quick_matte(image: U8) -> F32:
    """Alpha from the selfie mask alone: for previews."""
    height, width = image.shape[:2]
    return smoothstep(0.35, 0.8, resize_f32(selfie_mask(image), width, height))


def object_matte(image: U8) -> F32 | None:
    """Alpha of the salient object where there is no face; None when nothing stands out clearly."""
    mask = salient_mask(image)
    area = float((mask > 0.5).mean())
    doubt = float(((mask > 0.15) & (mask < 0.85)).mean())
    if not 0.03 < area < 0.85 or doubt > 0.5 * area:
        return None
    return _settled(image, mask, mask, WORKING)


def _settled(image: U8, coarse: F32, vouched: F32, working: int) -> F32:
    """The coarse alpha brought to the picture's outlines and size; spikes need the `vouched` mask's word."""
    height, width = image.shape[:2]
    scale = min(1.0, working / max(height, width))
    wide, tall = max(1, round(width * scale)), max(1, round(height * scale))
    small = f32(resize_u8(image, wide, tall, AREA))
    prior = f32(np.clip(resize_f32(_connected(coarse), wide, tall, cv2.INTER_CUBIC), 0, 1))
    odds = colour_odds(small, prior)
    prior = _judged(small, prior, odds)
    alpha = _trimmed(settle(small, prior), prior, resize_f32(vouched, wide, tall, LINEAR), odds)
    alpha = f32(cv2.medianBlur(_connected(alpha), 3))
    grown = f32(np.clip(resize_f32(alpha, width, height, cv2.INTER_CUBIC), 0.0, 1.0))
    # The last hundredths on both sides are doubt, not hair: cleared, they leave no veil.
    cleared = f32(grown * smoothstep(0.0, VEIL, grown))
    return f32(1 - (1 - cleared) * smoothstep(0.0, VEIL, f32(1 - cleared)))


def _judged(image: F32, prior: F32, odds: F32) -> F32:
    """The prior after the colours' word (log odds), sure places carried into doubtful ones of like colour."""
    told = 1.0 / (1.0 + np.exp(-(_odds(prior, 0.02) + WORD * odds)))
    # Where colours say nothing the prior stays as it was, to the last hundredth.
    heard = np.clip(np.abs(odds) / 0.5, 0, 1)
    # Doubt of a network is not half-covered hair: what is left of it leans to its nearer side.
    return smoothstep(LEAN, 1 - LEAN, propagate(image, f32(prior + (told - prior) * heard)))


def _combine(salient: F32, person: F32, head: F32) -> F32:
    """Half the outline network bounded by the person mask's surroundings, half both in log odds."""
    vouched = f32(np.maximum(person, 0.97 * head * smoothstep(0.6, 0.95, salient)))
    bounded = np.clip(salient, _shrunk(vouched), _grown(vouched, REACH))
    both = 1.0 / (1.0 + np.exp(-0.7 * (_odds(salient) + _odds(vouched))))
    return f32(0.6 * bounded + 0.4 * both)


def _connected(alpha: F32) -> F32:
    """The alpha without islands: only what hangs together with the largest solid part, and its soft rim."""
    solid = cv2.erode((alpha > 0.5).astype(np.uint8), _disc(1))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    if count <= 2:
        return alpha
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = np.isin(labels, 1 + np.flatnonzero(areas > 0.2 * areas.max()))
    return f32(alpha * blur(_grown(f32(kept.astype(np.float32)), 8), 2.0))


def _trimmed(alpha: F32, prior: F32, person: F32, odds: F32) -> F32:
    """Without thin spikes nothing vouches for: a flag's star or cord beside a hat.

    The person mask must vouch for what is not sure, and the colours for what lies close to the body.
    """
    unit = max(1.0, max(alpha.shape) / 512.0)
    thick = cv2.erode(alpha, _disc(round(SPIKE * unit)))
    body = blur(f32(cv2.dilate(thick, _disc(round((SPIKE + 2) * unit)))), 1.0)
    doubtful = 1 - smoothstep(0.45, 0.75, prior) * smoothstep(0.4, 0.85, person)
    kept = f32(alpha + (np.minimum(alpha, body) - alpha) * doubtful)
    close = blur(f32(cv2.dilate(thick, _disc(round((SPIKE + 1) * unit)))), 0.7)
    foreign = 1 - smoothstep(0.3, 0.9, odds)
    return f32(kept + (np.minimum(kept, close) - kept) * foreign)


def _quietened(image: U8, person: F32, head: F32) -> U8:
    """The crop at 320×320, all that is far from the person blurred away: no flag shall catch the eye."""
    small = f32(resize_u8(image, SIDE, SIDE, AREA))
    near = np.maximum(_grown(f32((person > 0.5).astype(np.float32)), KEEP), (head > 0.5).astype(np.float32))
    keep = blur(f32(near), 5.0)[..., None]
    free = f32(1 - person)[..., None]
    soft = blur(f32(small * free), 40.0) / (blur(free[..., 0], 40.0)[..., None] + 1e-3)
    return to_u8(f32(small * keep + soft * (1 - keep)))


def _head(mesh: Mesh | None, width: int, height: int) -> F32:
    """Where hair and hat can be: an ellipse round and above the face, 1 inside, soft at its rim."""
    picture = np.zeros((SIDE, SIDE), dtype=np.float32)
    if mesh is None:
        return picture
    scale = np.array([SIDE / width, SIDE / height], dtype=np.float32)
    up = f32(mesh.eye_centre - mesh.points[152])
    up /= max(float(np.linalg.norm(up)), 1e-6)
    centre = (mesh.eye_centre + up * HEAD_RISE * mesh.height) * scale
    axes = (
        max(1, round(HEAD_WIDTH * mesh.height * scale[0])),
        max(1, round(HEAD_HEIGHT * mesh.height * scale[1])),
    )
    cv2.ellipse(picture, (round(float(centre[0])), round(float(centre[1]))), axes, mesh.roll, 0, 360, 1.0, -1)
    return blur(picture, 2.0)


def _share(mesh: Mesh | None, others: Sequence[Mesh], width: int, height: int) -> F32 | None:
    """How much of each pixel (320×320) belongs to the chosen person: the nearest face, by its size."""
    if mesh is None or not others:
        return None
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    x, y = (x + 0.5) * (width / SIDE), (y + 0.5) * (height / SIDE)
    own = _away(mesh, x, y)
    rival = np.min([_away(other, x, y) for other in others], axis=0)
    return smoothstep(-0.12, 0.12, f32(rival - own))


def _away(mesh: Mesh, x: F32, y: F32) -> F32:
    """Distance from a person's axis in face widths; below the chin, bodies widen and height counts less."""
    low, high = mesh.oval.min(axis=0), mesh.oval.max(axis=0)
    centre, size = (low + high) / 2, float(mesh.height)
    down = np.where(y > centre[1], 0.25, 0.8)
    return f32(np.hypot((x - centre[0]) / size, (y - centre[1]) / size * down))


def _odds(probability: F32, least: float = 0.01) -> F32:
    inside = np.clip(probability, least, 1 - least)
    return f32(np.log(inside / (1 - inside)))


def _grown(mask: F32, reach: int) -> F32:
    return f32(cv2.dilate(mask, _disc(reach)))


def _shrunk(mask: F32) -> F32:
    return f32(cv2.erode(mask, _disc(REACH)))


def _disc(radius: int) -> U8:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(kernel, dtype=np.uint8)
