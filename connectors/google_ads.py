"""Google Ads: what the interface downloads as CSV (UTF-8 with commas) or as Excel CSV (UTF-16 with tabs). Columns as the person chose.

Traps it knows: banner lines above the header; several totals under the rows (of the report, of the account, one per campaign type),
so that adding up the column triples the spend; ` --` for what does not apply; thousands commas; interactions, which are views for video;
asset reports, which count one click once per asset.

Source: files downloaded in English in 2025 and 2026; Russian headers as the interface names its columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors import PERIOD, Answers, Says, Source, spend, vat
from connectors.files import Head, Row, blank, names, table, unread
from connectors.grid import Fault, Grid, check_total, data_rows, left_out, locate, settle
from connectors.spend import Spent
from connectors.values import Span, currency, missing, plain, span
from data.batches import Batch, Note
from data.errors import Ask, BadFile, MissingAnswer
from data.tables import SPEND

_ALIASES: Mapping[str, Sequence[str]] = {
    "day": spend.DAY_NAMES,
    "campaign": ("campaign", "кампания", "campaign name", "название кампании"),
    "campaign_id": ("campaign id", "идентификатор кампании", "id кампании"),
    "customer": ("customer id", "идентификатор клиента", "external customer id"),
    "currency": ("currency code", "код валюты", "currency", "валюта"),
    "type": ("campaign type", "тип кампании"),
    "cost": ("cost", "стоимость", "расход", "расходы", "затраты"),
    "impressions": spend.IMPRESSION_NAMES,
    "clicks": ("clicks", "клики", "interactions", "взаимодействия"),
    "claimed": ("conversions", "конверсии"),
}
_MEASURES = ("cost", "impressions", "clicks", "claimed")
_MARKS = frozenset((
    "currency code", "код валюты", "campaign status", "impr.", "avg. cpc", "avg. cost", "interactions", "interaction rate", "cost / conv.",
    "взаимодействия", "сред. цена за клик", "средн. цена за клик", "стоимость/конв.", "стоимость / конв.",
))
"""Columns that no other system names this way, lower case."""
_ASSETS = ("asset", "объект")
_NAMED = re.compile(r"(?!.*:).*(?:\breport\b|\bотч[её]т)", re.IGNORECASE)
_ALL_TIME = ("all time", "все время", "всё время", "за все время", "за всё время")
_ACCOUNT = re.compile(
    r"(?:customer id|account|идентификатор клиента|аккаунт)\s*:\s*(?P<said>.+)|(?P<number>\d{3}-\d{3}-\d{4})", re.IGNORECASE
)
_TOTAL = re.compile(r"^(?:total|итого|всего)\s*(?::\s*(?P<of>.*))?$", re.IGNORECASE)
_OF_ACCOUNT = ("account", "аккаунт")
_BANNER_ROWS = 8


# ---------------------------------------------------------------------------------------------------------- the report


@dataclass(frozen=True)
class _Banner:
    """What stands above the header. `dated` says that it tells the days, even if they are all there are."""

    named: bool
    dated: bool
    period: Span | None
    account: str


@dataclass(frozen=True)
class _Report:
    """Shape: `rows` and `totals` are (line, row)."""

    grid: Grid
    banner: _Banner
    rows: list[tuple[int, Row]]
    totals: list[tuple[int, Row]]


def _banner(rows: Sequence[Sequence[Any]]) -> _Banner:
    """NB: a report may be called `July 2025`, so the lowest line that tells days is the range."""
    lines = [",".join(str(cell) for cell in row).strip(' ,;\t"') for row in rows]
    dated = [line for line in lines if line.lower() in _ALL_TIME or span(line)]
    accounts = [found["said"] or found["number"] for line in lines if (found := _ACCOUNT.fullmatch(line))]
    return _Banner(
        named=any(_NAMED.match(line) for line in lines),
        dated=bool(dated),
        period=span(dated[-1]) if dated else None,
        account=accounts[0].strip() if accounts else "",
    )


def _grid(rows: Sequence[Sequence[Any]]) -> Grid | None:
    """The first row near the top that names a campaign or a cost beside something else that is known."""

    def fits(places: Mapping[str, int]) -> bool:
        return ("campaign" in places or "cost" in places) and len(places) > 1

    found = locate([_qualified(row) for row in rows[:_BANNER_ROWS]], _ALIASES, fits)
    if found is None:
        return None
    header = found.first - 2
    return locate([*rows[:header], _qualified(rows[header]), *rows[header + 1 :]], _ALIASES, fits)


def _qualified(row: Sequence[Any]) -> list[Any]:
    """`Conversions (by conv. time)` and `Cost (converted currency)` are other figures than `Conversions` and `Cost`."""
    return [re.sub(r"\s*\((.*)\)$", r" – \1", cell) if isinstance(cell, str) and not currency(cell) else cell for cell in row]


def _report(head: Head) -> _Report:
    """Raises BadFile when there is no spend in the report, or spend that cannot be added up."""
    rows = table(head)
    grid = _grid(rows)
    if grid is None:
        raise BadFile("The header of the report is not where it was.", "{name}", "Export the report again.", name=head.name)
    filled = list(data_rows(grid))
    totals = _totals(grid, filled)
    kept = filled[: len(filled) - len(totals)]
    measured = [(line, row) for line, row in kept if not all(missing(grid.cell(row, name)) for name in _MEASURES)]
    if not kept or ("cost" in grid.places and not measured):
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period in which ads were running.", name=head.name)
    if "cost" not in grid.places:
        raise BadFile(
            "The report has no column with the cost.", "{name}",
            "Add the columns Cost, Impr., Clicks and Conversions and download it again.", name=head.name,
        )
    if any(column.lower() in _ASSETS for column in grid.others):
        raise BadFile(
            "An asset report counts one click once for every asset that was shown, so its spend cannot be added up.", "{name}",
            "Download the report of campaigns instead.", name=head.name,
        )
    return _Report(grid, _banner(rows[: grid.first - 2]), measured, totals)


def _totals(grid: Grid, filled: Sequence[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """The run of totals that ends the table: `Total: …` in the first column, and no campaign of its own."""
    first = len(filled)
    while first and _is_total(grid, filled[first - 1][1]):
        first -= 1
    return list(filled[first:])


def _is_total(grid: Grid, row: Row) -> bool:
    start = min(grid.places.values()) if blank(row[:1]) else 0
    if not _TOTAL.match(str(row[start]).strip()):
        return False
    return grid.places.get("campaign", start) == start or missing(grid.cell(row, "campaign"))


# ----------------------------------------------------------------------------------------------------- what it says


def recognise(head: Head) -> bool:
    grid = _grid(head.rows)
    if grid is None:
        return False
    banner = _banner(head.rows[: grid.first - 2])
    marks = _MARKS & set(names(head.rows[grid.first - 2]))
    return (banner.dated and (banner.named or bool(marks))) or (banner.named and bool(marks)) or len(marks) > 1


def says(head: Head) -> Says:
    report = _report(head)
    grid = report.grid
    facts = {}
    asks = [Ask("account", "Which account of Google Ads is this? Its customer ID", default=_likely_account(report))]
    if report.banner.period is None and "day" not in grid.places:
        asks.append(PERIOD)
    if grid.labels["cost"].vat:
        facts["vat"] = grid.labels["cost"].vat
    else:
        asks.append(vat.ASK)
    codes = _codes(report)
    if len(codes) == 1 and "" not in codes:
        facts["currency"] = codes.copy().pop()
    elif "" in codes:
        asks.append(Ask("currency", "In which currency is the spend?"))
    return Says(facts, tuple(asks))


def _likely_account(report: _Report) -> str:
    said = {plain(report.grid.cell(row, "customer")) or "" for _, row in report.rows} - {""}
    return said.pop() if len(said) == 1 else report.banner.account


def _codes(report: _Report) -> set[str]:
    """Currencies of the rows; an empty one where a row names none."""
    return {_code(report.grid, row) for _, row in report.rows}


def _code(grid: Grid, row: Row) -> str:
    """The row's own currency: in its column, in the header of the cost or by a sign beside the amount."""
    text = str(grid.cell(row, "currency")).strip().upper()
    return text if re.fullmatch(r"[A-Z]{3}", text) else grid.labels["cost"].currency or currency(str(grid.cell(row, "cost")))


# ---------------------------------------------------------------------------------------------------------- reading


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each file by itself: days and campaigns where the report has days, else the whole period and campaigns."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    report = _report(head)
    period = report.banner.period or span(answers.get("period", ""))
    if period is None and "day" not in report.grid.places:
        raise MissingAnswer((PERIOD,), "{name}", name=head.name)
    spent, faults = _spent(report, period, answers)
    notes = [
        *settle(faults, report.grid, len(report.rows), head.name), *_interactions(report.grid), *_check(report, spent),
        *left_out(report.grid), *unread(head),
    ]
    return spend.batches([one for _, one in spent], SOURCE.name, answers["account"], head.origin, answers["vat"], notes, period)


def _spent(report: _Report, period: Span | None, answers: Answers) -> tuple[list[tuple[int, Spent]], list[Fault]]:
    several = len(_codes(report)) > 1

    def money(row: Row) -> str:
        return (_code(report.grid, row) if several else "") or answers["currency"]

    return spend.of_campaigns(report.grid, report.rows, period, _origin, money)


def _origin(grid: Grid, row: Row) -> tuple[str, ...]:
    return spend.origin(
        traffic_source="ad", ad_system="google_adwords", campaign_id=plain(grid.cell(row, "campaign_id")) or "",
        campaign_name=str(grid.cell(row, "campaign")).strip(),
    )


def _interactions(grid: Grid) -> tuple[Note, ...]:
    if grid.labels.get("clicks") is None or grid.labels["clicks"].name in spend.CLICK_NAMES:
        return ()
    return (Note("clicks", "There is no column Clicks: interactions are loaded as clicks. For video they are views as well."),)


# ----------------------------------------------------------------------------------------------------------- totals


def _check(report: _Report, spent: Sequence[tuple[int, Spent]]) -> list[Note]:
    """Notes on totals that are not the sum of what they total. A figure that two totals repeat is named once.

    Money in several currencies has no sum to compare with.
    """
    grid = report.grid
    printed, _ = spend.figures(grid, report.totals)
    if len({one.currency for _, one in spent}) > 1:
        printed = [{**said, "cost": None} for said in printed]
    labels = [next(str(cell).strip() for cell in row if not blank([cell])) for _, row in report.totals]
    types = {line: str(grid.cell(row, "type")).strip().lower() for line, row in report.rows}
    notes: dict[tuple[str, Decimal | None], Note] = {}
    for label, said, whole in zip(labels, printed, _of_all_rows(labels), strict=True):
        scope = _scope(label)
        if scope in _OF_ACCOUNT:
            found = _whole_account(grid, said["cost"], _sums(spent)["cost"])
        elif scope in types.values():
            found = _part(grid, label, said, [(line, one) for line, one in spent if types[line] == scope])
        else:
            found = _part(grid, label, said, spent) if whole else {}
        for name, note in found.items():
            notes.setdefault((name, said[name]), note)
    return list(notes.values())


def _of_all_rows(labels: Sequence[str]) -> list[bool]:
    """Which totals are of all rows: those above the account's, or the first. Under it come campaign types, known to us or not."""
    account = next((place for place, label in enumerate(labels) if _scope(label) in _OF_ACCOUNT), 0)
    return [place < max(account, 1) for place in range(len(labels))]


def _part(grid: Grid, label: str, said: Mapping[str, Decimal | None], spent: Sequence[tuple[int, Spent]]) -> dict[str, Note]:
    """Shape: measure -> note, where the total and its rows differ."""
    sums = _sums(spent)
    told = {name: check_total(f"{grid.written[name]} ({label})", value, sums[name]) for name, value in said.items()}
    return {name: notes[0] for name, notes in told.items() if notes}


def _scope(label: str) -> str:
    """What a total is of: `Total: Account` -> account."""
    found = _TOTAL.match(label)
    return (found["of"] or "").strip().lower() if found else ""


def _sums(spent: Sequence[tuple[int, Spent]]) -> dict[str, Decimal]:
    return {name: sum((one.figures.get(name) or Decimal(0) for _, one in spent), Decimal(0)) for name in _MEASURES}


def _whole_account(grid: Grid, printed: Decimal | None, summed: Decimal) -> dict[str, Note]:
    """An account that has spent something else than the rows: the report is filtered, or leaves out what was removed."""
    if printed is None or printed == summed:
        return {}
    text = "{column}: the whole account has {printed}, the rows of the report add up to {summed}. What the report leaves out is not loaded."
    facts = {"column": grid.written["cost"], "printed": f"{printed.normalize():f}", "summed": f"{summed.normalize():f}"}
    return {"cost": Note("total", text, facts)}


SOURCE = Source(
    name="google_ads",
    title="Google Ads, downloaded reports",
    fills=(SPEND,),
    export="a Google Ads report download (CSV or Excel CSV) with the columns Campaign and Cost",
    recognise=recognise,
    says=says,
    read=read,
)
