"""VK Ads statistics: the download of VK Реклама and the older one of myTarget, CSV or XLSX, by day or for the whole period.

It is a cost sheet whose columns are known, so nothing but VAT is asked. VK calls its prices eCPC, eCPM and eCPA, which nobody else does;
that, beside a campaign and what was spent, is how the file is known. Amounts are in roubles unless a header names another currency.

Source: the columns that the statistics of ads.vk.com and target.my.com offer for download, Russian and English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors import PERIOD, Answers, Says, Source, cost_sheet, spend, vat
from connectors.files import Head, names, table
from connectors.grid import Grid, is_total, locate
from connectors.values import Span, span, spans
from data.batches import Batch
from data.errors import BadFile, MissingAnswer
from data.tables import SPEND

ACCOUNT, SYSTEM, ROUBLES = "VK Ads", "vkontakte", "RUB"
_ALIASES: Mapping[str, Sequence[str]] = {
    "day": ("дата", "день", "date", "day", "неделя", "week", "месяц", "month"),
    "campaign_id": ("id кампании", "кампания id", "id рекламной кампании", "campaign id", "campaign_id"),
    "campaign": ("название кампании", "кампания", "рекламная кампания", "имя кампании", "campaign name", "campaign"),
    "impressions": (*spend.IMPRESSION_NAMES, "показы рекламы"),
    "clicks": spend.CLICK_NAMES,
    "cost": ("потрачено", "потрачено всего", "всего потрачено", "списано", "списания", "расход", "расходы", "затраты", "spent",
             "total spent", "amount spent", "spend", "cost"),
    "claimed": ("результаты", "результат", "конверсии", "цели", "results", "result", "goals", "conversions"),
    "currency": ("валюта", "currency"),
}
_MARKS = ("ecpc", "ecpm", "ecpa", "ecp")
_PERIOD = re.compile(r"(?:период|period)\s*:?\s*(.+)", re.IGNORECASE)


def _fits(places: Mapping[str, int]) -> bool:
    return "cost" in places and "impressions" in places and ("campaign" in places or "campaign_id" in places)


def _grid(rows: Sequence[Sequence[Any]]) -> Grid | None:
    found = locate(rows, _ALIASES, _fits)
    if found is None or not any(name.startswith(_MARKS) for name in names(found.others)):
        return None
    return found


def recognise(head: Head) -> bool:
    return _grid(head.rows) is not None


def says(head: Head) -> Says:
    grid = _known(head)
    basis = grid.labels["cost"].vat
    facts = {"account": ACCOUNT, "currency": grid.labels["cost"].currency or ROUBLES, **({"vat": basis} if basis else {})}
    asks = [] if basis else [vat.ASK]
    if "day" not in grid.places and _period(head) is None:
        asks.append(PERIOD)
    return Says(facts, tuple(asks))


def _known(head: Head) -> Grid:
    found = _grid(table(head))
    if found is None:
        raise BadFile("The header of the report is not where it was.", "{name}", "Export the report again.", name=head.name)
    return found


def _period(head: Head) -> Span | None:
    """The period that a line above the table names."""
    for row in head.rows:
        text = " ".join(str(cell).strip() for cell in row if str(cell).strip())
        if (said := _PERIOD.match(text)) and (found := span(said[1])):
            return found
    return None


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each download by itself. Raises BadFile when too many rows cannot be read, MissingAnswer where no day is known."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    grid = _with_system(_known(head))
    if "day" not in grid.places:
        period = _period(head) or span(answers.get("period", ""))
        if period is None:
            raise MissingAnswer((PERIOD,), "{name}", name=head.name)
        grid = _dated(grid, period)
    return cost_sheet.batches(grid, head, answers, SOURCE.name)


def _with_system(grid: Grid) -> Grid:
    """The rows say nothing about the ad system, so a column that does is put beside them."""
    return _constant(grid, "ad_system", SYSTEM)


def _dated(grid: Grid, period: Span) -> Grid:
    first, last = (day.isoformat() for day in period)
    return _constant(_constant(grid, "day", first), "last_day", last)


def _constant(grid: Grid, name: str, value: str) -> Grid:
    width = max([len(row) for row in grid.rows] + [max(grid.places.values()) + 1])
    filled = [[*row, *[""] * (width - len(row)), value if _is_row(grid, row) else ""] for row in grid.rows]
    return grid.beside_column(name, width, filled)


def _is_row(grid: Grid, row: Sequence[Any]) -> bool:
    """Whether the row is a campaign's and not a total: it names a campaign, and a day where there are days."""
    said = [str(grid.cell(list(row), name)).strip() for name in ("campaign_id", "campaign")]
    named = any(text and not is_total(text) for text in said)
    return named and ("day" not in grid.places or bool(spans([grid.cell(list(row), "day")]).values[0]))


SOURCE = Source(
    name="vk_ads",
    title="VK Ads",
    fills=(SPEND,),
    export="statistics of campaigns from VK Реклама or myTarget (CSV or XLSX), best by day",
    recognise=recognise,
    says=says,
    read=read,
)
