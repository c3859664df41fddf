"""Why the main figure moved: the waterfall by channel that adds up, the parts and their causes."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.readings.parts import CAUSES as ORDER
from metrics.readings.parts import Part
from metrics.readings.why import WhyReading
from metrics.registry import METRICS
from metrics.sentences import answer
from metrics.sentences import why as said
from metrics.sentences.forms import figure, signed
from reports.context import Context
from reports.story import Block, Cell, Chart, Column, Row, Series, Table
from reports.tables import NOTHING, number
from reports.titles import ends

TITLE = "Why it moved"
MOST = 8


def make(context: Context) -> Block | None:
    found = context.why
    if found.change is None:
        return None
    say = context.say
    title, lead = _title(found, context), said.sentences(found, say)
    card = context.figure(found.metric, context.totals, answer.total(context.totals, say))
    if found.note is not None or found.steps is None:
        return Block("why", "why", title, (lead,), (card,), notes=_notes(context))
    return Block(
        "why", "why", title, (lead,), (card,), (_fall(found, context),), (_table(found, context),),
        notes=(say.t("Coloured is what goes beyond noise; grey is within it. The bars add up to the change."), *_notes(context)),
        speaker=_inside(found, context),
    )


def _title(found: WhyReading, context: Context) -> str:
    """What the change is made of: the parts beyond noise by name."""
    real = [part for part in found.parts if part.real and part.printed][:2]
    if not real:
        return context.say.t("What the change is made of: no channel went beyond noise" if found.parts else "What the change is made of")
    listed = ", ".join(f"{context.say.t(part.title)} {_signed(part.printed, found, context)}" for part in real)
    return context.say.t("What the change is made of: {parts}", parts=listed)


def _fall(found: WhyReading, context: Context) -> Chart:
    assert found.steps is not None
    say = context.say
    shown = _shown(found)
    amounts = [sum(part.printed for part in parts) for parts in shown]
    before, now = ends((found.compared_since, found.compared_until), (found.since, found.until), say)
    labels = (before, *(_named(parts, context) for parts in shown), now)
    values = (found.steps.start, *amounts, found.steps.end)
    first, last = (figure(value, found.unit, found.currency, say) for value in (found.steps.start, found.steps.end))
    texts = (first, *(_signed(amount, found, context) for amount in amounts), last)
    tones = ("flat", *(_tone(parts[0] if len(parts) == 1 else None, found) for parts in shown), "flat")
    series = Series(say.t(found.title), values, "now", texts, tones)
    alt = say.t("{metric}: from {before} to {now} by channel", metric=say.t(found.title), before=first, now=last)
    return Chart("waterfall", say.t("{metric}: what the change is made of", metric=found.title), labels, (series,), found.unit, alt)


def _shown(found: WhyReading) -> list[tuple[Part, ...]]:
    """The largest parts one by one, the others together: chart and table have the same figures, and they add up."""
    parts = [part for part in found.parts if part.printed or part.before or part.after]
    return [*((part,) for part in parts[:MOST]), *((tuple(parts[MOST:]),) if parts[MOST:] else ())]


def _named(parts: Sequence[Part], context: Context) -> str:
    return context.say.t(parts[0].title if len(parts) == 1 else "all others")


def _tone(part: Part | None, found: WhyReading) -> str:
    """Colour only where chance does not explain it, and only where up or down is better."""
    if part is None or not part.real or found.better not in ("up", "down") or not part.amount:
        return "flat"
    return "good" if (part.amount > 0) == (found.better == "up") else "bad"


def _table(found: WhyReading, context: Context) -> Table:
    """The largest parts, the others as one row, and the change as a total that they add up to."""
    say = context.say
    causes = [cause for cause in ORDER if any(one.key == cause and one.printed for part in found.parts for one in part.causes)]
    columns = (
        Column("before", say.t("Before"), found.unit), Column("after", say.t("Now"), found.unit),
        Column("part", say.t("Its part in the change"), found.unit),
        *(Column(cause, say.t(said.CAUSES[cause]).capitalize(), found.unit) for cause in causes),
    )
    rows = [_row(_named(parts, context), parts, found, causes, context) for parts in _shown(found)]
    sums = ("part", *causes)
    adds = () if METRICS[found.metric].under else ("before", "after")
    return Table(say.t("Why it moved"), columns, tuple(rows), _total(found, causes, context), (*_adding(adds, rows, found, columns), *sums))


def _adding(names: Sequence[str], rows: Sequence[Row], found: WhyReading, columns: Sequence[Column]) -> tuple[str, ...]:
    """Levels that the rows add up to; not where a segment has none in one of the periods."""
    keys = [column.key for column in columns]
    totals = {"before": found.before, "after": found.after}


    def adds_up(name: str) -> bool:
        parts, whole = sum(row.cells[keys.index(name)].value or 0.0 for row in rows), totals[name] or 0.0
        return abs(parts - whole) <= 1e-6 * max(1.0, abs(whole))

    return tuple(filter(adds_up, names))


def _row(name: str, parts: Sequence[Part], found: WhyReading, causes: Sequence[str], context: Context) -> Row:
    """One part; of several together only what adds up is shown."""
    alone = parts[0] if len(parts) == 1 else None
    adds = not METRICS[found.metric].under
    levels = [[getattr(part, end) for part in parts] for end in ("before", "after")]
    shown = [level[0] if alone else sum(value or 0.0 for value in level) if adds else None for level in levels]
    amount = sum(part.printed for part in parts)
    by_cause = {cause: sum(one.printed for part in parts for one in part.causes if one.key == cause) for cause in causes}
    return Row(name, (
        *(number(value, found.unit, found.currency, context.say) for value in shown),
        Cell(amount, _signed(amount, found, context), tone=_tone(alone, found)),
        *(Cell(by_cause[cause], _signed(by_cause[cause], found, context)) if by_cause[cause] else NOTHING for cause in causes),
    ))


def _total(found: WhyReading, causes: Sequence[str], context: Context) -> Row:
    say = context.say
    amounts = {cause.key: cause.printed for cause in found.causes}
    change = round(found.change or 0.0, found.digits)
    return Row(say.t("Total"), (
        number(found.before, found.unit, found.currency, say), number(found.after, found.unit, found.currency, say),
        Cell(change, _signed(change, found, context)),
        *(Cell(amounts[cause], _signed(amounts[cause], found, context)) if amounts.get(cause) else NOTHING for cause in causes),
    ))


def _signed(value: float, found: WhyReading, context: Context) -> str:
    return signed(value, found.unit, found.currency, context.say, max(found.digits, 0))


def _inside(found: WhyReading, context: Context) -> tuple[str, ...]:
    """For the presenter: what is inside the parts beyond noise."""
    named = [part for part in found.parts if part.real and part.printed][:4]
    return tuple(f"{said.clause(part, found, context.say)}." for part in named)


def _notes(context: Context) -> tuple[str, ...]:
    kinds = {"missing", "common days", "length", "together", "days", "why"}
    return tuple(dict.fromkeys(context.note(note) for note in context.why.notes if note.kind in kinds))
