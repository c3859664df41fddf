"""What moves the money, in a few sentences: the outcome, the nearest levers, the next rouble."""

from __future__ import annotations

from data.text import Words
from metrics.readings.drivers import DriversReading, Reach, WhatIf
from metrics.readings.response import ResponseReading
from metrics.sentences.forms import figure, joined, signed

MOST = 2


def sentences(reading: DriversReading, say: Words) -> str:
    """The whole summary."""
    if reading.note:
        return say.note(reading.note)
    near = [lever for lever in reading.levers if lever.gain][:MOST]
    parts = [_outcome(reading, say), *(lever(one, reading, say) for one in near)]
    if not near:
        parts.append(say.t("No driver is short of what it has already been."))
    parts += [what_if(reading.what_if, reading, say)] if reading.what_if else []
    parts += [response(reading.response, reading, say)] if reading.response else []
    return joined(parts)


def _outcome(reading: DriversReading, say: Words) -> str:
    last = reading.nodes[-1]
    value, before = (figure(one, reading.outcome_unit, reading.currency, say) for one in (reading.value, last.before))
    facts = {"outcome": reading.outcome_name, "month": say.month(reading.month), "value": value, "before": before}
    if last.before is None:
        return say.t("{outcome}, {month}: {value}.", **facts)
    return say.t("{outcome}, {month}: {value} (a year before {before}).", **facts)


def lever(one: Reach, reading: DriversReading, say: Words) -> str:
    """A lever that is within reach of its own past."""
    now, goal = (figure(value, one.unit, reading.currency, say) for value in (one.now, one.goal))
    gain = signed(one.gain, reading.outcome_unit, reading.currency, say)
    return say.t(
        "{lever}: from {now} to {goal}, where it has been before, would bring {gain} a month.",
        lever=one.name,
        now=now,
        goal=goal,
        gain=gain,
    )


def what_if(found: WhatIf, reading: DriversReading, say: Words) -> str:
    """What the asked changes would do."""
    if found.reason:
        return say.note(found.reason)
    names = {node.key: node.name for node in reading.nodes}
    changes = ", ".join(
        f"{say.t(names.get(key, key))} {'+' if change > 0 else ''}{say.share(change, 0)}" for key, change in found.changes.items()
    )
    middle, low, high = (signed(value, reading.outcome_unit, reading.currency, say) for value in (found.middle, found.low, found.high))
    head = say.t(
        "What if {changes}: {outcome} {effect} ({low} to {high}).",
        changes=changes,
        outcome=reading.outcome_name,
        effect=middle,
        low=low,
        high=high,
    )
    doubt = say.t("Most of the doubt comes from: {driver}.", driver=names.get(found.dominant, found.dominant)) if found.dominant else ""
    return joined((head, doubt))


def response(found: ResponseReading, reading: DriversReading, say: Words) -> str:
    """Whether money should move between channels."""
    if found.reason:
        head = say.t("No defensible shift of budget.") if not found.measured else ""
        return joined((head, say.note(found.reason) + ("" if found.reason.text.endswith(".") else ".")))
    moves = [one for one in found.channels if one.proposed is not None and abs(one.proposed - one.spend) > 0.05 * one.spend]
    listed = ", ".join(
        f"{say.t(one.title)} {figure(one.spend, 'money', reading.currency, say)} → {figure(one.proposed, 'money', reading.currency, say)}"
        for one in moves
    )
    unit = "money" if found.result == "revenue" else "count"
    gain, low, high = (signed(value, unit, reading.currency, say) for value in (found.gain, found.low, found.high))
    return say.t(
        "The same budget divided better, by the week: {moves}; that would bring {gain} ({low} to {high}).",
        moves=listed,
        gain=gain,
        low=low,
        high=high,
    )
