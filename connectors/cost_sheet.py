"""A plain cost sheet: one row per day (or period) and source, as people keep it by hand or download it where no connector exists yet.

Headers are Russian or English and in any order; what the sheet does not say (currency, VAT, whose spend it is) is asked. A row that
cannot be read is named or the sheet is refused: spend is never lost without a word.

Source: Metrica's expense upload and GA4's cost import name their columns this way; the rest is usage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from connectors import Answers, Says, Source, spend, vat
from connectors.files import Head, Row, table, unread
from connectors.grid import AHEAD, EMPTY, LOST, NOT_A_DAY, Fault, Grid, data_rows, is_total, left_out, locate, settle
from connectors.spend import Spent
from connectors.values import Parsed, Span, currency, missing, numbers, plain, spans
from data import clock
from data.batches import Batch
from data.errors import Ask, BadFile
from data.tables import SPEND

ALIASES: Mapping[str, Sequence[str]] = {
    "day": ("start date", "дата начала", *spend.DAY_NAMES),
    "last_day": ("end date", "дата окончания", "дата конца", "reporting ends"),
    "traffic_source": ("trafficsource",),
    "ad_system": ("рекламная система", "рекламный кабинет", "ad system", "platform", "площадка", "trafficsourcedetail"),
    "source": ("utm_source", "utmsource", "utm source", "источник", "source", "campaign source"),
    "medium": ("utm_medium", "utmmedium", "utm medium", "канал", "тип", "тип трафика", "medium", "channel", "campaign medium"),
    "campaign": ("utm_campaign", "utmcampaign", "utm campaign", "кампания", "рекламная кампания", "название кампании", "campaign",
                 "campaign name"),
    "campaign_id": ("utm_id", "id кампании", "№ кампании", "номер кампании", "campaign id", "campaign_id", "campaignid"),
    "cost": spend.COST_NAMES,
    "impressions": spend.IMPRESSION_NAMES,
    "clicks": spend.CLICK_NAMES,
    "claimed": spend.CLAIMED_NAMES,
    "currency": ("валюта", "код валюты", "currency", "currency code"),
}
_MEASURES = ("cost", "impressions", "clicks", "claimed")
_ORDER_WORDS = ("заказ", "выручка", "доход", "продаж", "клиент", "чек", "order", "revenue", "customer", "transaction", "sales")
_VAGUE = ("сумма", "amount")
_SYSTEMS = {
    "ya_direct": ("яндекс директ", "яндекс.директ", "директ", "yandex direct", "yandex.direct", "yandex_direct"),
    "google_adwords": ("google ads", "google adwords", "google_ads", "гугл реклама"),
    "vkontakte": ("vk", "вк", "вконтакте", "vk реклама", "vk ads", "vkontakte"),
}
"""Metrica's ids of ad systems, so that spend and visits meet; other systems stay as written."""


def _grid(rows: Sequence[Sequence[Any]]) -> Grid | None:
    found = locate(rows, ALIASES, lambda places: "day" in places and "cost" in places)
    return found if found and not _is_about_orders(found) else None


def _is_about_orders(grid: Grid) -> bool:
    """A sheet of sums beside orders or customers is a sheet of sales, unless its columns name advertising."""
    told = any(name in grid.places for name in ("source", "medium", "campaign", "clicks", "impressions", "ad_system"))
    sales = any(word in column.lower() for column in grid.others for word in _ORDER_WORDS)
    return not told and (sales or grid.labels["cost"].name in _VAGUE)


def recognise(head: Head) -> bool:
    return _grid(head.rows) is not None


def says(head: Head) -> Says:
    grid = _grid(table(head))
    if grid is None:
        raise _no_header(head)
    return told(grid, head)


def told(grid: Grid, head: Head) -> Says:
    """What a sheet with these columns says and leaves open."""
    rows = _rows(grid).kept
    facts: dict[str, str] = {}
    asks = [Ask("account", "Whose spend is this? The name of the ad system or of the sheet", default=_likely_account(grid, rows, head))]
    if grid.labels["cost"].vat:
        facts["vat"] = grid.labels["cost"].vat
    else:
        asks.append(vat.ASK)
    if grid.labels["cost"].currency:
        facts["currency"] = grid.labels["cost"].currency
    elif not all(_own_currency(grid, row) for _, row in rows):
        asks.append(Ask("currency", "In which currency is the spend?"))
    return Says(facts, tuple(asks))


def _likely_account(grid: Grid, rows: Sequence[tuple[int, Row]], head: Head) -> str:
    for name in ("ad_system", "source"):
        said = {plain(grid.cell(row, name)) or "" for _, row in rows} - {""}
        if len(said) == 1:
            return said.pop()
    return PurePath(head.name).stem


def _own_currency(grid: Grid, row: Row) -> str:
    """The currency that the row itself names: in its own column, or by a sign beside the amount."""
    text = str(grid.cell(row, "currency")).strip()
    code = text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else ""
    return currency(text) or code or currency(str(grid.cell(row, "cost")))


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each sheet by itself. Raises BadFile when more than a few rows cannot be read, or rows overlap in time."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    grid = _grid(table(head))
    if grid is None:
        raise _no_header(head)
    return batches(grid, head, answers, SOURCE.name)


def batches(grid: Grid, head: Head, answers: Answers, source: str) -> list[Batch]:
    """The spend of a sheet with these columns."""
    rows = _rows(grid)
    if not rows.kept:
        raise BadFile("The file has a header and no rows.", "{name}", "Fill the sheet, or load one with spend in it.", name=head.name)
    spent, faults = _spent(grid, rows.kept, answers)
    notes = [
        *settle(faults, grid, len(rows.kept), head.name), *spend.check_totals(grid, rows.totals, spent), *left_out(grid), *unread(head),
    ]
    return spend.batches([one for _, one in spent], source, answers["account"], head.origin, answers["vat"], notes)


def _no_header(head: Head) -> BadFile:
    return BadFile(
        "The sheet has no header with a date and a cost.", "{name}", "Name the columns in the first row of the table.", name=head.name
    )


@dataclass(frozen=True)
class _Rows:
    """Rows of data and rows of totals. Shape: (line, row)."""

    kept: list[tuple[int, Row]]
    totals: list[tuple[int, Row]]


def _rows(grid: Grid) -> _Rows:
    """Rows that hold a figure, totals apart. A row of figures with no words and no day is a total when it adds up like one."""
    kept: list[tuple[int, Row]] = []
    totals: list[tuple[int, Row]] = []
    bare: list[tuple[int, Row]] = []
    for line, row in data_rows(grid):
        if all(missing(grid.cell(row, name)) for name in _MEASURES):
            continue
        pile = totals if _is_labelled_total(grid, row) else bare if _is_bare(grid, row) else kept
        pile.append((line, row))
    costs = numbers(grid.column("cost", [row for _, row in kept])).values
    whole = sum((cost for cost in costs if cost is not None), Decimal(0))
    for one in bare:
        (totals if whole in numbers([grid.cell(one[1], "cost")]).values else kept).append(one)
    return _Rows(sorted(kept, key=lambda one: one[0]), sorted(totals, key=lambda one: one[0]))


def _is_labelled_total(grid: Grid, row: Row) -> bool:
    words = [text for text in grid.texts(row, *_MEASURES) if not missing(text)]
    return bool(words) and is_total(words[0]) and not spans([grid.cell(row, "day")]).values[0]


def _is_bare(grid: Grid, row: Row) -> bool:
    return missing(grid.cell(row, "day")) and all(missing(text) for text in grid.texts(row, *_MEASURES))


def _spent(grid: Grid, rows: Sequence[tuple[int, Row]], answers: Answers) -> tuple[list[tuple[int, Spent]], list[Fault]]:
    """Shape: ((line, row of spend) for the rows that can be read, faults of the others)."""
    figures, faults = spend.figures(grid, rows)
    days, day_faults = _days(grid, rows)
    faults += day_faults
    for (line, row), said in zip(rows, figures, strict=True):
        if missing(grid.cell(row, "cost")) and said["cost"] is None:
            faults.append(Fault(line, grid.written["cost"], "", EMPTY))
        if plain(grid.cell(row, "campaign_id")) is None:
            faults.append(Fault(line, grid.written["campaign_id"], str(grid.cell(row, "campaign_id")), LOST))
    wrong = {fault.line for fault in faults}
    found = [
        (line, Spent(*day, _origin(grid, row), _own_currency(grid, row) or answers.get("currency", "").upper(), said))
        for (line, row), said, day in zip(rows, figures, days, strict=True)
        if day is not None and line not in wrong
    ]
    return found, faults


def _days(grid: Grid, rows: Sequence[tuple[int, Row]]) -> tuple[list[Span | None], list[Fault]]:
    cells = [row for _, row in rows]
    first = spans(grid.column("day", cells))
    last = spans(grid.column("last_day", cells)) if "last_day" in grid.places else Parsed((None,) * len(rows), frozenset())
    column, written = grid.labels["day"].name, grid.written["day"]
    found: list[Span | None] = []
    faults = []
    for place, ((line, row), since, until) in enumerate(zip(rows, first.values, last.values, strict=True)):
        value = " - ".join(str(cell).strip() for cell in (grid.cell(row, "day"), grid.cell(row, "last_day")) if not missing(cell))
        day = _between(spend.widened(since, column), until) if since and place not in last.wrong else None
        if day is None:
            faults.append(Fault(line, written, value, NOT_A_DAY if value else EMPTY))
        elif day[1] > clock.today():
            faults.append(Fault(line, written, value, AHEAD))
        found.append(day)
    return found, faults


def _between(since: Span, until: Span | None) -> Span | None:
    day = (since[0], until[1]) if until else since
    return day if day[0] <= day[1] else None


def _origin(grid: Grid, row: Row) -> tuple[str, ...]:
    """Spend with no medium is advertising; one with a medium is what its medium says."""
    said = {name: plain(grid.cell(row, name)) or "" for name in ("ad_system", "source", "medium", "campaign", "campaign_id")}
    written = said["ad_system"].lower()
    said["ad_system"] = next((key for key, spellings in _SYSTEMS.items() if written in spellings), said["ad_system"])
    named = {"campaign_name": said["campaign"]} if said["campaign_id"] and not said["source"] else {}
    kind = plain(grid.cell(row, "traffic_source")) or ("" if said["medium"] else "ad")
    return spend.origin(traffic_source=kind, **said, **named)


SOURCE = Source(
    name="cost_sheet",
    title="Cost sheet",
    fills=(SPEND,),
    export="a cost sheet with a date and a cost column (CSV or XLSX)",
    recognise=recognise,
    says=says,
    read=read,
    generic=True,
)
