"""What stood out in the period beyond what the client's figures usually do, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.readings.stretches import Finding
from metrics.registry import METRICS
from metrics.sentences import unusual as said
from metrics.sentences.forms import figure
from metrics.sentences.moves import named
from reports import tables
from reports.context import Context
from reports.story import Block, Cell, Row, Table

TITLE = "What was unusual"
MOST = 4


def make(context: Context) -> Block | None:
    """None where nothing stood out: the summary has no news of it either."""
    found = context.alerts
    if not found:
        return None
    say = context.say
    shown = found[:MOST]
    days = say.period(context.unusual.since, context.unusual.until)
    notes = (say.t("Watched for {days}; what chance and season explain is not listed.", days=days),)
    return Block(
        "unusual", "unusual", _title(found, context), tuple(said.sentence(one, context.unusual, say) for one in shown),
        tables=(_table(shown, context),),
        notes=notes, speaker=(say.t("Say what was done about each, or who looks into it until when."),),
    )


def _title(found: Sequence[Finding], context: Context) -> str:
    """The dearest finding, and how many more there are."""
    say, one = context.say, found[0]
    value, expected = (figure(amount, one.unit, context.unusual.currency, say) for amount in (one.value, one.expected))
    facts = {"channel": one.channel_title, "metric": named(one.metric, say), "value": value, "expected": expected}
    text = "Unusual: {channel}, {metric} {value} where {expected} was expected"
    title = say.t(text if one.channel else "Unusual: {metric} {value} where {expected} was expected", **facts)
    return say.t("{title}, and {n} more", title=title, n=len(found) - 1) if len(found) > 1 else title


def _table(found: Sequence[Finding], context: Context) -> Table:
    say = context.say
    columns = (
        tables.words("when", say.t("When")), tables.words("metric", say.t("Metric")), tables.words("value", say.t("Fact")),
        tables.words("usual", say.t("Usual")), tables.words("worth", say.t("Gained or lost")),
    )
    return Table(say.t("Unusual"), columns, tuple(_row(one, context) for one in found))


def _row(one: Finding, context: Context) -> Row:
    say, currency = context.say, context.unusual.currency
    until = min(one.until, context.until)
    when = say.t("since {day}", day=one.since) if one.shift and one.holds else say.period(one.since, max(until, one.since))
    value, usual = (figure(amount, one.unit, currency, say) for amount in (one.value, one.expected))
    tone = "flat" if one.good is None else "good" if one.good else "bad"
    worth = tables.NOTHING if one.money is None else Cell(one.money, figure(one.money, "money", currency, say))
    cells = (
        tables.said(when), tables.said(say.t(METRICS[one.metric].title)), Cell(one.value, value, tone=tone), Cell(one.expected, usual),
        worth
    )
    return Row(say.t(one.channel_title), cells)


