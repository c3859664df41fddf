"""The summary: the main figures, and in a few sentences what moved, why, where the month stands and what needs attention."""

from __future__ import annotations

from metrics.registry import METRICS
from metrics.sentences import answer
from metrics.sentences import pace as pace_said
from metrics.sentences import stage as stage_said
from metrics.sentences import unusual as unusual_said
from metrics.sentences import why as why_said
from metrics.sentences.moves import moves
from reports.blocks.kpi import headline, planned_months
from reports.context import Context
from reports.story import Block, Figure

TITLE = "Summary"
MOST = 4


def make(context: Context) -> Block:
    say = context.say
    line = answer.total(context.totals, say)
    cards = tuple(context.figure(metric, context.totals, line) for metric in _cards(context))
    title = why_said.head(context.why, say).rstrip(".")
    return Block(
        "summary", "summary", title, tuple(filter(None, (_reasons(context, title), *_others(context)))), cards,
        bullets=tuple(filter(None, (*_plan(context), *_alerts(context), _stage(context)))), speaker=_speaker(context, cards),
    )


def _cards(context: Context) -> tuple[str, ...]:
    """The explained figure first, then what it cost."""
    wanted = dict.fromkeys((context.main, context.efficiency, *context.metrics))
    return tuple(metric for metric in wanted if context.totals.total.get(metric) is not None)[:MOST]


def _reasons(context: Context, title: str) -> str:
    """Why the explained figure moved; the title has said how much."""
    said = why_said.sentences(context.why, context.say)
    return said.removeprefix(f"{title}.").strip()


def _others(context: Context) -> tuple[str, ...]:
    """The other main figures that went beyond noise."""
    line = answer.total(context.totals, context.say)
    metrics = [metric for metric in _cards(context) if metric != context.main]
    return moves(context.totals, line, metrics, context.say)


def _plan(context: Context) -> tuple[str, ...]:
    """The targets in most trouble; nothing without a plan, of which the pre-flight check tells."""
    months = planned_months(context)
    if len(months) > 1:
        return (f"{headline(months, context)}.",)
    lines = [one for one in context.month.lines if one.plan is not None and not one.channel][:2]
    if not lines:
        return ()
    month = context.say.month(context.month.month)
    said = pace_said.ended if pace_said.over(context.month) else pace_said.sentence
    return tuple(context.say.t("Plan for {month}. {said}", month=month, said=said(one, context.month, context.say)) for one in lines)


def _alerts(context: Context) -> tuple[str, ...]:
    return tuple(unusual_said.sentence(one, context.unusual, context.say) for one in context.alerts[:1])


def _stage(context: Context) -> str:
    if context.weekly or context.stage.shown is None:
        return ""
    return stage_said.head(context.stage, context.say)


def _speaker(context: Context, cards: tuple[Figure, ...]) -> tuple[str, ...]:
    said = context.say.t("Say first: {metric} is {value}.", metric=METRICS[cards[0].metric].title, value=cards[0].text) if cards else ""
    return (said,) if said else ()
