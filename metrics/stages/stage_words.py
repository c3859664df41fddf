"""A stage reading in sentences: notes that a page, a slide or a commentary shows in either language."""

from __future__ import annotations

from data.batches import Note
from metrics.product_stage import Override, StageReading
from metrics.stages.stage_outlook import Evidence, Outlook, Span


def stage_lines(reading: StageReading) -> tuple[Note, ...]:
    """What is said about a reading, most important first: the stage or why there is none, evidence, time, outlook, warnings."""
    lines = [_headline(reading), _set_by_hand(reading, reading.override)]
    lines += [_evidence(reading.evidence), _time(reading.time_in_stage), _outlook(reading.outlook), _decline(reading)]
    return (*(line for line in lines if line), *reading.notes)


def second_opinion(main: StageReading, other: StageReading) -> Note:
    """Whether another series (demand for the brand, organic visits) tells the same stage."""
    if main.stage is None or other.stage is None:
        return _note("none yet, until the stage is clear in both series")
    facts = {"main": main.stage, "other": other.stage}
    same = "The second series says the same: {other}"
    return _note(same if main.stage == other.stage else "The second series disagrees: {other}, not {main}", **facts)


def _headline(reading: StageReading) -> Note:
    if reading.stage is None:
        return reading.reason or _note("The stage is not clear")
    return _note("Stage: {stage}, {chance}% likely", stage=reading.stage, chance=round(100 * reading.chances[reading.stage]))


def _set_by_hand(reading: StageReading, override: Override | None) -> Note | None:
    if override is None:
        return None
    known, nobody = "Set by hand to {stage} by {by} on {on}: {reason}", "Set by hand to {stage} on {on}: {reason}"
    facts = {"stage": override.stage, "on": override.on, "reason": override.reason}
    return _note(known, by=override.by, **facts) if override.by else _note(nobody, **facts)


def _evidence(found: Evidence | None) -> Note | None:
    if found is None:
        return None
    slope, level = found.slope, round(100 * found.to_peak)
    text = "Trend: {slope}% a month (80% range: {low}% to {high}%); demand at {level}% of its peak, months seen: {periods}"
    return _note(text, slope=_percent(slope.mid), low=_percent(slope.low), high=_percent(slope.high), level=level, periods=found.periods)


def _time(span: Span | None) -> Note | None:
    if span is None:
        return None
    text = "Months in this stage: at least {mid} ({low} to {high})" if span.at_least else "Months in this stage: {mid} ({low} to {high})"
    return _note(text, **_ends(span))


def _outlook(ahead: Outlook | None) -> Note | None:
    if ahead is None:
        return None
    text = "Outlook by the usual duration: next is {next}, months from now: {mid} ({low} to {high})"
    return _note(text, next=ahead.stage, **_ends(ahead.periods))


def _decline(reading: StageReading) -> Note | None:
    texts = {"watch": "Watch: decline is likelier than not, {chance}%", "alert": "Alert: decline is {chance}% likely"}
    text = texts.get(reading.alert)
    return _note(text, chance=round(100 * reading.chances["decline"])) if text else None


def _ends(span: Span) -> dict[str, object]:
    return {"low": round(span.low), "mid": round(span.mid), "high": round(span.high)}


def _percent(share: float) -> float:
    return round(100 * share, 1)


def _note(text: str, **facts: object) -> Note:
    return Note("stage", text, facts)
