"""A segment of the audience against all others on one figure: phones against everything that is no phone, Kazan against the rest.

Sums per segment and of all of them go in; one `Segment` per row comes out, with a word that may be said of it. The rest is the total
less the segment, so a segment is never compared with itself. Where many segments are looked at, some stand out by chance alone; the
intervals are therefore widened by their number (Bonferroni), and the words stay honest on a list of a hundred cities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from metrics import stats
from metrics.registry import METRICS
from metrics.result import Result
from metrics.stats import CHANGE_LEVEL, ENOUGH, Interval, Kind, Sample

Sums = Mapping[str, float | None]
"""Measure -> sum."""


@dataclass(frozen=True)
class Kpi:
    """A figure that segments can be judged by: where its noise sits, and the measure that counts its events (for money)."""

    metric: str
    kind: Kind
    events: str = ""


KPIS: Mapping[str, Kpi] = {
    kpi.metric: kpi
    for kpi in (
        Kpi("cr", Kind.SHARE),
        Kpi("cr_order", Kind.SHARE),
        Kpi("revenue_per_visit", Kind.MONEY, "orders"),
        Kpi("aov", Kind.MEAN, "orders"),
        Kpi("bounce_rate", Kind.SHARE),
        Kpi("engagement_rate", Kind.SHARE),
    )
}


class Standing(StrEnum):
    """What may be said of a segment. The words are shown as they stand."""

    BETTER = "better than the rest"
    WORSE = "worse than the rest"
    NOISE = "within noise"
    TOO_FEW = "too few data"
    UNKNOWN = "not recorded"


@dataclass(frozen=True)
class Segment:
    """One segment. `value` and `rest` are the figure here and everywhere else, `range` is the interval of the value and `gap` that of
    the difference; `extra` is how much more (or less) of the numerator came than at the rest's rate; shares are of the whole."""

    key: str
    visits: float | None
    share: float | None
    result: float | None
    result_share: float | None
    value: float | None
    rest: float | None
    range: Interval | None
    gap: Interval | None
    extra: float | None
    standing: Standing

    @property
    def clear(self) -> bool:
        """Whether it really differs from the rest."""
        return self.standing in (Standing.BETTER, Standing.WORSE)


def compare(rows: Mapping[str, Sums], total: Sums, metric: str) -> tuple[Segment, ...]:
    """Every segment against the rest on one of KPIS, the largest first. Shape of rows: key -> sums by measure."""
    samples = {key: (_sample(sums, metric), _sample(_rest(total, sums), metric)) for key, sums in rows.items()}
    words = [_standing(mine, rest, metric, CHANGE_LEVEL)[0] for mine, rest in samples.values()]
    judged = sum(word not in (Standing.TOO_FEW, Standing.UNKNOWN) for word in words)
    # Two segments that make up the whole are one comparison, seen from both sides.
    level = 1 - (1 - CHANGE_LEVEL) / max(1, judged if len(rows) > 2 else 1)
    found = [_segment(key, rows[key], total, *samples[key], metric, level) for key in rows]
    return tuple(sorted(found, key=lambda one: -(one.visits or 0.0)))


def rows_of(result: Result, dimension: str) -> dict[str, Sums]:
    """The sums of an answer by one dimension. Shape: key -> sums by measure."""
    measures = needs(result.query.metrics)
    return {str(row[dimension]): {key: _number(row.get(key)) for key in measures} for row in result.frame.to_dict("records")}


def total_of(result: Result) -> Sums:
    """The sums of an answer's total, which is a question of its own."""
    said = {term.measure: term.value for line in result.receipt.lines for term in (*line.over, *line.under)}
    return {key: said.get(key) for key in needs(result.query.metrics)}


def needs(metrics: Sequence[str]) -> tuple[str, ...]:
    """The measures behind metrics."""
    return tuple(dict.fromkeys(measure for metric in metrics for measure in METRICS[metric].measures))


def strongest(segments: Sequence[Segment]) -> Segment | None:
    """The segment whose difference weighs most: far from the rest, and large."""
    clear = [one for one in segments if one.clear and one.gap is not None]
    return max(clear, key=lambda one: abs((one.value or 0.0) - (one.rest or 0.0)) * (one.share or 0.0), default=None)


# ----------------------------------------------------------------------------------------------------------- one segment


def _segment(key: str, sums: Sums, total: Sums, mine: Sample | None, rest: Sample | None, metric: str, level: float) -> Segment:
    standing, gap = _standing(mine, rest, metric, level)
    over = _over(sums, metric)
    value, others = (None if one is None or math.isnan(one.value) else one.value for one in (mine, rest))
    extra = over - others * mine.under if over is not None and others is not None and mine is not None else None
    return Segment(
        key, sums.get("visits"), _part(sums.get("visits"), total.get("visits")), over, _part(over, _over(total, metric)), value, others,
        stats.interval(mine, KPIS[metric].kind) if mine is not None else None, gap, extra, standing,
    )


def _standing(mine: Sample | None, rest: Sample | None, metric: str, level: float) -> tuple[Standing, Interval | None]:
    if mine is None or rest is None:
        return Standing.UNKNOWN, None
    kind = KPIS[metric].kind
    if kind is Kind.SHARE and not _enough(mine, rest):
        return Standing.TOO_FEW, None
    verdict = stats.judge(rest, mine, kind, METRICS[metric].better, level=level, enough=0 if kind is Kind.SHARE else ENOUGH)
    if verdict.good is None:
        return (Standing.TOO_FEW if verdict.word is stats.Word.TOO_FEW else Standing.NOISE), verdict.interval
    return (Standing.BETTER if verdict.good else Standing.WORSE), verdict.interval


def _enough(mine: Sample, rest: Sample) -> bool:
    """Whether both sides would have enough events if nothing set them apart. NB: what was *seen* must not decide: no order in a thousand
    visits is no lack of data."""
    both = mine.under + rest.under
    return both > 0 and min(mine.under, rest.under) * (mine.over + rest.over) / both >= ENOUGH


def _sample(sums: Sums, metric: str) -> Sample | None:
    """Numerator and denominator; None where one of them is not recorded."""
    over, divisor = _over(sums, metric), METRICS[metric].divisor
    assert divisor is not None, "a figure to judge segments by is a ratio"
    under, events = sums.get(divisor.text), KPIS[metric].events
    if over is None or under is None or (events and sums.get(events) is None):
        return None
    return Sample(max(0.0, over), max(0.0, under), sums[events] if events else None)


def _over(sums: Sums, metric: str) -> float | None:
    """NB: each side of every figure in KPIS is a single measure; a test holds them to it."""
    return sums.get(METRICS[metric].over)


def _rest(total: Sums, sums: Sums) -> Sums:
    return {key: _less(value, sums.get(key)) for key, value in total.items()}


def _less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part


def _part(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _number(value: object) -> float | None:
    return None if value is None or value != value else float(value)  # type: ignore[arg-type]
