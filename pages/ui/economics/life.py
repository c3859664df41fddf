"""What customers bring and cost, as the page asks for it."""

from __future__ import annotations

from metrics.readings import lifetime
from metrics.readings.lifetime import Asked, LifetimeReading
from pages.ui import control, reading
from pages.ui.language import t
from pages.ui.view import View

HORIZONS = ("6", "12", "24")
NAME = "horizon"


def read(view: View) -> LifetimeReading:
    """The value of customers as known on the last day of the period. Filters of the bar do not hold: a life has many visits."""
    until = min(view.until, view.loaded[1]) if view.loaded else view.until
    asked = Asked(int(control.kept(NAME, HORIZONS, "12")), None, view.grouping, view.counter, False)
    return reading.of_facts(view, lifetime.read, until, asked)


def pick() -> None:
    """How long a life is looked at."""
    control.pick(NAME, t("Horizon"), {key: t("LTV over {n} months", n=key) for key in HORIZONS}, "12", width=190)
