"""The main figures against the plan of the month, or of each month of a quarter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from metrics.pace import Outlook
from metrics.readings.pace import Line as Paced
from metrics.readings.pace import PaceReading
from metrics.sentences import answer
from metrics.sentences import pace as pace_said
from metrics.sentences.moves import named
from reports.context import Context, end_of, month_of
from reports.story import Block, Cell, Chart, Row, Series, Table
from reports.tables import NOTHING, number, said, words

TITLE = "Figures against the plan"
MOST = 6
_TONES = {Outlook.AT_RISK: "bad", Outlook.SAFE: "good"}


def make(context: Context) -> Block | None:
    if not context.metrics:
        return None
    say = context.say
    line = answer.total(context.totals, say)
    cards = tuple(context.figure(metric, context.totals, line) for metric in context.metrics[:MOST])
    planned = planned_months(context)
    tables = tuple(_table(month, context) for month in planned)
    return Block(
        "kpi", "kpi", headline(planned, context), _lead(planned, context), cards, _charts(planned, context), tables,
        notes=_notes(planned, context), speaker=_speaker(planned, context),
    )


def _months(context: Context) -> list[date]:
    """The last days of the months that the period touches; of a week only the month in which it ends."""
    if context.weekly:
        return [context.until]
    first, found = context.since.replace(day=1), []
    while first <= context.until:
        found.append(min(end_of(first), context.until))
        first = month_of(first, -1)
    return found[-3:]


def _planned(month: PaceReading) -> list[Paced]:
    return [line for line in month.lines if line.plan is not None and not line.channel]


def planned_months(context: Context) -> list[PaceReading]:
    """The months of the period that have targets, each as it stood at the end of the period."""
    found = (context.month_at(day) for day in _months(context))
    return [month for month in found if _planned(month)]


def _counted(month: PaceReading) -> tuple[int, int]:
    """How many targets were kept, of how many; budgets are not counted, nor what no figure is there for."""
    verdicts = [kept for line in _planned(month) if (kept := pace_said.kept(line)) is not None]
    return sum(verdicts), len(verdicts)


def headline(planned: list[PaceReading], context: Context) -> str:
    """How the plan is kept: over several months, in the month that is over, or in the running one."""
    say = context.say
    if len(planned) > 1:
        counts = [_counted(month) for month in planned]
        return say.t("Plan of the period: kept {n} of {of}", n=sum(n for n, _ in counts), of=sum(of for _, of in counts))
    if not planned:
        return say.t("Main figures of the period; no plan is set")
    last = planned[-1]
    month, lines = say.month(last.month), [line for line in _planned(last) if not line.budget]
    if not lines:
        return say.t("Main figures of the period and the budget")
    if pace_said.over(last):
        return say.t("Plan for {month}: kept {n} of {of}", month=month, n=_counted(last)[0], of=_counted(last)[1])
    risky = sum(line.outlook is Outlook.AT_RISK for line in lines)
    if not risky:
        return say.t("Plan for {month}: no target is at risk", month=month)
    return say.t("Plan for {month}: at risk {n} of {of}", month=month, n=risky, of=len(lines))


def _lead(planned: list[PaceReading], context: Context) -> tuple[str, ...]:
    """The running month as it stands; of a month that is over what was kept and missed."""
    if not planned:
        return ()
    last = planned[-1]
    if len(planned) > 1 and all(map(pace_said.over, planned)):
        return tuple(_of_month(month, context) for month in planned)
    if not pace_said.over(last):
        return tuple(pace_said.sentence(line, last, context.say) for line in _planned(last)[:3])
    return tuple(pace_said.ended(line, last, context.say) for line in _planned(last)[:4])


def _of_month(month: PaceReading, context: Context) -> str:
    kept, of = _counted(month)
    said = context.say.t("{month}: kept {n} of {of}.", month=context.say.month(month.month), n=kept, of=of)
    return f"{said[:1].upper()}{said[1:]}"


# -------------------------------------------------------------------------------------------------------------------- table


def _table(month: PaceReading, context: Context) -> Table:
    say, over = context.say, pace_said.over(month)
    titles = ("Plan", "Fact", "Plan kept") if over else ("Plan", "Fact", "Plan to date", "By the end", "Outlook")
    columns = tuple(words(key, say.t(key)) for key in titles)
    rows = tuple(Row(pace_said.name(line, say), _cells(line, month, context, over)) for line in _planned(month))
    return Table(say.t("Plan and fact, {month}", month=say.month(month.month)), columns, rows)


def _cells(line: Paced, month: PaceReading, context: Context, over: bool) -> tuple[Cell, ...]:
    def shown(value: float | None, tone: str = "flat") -> Cell:
        return number(value, line.unit, month.currency, context.say, tone)

    if over:
        kept = pace_said.kept(line)
        share = _share(line, context)
        judged = share if kept is None else replace(share, tone="good" if kept else "bad")
        return shown(line.plan), shown(line.fact), judged
    word = said(context.say.t(str(line.outlook)), _TONES.get(line.outlook, "flat")) if line.outlook else NOTHING
    return shown(line.plan), shown(line.fact), shown(line.to_date), shown(line.expected), word


def _share(line: Paced, context: Context) -> Cell:
    """How far the plan was kept: above 100 % is good whatever the direction; of a budget how much was spent."""
    value = line.index if not line.budget else line.fact / line.plan if line.fact is not None and line.plan else None
    return number(value, "share", "", context.say) if value is None else Cell(value, context.say.share(value, 0), unit="share")


def _charts(planned: list[PaceReading], context: Context) -> tuple[Chart, ...]:
    """How far each target is kept: the fact against what the plan wants by this day, 100 % is on it."""
    if not planned:
        return ()
    say, lines = context.say, [line for line in _planned(planned[-1]) if line.index is not None]
    if len(lines) < 2:
        return ()
    values = tuple(line.index for line in lines)
    tones = tuple("flat" if line.budget else "good" if (line.index or 0.0) >= pace_said.KEPT else "bad" for line in lines)
    month = say.month(planned[-1].month)
    title = say.t("Plan kept, {month}" if pace_said.over(planned[-1]) else "Fact against the plan to date, {month}", month=month)
    texts = tuple(say.share(value, 0) for value in values)
    names = tuple(pace_said.name(line, say) for line in lines)
    series = Series(say.t("Plan kept"), values, "now", texts, tones)
    alt = "; ".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))
    return (Chart("bar", title, names, (series,), "share", alt, note=say.t("100 % is the plan; above it is better, for costs too.")),)


def _notes(planned: list[PaceReading], context: Context) -> tuple[str, ...]:
    say, found = context.say, list[str]()
    if planned and not pace_said.over(planned[-1]) and planned[-1].day is not None:
        found.append(say.t("The month is loaded up to {day}; the end is a projection with its range of 80 %.", day=planned[-1].day))
    return tuple(found)


def _speaker(planned: list[PaceReading], context: Context) -> tuple[str, ...]:
    if not planned:
        return (context.say.t("Agree on a plan for the next month: without one nobody can say whether this is much."),)
    lines = _planned(planned[-1])
    over = pace_said.over(planned[-1])
    missed = [line.metric for line in lines if (pace_said.kept(line) is False if over else line.outlook is Outlook.AT_RISK)]
    listed = ", ".join(named(metric, context.say) for metric in missed)
    return (context.say.t("Be ready to say what is done about: {metrics}.", metrics=listed),) if missed else ()
