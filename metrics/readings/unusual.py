"""What is unusual lately: weeks and days of the main metrics by channel, what it costs, and whether it has become the new normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from data.batches import Note
from metrics import ledger
from metrics.expecting import calendar
from metrics.readings.history import ALL, History, history
from metrics.readings.stretches import Also, Finding, Series, series_of, slow_ratios, strange_days, strange_weeks
from metrics.readings.subject import Backing, Subject, backing, main_metrics
from metrics.readings.worth import Worth
from metrics.registry import METRICS
from metrics.scope import Settings
from metrics.statements import Run
from metrics.unusual import EFFECT, LEVEL_WEEKS, RUN, State, judge_weeks

if TYPE_CHECKING:
    from data.desk.marks import Mark

WEEKS = 12
"""Weeks that are looked at when nobody says."""
MADE = 0.6
"""Part of a total's deviation from which one channel has made it."""


@dataclass(frozen=True)
class UnusualReading:
    """What stands out in a stretch of weeks, dearest first. `judged` series were looked at, `thin` ones hold too few events.

    Unit: `floor` in the client's money: what is cheaper is never an alert.
    """

    since: date
    until: date
    currency: str
    floor: float
    judged: int
    thin: int
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    backing: Backing
    note: Note | None = None


def read(
    run: Run,
    settings: Settings,
    subject: Subject,
    until: date,
    weeks: int = WEEKS,
    metrics: Sequence[str] = (),
    by: str = "channel",
    marks: Sequence[Mark] = (),
    floor: float | None = None,
) -> UnusualReading:
    """Judge the last whole weeks and days up to a day, or up to the last loaded one. `marks` that mask hide their days; others are named
    beside what they may explain."""
    until = min(until, max((span.until for span in ledger.read(run).spans), default=until))
    keys = tuple(metrics) or main_metrics(subject)
    needed = tuple(dict.fromkeys((*keys, *main_metrics(subject))))
    past = history(run, settings, subject, needed, until, by=by)
    worth = Worth(past, settings.margin)
    least = worth.floor if floor is None else floor
    every = [series_of(past, METRICS[key], channel, worth, marks, least) for key in keys for channel in (ALL, *past.channels)]
    found = [one for one in every if one is not None]
    since = until - timedelta(days=until.weekday() + 7 * weeks - (7 if until.weekday() == 6 else 0))
    judged = [judge_weeks(one.watched, least) for one in found]
    stretches = strange_weeks(found, judged, since)
    slow = slow_ratios(past, [METRICS[key] for key in keys], until, least, worth)
    days = strange_days(found, past, until, least)
    moved = [_moved_over(one, found, judged, past) for one in stretches]
    findings = _grouped(_without_totals([_finished(one, marks, past) for one in (*moved, *slow, *days)]))
    short = (
        None
        if any(int(frame["expected"].notna().sum()) > LEVEL_WEEKS for frame in judged)
        else Note(
            "unusual",
            "Too short a history to tell what is unusual: at least {needed} whole weeks are needed.",
            {"needed": LEVEL_WEEKS + RUN + 1},
        )
    )
    notes = [note for note in past.result.notes if note.kind not in ("missing", "period", "common days")]
    if settings.margin is None and worth.total("revenue") > 0:
        notes.append(Note("margin", "The margin is not set: what is strange is priced at the whole revenue."))
    return UnusualReading(
        since, until, past.currency, least, len(found), len(every) - len(found), findings, tuple(notes), backing(past.result), short
    )


# --------------------------------------------------------------------------------------------------------------- the list


def _finished(one: Finding, marks: Sequence[Mark], past: History) -> Finding:
    kinds = dict.fromkeys(
        found for day in calendar.days(one.since, min(one.until, one.since + timedelta(days=20))) if (found := calendar.occasion(day))
    )
    days = [mark for mark in marks if mark.since <= one.until and mark.until >= one.since - timedelta(days=7)]
    # NB: a fault of one channel is seen in the others too: what it loses turns up there under another name.
    near = [mark.text for mark in days if mark.channel in ("", one.channel) or mark.kind == "fault"]
    return replace(
        one, channel_title=past.titles.get(one.channel, one.channel), occasions=tuple(map(str, kinds)), marks=tuple(dict.fromkeys(near))
    )


def _moved_over(one: Finding, series: Sequence[Series], judged: Sequence[pd.DataFrame], past: History) -> Finding:
    """Says so where the total stood still while a channel moved: then visits have changed their label, not their number."""
    if one.metric != "visits" or one.channel == ALL:
        return one
    weeks = slice(pd.Timestamp(one.since), pd.Timestamp(one.until))
    off = {
        other.channel: frame[weeks][["value", "expected"]].sum()
        for other, frame in zip(series, judged, strict=True)
        if other.metric.key == one.metric
    }
    total = off.get(ALL)
    if total is None or not abs(total["value"] / total["expected"] - 1) < EFFECT or not one.expected > 0:
        return one
    gaps = {key: float(sums["value"] - sums["expected"]) for key, sums in off.items() if key not in (ALL, one.channel)}
    against = min(gaps, key=lambda key: gaps[key] * (one.value - one.expected), default="")
    if not gaps.get(against, 0.0) * (one.value - one.expected) < 0 or abs(gaps[against]) < 0.5 * abs(one.value - one.expected):
        return one
    text = "The total stood still, while “{channel}” went the other way: look whether tags or redirects have changed."
    return replace(one, money=None, note=Note("unusual", text, {"channel": past.titles[against]}))


def _without_totals(findings: Sequence[Finding]) -> list[Finding]:
    """The total is left out where one channel made most of it on the same days."""

    def explained(total: Finding) -> bool:
        same = [
            one for one in findings if one.channel != ALL and (one.metric, one.since, one.until) == (total.metric, total.since, total.until)
        ]
        return any(abs(one.value - one.expected) >= MADE * abs(total.value - total.expected) for one in same)

    return [one for one in findings if one.channel != ALL or not explained(one)]


def _grouped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding per channel and time, the dearest; what moved with it stands beside it."""
    # NB: a week says more than the strangest of its days.
    ordered = sorted(findings, key=lambda one: (one.grain == "day", *_rank(one)))
    heads: list[Finding] = []
    for one in ordered:
        place = next((at for at, head in enumerate(heads) if _together(head, one)), None)
        if place is None:
            heads.append(one)
        elif one.metric not in (heads[place].metric, *(also.metric for also in heads[place].also)):
            heads[place] = replace(heads[place], also=(*heads[place].also, Also(one.metric, one.title, one.effect)))
    return tuple(sorted(heads, key=_rank))


def _rank(one: Finding) -> tuple[int, float, float]:
    return list(State).index(one.state), -abs(one.money or 0.0), -abs(one.z or 0.0)


def _together(head: Finding, one: Finding) -> bool:
    near = timedelta(days=7)
    return head.channel == one.channel and one.since - near <= head.until and one.until + near >= head.since
