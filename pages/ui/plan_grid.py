"""A year's plan as a grid: a row per month, a column per metric and channel. Pure.

Shares stand in percent, as people plan them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import xlsxwriter

from connectors.plan_sheet import BETWEEN, Headings, Meaning
from data.cells import harmless
from data.desk.plans import Target, rounded
from data.text import Words, sign, words
from metrics.registry import METRICS

PERCENT = 100.0
USUAL: Mapping[str, tuple[str, ...]] = {
    "shop": ("spend", "orders", "revenue", "drr"),
    "leads": ("spend", "conversions", "cpa"),
    "subscription": ("spend", "conversions", "revenue", "cpa"),
}
"""What a client of each business model plans when nothing is planned yet."""


@dataclass(frozen=True, order=True)
class Column:
    """A metric of one channel, or (no channel) of all."""

    metric: str
    channel: str = ""

    @property
    def key(self) -> str:
        return f"{self.metric}|{self.channel}"

    @property
    def share(self) -> bool:
        return METRICS[self.metric].unit == "share"

    @property
    def scale(self) -> float:
        return PERCENT if self.share else 1.0


def columns(targets: Iterable[Target], model: str, more: Sequence[Column] = ()) -> tuple[Column, ...]:
    """The columns there are targets for, else the usual ones; the whole before its channels, metrics in the registry's order."""
    found = {Column(target.metric, target.channel) for target in targets if target.metric in METRICS}
    found |= set(more) or set()
    if not found:
        found = {Column(metric) for metric in USUAL.get(model, USUAL["leads"])}
    order = list(METRICS)
    return tuple(sorted(found, key=lambda column: (bool(column.channel), order.index(column.metric), column.channel)))


def months(year: int) -> tuple[date, ...]:
    return tuple(date(year, month, 1) for month in range(1, 13))


def grid(targets: Iterable[Target], shown: Sequence[Column], year: int) -> pd.DataFrame:
    """Shape: index of months, a column per `Column.key`; NaN where there is no target. Unit: that of the metric, shares in percent."""
    frame = pd.DataFrame(float("nan"), index=pd.Index(months(year), name="month"), columns=[column.key for column in shown], dtype=float)
    for target in targets:
        column = Column(target.metric, target.channel)
        if column in shown and target.month in frame.index and target.value is not None:
            frame.loc[target.month, column.key] = round(target.value * column.scale, 6)
    return frame


def targets(edited: pd.DataFrame, shown: Sequence[Column]) -> tuple[Target, ...]:
    """The grid back as targets, empty cells as targets without a value."""
    return tuple(
        Target(month, column.metric, None if value != value else float(value) / column.scale, column.channel)
        for column in shown
        for month, value in zip(edited.index, edited[column.key].astype(float), strict=True)
    )


def moved(before: pd.DataFrame, after: pd.DataFrame, shown: Sequence[Column]) -> tuple[Target, ...]:
    """The targets of the cells that were changed."""
    stood = {(target.month, target.metric, target.channel): target.value for target in targets(before, shown)}
    return tuple(target for target in targets(after, shown) if target.value != stood.get((target.month, target.metric, target.channel)))


def from_last_year(
    empty: pd.DataFrame, facts: Mapping[tuple[date, str], float], shown: Sequence[Column], growth: float
) -> tuple[Target, ...]:
    """Targets for the empty cells of sums over all channels: the month of last year and some growth, in round figures."""
    found = []
    for column in shown:
        if column.channel or METRICS[column.metric].unit not in ("count", "money") or METRICS[column.metric].under:
            continue
        for month in empty.index:
            fact = facts.get((month.replace(year=month.year - 1), column.metric))
            if fact and pd.isna(empty.loc[month, column.key]):
                found.append(Target(month, column.metric, rounded(fact * (1 + growth))))
    return tuple(found)


def heading(column: Column, say: Words, currency: str, channels: Mapping[str, str]) -> str:
    """`Spend · VK Ads, ₽`."""
    name = say.t(METRICS[column.metric].title)
    if column.channel:
        name += BETWEEN + say.t(channels.get(column.channel, column.channel))
    unit = {"money": sign(currency), "share": "%"}.get(METRICS[column.metric].unit, "")
    return f"{name}, {unit}" if unit else name


def headings(languages: Iterable[str], channels: Mapping[str, str]) -> Headings:
    """What a sheet's headings may say: every metric, by its id or its name in any language, alone and for each channel."""
    found: dict[str, Meaning] = {}
    for key, metric in METRICS.items():
        names = {key, *(words(language).t(metric.title) for language in languages)}
        for name in names:
            found[name.casefold()] = Meaning(key, "", metric.unit == "share")
            for channel, title in channels.items():
                for said in {channel, *(words(language).t(title) for language in languages)}:
                    found[f"{name}{BETWEEN}{said}".casefold()] = Meaning(key, channel, metric.unit == "share")
    return found


def workbook(frame: pd.DataFrame, shown: Sequence[Column], say: Words, currency: str, channels: Mapping[str, str]) -> bytes:
    """The grid as a workbook to fill in and give back."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(say.t("Plan"))
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        month = book.add_format({"num_format": "mmmm yyyy", "align": "left"})
        number = book.add_format({"num_format": "#,##0.##"})
        sheet.write_row(0, 0, [say.t("Month"), *(harmless(heading(column, say, currency, channels)) for column in shown)], head)
        for row, day in enumerate(frame.index, start=1):
            sheet.write_datetime(row, 0, datetime(day.year, day.month, day.day), month)
            for place, column in enumerate(shown, start=1):
                value = frame.loc[day, column.key]
                if pd.isna(value):
                    sheet.write_blank(row, place, None, number)
                else:
                    sheet.write_number(row, place, value, number)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, len(shown), 20)
        sheet.freeze_panes(1, 1)
    return made.getvalue()
