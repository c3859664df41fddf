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
    """Hands out a stand-in for every day, length and text of a question, the same one for the same value."""

    def __init__(self) -> None:
        self._days: dict[date, date] = {}
        self._texts: dict[str | tuple[str, ...], str] = {}
        self._lengths: dict[int, int] = {}

    def of(self, day: date) -> date:
        return self._days.setdefault(day, _FIRST + timedelta(days=len(self._days)))

    def moved(self, days: int) -> int:
        """A stand-in for a number of days that a day is moved by; none for none."""
        return self._lengths.setdefault(days, _FARTHEST + len(self._lengths)) if days else 0

    def texts(self, values: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._texts.setdefault(value, f"{_MARK} {len(self._texts)}") for value in values)

    def listed(self, values: Sequence[str]) -> tuple[str, ...]:
        """One stand-in for all of a list, so that more or fewer values find their text ready too. NB: only where `isin` looks for it."""
        wanted = tuple(dict.fromkeys(values))
        if len(wanted) < 2:
            return self.texts(wanted)
        return (self._texts.setdefault(wanted, f"{_MARK} {len(self._texts)}"),)

    @property
    def meant(self) -> Meant:
        """Pairs of a stand-in and what it stands for."""
        days = ((mark, day) for day, mark in self._days.items())
        lengths = ((mark, length) for length, mark in self._lengths.items())
        return (*days, *lengths, *((mark, text) for text, mark in self._texts.items()))


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
