"""Where a month will end, a sentence per target."""

from __future__ import annotations

from data.text import Words
from metrics.readings.pace import Line, PaceReading
from metrics.sentences.forms import figure, joined, likely

MOST = 3
KEPT = 0.995
"""Share of a target from which it counts as kept: what is missing is not seen in print."""


def sentences(reading: PaceReading, say: Words) -> str:
    """The targets in most trouble; without a plan, where the first figures will end."""
    planned = [line for line in reading.lines if line.plan is not None]
    return joined(sentence(line, reading, say) for line in (planned or reading.lines)[:MOST])


def sentence(line: Line, reading: PaceReading, say: Words) -> str:
    """One target, or one figure without a target."""
    facts = {"what": name(line, say), **{key: figure(getattr(line, key), line.unit, reading.currency, say) for key in _FIGURES}}
    if line.expected is None:
        reason = say.note(line.note) if line.note else ""
        return joined((say.t("{what}: {fact} so far.", **facts), reason))
    if line.plan is None:
        return say.t("{what}: {fact} so far, {expected} expected by the end ({low} to {high}).", **facts)
    if line.budget:
        return _budget(line, reading, say, facts)
    chance = "" if line.chance is None else likely(line.chance, say)
    head = say.t(
        "{what}: {expected} expected against a plan of {plan}, {outlook} (chance {chance}).", **facts, outlook=line.outlook, chance=chance
    )
    return joined((head, _needed(line, reading, say, facts)))


def over(reading: PaceReading) -> bool:
    """Whether the month has ended and is loaded to its last day."""
    return reading.day is not None and reading.day >= reading.until


def kept(line: Line) -> bool | None:
    """Whether a target of a month that is over was kept; a budget has no such verdict."""
    return None if line.budget or line.index is None else line.index >= KEPT


def ended(line: Line, reading: PaceReading, say: Words) -> str:
    """One target of a month that is over."""
    facts = {"what": name(line, say), **{key: figure(getattr(line, key), line.unit, reading.currency, say) for key in ("fact", "plan")}}
    if line.budget:
        share = say.share(line.fact / line.plan, 0) if line.fact is not None and line.plan else ""
        return say.t("{what}: {fact} of a budget of {plan} ({share}).", **facts, share=share)
    good, bad = "{what}: {fact} against a plan of {plan}, kept.", "{what}: {fact} against a plan of {plan}, missed."
    return say.t(good if kept(line) else bad, **facts)


def name(line: Line, say: Words) -> str:
    """The metric, with its channel where it is of one."""
    return f"{say.t(line.title)}, {say.t(line.channel_title)}" if line.channel_title else say.t(line.title)


def a_day(line: Line, value: float | None, reading: PaceReading, say: Words) -> str:
    """A daily rate: few events a day need a decimal."""
    return figure(value, "number" if line.unit == "count" and abs(value or 0.0) < 10 else line.unit, reading.currency, say)


_FIGURES = ("fact", "plan", "expected", "low", "high", "required", "running")


def _needed(line: Line, reading: PaceReading, say: Words, facts: dict[str, str]) -> str:
    if line.required is None:
        return ""
    if line.running is None:
        return say.t("The days left must have {required}.", **facts) if line.required > 0 else say.t("Out of reach in the days left.")
    if line.required <= line.running:
        return ""
    return say.t(
        "Needed a day: {required}, now {running}.",
        required=a_day(line, line.required, reading, say),
        running=a_day(line, line.running, reading, say),
    )


def _budget(line: Line, reading: PaceReading, say: Words, facts: dict[str, str]) -> str:
    left = figure(abs(line.remains or 0.0), line.unit, reading.currency, say)
    if line.runs_out and reading.day and line.runs_out <= reading.day:
        return say.t(
            "{what}: the budget of {plan} was spent by {day}; by the end it would be {left} over.", **facts, day=line.runs_out, left=left
        )
    if line.runs_out and line.runs_out < reading.until:
        return say.t(
            "{what}: at this rate the budget of {plan} lasts until {day}; by the end it would be {left} over.",
            **facts,
            day=line.runs_out,
            left=left,
        )
    if line.runs_out:
        return say.t("{what}: the budget of {plan} is just enough.", **facts)
    return say.t("{what}: the budget of {plan} lasts, {left} would be left at this rate.", **facts, left=left)
