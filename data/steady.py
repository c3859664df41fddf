"""Answers that hold as long as a version of a store does, kept for whoever asks next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sized
from typing import Generic, TypeVar

Answer = TypeVar("Answer", bound=Sized)


class Steady(Generic[Answer]):
    """The last `most` answers, none of them longer than `rows`. NB: they are shared between threads and must not be changed."""

    def __init__(self, most: int, rows: int) -> None:
        self.most, self.rows = most, rows
        self._kept: dict[Hashable, Answer] = {}
        self._guard = threading.Lock()

    def answer(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What was answered under this key, else what is answered now."""
        with self._guard:
            known = self._kept.pop(key, None)
        found = make() if known is None else known
        if len(found) <= self.rows:
            with self._guard:
                self._kept[key] = found
                while len(self._kept) > self.most:
                    self._kept.pop(next(iter(self._kept)))
        return found
