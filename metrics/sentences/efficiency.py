"""Which paid channels give more of the result than they take of the spend, and whether that is more than chance. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.text import Words
from metrics import stats
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line

WHOLE = {
    "conversions": "{name} brings {result} of paid conversions for {spend} of spend",
    "revenue": "{name} brings {result} of paid revenue for {spend} of spend",
}
SHORT = "{name} brings {result} for {spend}"
WORTH = 0.05
"""A channel with a smaller share of spend than this is not named in the headline."""


@dataclass(frozen=True)
class Paid:
    """One channel with spend: its shares of all paid spend and result. `tone` is good or bad where chance alone does not explain it."""

    line: Line
    spend_share: float
    result_share: float
    tone: str

    @property
    def index(self) -> float:
        return self.result_share / self.spend_share


def paid(lines: Sequence[Line], result: str) -> list[Paid]:
    """Channels with spend, the largest first. `result` is a metric that adds up: conversions or revenue."""
    shown = sorted((line for line in lines if (line.now.get("spend") or 0.0) > 0), key=lambda line: -(line.now["spend"] or 0.0))
    spend, results = (sum(line.now.get(metric) or 0.0 for line in shown) for metric in ("spend", result))
    if not spend or not results:
        return []
    return [
        Paid(line, (line.now["spend"] or 0.0) / spend, (line.now.get(result) or 0.0) / results, _tone(line, shown, result, spend))
        for line in shown
    ]


def _tone(line: Line, shown: Sequence[Line], result: str, spend: float) -> str:
    """Revenue is as sure as the orders it came from."""
    events = "orders" if result == "revenue" else result
    mine, every = line.now.get(events) or 0.0, sum(one.now.get(events) or 0.0 for one in shown)
    if not every:
        return "flat"
    interval = stats.efficiency(min(mine, every), every, line.now["spend"] or 0.0, spend)
    return "flat" if interval.covers(1.0) else "good" if interval.low > 1 else "bad"


def headline(found: Sequence[Paid], asked: Result, result: str, words: Words) -> str:
    """The answer in one sentence."""
    if not found:
        return _without_spend(asked, result, words)
    if len(found) == 1:
        return words.t("All spend goes into one channel: {name}", name=found[0].line.name)
    worth = [one for one in found if one.spend_share >= WORTH]
    best = max((one for one in worth if one.tone == "good"), key=lambda one: one.index, default=None)
    worst = min((one for one in worth if one.tone == "bad"), key=lambda one: one.index, default=None)
    named = [one for one in (best, worst) if one]
    if not named:
        return words.t("No paid channel is cheaper or dearer than the average beyond chance")
    return "; ".join(_share(one, template, words) for one, template in zip(named, (WHOLE[result], SHORT), strict=False))


def _share(one: Paid, template: str, words: Words) -> str:
    return words.t(template, name=one.line.name, result=words.share(one.result_share, 0), spend=words.share(one.spend_share, 0))


def _without_spend(asked: Result, result: str, words: Words) -> str:
    spend = asked.total.get("spend")
    if spend:
        return words.t("Spend is {spend}, and it brought no result yet", spend=answer.speech("spend", asked, words).short(spend))
    lines = [line for line in answer.lines(asked, "channel", words) if line.now.get("visits")]
    visits = sum(line.now["visits"] or 0.0 for line in lines)
    if not visits:
        return words.t("There were no visits in these days")
    first = max(lines, key=lambda line: line.now["visits"] or 0.0)
    share = words.share((first.now["visits"] or 0.0) / visits, 0)
    if "spend" not in asked.total:
        return words.t("Most visits come from {name}: {share}", name=first.name, share=share)
    return words.t("Most visits come from {name}: {share}. What they cost is not loaded", name=first.name, share=share)
