# The four networks, each loaded on first use and kept for the life of the process.
# A cv2.dnn network holds its input as state, so one lock per network makes calls from threads safe.
from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from studio.avatar.pixels import F32, U8, f32, resize_u8

FOLDER = Path(__file__).with_name("models")

FACE_DETECTION = "face_detection_full_range.tflite"
FACE_LANDMARK = "face_landmark.tflite"
SELFIE = "selfie_segmentation.tflite"
U2NET = "u2netp.onnx"

_IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_IMAGENET_DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)


class Network:
    """One network file; `run` gives the named outputs for an NCHW float32 input."""

    def __init__(self, name: str) -> None:
        path = str(FOLDER / name)
        self._net = (
            cv2.dnn.readNetFromONNX(path) if name.endswith(".onnx") else cv2.dnn.readNetFromTFLite(path)
        )
        self._lock = threading.Lock()

    def run(self, tensor: F32, outputs: Sequence[str] = ()) -> tuple[F32, ...]:
        """Forward once per output name (the default output when none is named)."""
        with self._lock:
            self._net.setInput(tensor)
            if not outputs:
                return (f32(self._net.forward()).copy(),)
            # OpenCV 5 refuses both outputs of BlazeFace in one call; one by one costs nothing more.
            return tuple(f32(self._net.forward(name)).copy() for name in outputs)


@cache
def network(name: str) -> Network:
    """The network of that file name, loaded once per process."""
    return Network(name)


def tensor(image: U8, side: int, *, signed: bool = False) -> F32:
    """An H×W×3 RGB picture as 1×3×side×side float32, in −1…1 when `signed`, else in 0…1."""
    values = f32(resize_u8(image, side, side))
    scaled = values / 127.5 - 1.0 if signed else values / 255.0
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def selfie_mask(image: U8) -> F32:
    """Probability of "person", 256×256 in 0…1, for an H×W×3 RGB picture of any size."""
    (mask,) = network(SELFIE).run(tensor(image, 256))
    return f32(mask.reshape(256, 256))


def salient_mask(image: U8) -> F32:
    """U²-Net light's saliency, 320×320, min-max scaled to 0…1, for an H×W×3 RGB picture of any size."""
    values = f32(resize_u8(image, 320, 320))
    values = values / max(float(values.max()), 1e-6)  # as the authors' own pre-processing does
    normal = (values - _IMAGENET_MEAN) / _IMAGENET_DEVIATION
    (mask,) = network(U2NET).run(np.ascontiguousarray(f32(normal).transpose(2, 0, 1)[None]))
    mask = mask.reshape(320, 320)
    low, high = float(mask.min()), float(mask.max())
    return f32((mask - low) / max(high - low, 1e-6))
