"""Why a figure moved, by channel and then by campaign: parts that add up to the change as it is printed, each with what chance could do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.batches import Note
from metrics import why
from metrics.ask import ask
from metrics.expecting import calendar
from metrics.expecting.bunching import DAYS, bunching
from metrics.readings.doubt import METHOD, SOURCE, Range, ranges
from metrics.readings.parts import Cause, Frames, Inside, Part, by_cause, children_of, parts_of, taken_apart, value_of, whole_of
from metrics.readings.routes import asked_by, explained, needs
from metrics.readings.subject import Backing, Subject, backing, digits_of, known
from metrics.registry import MEASURES
from metrics.result import Result
from metrics.rounding import Waterfall, waterfall
from metrics.rows import Metric
from metrics.scope import Settings
from metrics.statements import Run
from metrics.stats import Word

BY = ("channel", "campaign")
_NOT_WHOLE = Note("why", "The periods are not loaded whole, so the parts would not add up: choose days that are.")


@dataclass(frozen=True)
class WhyReading:
    """A change of one metric taken apart. With a `note` there are no parts, and the note says why.

    Unit: of the metric; shares in shares. `digits` is how figures are printed. Parts stand by size.
    """

    metric: str
    title: str
    unit: str
    better: str
    currency: str
    since: date
    until: date
    compared_since: date
    compared_until: date
    by: tuple[str, ...]
    before: float | None
    after: float | None
    change: float | None
    relative: float | None
    digits: int
    word: Word
    good: bool | None
    low: float | None
    high: float | None
    parts: tuple[Part, ...]
    causes: tuple[Cause, ...]
    steps: Waterfall | None
    method: str
    source: str
    notes: tuple[Note, ...]
    backing: Backing
    note: Note | None = None


def read(
    run: Run, settings: Settings, subject: Subject, metric: str, since: date, until: date, compare: str = "previous", by: Sequence[str] = BY
) -> WhyReading:
    """Take the change of a metric apart by one dimension, and by a second one within it.

    Raises: CannotAnswer for metrics whose parts do not add up, and for more than two dimensions.
    """
    one = explained(metric)
    by = tuple(by)[:2]
    wanted = tuple(dict.fromkeys((metric, *map(asked_by, needs(one)))))
    result = ask(subject.query(wanted, since, until, by, compare), run, settings)
    blank = _blank(one, result, by)
    frames = _frames(result, needs(one), by)
    if blank.note or (note := _silent(one, frames, result, settings)):
        return blank if blank.note else replace(blank, note=note)
    scatter = _scatter(run, settings, subject, one, until, by[0])
    found = taken_apart(one, frames.level(1), settings.factors())
    return _filled(blank, one, found, frames, scatter, settings.factors())


def _blank(metric: Metric, result: Result, by: tuple[str, ...]) -> WhyReading:
    """The reading before anything is explained."""
    assert result.compared is not None and result.before is not None
    before, after = known(result.before[metric.key]), known(result.total[metric.key])
    change = after - before if before is not None and after is not None else None
    relative = change / before if change is not None and before and before > 0 else None
    asked = result.query
    days = calendar.working_days_note(asked.since, asked.until, *result.compared)
    notes = (*(note for note in result.notes if note.kind != "top"), *((days,) if days else ()))
    note = None if change is not None else _unknown(result)
    return WhyReading(
        metric.key,
        metric.title,
        metric.unit,
        metric.better,
        result.currency,
        asked.since,
        asked.until,
        *result.compared,
        by,
        before,
        after,
        change,
        relative,
        digits_of(metric.unit, before, after),
        Word.TOO_FEW,
        None,
        None,
        None,
        (),
        (),
        None,
        "",
        "",
        notes,
        backing(result),
        note,
    )


def _unknown(result: Result) -> Note:
    """Why there is no change to speak of: the viewer may not see it, or one of the two figures is not there."""
    hidden = (note for note in result.notes if note.kind == "hidden")
    return next(hidden, Note("why", "One of the periods is not loaded, or has nothing to divide by."))


def _frames(result: Result, measures: Sequence[str], by: tuple[str, ...]) -> Frames:
    frame = result.frame
    index = pd.MultiIndex.from_frame(frame[list(by)].astype(str)) if len(by) > 1 else pd.Index(frame[by[0]].astype(str), name=by[0])
    here = [name for name in measures if name in frame]
    after, before = (frame[[f"{name}{end}" for name in here]].set_axis(here, axis=1).set_axis(index) for end in ("", "__before"))
    titles = tuple({str(key): result.title(level, key) for key in frame[level].unique()} for level in by)
    used = (after.fillna(1).ne(0).any(axis=1) | before.fillna(1).ne(0).any(axis=1)).to_numpy()
    return Frames(before[used].astype("float64"), after[used].astype("float64"), titles)


def _silent(metric: Metric, frames: Frames, result: Result, settings: Settings) -> Note | None:
    """Why the parts would not be those of the figure on the screen."""
    lacking = [
        key
        for key in metric.measures
        if key not in frames.after or frames.level(1).after[key].isna().any() or frames.level(1).before[key].isna().any()
    ]
    if lacking:
        return Note(
            "why",
            "{what}: not known for every segment of both periods, so the change cannot be taken apart.",
            {"what": MEASURES[lacking[0]].title},
        )
    own_titles = {MEASURES[key].title for key in metric.measures}
    if metric.divisor is None and any(note.kind == "missing" and note.facts.get("what") in own_titles for note in result.notes):
        return _NOT_WHOLE
    for period, total in ((frames.after, result.total), (frames.before, result.before or {})):
        own, shown = value_of(metric, period.sum(), settings.factors()), total[metric.key]
        if shown is None or not np.isclose(own, shown, rtol=1e-6, atol=1e-9):
            return _NOT_WHOLE
    return None


def _scatter(run: Run, settings: Settings, subject: Subject, metric: Metric, until: date, by: str) -> pd.Series[float]:
    """How many times wider than Poisson the days of each segment scatter, by what it is counted in."""
    counted = next((key for key in ("orders", "reaches", "goal_visits", "visits") if key in needs(metric)), None)
    if counted is None:
        return pd.Series(dtype=np.float64)
    asked = asked_by(counted)
    result = ask(subject.query((asked,), until - timedelta(days=DAYS - 1), until, ("day", by)), run, settings)
    table = result.frame.assign(**{by: result.frame[by].astype(str)}).pivot(index="day", columns=by, values=asked)
    whole = table.reindex(pd.date_range(end=pd.Timestamp(until), periods=DAYS))
    return pd.Series(bunching(whole.to_numpy("float64", na_value=np.nan), until), index=table.columns)


# ----------------------------------------------------------------------------------------------------------------- filling


def _filled(
    blank: WhyReading, metric: Metric, found: why.Why, frames: Frames, scatter: pd.Series[float], factors: Mapping[str, float]
) -> WhyReading:
    if found.note or blank.before is None or blank.after is None:
        return replace(blank, note=found.note)
    top = frames.level(1)
    before, after = (one.reindex(found.parts.index).fillna(0.0) for one in (top.before, top.after))
    used = list(noisy_measures(metric, before))
    each, total = ranges(before[used], after[used], whole_of(metric, factors), scatter)
    printed_change = round(blank.after, blank.digits) - round(blank.before, blank.digits)
    parts = parts_of(metric, found, Frames(before, after, frames.titles), each, blank.digits, printed_change, factors, 0)
    if frames.after.index.nlevels > 1:
        inside = Inside.of(metric, frames, factors)
        parts = tuple(replace(part, children=children_of(metric, part, frames, inside, blank.digits, factors)) for part in parts)
    word = _word(total, _of_length(blank, metric))
    word = word if total.real or _judgeable(metric, before, after) else Word.TOO_FEW
    good = (
        None
        if word not in (Word.GREW, Word.FELL) or metric.better not in ("up", "down")
        else (word is Word.GREW) == (metric.better == "up")
    )
    named = pd.Series([part.amount for part in parts], index=[part.title for part in parts], dtype=np.float64)
    return replace(
        blank,
        word=word,
        good=good,
        low=known(total.low),
        high=known(total.high),
        parts=parts,
        causes=by_cause(parts),
        steps=waterfall(blank.before, blank.after, named, blank.digits),
        method=f"{found.method}; {METHOD}",
        source=f"{found.source}; {SOURCE}",
    )


def noisy_measures(metric: Metric, period: pd.DataFrame) -> tuple[str, ...]:
    """The measures that the figure itself is made of, and the events that its amounts come in."""
    events = [MEASURES[key].noise for key in metric.measures]
    return tuple(key for key in dict.fromkeys((*metric.measures, *events)) if key in period)


def _of_length(blank: WhyReading, metric: Metric) -> float:
    """What a sum would have changed by the length of the periods alone. Zero for ratios and for periods of the same length."""
    if metric.divisor is not None or blank.before is None:
        return 0.0
    days, compared = ((last - first).days + 1 for first, last in (
        (blank.since, blank.until), (blank.compared_since, blank.compared_until),
    ))
    return blank.before * (days / compared - 1)


def _word(total: Range, by_length: float) -> Word:
    """The word for a change that stands by the day as well: February is not a fall, and March no growth."""
    if not total.real:
        return Word.NOISE
    if total.low > max(by_length, 0.0):
        return Word.GREW
    return Word.FELL if total.high < min(by_length, 0.0) else Word.NOISE


def _judgeable(metric: Metric, before: pd.DataFrame, after: pd.DataFrame) -> bool:
    counted = [key for key in noisy_measures(metric, before) if MEASURES[key].noise == "count"]
    return all(min(float(before[key].sum()), float(after[key].sum())) >= 5 for key in counted)
