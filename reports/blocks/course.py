"""The course: twelve months, or six weeks, of the main figure and of its price, each beside the year before and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from data.text import NBSP, Words
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.moves import move
from reports.context import MONTHS, WEEKS, Context, end_of, month_of
from reports.story import Block, Chart, Series
from reports.titles import months

TITLE = "Course over the months"


def make(context: Context) -> Block | None:
    metrics = [metric for metric in dict.fromkeys((context.main, context.efficiency)) if context.totals.total.get(metric) is not None]
    charts = tuple(chart for metric in metrics if (chart := _chart(metric, context)) is not None)
    if not charts:
        return None
    line = answer.total(context.a_year_ago, context.say)
    called = {metric: context.say.t("{metric} year on year", metric=METRICS[metric].title) for metric in metrics}
    said = [text for metric in metrics if (text := move(metric, context.a_year_ago, line, context.say, titled=called[metric]))]
    title = said[0].rstrip(".") if said else _plainly(metrics[0], context)
    lead = tuple(said[1:])
    cards = tuple(context.figure(metric, context.a_year_ago, line) for metric in metrics)
    return Block("course", "course", title, lead, cards, charts, notes=_notes(context))


def _plainly(metric: str, context: Context) -> str:
    """Without a year before there is nothing to judge."""
    title = context.say.t(METRICS[metric].title)
    return context.say.t("{metric}: the last weeks" if context.weekly else "{metric}: the last months", metric=title)


def _chart(metric: str, context: Context) -> Chart | None:
    say = context.say
    found = context.weeks if context.weekly else context.months
    days = _mondays(context.until) if context.weekly else [month_of(context.until, back) for back in reversed(range(MONTHS))]
    now, year = _values(found, metric, days, context.weekly)
    if sum(value is not None for value in now) < 2:
        return None
    speech = answer.speech(metric, found, say)

    def series(name: str, values: list[float | None], role: str) -> Series:
        return Series(name, tuple(values), role, tuple(speech.short(value) if value is not None else "" for value in values))

    plan = _plan(metric, days, context)
    drawn = [series(say.t("Fact"), now, "now"), series(say.t("A year ago"), year, "year"), series(say.t("Plan"), plan, "plan")]
    shown = tuple(one for one in drawn if any(value is not None for value in one.values))
    labels = tuple(_week(day, say) for day in days) if context.weekly else months(days, say)
    title = say.t("{metric}, six weeks" if context.weekly else "{metric}, twelve months", metric=METRICS[metric].title)
    alt = "; ".join(f"{label}: {text}" for label, text in zip(labels, shown[0].texts, strict=True) if text)
    return Chart("bar", title, labels, shown, METRICS[metric].unit, alt)


def _values(found: Result, metric: str, days: list[date], weekly: bool) -> tuple[list[float | None], list[float | None]]:
    """The figure and that of a year ago, by bucket; a sum over days that are not all loaded is a gap."""
    rows = {row["week" if weekly else "month"].date(): row for row in found.frame.to_dict("records")}
    lost = _lost(found, metric)
    if weekly:
        now = [_value(rows.get(day), metric) if _whole(day, day + timedelta(days=6), lost) else None for day in days]
        return now, [_value(rows.get(day), f"{metric}__before") for day in days]

    def of(day: date) -> float | None:
        return _value(rows.get(day), metric) if _whole(day, min(end_of(day), found.query.until), lost) else None

    return [of(day) for day in days], [of(month_of(day, 12)) for day in days]


def _lost(found: Result, metric: str) -> frozenset[date]:
    """Days of which something is not loaded; a ratio takes the days it has."""
    if METRICS[metric].under:
        return frozenset()
    return frozenset(answer.missing_days(found, metric))


def _whole(since: date, until: date, lost: frozenset[date]) -> bool:
    return not any(since <= day <= until for day in lost)


def _plan(metric: str, days: list[date], context: Context) -> list[float | None]:
    if context.weekly:
        return [None] * len(days)
    plan = {target.month: target.value for target in context.desk.targets if target.metric == metric and not target.channel}
    return [plan.get(day) for day in days]


def _value(row: Mapping[object, object] | None, column: str) -> float | None:
    value = None if row is None else row.get(column)
    return None if value is None or value != value else float(str(value))


def _mondays(until: date) -> list[date]:
    monday = until - timedelta(days=until.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def _week(day: date, say: Words) -> str:
    """`2–8 Nov`: the week without its year."""
    return say.period(day, day + timedelta(days=6)).rsplit(NBSP, 1)[0]


def _notes(context: Context) -> tuple[str, ...]:
    """From which days the year before is taken."""
    found = context.a_year_ago.compared
    return (context.say.t("Year on year: against {days}, with weekdays aligned.", days=context.say.period(*found)),) if found else ()
