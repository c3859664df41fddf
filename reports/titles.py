"""What a document is called, and the days that it is about, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.text import NBSP, Words
from reports.context import Context, end_of

NAMES = {"week": "Results of the week", "month": "Results of the month", "quarter": "Results of the quarter"}


def title(context: Context) -> str:
    """`Results: October 2026`, `Results of the week: 2–8 Nov 2026`."""
    say = context.say
    whole = context.since.day == 1 and context.until == end_of(context.until)
    if context.template == "month" and whole and context.since == context.until.replace(day=1):
        return say.t("Results: {month}", month=say.month(context.until))
    if context.template == "quarter" and whole:
        number = (context.until.month + 2) // 3
        return say.t("Results: quarter {n}, {year}", n=number, year=str(context.until.year))
    return f"{say.t(NAMES.get(context.template, 'Results'))}: {say.period(context.since, context.until)}"


def subtitle(context: Context) -> str:
    return f"{context.name} · {context.say.period(context.since, context.until)}"


def compared_with(context: Context) -> str:
    """Against which days changes are counted."""
    found = context.totals.compared
    return context.say.t("Changes: against {days}", days=context.say.period(*found)) if found else ""


def ends(first: tuple[date, date], last: tuple[date, date], say: Words) -> tuple[str, str]:
    """Two periods as labels of an axis: without the year where it is one and the same."""
    shown = say.period(*first), say.period(*last)
    if len({day.year for day in (*first, *last)}) > 1:
        return shown
    year = f"{NBSP}{last[1].year}"
    return shown[0].removesuffix(year), shown[1].removesuffix(year)


def of_month(day: date, say: Words) -> str:
    """`ноября`, `November`: the month as a word after another one."""
    name = say.month(day).split(NBSP)[0]
    if not say.russian:
        return name
    return f"{name[:-1]}я" if name[-1] in "ьй" else f"{name}а"


def months(days: Sequence[date], say: Words) -> tuple[str, ...]:
    """`Oct`: months along an axis; the first one and Januaries with their year, but never two neighbours."""
    names = [say.month(day).split(NBSP)[0][:3] for day in days]
    return tuple(
        f"{name} {day.year}" if day.month == 1 or (place == 0 and day.month < 11) else name
        for place, (name, day) in enumerate(zip(names, days, strict=True))
    )
