"""The plan: targets of the month ahead (of a week: of the running one), what will be done, by whom and for what effect."""

from __future__ import annotations

from datetime import date, timedelta

from data.desk.actions import Action
from data.desk.plans import Target
from data.text import NBSP
from metrics.readings.pace import Line
from metrics.registry import METRICS
from metrics.sentences import drivers as drivers_said
from metrics.sentences import outcomes as said
from metrics.sentences.forms import counted, figure, signed
from reports import tables
from reports.context import Context
from reports.story import Block, Cell, Column, Row, Table
from reports.titles import of_month

TITLE = "Plan"
AHEAD = 45
"""Days after the period up to which an action belongs to the plan."""


def make(context: Context) -> Block | None:
    """None where nothing is planned: the pre-flight check tells."""
    say, month = context.say, _month(context)
    targets = [one for one in context.desk.targets if one.month == month and one.value is not None and one.metric in METRICS]
    whole = [one for one in targets if not one.channel]
    planned = _planned(context)
    if not whole and not planned:
        return None
    found = [_targets(whole, month, context)] if whole else []
    if planned:
        found.append(_actions(planned, context))
    levers = _levers(context)
    return Block(
        "plan", "plan", _title(whole, planned, month, context), levers, tables=tuple(found), bullets=_budgets(targets, context),
        notes=_whose(context) if levers else (),
        speaker=(say.t("Close with what the client has to decide, and until when."),),
    )


def _month(context: Context) -> date:
    return (context.until if context.weekly else context.until + timedelta(days=1)).replace(day=1)


def _planned(context: Context) -> list[Action]:
    """What is still to be done, the next deadline first; overdue ones too."""
    last = context.until + timedelta(days=AHEAD)
    found = [one for one in context.desk.actions if one.state == "planned" and (one.due is None or one.due <= last)]
    return sorted(found, key=lambda one: (one.due or date.max, one.id or 0))


def _title(whole: list[Target], planned: list[Action], month: date, context: Context) -> str:
    say = context.say
    facts = {"month": say.month(month), "actions": counted(len(planned), "action", "actions", say)}
    budget = next((one for one in whole if one.metric == "spend"), None)
    if budget is not None:
        facts["budget"] = _value(budget, context)
        if not planned:
            return say.t("Plan for {month}: budget {budget}", **facts)
        return say.t("{month}: budget {budget}, {actions} in the plan", **facts)
    return say.t("{month}: {actions} in the plan" if planned else "Plan for {month}", **facts)


def _value(target: Target, context: Context) -> str:
    return figure(target.value, METRICS[target.metric].unit, context.settings.currency, context.say)


def _targets(whole: list[Target], month: date, context: Context) -> Table:
    """The targets beside what the last month brought."""
    say, currency = context.say, context.settings.currency
    facts: dict[str, Line] = {line.metric: line for line in context.month.lines if not line.channel}
    last = context.month.month
    running = month == last
    columns = (
        tables.words("plan", say.t("Plan")),
        tables.words("fact", say.t("So far") if running else say.t("Fact of {month}", month=of_month(last, say))),
        tables.words("step", say.t("Plan of {ahead} to fact of {last}", ahead=of_month(month, say), last=of_month(last, say))),
    )
    order = list(METRICS)
    rows = []
    for one in sorted(whole, key=lambda target: order.index(target.metric)):
        unit, line = METRICS[one.metric].unit, facts.get(one.metric)
        fact = line.fact if line else None
        step = tables.NOTHING
        if fact and one.value is not None and not running:
            step = _step(one.value, fact, unit, context)
        rows.append(Row(say.t(METRICS[one.metric].title), (
            tables.number(one.value, unit, currency, say), tables.number(fact, unit, context.month.currency, say), step,
        )))
    kept = columns[:2] if running else columns
    return Table(say.t("Plan for {month}", month=say.month(month)), kept, tuple(Row(row.name, row.cells[: len(kept)]) for row in rows))


def _step(plan: float, fact: float, unit: str, context: Context) -> Cell:
    """How far the plan is from the last fact: points for shares, a relative change for the rest."""
    if unit == "share":
        return Cell(plan - fact, signed(plan - fact, unit, "", context.say), unit=unit)
    change = plan / fact - 1
    return Cell(change, f"{'+' if change > 0 else ''}{context.say.share(change, 0)}", unit="share")


def _actions(planned: list[Action], context: Context) -> Table:
    say = context.say
    columns: tuple[Column, ...] = (
        tables.words("owner", say.t("Who")), tables.words("due", say.t("Until when")),
        tables.words("effect", say.t("What it is to change")),
    )
    rows = tuple(
        Row(say.written(one.what), (
            tables.said(say.written(one.owner)) if one.owner else tables.NOTHING, _due(one, context),
            tables.said(said.promised(one.metric, one.expected, say)),
        ))
        for one in planned
    )
    return Table(say.t("What we do"), columns, rows)


def _due(one: Action, context: Context) -> Cell:
    if one.due is None:
        return tables.NOTHING
    late = one.due < context.today
    return Cell(None, context.say.day(one.due), context.say.t("overdue") if late else "", "bad" if late else "flat")


def _budgets(targets: list[Target], context: Context) -> tuple[str, ...]:
    """Budgets and targets of single channels, a line per metric."""
    say, named = context.say, context.by_channel.title
    parts: dict[str, list[str]] = {}
    for one in targets:
        if one.channel:
            parts.setdefault(one.metric, []).append(f"{say.t(named('channel', one.channel))}{NBSP}{_value(one, context)}")
    return tuple(say.t("{metric} by channel: {parts}", metric=METRICS[key].title, parts="; ".join(each)) for key, each in parts.items())


def _levers(context: Context) -> tuple[str, ...]:
    """The nearest levers, with what each would bring; nothing where the month is not loaded whole."""
    if context.weekly or context.subject.model not in ("shop", "leads", "subscription"):
        return ()
    found = context.levers
    near = [lever for lever in found.levers if lever.gain][:2] if found.note is None else []
    return tuple(drivers_said.lever(one, found, context.say) for one in near)


def _whose(context: Context) -> tuple[str, ...]:
    """Which leads a lever adds: beside the conversions of all channels in the table it would be read as those."""
    if context.subject.model != "leads" or context.levers.outcome_unit != "count":
        return ()
    return (context.say.t("What the levers would bring are leads of paid channels; leads of other channels are not in it."),)
