"""Yandex Direct: an answer of the Reports service saved to a file, with whatever fields the request asked for, summed to campaigns.

Traps it knows: lines above and below the table that a request may switch off; money in millionths unless the request says otherwise,
which the file does not tell; `--` for a figure that does not exist; conversions of several goals, which cannot be added up; names of
campaigns that begin with a quotation mark.

Source: yandex.ru/dev/direct, service Reports: report content and HTTP headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from connectors import PERIOD, Answers, Says, Source, spend, vat
from connectors.files import Head, Row, names, table, unread
from connectors.grid import Grid, data_rows, left_out, locate, settle
from connectors.values import Span, missing, plain, span
from data.batches import Batch
from data.errors import Ask, BadFile, MissingAnswer
from data.tables import SPEND

_ALIASES: Mapping[str, Sequence[str]] = {
    "day": ("date", "week", "month"),
    "campaign": ("campaignname",),
    "campaign_id": ("campaignid",),
    "placement": ("adnetworktype",),
    "login": ("clientlogin",),
    "cost": ("cost",),
    "impressions": ("impressions",),
    "clicks": ("clicks",),
    "claimed": ("conversions",),
}
_OWN_FIELDS = frozenset((
    "AdFormat", "AdGroupId", "AdGroupName", "AdId", "AdNetworkType", "CampaignId", "CampaignName", "CampaignType", "CampaignUrlPath",
    "ClientLogin", "CriteriaType", "CriterionType", "LocationOfPresenceName", "TargetingLocationName",
))
"""Fields that only this service names this way."""
_FIELD = re.compile(r"[A-Z][A-Za-z0-9]*(?:_\d+_[A-Z]+)?")
_GOAL = re.compile(r"conversions_\d+_[a-z]+")
_TITLE = re.compile(r"^\W*.*\((\d{4}-\d\d-\d\d)\s*[-–—]\s*(\d{4}-\d\d-\d\d)\)\W*$")
_COUNT = re.compile(r"^\W*(?:total rows|всего строк|итого строк)\s*:\s*(\d+)\W*$", re.IGNORECASE)
_ENCLOSED = re.compile(r'^"((?:[^"]|"")*)"$')
_PLACEMENTS = {"SEARCH": "search", "AD_NETWORK": "network"}
_MILLION = Decimal(1_000_000)
_CLICK_IN_MICROS, _CLICK_PLAIN = 100_000, 3_000
"""A click that costs so much is paid in millionths, one that costs so little is not, in any currency of Direct."""
_ROW_IN_MICROS, _ROW_PLAIN = 10**9, 10_000
"""The same for the dearest row of a report without clicks; 10 000 millionths are a kopeck."""
MONEY = Ask("money", "Is the cost in this file in the currency itself (plain) or in its millionths (micros)?", ("micros", "plain"))


# ---------------------------------------------------------------------------------------------------------- the report


@dataclass(frozen=True)
class _Report:
    """Shape: `rows` are (line, row)."""

    grid: Grid
    period: Span | None
    rows: list[tuple[int, Row]]


def _grid(rows: Sequence[Sequence[Any]]) -> Grid | None:
    """A header of fields is the first line or the second. Conversions of one goal are conversions; of several they are not added up."""
    goals = [name for row in rows[:2] for name in names(row) if _GOAL.fullmatch(name)]
    aliases = {**_ALIASES, "claimed": ("conversions", *goals)} if len(goals) == 1 else _ALIASES

    def fits(places: Mapping[str, int]) -> bool:
        return len(places) > 1 and any(name in places for name in ("cost", "impressions", "clicks", "claimed"))

    return locate(rows, aliases, fits) if locate(rows[:2], aliases, fits) else None


def _period(rows: Sequence[Sequence[Any]]) -> Span | None:
    """The dates of the report's name, where the first line is one."""
    found = _TITLE.match(" ".join(str(cell) for cell in rows[0])) if rows else None
    return span(f"{found[1]}/{found[2]}") if found else None


def _rows(head: Head) -> list[Row]:
    """NB: quotation marks of the service are data (`"Plates" sale`), unless they enclose a cell, as a copy saved by a program has them."""
    if head.delimiter != "\t":
        return table(head)
    return [[_ENCLOSED.sub(lambda found: found[1].replace('""', '"'), cell) for cell in row] for row in table(replace(head, quoted=False))]


def _report(head: Head) -> _Report:
    """Raises BadFile when the report holds no spend or is not whole."""
    rows = _rows(head)
    grid = _grid(rows)
    if grid is None:
        raise BadFile("The header of the report is not where it was.", "{name}", "Export the report again.", name=head.name)
    filled = list(data_rows(grid))
    kept = [(line, row) for line, row in filled if not counted(row)]
    _check_whole(grid, kept, [count for _, row in filled if (count := counted(row))], head.name)
    if not kept:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period in which ads were running.", name=head.name)
    if "cost" not in grid.places:
        raise BadFile("The report has no field Cost.", "{name}", "Add Cost to FieldNames and order the report again.", name=head.name)
    return _Report(grid, _period(rows[: grid.first - 2]), kept)


def counted(row: Row) -> str:
    """The number of rows that the last line of a report states; empty for any other row."""
    found = _COUNT.match(str(row[0])) if row else None
    return found[1] if found else ""


def _check_whole(grid: Grid, rows: Sequence[tuple[int, Row]], counts: Sequence[str], name: str) -> None:
    width = len(grid.places) + len(grid.others)
    short = next((line for line, row in rows if len(row) < width), None)
    if short is not None:
        raise BadFile(
            "A row is shorter than the header: the file is cut off.", "{name}, line {line}", "Download it again.", name=name, line=short
        )
    if counts and int(counts[-1]) != len(rows):
        raise BadFile(
            "The report says that it has {stated} rows, and the file has {found}.", "{name}", "Download it again.",
            stated=int(counts[-1]), found=len(rows), name=name,
        )


# ----------------------------------------------------------------------------------------------------- what it says


def recognise(head: Head) -> bool:
    grid = _grid(head.rows)
    if grid is None:
        return False
    header = [str(cell).strip() for cell in head.rows[grid.first - 2]]
    framed = _period(head.rows[: grid.first - 2]) is not None or any(counted(list(row)) for row in head.rows)
    return all(_FIELD.fullmatch(cell) for cell in header) and (framed or bool(_OWN_FIELDS & set(header)))


def says(head: Head) -> Says:
    report = _report(head)
    facts = {}
    asks = [vat.ASK, Ask("currency", "In which currency is the spend?")]
    login = {plain(cell) or "" for cell in report.grid.column("login", [row for _, row in report.rows])}
    if len(login) == 1 and "" not in login:
        facts["account"] = login.pop()
    else:
        asks.insert(0, Ask("account", "Which account of Yandex Direct is this? Its login"))
    if report.period is None and "day" not in report.grid.places:
        asks.append(PERIOD)
    if _in_micros(report) is None:
        asks.append(MONEY)
    return Says(facts, tuple(asks))


def _in_micros(report: _Report) -> bool | None:
    """Whether the cost is in millionths; None where it may be either."""
    cells = [cell for cell in report.grid.column("cost", [row for _, row in report.rows]) if not missing(cell)]
    amounts = [amount for cell in cells if (amount := _integer(cell)) is not None]
    if len(amounts) < len(cells) or not any(amounts):
        return False
    clicks = sum(_integer(cell) or 0 for cell in report.grid.column("clicks", [row for _, row in report.rows]))
    if clicks:
        return _told(sum(amounts) / clicks, _CLICK_PLAIN, _CLICK_IN_MICROS)
    return _told(max(amounts), _ROW_PLAIN, _ROW_IN_MICROS)


def _told(amount: float, plain_below: int, micros: int) -> bool | None:
    return True if amount >= micros else False if amount < plain_below else None


def _integer(cell: Any) -> int | None:
    """A number written without a decimal mark; a workbook holds whole numbers as floats."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return int(cell) if isinstance(cell, str) and re.fullmatch(r"\s*\d+\s*", cell, re.ASCII) else None


# ---------------------------------------------------------------------------------------------------------- reading


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each file by itself: days and campaigns where the report has days, else the whole period and campaigns."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    report = _report(head)
    period = report.period or span(answers.get("period", ""))
    micros = answers["money"] == "micros" if answers.get("money") else _in_micros(report)
    asks = [*([PERIOD] if period is None and "day" not in report.grid.places else []), *([MONEY] if micros is None else [])]
    if unanswered := [ask for ask in asks if not answers.get(ask.option)]:
        raise MissingAnswer(unanswered, "{name}", name=head.name)
    rows = list(_plain_money(report)) if micros else report.rows
    spent, faults = spend.of_campaigns(report.grid, rows, period, _origin, lambda row: answers["currency"])
    notes = [*settle(faults, report.grid, len(rows), head.name), *left_out(report.grid), *unread(head)]
    return spend.batches([one for _, one in spent], SOURCE.name, answers["account"], head.origin, answers["vat"], notes, period)


def _plain_money(report: _Report) -> Iterator[tuple[int, Row]]:
    """Rows with the cost in the currency, all six decimals written out, so that `1.234` is not taken for a thousand.

    NB: this comes before parsing, because a million roubles in millionths is more than a cell of money may hold.
    """
    place = report.grid.places["cost"]
    for line, row in report.rows:
        amount = _integer(row[place])
        yield line, row if amount is None else [*row[:place], f"{amount / _MILLION:.6f}", *row[place + 1 :]]


def _origin(grid: Grid, row: Row) -> tuple[str, ...]:
    return spend.origin(
        traffic_source="ad", ad_system="ya_direct", campaign_id=plain(grid.cell(row, "campaign_id")) or "",
        campaign_name=plain(grid.cell(row, "campaign")) or "", placement=_PLACEMENTS.get(str(grid.cell(row, "placement")).strip(), ""),
    )


SOURCE = Source(
    name="direct_reports",
    title="Yandex Direct, Reports service",
    fills=(SPEND,),
    export="an answer of the Yandex Direct Reports service saved to a file (TSV)",
    recognise=recognise,
    says=says,
    read=read,
)
