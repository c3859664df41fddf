"""Spend as Yandex Direct's report wizard saves it: one workbook per half-year, a preamble, a total, then days and
campaigns.

As in real workbooks percents are numbers like 36.21, a missing figure is "-", campaign numbers are text, the printed
total comes from unrounded figures, and the sheet declares its size wrongly as A1.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import xlsxwriter

from data.demo.arrays import Bools, Floats
from data.demo.clock import Clock
from data.demo.plan import Plan
from data.demo.spend import Spend, vat_rate

HEADER = (
    "Дата", "Название кампании", "№ Кампании", "Расход, ₽", "Показы", "Клики", "Конверсии", "Отказы, %",
    "Глубина просмотра",
)
_WIDTHS = (11, 34, 12, 12, 10, 8, 11, 10, 18)
Cell = str | float


def write_direct(folder: Path, plan: Plan, clock: Clock, spends: Sequence[Spend]) -> tuple[Path, ...]:
    """Write the workbooks of one client; the files, oldest first. Amounts with or without VAT as the plan says."""
    days = clock.days[clock.shown :]
    tax = 1 + vat_rate(days) if plan.direct_vat == "gross" else np.ones(len(days))
    half = days.astype("datetime64[M]").astype(np.int64) // 6
    files = []
    for one in np.unique(half):
        inside = half == one
        first, last = (day.astype(date) for day in (days[inside][0], days[inside][-1]))
        file = folder / f"direct_{plan.login}_{first:%Y-%m-%d}_{last:%Y-%m-%d}.xlsx"
        rows = list(_rows(days.tolist(), spends, tax, inside))
        _save(file, _preamble(plan, first, last), _total(spends, tax, inside), rows)
        _misstate_size(file)
        files.append(file)
    return tuple(files)


def _preamble(plan: Plan, first: date, last: date) -> tuple[str, ...]:
    return (
        f"Клиент: {plan.name_ru} ({plan.login})",
        "Отчет: Мастер отчетов",
        f"Период: {first:%d.%m.%Y} - {last:%d.%m.%Y}",
        "",
    )


def _rows(days: Sequence[date], spends: Sequence[Spend], tax: Floats, inside: Bools) -> Iterator[tuple[Cell, ...]]:
    for place in np.flatnonzero(inside).tolist():
        for spend in spends:
            if spend.impressions[place] == 0:
                continue
            source = spend.touch.sources[0]
            yield (
                f"{days[place]:%d.%m.%Y}", source.campaign_name, source.campaign_id,
                *_figures(spend, float(spend.cost[place] * tax[place]), slice(place, place + 1)),
            )


def _total(spends: Sequence[Spend], tax: Floats, inside: Bools) -> tuple[Cell, ...]:
    cost = float(sum((spend.cost * tax)[inside].sum() for spend in spends))
    parts = ("impressions", "clicks", "conversions", "bounced", "pages", "visits")
    sums = {part: sum(getattr(spend, part)[inside].sum() for spend in spends) for part in parts}
    return ("Итого", "", "", round(cost, 2), *_counts(sums["impressions"], sums["clicks"], sums["conversions"]),
            *_quality(sums["bounced"], sums["pages"], sums["visits"]))


def _figures(spend: Spend, cost: float, place: slice) -> tuple[Cell, ...]:
    return (
        round(cost, 2), *_counts(
            spend.impressions[place].sum(), spend.clicks[place].sum(), spend.conversions[place].sum(),
        ),
        *_quality(spend.bounced[place].sum(), spend.pages[place].sum(), spend.visits[place].sum()),
    )


def _counts(*values: float) -> tuple[Cell, ...]:
    return tuple(float(value) for value in values)


def _quality(bounced: float, pages: float, visits: float) -> tuple[Cell, ...]:
    if not visits:
        return "-", "-"
    return round(100 * float(bounced) / float(visits), 2), round(float(pages) / float(visits), 2)


def _save(file: Path, preamble: Sequence[str], total: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> None:
    workbook = xlsxwriter.Workbook(str(file), {"in_memory": True, "strings_to_formulas": False})
    # A fixed date inside, so that the same demo is the same file.
    workbook.set_properties({"created": datetime(2020, 1, 1)})
    sheet = workbook.add_worksheet("Sheet0")
    bold = workbook.add_format({"bold": True, "font_name": "Arial", "font_size": 10})
    plain = workbook.add_format({"font_name": "Arial", "font_size": 10})
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for line, text in enumerate(preamble):
        sheet.write_string(line, 0, text, bold)
    sheet.write_row(4, 0, HEADER, bold)
    for line, row in enumerate((total, *rows), start=5):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value, plain)
            else:
                sheet.write_number(line, column, value, plain)
    workbook.close()


def _misstate_size(file: Path) -> None:
    """Rewrite the sheet's declared size as A1, which is what Direct writes."""
    with zipfile.ZipFile(file) as archive:
        parts = [(item, archive.read(item)) for item in archive.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for item, content in parts:
            if item.filename == "xl/worksheets/sheet1.xml":
                content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content, count=1)
            archive.writestr(item, content)
