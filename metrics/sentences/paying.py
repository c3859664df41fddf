"""Whether a customer brings more than he costs: the range of it, a word, and the month in which the cost is back."""

from __future__ import annotations

from data.text import DASH, Words
from metrics.buying.payback import Payback
from metrics.readings.lifetime import EconomicsLine
from metrics.sentences.forms import counted
from metrics.stats import Interval, Kind, Sample, interval


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


def paid_back(found: Payback | None, say: Words) -> str:
    """The month in words."""
    if found is None:
        return DASH
    if found.month is None:
        return say.t("not within {months}", months=counted(found.looked, "month", "months", say))
    return say.t("month {n}, projected" if found.projected else "month {n}", n=found.month)
