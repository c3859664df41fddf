"""What customers bring and cost, as the page asks for it, and whether a line of it pays back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metrics.readings import lifetime
from metrics.readings.lifetime import Asked, EconomicsLine, LifetimeReading
from metrics.readings.subject import Subject
from metrics.scope import Settings
from metrics.statements import Run
from metrics.stats import Interval, Kind, Sample, interval
from pages.ui import control, reading
from pages.ui.language import t
from pages.ui.view import View

HORIZONS = ("6", "12", "24")
NAME = "horizon"


def read(view: View) -> LifetimeReading:
    """The value of customers as known on the last day of the period. Filters of the bar do not hold: a life has many visits."""
    until = min(view.until, view.loaded[1]) if view.loaded else view.until
    asked = Asked(int(control.kept(NAME, HORIZONS, "12")), None, view.grouping, view.counter, False)
    return reading.read(view, of, view.client.facts, until, asked)


def of(run: Run, settings: Settings, subject: Subject, facts: Mapping[str, Any], until: Any, asked: Asked) -> LifetimeReading:
    """The reading; it takes the client's facts in place of a subject."""
    return lifetime.read(run, settings, facts, until, asked)


def pick() -> None:
    """How long a life is looked at."""
    control.pick(NAME, t("Horizon"), {key: t("LTV over {n} months", n=key) for key in HORIZONS}, "12", width=190)


def cac_range(line: EconomicsLine) -> Interval | None:
    """Where the cost of a customer lies: spend is known, customers come at random."""
    if not line.cac or not line.customers:
        return None
    return interval(Sample(line.cac * line.customers, line.customers), Kind.COST)


def ratio_range(line: EconomicsLine) -> Interval | None:
    """Where LTV:CAC lies: what a random number of customers brings, over spend that is known."""
    if not line.cac or line.value is None or not line.customers:
        return None
    return interval(Sample(line.value * line.customers, line.cac * line.customers, line.customers), Kind.MONEY)


def verdict(line: EconomicsLine, basis: str) -> tuple[str, str]:
    """Whether a customer brings more than he costs: English words and a tone. Revenue alone cannot tell."""
    found = ratio_range(line)
    if found is None:
        return "", "flat"
    if basis != "margin":
        return "margin is not set", "flat"
    if found.low > 1:
        return "pays back", "good"
    return ("does not pay back", "bad") if found.high < 1 else ("too close to call", "flat")
