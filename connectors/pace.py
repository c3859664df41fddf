"""How fast a service may be asked: limits kept exactly, over all processes of this installation.

A limit of N calls in T seconds is kept by looking at the N-th last call: it must be T seconds old. Calls are noted in small files of the
home folder, one 8-byte time each, so that a pull that was killed and started again, and two pulls under one login, share one count.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from filelock import FileLock

_TIME = struct.Struct("<d")
_MOST_BYTES = 1 << 20
_MARGIN, _LEAST_MARGIN = 0.02, 0.15
"""Unit: share of a rate's time, and seconds."""


@dataclass(frozen=True)
class Clock:
    """What time it is (seconds since 1970) and how to wait. Tests hand over their own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def at(self, ahead: float = 0.0) -> datetime:
        """The moment `ahead` seconds from now, UTC."""
        return datetime.fromtimestamp(self.now() + ahead, UTC)


@dataclass(frozen=True)
class Rate:
    """At most `calls` in any `seconds`, counted for each host, login or account; `under` counts only paths that begin so. Tests set
    `hurry`, by which every rate of the process is faster."""

    hurry: ClassVar[float] = 1.0

    calls: int
    seconds: float
    of: str = "login"
    under: str = ""

    @property
    def window(self) -> float:
        """Unit: seconds, with what it takes on top because the service counts arrivals, which come less evenly than we send."""
        seconds = self.seconds / self.hurry
        return seconds + max(seconds * _MARGIN, min(_LEAST_MARGIN, seconds))


Counted = Sequence[tuple[str, Rate]]
"""Shape: (whose, rate): the name of the host, login or account that the rate is counted for."""


class Pace:
    """The notes of past calls in `folder`. Safe for threads and processes."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        folder.mkdir(parents=True, exist_ok=True)

    def wait(self, counted: Counted, patience: float) -> float:
        """Wait until one more call is within every rate, and note it. Returns 0, or the seconds left where they exceed `patience`."""
        while True:
            with self._lock():
                now = self.clock.now()
                left = max((self._left(whose, rate, now) for whose, rate in counted), default=0.0)
                if left <= 0:
                    for place in {self._file(whose, rate.under) for whose, rate in counted}:
                        self._note(place, now, max(rate.calls for _, rate in counted))
                    return 0.0
            if left > patience:
                return left
            self.clock.sleep(left)

    def close(self, whose: str, until: float) -> None:
        """Remember that nothing is to be asked for `whose` before `until`."""
        with self._lock():
            self._closed(whose).write_bytes(_TIME.pack(until))

    def closed(self, whose: str) -> float:
        """Seconds for which nothing is to be asked for `whose`; 0 when it may be."""
        try:
            until: float = _TIME.unpack(self._closed(whose).read_bytes())[0]
        except (FileNotFoundError, struct.error):
            return 0.0
        return max(0.0, until - self.clock.now())

    def _left(self, whose: str, rate: Rate, now: float) -> float:
        try:
            with self._file(whose, rate.under).open("rb") as file:
                size = file.seek(0, os.SEEK_END) // _TIME.size
                if size < rate.calls:
                    return 0.0
                file.seek((size - rate.calls) * _TIME.size)
                nth_last: float = _TIME.unpack(file.read(_TIME.size))[0]
        except FileNotFoundError:
            return 0.0
        if nth_last > now:
            # NB: the clock was set back; that must not close a service for a day.
            return 0.0
        return nth_last + rate.window - now

    def _note(self, place: Path, now: float, kept: int) -> None:
        with place.open("ab") as file:
            file.write(_TIME.pack(now))
            size = file.tell()
        if size > _MOST_BYTES:
            place.write_bytes(place.read_bytes()[-max(kept, 10_000) * _TIME.size :])

    def _file(self, whose: str, under: str) -> Path:
        return self.folder / f"{hashlib.sha256(f'{whose} {under}'.encode()).hexdigest()[:20]}.calls"

    def _closed(self, whose: str) -> Path:
        return self.folder / f"{hashlib.sha256(whose.encode()).hexdigest()[:20]}.closed"

    def _lock(self) -> FileLock:
        return FileLock(self.folder / "pace.lock")
