"""Expressions that differ only in days, so that their text is written for an engine once.

Writing an expression as SQL costs more than running it. So days are stand-ins (days of the year 1001) until the last moment, and a
question asked anew tomorrow finds its text ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from data.written import text

if TYPE_CHECKING:
    import pandas as pd

Run = Callable[..., "pd.DataFrame"]
"""Brings the answer to an expression: run(expression, days), the days as pairs of stand-in and day."""

_FIRST = date(1001, 1, 1)


class StandIns:
    """Hands out a stand-in for every day of a question, the same one for the same day."""

    def __init__(self) -> None:
        self._known: dict[date, date] = {}

    def of(self, day: date) -> date:
        return self._known.setdefault(day, _FIRST + timedelta(days=len(self._known)))

    @property
    def days(self) -> tuple[tuple[date, date], ...]:
        """Pairs of stand-in and day."""
        return tuple((stand_in, day) for day, stand_in in self._known.items())


@dataclass(frozen=True)
class Statement:
    """An expression with stand-ins for days, and the days as (stand-in, day)."""

    template: ir.Table
    days: tuple[tuple[date, date], ...] = ()

    def text(self, dialect: str) -> str:
        """The statement as an engine understands it."""
        return text(self.template, dialect, self.days)

    def answer(self, run: Run) -> pd.DataFrame:
        """Shape: the rows that the engine brings."""
        return run(self.template, self.days)


def within(day: ir.DateValue, periods: tuple[tuple[date, date], ...]) -> ir.BooleanValue:
    """Whether a day lies in any of the periods."""
    return ibis.or_(*((day >= ibis.literal(since, "date")) & (day <= ibis.literal(until, "date")) for since, until in periods))
