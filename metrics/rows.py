"""The shape of a row in the registry: a measure, a metric, a dimension. Rows are facts about figures; nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from metrics.formula import Formula


class How(StrEnum):
    """How a table gives a measure: by adding a column up, by counting distinct keys, or ready-made for exactly one period."""

    SUM = "sum"
    DISTINCT = "distinct"
    EXACT = "exact"


@dataclass(frozen=True)
class Where:
    """A plain condition on one column of the measure's own table: `op` is in, not in."""

    column: str
    values: tuple[str | int, ...]
    within: bool = True


@dataclass(frozen=True)
class Gives:
    """A table that can give a measure.

    `columns` is added up, or counted distinct together. `minus` is taken off, where it was sent. `whole` says that a null in the
    column means "not recorded", so that a sum over it would be too small and is not shown. `flag` is what the source must have sent
    for the table to count at all (see `metrics.ledger.Profile`). `one_goal` holds for sums that several goals would count twice.
    """

    table: str
    columns: tuple[str, ...]
    how: How = How.SUM
    where: tuple[Where, ...] = ()
    minus: str = ""
    whole: bool = False
    flag: str = ""
    one_goal: bool = False


@dataclass(frozen=True)
class Measure:
    """A number the engine can bring. `gives` are the tables that can, preferred first.

    `adds` says over which breakdowns groups may be added up: all, none, or all but the goal. `one_system` is for what every ad
    system counts by its own rules, so that two systems are never added.
    """

    key: str
    title: str
    meaning: str
    unit: str
    gives: tuple[Gives, ...]
    adds: str = "all"
    one_system: bool = False

    @property
    def money(self) -> bool:
        return self.unit == "money"


@dataclass(frozen=True)
class Metric:
    """A figure people talk about: a sum, or one sum divided by another.

    `over` and `under` are linear in measures. `relative` makes it a share of the result's total ("share") or an index against the
    result's own average ("index"). `example` is (values of measures and settings, what comes out).
    """

    key: str
    title: str
    meaning: str
    over: str
    unit: str
    section: str
    better: str
    edge: str
    levers: str
    misreading: str
    example: tuple[Mapping[str, float], float]
    models: tuple[str, ...]
    under: str = ""
    relative: str = ""
    cite: str = ""

    @property
    def formula(self) -> Formula:
        return Formula.of(self.over)

    @property
    def divisor(self) -> Formula | None:
        return Formula.of(self.under) if self.under else None

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure the metric needs, in the order of its formula."""
        divisor = self.divisor
        return tuple(dict.fromkeys((*self.formula.measures, *(divisor.measures if divisor else ()))))

    @property
    def aggregation(self) -> str:
        """S, a sum over anything; R, a ratio of sums; the registry knows which measures make it N (a query of its own)."""
        return "R" if self.under or self.relative else "S"

    @property
    def written(self) -> str:
        """The formula as people read it."""
        if self.relative == "share":
            return f"{_bracketed(self.over)} / total {_bracketed(self.over)}"
        if not self.under:
            return self.over
        ratio = f"{_bracketed(self.over)} / {_bracketed(self.under)}"
        return f"({ratio}) / average ({ratio})" if self.relative == "index" else ratio


def _bracketed(text: str) -> str:
    return f"({text})" if " + " in text or " - " in text else text


@dataclass(frozen=True)
class Dimension:
    """What figures can be broken down by.

    `kind`: time (from the day), origin (from the fields of ORIGINS), column (a column of the fact tables), account, goal, money.
    `part` is what a table must carry: `origin`, or the column's own name. `titles` names the keys that need a name.
    """

    key: str
    title: str
    meaning: str
    kind: str
    part: str = ""
    titles: tuple[tuple[str, str], ...] = ()
