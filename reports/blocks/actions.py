"""What we did and what it gave: actions that have taken effect, each with a verdict where the figures can tell."""

from __future__ import annotations

from datetime import timedelta

from metrics.readings.outcomes import Outcome, Verdict
from metrics.registry import METRICS
from metrics.sentences import outcomes as said
from metrics.sentences.forms import figure
from reports import tables
from reports.context import Context
from reports.story import Block, Cell, Row, Table

TITLE = "What we did and what it gave"
LOOKED_BACK, MOST = 31, 8
TONES = {Verdict.WORKED: "good", Verdict.NOT: "bad", Verdict.AGAINST: "bad"}


def make(context: Context) -> Block | None:
    """None where nothing of this time was done."""
    since = context.since - timedelta(days=LOOKED_BACK if context.weekly else 0)
    found = [one for one in context.outcomes if one.action.since is not None and one.action.since >= since][:MOST]
    if not found:
        return None
    say = context.say
    lead = tuple(said.sentence(one, say) for one in found if one.verdict in TONES)
    return Block(
        "actions", "actions", said.head(found, say), lead, tables=(_table(found, context),),
        notes=(say.t("A verdict is given only where the figures could have shown the expected effect."),), speaker=_speaker(found, context),
    )


def _table(found: list[Outcome], context: Context) -> Table:
    say = context.say
    columns = (
        tables.words("since", say.t("Since")), tables.words("metric", say.t("What it is to change")),
        tables.words("expected", say.t("Expected")),
        tables.words("fact", say.t("Fact")), tables.words("without", say.t("Would have come without it")),
        tables.words("verdict", say.t("Verdict")),
    )
    return Table(say.t("What we did"), columns, tuple(_row(one, context) for one in found))


def _row(one: Outcome, context: Context) -> Row:
    say, action = context.say, one.action
    metric = METRICS.get(action.metric)
    unit = metric.unit if metric else "text"
    without = f"{figure(one.expected, unit, one.currency, say)} ({said.band(one, say)})" if one.expected is not None else ""
    cells = (
        tables.said(say.day(action.since) if action.since else ""), tables.said(said.measured(one, context.by_channel, say)),
        tables.said(said.expected(one, say)), tables.number(one.fact, unit, one.currency, say) if one.fact is not None else tables.NOTHING,
        Cell(one.expected, without, unit=unit) if without else tables.NOTHING,
        tables.said(say.t(str(one.verdict)), TONES.get(one.verdict, "flat")),
    )
    return Row(say.written(action.what), cells)


def _speaker(found: list[Outcome], context: Context) -> tuple[str, ...]:
    """Why there is no verdict, and what the review said."""
    say = context.say
    open_ = [f"{say.written(one.action.what)}: {context.note(one.note)}" for one in found if one.note is not None]
    reviewed = [f"{say.written(one.action.what)}: {say.written(one.action.said)}" for one in found if one.action.said]
    return (*open_, *reviewed)
