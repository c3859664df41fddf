"""The shape of a row in the registry: a measure, a metric, a dimension. Rows are facts about figures; nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from metrics.formula import Formula


class How(StrEnum):
    """How a table gives a measure: by adding a column up, by counting distinct keys, ready-made for exactly one period, by the middle of
    its values, or by the middle of a length of time that is not over yet for some rows (see `metrics.survival`)."""

    SUM = "sum"
    DISTINCT = "distinct"
    EXACT = "exact"
    MEDIAN = "median"
    SURVIVAL = "survival"


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
    for the table to count at all (see `metrics.ledger.Profile`). `one_goal` holds for sums that several goals would count twice;
    `alone` names any other column of which a sum may hold one value only.

    `channels` counts rows of some channels only: paid, or unknown. `nth` counts the first kept order of a customer, or later ones only.
    `sent` names a text that every row must have, else the sum is not known. `least` is how many rows a distinct key must have. `way` is
    how money is multiplied by the client's terms (see `metrics.basis`). `stage` counts the goals that the client's settings name for a step
    of the shop, whatever goals the question chooses.
    """

    table: str
    columns: tuple[str, ...]
    how: How = How.SUM
    where: tuple[Where, ...] = ()
    minus: str = ""
    whole: bool = False
    flag: str = ""
    one_goal: bool = False
    alone: str = ""
    channels: str = ""
    nth: str = ""
    sent: str = ""
    least: int = 1
    way: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Measure:
    """A number the engine can bring. `gives` are the tables that can, preferred first.

    `adds` says over which breakdowns groups may be added up: all, none, or all but the goal. `one_system` is for what every ad
    system counts by its own rules, so that two systems are never added.

    `noise` says what chance does to it: "count" for things that happen by themselves, "exact" for what somebody decides, "unknown" for
    what is no sum, or the measure whose events carry the amounts, with `spread`, the standard deviation over the mean of one amount.
    `needs` says what has to be loaded or set where nothing gives it.
    """

    key: str
    title: str
    meaning: str
    unit: str
    gives: tuple[Gives, ...]
    adds: str = "all"
    one_system: bool = False
    noise: str = "count"
    spread: float | None = None
    needs: str = ""

    @property
    def money(self) -> bool:
        return self.unit == "money"


@dataclass(frozen=True)
class Metric:
    """A figure people talk about: a sum, or one sum divided by another.

    `over` and `under` are linear in measures. `relative` makes it a share of the result's total ("share") or an index against the
    result's own average ("index"). A `price` has no value where nothing was paid: a free visit does not cost nothing, it has no cost to
    divide. `example` is (values of measures and settings, what comes out).
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
    price: bool = False
    cite: str = ""

    @cached_property
    def formula(self) -> Formula:
        return Formula.of(self.over)

    @cached_property
    def divisor(self) -> Formula | None:
        return Formula.of(self.under) if self.under else None

    @cached_property
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
class Modelled:
    """A figure of the catalogue that a method gives and not a formula over measures: it is asked for by a command of its own.

    `kind`: S a sum, R a ratio of sums, N what needs a query of its own, T a stock at an instant, of which the last value counts, M what a
    model says of one slice. `where` is the command that prints it; `needs` what has to be loaded or set first.
    """

    key: str
    title: str
    meaning: str
    formula: str
    unit: str
    section: str
    better: str
    kind: str
    edge: str
    levers: str
    misreading: str
    models: tuple[str, ...]
    where: str
    needs: str


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
