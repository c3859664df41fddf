"""Whether a figure of an answer has really moved, for its colour: which noise it has, and the two sums to judge by. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from metrics.stats import Kind, Sample, Word, judge

Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Noise:
    """Where a metric's noise sits, in terms of metrics that add up: `over` by `under`, events in `events`."""

    kind: Kind
    over: str
    under: str = ""
    events: str = ""


NOISE: Mapping[str, Noise] = {
    "spend": Noise(Kind.EXACT, "spend"),
    "visits": Noise(Kind.COUNT, "visits"),
    "users": Noise(Kind.COUNT, "users"),
    "conversions": Noise(Kind.COUNT, "conversions"),
    "orders": Noise(Kind.COUNT, "orders"),
    "cr": Noise(Kind.COUNT, "conversions", "visits"),
    "cr_order": Noise(Kind.COUNT, "orders", "visits"),
    "cpa": Noise(Kind.COST, "spend", "conversions"),
    "cpo": Noise(Kind.COST, "spend", "orders"),
    "cost_per_visit": Noise(Kind.COST, "spend", "visits"),
    "revenue": Noise(Kind.MONEY, "revenue", "", "orders"),
    "aov": Noise(Kind.MEAN, "revenue", "orders"),
    "roas": Noise(Kind.MONEY, "revenue", "spend", "orders"),
    # Both move exactly when ROAS moves.
    "drr": Noise(Kind.MONEY, "revenue", "spend", "orders"),
    "romi": Noise(Kind.MONEY, "revenue", "spend", "orders"),
}


def needs(metrics: tuple[str, ...]) -> tuple[str, ...]:
    """The metrics, and those that judging them needs."""
    noises = [NOISE[metric] for metric in metrics if metric in NOISE]
    more = [name for noise in noises for name in (noise.over, noise.under, noise.events) if name]
    return tuple(dict.fromkeys((*metrics, *more)))


def sure(metric: str, now: Values, before: Values) -> bool:
    """Whether the change is beyond noise. A metric of which we do not know the noise is never sure."""
    noise = NOISE.get(metric)
    if noise is None:
        return False
    sums = _sums(noise, before), _sums(noise, now)
    if sums[0] is None or sums[1] is None:
        return False
    return judge(sums[0], sums[1], noise.kind).word in (Word.GREW, Word.FELL)


def _sums(noise: Noise, values: Values) -> Sample | None:
    over, under = values.get(noise.over), values.get(noise.under) if noise.under else 1.0
    if over is None or under is None:
        return None
    return Sample(over, under, values.get(noise.events) if noise.events else None)
