"""How often one address or one account may ask a metered studio: a bucket of leave that fills steadily."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from studio.replies import ApiError

KEPT = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rate:
    """At most `burst` requests at once for each key, and `per_minute` of them in the long run."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._speed = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str) -> None:
        """Take one leave of this key; raises ApiError 429 with the seconds until the next one."""
        moment = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(float(self._burst), moment)
        left = min(float(self._burst), bucket.left + (moment - bucket.at) * self._speed)
        # The key that asked last is the last to be forgotten; a forgotten one starts with a full bucket.
        self._buckets[key] = _Bucket(max(0.0, left - 1) if left >= 1 else left, moment)
        while len(self._buckets) > KEPT:
            del self._buckets[next(iter(self._buckets))]
        if left < 1:
            wait = math.ceil((1 - left) / self._speed)
            raise ApiError(
                429, 429, f"Too many requests; wait {wait} s.", headers={"Retry-After": str(max(1, wait))}
            )
