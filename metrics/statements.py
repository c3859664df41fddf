"""Expressions that differ only in days and in the values that are looked for, so that their text is written for an engine once.

Writing an expression as SQL costs more than running it. So days are stand-ins (days of the year 1001) until the last moment, and so are
chosen goals, devices or channels: a question asked anew tomorrow, or with another filter, finds its text ready.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from data.written import Gathered, Meant
from data.written import text as written

if TYPE_CHECKING:
    import pandas as pd

Run = Callable[..., "pd.DataFrame"]
"""Brings the answer to an expression: run(expression, meant), pairs of a stand-in and what it stands for."""

_FIRST = date(1001, 1, 1)
_FARTHEST = 1_000_000_000
"""Unit: days; further than any two days are apart, so that a length of so many days can only be a stand-in."""
_MARK = secrets.token_hex(8)
"""NB: of this process alone, so that no text that people have written can be taken for a stand-in."""


class StandIns:
    """Hands out a stand-in for every day, length and text of a question.

    NB: a new one each time, also for what was there before, so that questions do not differ in what happens to be the same in them.
    """

    def __init__(self) -> None:
        self._days: list[tuple[date, date]] = []
        self._texts: list[tuple[str, str | tuple[str, ...]]] = []
        self._lengths: list[tuple[int, int]] = []

    def of(self, day: date) -> date:
        self._days.append((_FIRST + timedelta(days=len(self._days)), day))
        return self._days[-1][0]

    def moved(self, days: int) -> int:
        """A stand-in for a number of days that a day is moved by; none for none."""
        if not days:
            return 0
        self._lengths.append((_FARTHEST + len(self._lengths), days))
        return self._lengths[-1][0]

    def text(self, value: str | tuple[str, ...]) -> str:
        self._texts.append((f"{_MARK} {len(self._texts)}", value))
        return self._texts[-1][0]

    def listed(self, values: Sequence[str]) -> tuple[str, ...]:
        """One stand-in for all of a list, so that more or fewer values find their text ready too. NB: only where `isin` looks for it."""
        wanted = tuple(dict.fromkeys(values))
        return (self.text(wanted),) if wanted else ()

    @property
    def meant(self) -> Meant:
        """Pairs of a stand-in and what it stands for."""
        return (*self._days, *self._lengths, *self._texts)


@dataclass(frozen=True)
class Statement:
    """An expression with stand-ins and what they stand for, or several gathered."""

    template: ir.Table | Gathered
    meant: Meant = ()

    def text(self, dialect: str) -> str:
        """The statement as an engine understands it."""
        return written(self.template, dialect, self.meant)

    def answer(self, run: Run) -> pd.DataFrame:
        """Shape: the rows that the engine brings."""
        return run(self.template, self.meant)


def within(day: ir.DateValue, periods: tuple[tuple[date, date], ...]) -> ir.BooleanValue:
    """Whether a day lies in any of the periods."""
    return ibis.or_(*((day >= ibis.literal(since, "date")) & (day <= ibis.literal(until, "date")) for since, until in periods))
