"""What is unusual, a sentence per finding: what, where, when, against what was expected, and what it is worth."""

from __future__ import annotations

from data.text import Words
from metrics.readings.stretches import Finding
from metrics.readings.unusual import UnusualReading
from metrics.sentences.forms import counted, figure, joined
from metrics.unusual import State

MOST = 3


def sentences(reading: UnusualReading, say: Words) -> str:
    """The dearest findings, or that there are none."""
    if reading.note:
        return say.note(reading.note)
    alerts = [one for one in reading.findings if one.state is State.ALERT]
    if not alerts:
        series = counted(reading.judged, "series", "series", say)
        return say.t("Nothing unusual: {series} watched, none beyond what they usually do.", series=series)
    return joined(sentence(one, reading, say) for one in alerts[:MOST])


def sentence(one: Finding, reading: UnusualReading, say: Words) -> str:
    """One finding with what it is worth, what moved with it and what may explain it."""
    return joined(
        (_head(one, reading, say), _money(one, reading, say), _also(one, say), _beside(one, say), say.note(one.note) if one.note else "")
    )


def _head(one: Finding, reading: UnusualReading, say: Words) -> str:
    facts = {
        "channel": one.channel_title,
        "metric": _lower(say.t(one.title)),
        "days": say.period(one.since, one.until),
        "value": figure(one.value, one.unit, reading.currency, say),
        "expected": figure(one.expected, one.unit, reading.currency, say),
        "effect": _effect(one.effect, say),
    }
    if one.grain == "months":
        return say.t("{channel}, {days}: {metric} {value}, {expected} had it gone with the other channels ({effect}).", **facts)
    if one.shift:
        now = "{channel}: {metric} has had a new level since {since}: {value} a week where {expected} was usual ({effect})."
        past = "{channel}, {days}: {metric} stood at another level, {value} a week where {expected} was usual ({effect})."
        return say.t(now if one.holds else past, since=one.since, **facts)
    return say.t("{channel}, {days}: {metric} {value}, usual would be {expected} ({effect}).", **facts)


def _effect(effect: float | None, say: Words) -> str:
    if effect is None:
        return say.share(None)
    return f"{'+' if effect > 0 else ''}{say.share(effect, 0)}"


def _money(one: Finding, reading: UnusualReading, say: Words) -> str:
    if one.money is None or one.metric in ("revenue", "spend") or not round(one.money):
        return ""
    text = "That is worth about {amount}." if one.money > 0 else "That costs about {amount}."
    return say.t(text, amount=figure(abs(one.money), "money", reading.currency, say))


def _also(one: Finding, say: Words) -> str:
    if not one.also:
        return ""
    listed = ", ".join(f"{_lower(say.t(also.title))} {_effect(also.effect, say)}" for also in one.also)
    return say.t("At the same time: {listed}.", listed=listed)


def _beside(one: Finding, say: Words) -> str:
    parts = []
    if one.marks:
        parts.append(say.t("Noted in these days: {marks}.", marks="; ".join(map(say.written, one.marks))))
    if one.occasions:
        parts.append(say.t("Taken into account: {occasions}.", occasions=", ".join(say.t(kind) for kind in one.occasions)))
    return joined(parts)


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
