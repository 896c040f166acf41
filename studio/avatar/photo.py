# Reads a photo from an untrusted file into upright RGB pixels, and says in one word why it cannot.
# Only Pillow decodes: it knows the size before it spends memory, and its formats are named one by one.
from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from studio.avatar.pixels import U8

Kind = Literal["unsupported", "corrupt", "too_large"]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_SIDE = 4096
MAX_PIXELS = 100_000_000


class PhotoError(ValueError):
    """A file that cannot be used as a photo; `kind` is "unsupported", "corrupt" or "too_large"."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind: Kind = kind


def load_photo(path: Path, *, max_pixels: int = MAX_PIXELS) -> U8:
    """Decode a photo to H×W×3 uint8 RGB, upright by EXIF, long side ≤ 4096, transparency on white.

    Raises PhotoError before decoding when the header tells more than `max_pixels`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is checked here, and of odd EXIF
        try:
            image = Image.open(path, formats=FORMATS)
        except UnidentifiedImageError as error:
            raise PhotoError("unsupported", "not a picture this engine reads") from error
        except Image.DecompressionBombError as error:
            raise PhotoError("too_large", "the picture has too many pixels") from error
        except FileNotFoundError:
            raise
        except Exception as error:  # decoders raise SyntaxError, struct.error and more
            raise PhotoError("corrupt", "the picture's header is broken") from error
        with image:
            return _decode(image, max_pixels)


def _decode(image: Image.Image, max_pixels: int) -> U8:
    width, height = image.size
    if width < 1 or height < 1:
        raise PhotoError("corrupt", "the picture has no pixels")
    if width * height > max_pixels:
        raise PhotoError(
            "too_large", f"{width}×{height} is over the limit of {max_pixels // 1_000_000} megapixels"
        )
    try:
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # lets JPEG scale by 1/2, 1/4, 1/8 while decoding
        image.load()
        small = _shrink(image)
        upright = ImageOps.exif_transpose(_in_srgb(small))
        return np.ascontiguousarray(np.asarray(_rgb(upright), dtype=np.uint8))
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoError("too_large", "the picture needs more memory than there is") from error
    except Exception as error:
        raise PhotoError("corrupt", "the picture is cut short or damaged") from error


def _shrink(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= MAX_SIDE:
        return image
    scale = MAX_SIDE / longest
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    plain = (
        image if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK", "I;16", "I", "F") else image.convert("RGBA")
    )
    how = Image.Resampling.BOX if image.mode in ("I;16", "I", "F") else Image.Resampling.LANCZOS
    small = plain.resize(size, how, reducing_gap=2.0)
    small.info.update(image.info)
    if orientation := image.getexif().get(0x0112):
        small.getexif()[0x0112] = orientation
    return small


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in sRGB when it carries another profile (phones save in Display P3, printers in CMYK)."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        changed = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: the numbers as they are
    if changed is None:
        return image
    if orientation := image.getexif().get(0x0112):
        changed.getexif()[0x0112] = orientation
    return changed


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
        return _from_deep_grey(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    values = np.asarray(image, dtype=np.float32)
    top = 65535.0 if image.mode != "F" or values.max(initial=0.0) > 1.0 else 1.0
    grey = np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")
