"""The question: one hashable value that a page builds from its address and that every answer carries back, filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import unquote

from data.errors import CannotAnswer, did_you_mean
from data.tables import ATTRIBUTION_KEYS
from metrics.channels import GROUPINGS
from metrics.dimensions import BY_KEY
from metrics.periods import given
from metrics.registry import METRICS

_SPECIAL = re.compile(r'[%,;:"]')
COMPARISONS = ("", "previous", "weekdays", "year")
VIEWS = ("", "cohort")
Only = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Query:
    """What is asked. Lists become tuples, so that equal questions are equal values.

    `compare`: "" | previous (the same length just before) | weekdays (shifted by whole weeks) | year (364 days back) | two days of
    one's own, as 2026-01-01/2026-01-31. `to_date` leaves out the end of a period that is not loaded yet, and compares as many days.
    `view` cohort dates and credits every order by the first one of its customer; `within` then counts orders of so many days after it.
    `counter` and `attribution` may stay empty: the answer says which were used. `goals` empty means all. `top` 0 means all rows.
    Raises CannotAnswer for names that are not known, with the nearest ones.
    """

    metrics: tuple[str, ...]
    since: date
    until: date
    by: tuple[str, ...] = ()
    compare: str = ""
    only: Only = ()
    counter: str = ""
    attribution: str = ""
    goals: tuple[str, ...] = ()
    grouping: str = "agency"
    top: int = 0
    to_date: bool = False
    view: str = ""
    within: int = 0

    def __post_init__(self) -> None:
        for name in ("metrics", "by", "goals"):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))
        self._take_goals(tuple((key, tuple(dict.fromkeys(str(value) for value in values))) for key, values in self.only))
        self._check()

    def _take_goals(self, only: Only) -> None:
        """A filter on goals is the choice of goals."""
        chosen = tuple(value for key, values in only if key == "goal" for value in values)
        object.__setattr__(self, "goals", tuple(dict.fromkeys((*self.goals, *chosen))))
        object.__setattr__(self, "only", tuple(sorted(pair for pair in only if pair[0] != "goal")))

    def _check(self) -> None:
        _known("metric", self.metrics, METRICS)
        _known("dimension", (*self.by, *(key for key, _ in self.only)), BY_KEY)
        _check_comparison(self.compare)
        _known("view", (self.view,), VIEWS)
        _known("attribution", (self.attribution,), ("", *ATTRIBUTION_KEYS))
        _known("grouping", (self.grouping,), GROUPINGS)
        for key, values in self.only:
            _check_days(key, values)
        if not self.metrics:
            raise CannotAnswer("No metric was asked for.", "metrics", "Name at least one: {known}.", known=", ".join(METRICS))
        if "currency" in self.by:
            raise CannotAnswer("Money of different currencies is not put side by side.", "by", "Filter by currency instead.")
        if self.since > self.until:
            facts = {"since": self.since, "until": self.until}
            raise CannotAnswer("The period ends before it begins.", "{since} – {until}", "Swap the dates.", **facts)
        if self.top < 0:
            raise CannotAnswer("The number of rows cannot be negative: {top}.", "top", "Give 0 for all rows.", top=self.top)
        if self.within < 0 or (self.within and self.view != "cohort"):
            raise CannotAnswer(
                "A limit of {within} days needs the cohort view.", "within", "Ask for the view cohort, or leave the limit out.",
                within=self.within,
            )

    def as_params(self) -> dict[str, str]:
        """The question as texts for an address; empty parts are left out. `parse` reads it back."""
        written = {
            "metrics": ",".join(self.metrics), "since": self.since.isoformat(), "until": self.until.isoformat(), "by": ",".join(self.by),
            "compare": self.compare, "only": ";".join(f"{key}:{_listed(values)}" for key, values in self.only), "counter": self.counter,
            "attribution": self.attribution, "goals": _listed(self.goals), "grouping": self.grouping, "top": str(self.top or ""),
            "to_date": "1" if self.to_date else "", "view": self.view, "within": str(self.within or ""),
        }
        return {name: text for name, text in written.items() if text}


def parse(params: Mapping[str, str]) -> Query:
    """A question from the texts of an address or a command line. Raises CannotAnswer."""
    _known("parameter", params, [field.name for field in fields(Query)])
    texts: dict[str, Any] = {name: params[name] for name in ("compare", "counter", "attribution", "grouping", "view") if name in params}
    only = [pair.partition(":") for pair in params.get("only", "").split(";") if pair]
    lists: dict[str, Any] = {name: _words(params.get(name, "")) for name in ("metrics", "by", "goals")}
    filters = tuple((key, _words(values)) for key, _, values in only)
    return Query(
        since=_day(params, "since"), until=_day(params, "until"), only=filters, top=_count(params, "top"),
        to_date=params.get("to_date", "") not in ("", "0"), within=_count(params, "within"), **lists, **texts,
    )


def _listed(values: Iterable[str]) -> str:
    return ",".join(_SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", value) or '""' for value in values)


def _words(text: str) -> tuple[str, ...]:
    """NB: an empty value ("not set") is written as two quotes, because an empty list is nothing at all."""
    return tuple("" if word == '""' else unquote(word) for word in text.split(",")) if text else ()


def _day(params: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(params[name])
    except (KeyError, ValueError) as error:
        raise CannotAnswer(
            "{name} is not a date: {value}", "{name}", "Write it as 2026-01-31.", name=name, value=params.get(name, "")
        ) from error


def _count(params: Mapping[str, str], name: str) -> int:
    text = params.get(name, "") or "0"
    if not text.isdecimal():
        raise CannotAnswer("{name} is not a whole number: {value}", "{name}", "Give 0 for no limit.", name=name, value=text)
    return int(text)


def _check_comparison(compare: str) -> None:
    """A name, or two days of one's own."""
    if "/" not in compare:
        return _known("comparison", (compare,), COMPARISONS)
    try:
        given(compare)
    except ValueError as error:
        raise CannotAnswer(
            "{value} is not a period to compare with.", "compare", "Write its days as 2026-01-01/2026-01-31.", value=compare
        ) from error
    return None


def _check_days(key: str, values: tuple[str, ...]) -> None:
    """Values of a filter on time are dates, or numbers of weekdays."""
    if BY_KEY[key].kind != "time":
        return
    for value in values:
        try:
            fits = 1 <= int(value) <= 7 if key == "weekday" else date.fromisoformat(value)
        except ValueError:
            fits = False
        if not fits:
            raise CannotAnswer(
                "{value} is not a value of {key}.", "only", "Weekdays are 1 to 7; everything else is the first day as 2026-01-31.",
                value=value, key=key,
            )


_UNKNOWN = {
    "metric": "There is no metric {name}.",
    "dimension": "There is no breakdown {name}.",
    "comparison": "There is no comparison {name}.",
    "view": "There is no view {name}.",
    "attribution": "There is no attribution model {name}.",
    "grouping": "There is no channel grouping {name}.",
    "parameter": "A question has no part called {name}.",
}


def _known(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    every = list(known)
    for name in names:
        if name not in every:
            near = did_you_mean(name, [word for word in every if word])
            listed = ", ".join(word for word in every if word)
            raise CannotAnswer(
                _UNKNOWN[kind], kind, "Did you mean {near}?" if near else "Known are: {known}.", name=name, near=near, known=listed
            )
