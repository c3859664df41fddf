"""Ending without cutting anybody off: told to stop, the server first lets running answers come to their end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from data import log, meters

RUNS = "vitrina_run_seconds"
LAST = 5.0
"""Unit: seconds that the server's own way of stopping may take."""
GRACE = 10.0
"""Unit: seconds that running answers are waited for."""
_TAIL = 0.3
"""Unit: seconds in which the last words of an answer are sent after it was made."""
_told = threading.Event()


def stopping() -> bool:
    """Whether the server has been told to stop. It is not ready any more, so that a proxy sends newcomers elsewhere."""
    return _told.is_set()


def gently(numbers: tuple[signal.Signals, ...] = (signal.SIGTERM,)) -> None:
    """Put the waiting before what the server does on these signals; told twice, it stops at once. Only from the main thread.

    NB: the server's own way closes every websocket in the same moment, with half of an answer sent.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in numbers:
        _before(number, signal.getsignal(number))


def _before(number: signal.Signals, then: Any) -> None:
    def hear(heard: int, frame: FrameType | None) -> None:
        if not callable(then) or _told.is_set():
            signal.signal(number, then)
            signal.raise_signal(number)
            return
        _told.set()
        threading.Thread(target=_wait, args=(lambda: then(heard, None),), name="stopping", daemon=True).start()

    signal.signal(number, hear)


def _wait(then: Callable[[], object]) -> None:
    begun = time.monotonic()
    while meters.running(RUNS) and time.monotonic() < begun + GRACE:
        time.sleep(0.05)
    time.sleep(_TAIL)
    log.event("server stops", waited=round(time.monotonic() - begun, 2), unfinished=meters.running(RUNS))
    then()
    time.sleep(LAST)
    # Only an upload that has stood still, or somebody who reads too slowly, is left by now.
    log.event("server ends with something open")
    os._exit(0)
