"""Yandex Direct: what its report wizard saves, as XLSX or as CSV of the same shape. Any columns the person chose, summed to campaigns.

Traps it knows: a preamble above the header or none in a copy edited by hand; a total row whose amount differs from the rows by
roundings; `-` for a figure that does not exist; percents that are not shares; a pivot pasted beside the table.

Source: yandex.ru/support/direct, report wizard; layouts of files saved in 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors import PERIOD, Answers, Says, Source, spend, vat
from connectors.files import Head, Row, table, unread
from connectors.grid import Grid, data_rows, is_total, left_out, locate, settle
from connectors.values import Span, plain, span
from data.batches import Batch
from data.errors import Ask, BadFile, MissingAnswer
from data.tables import SPEND

_ALIASES: Mapping[str, Sequence[str]] = {
    "day": spend.DAY_NAMES,
    "campaign": ("название кампании", "кампания", "campaign name", "campaign"),
    "campaign_id": ("№ кампании", "номер кампании", "id кампании", "campaign no", "campaign no.", "campaign id", "campaignid"),
    "placement": ("тип площадки", "тип площадок", "место показа", "ad network type", "platform type"),
    "cost": ("расход", "cost"),
    "impressions": spend.IMPRESSION_NAMES,
    "clicks": spend.CLICK_NAMES,
    "claimed": ("конверсии", "conversions"),
}
_PREAMBLE = re.compile(r"^\s*(?P<what>клиент|отч[её]т|период|client|report|period)\s*:\s*(?P<said>.+?)\s*$", re.IGNORECASE)
_LOGIN = re.compile(r"\(([^()]+)\)\s*$")
_PLACEMENTS = {
    "поиск": "search", "search": "search", "поисковые площадки": "search", "сети": "network", "рся": "network", "network": "network",
    "тематические площадки": "network", "ad_network": "network", "context": "network",
}


def _preamble(head: Head) -> dict[str, str]:
    """Shape: client, report, period -> what is said. The words of the file, Russian or English."""
    english = {"клиент": "client", "отчет": "report", "отчёт": "report", "период": "period"}
    found = {}
    for row in head.rows[:8]:
        match = _PREAMBLE.match(str(row[0])) if row else None
        if match:
            found[english.get(match["what"].lower(), match["what"].lower())] = match["said"]
    return found


def _grid(rows: Sequence[Sequence[object]], preamble: Mapping[str, str]) -> Grid | None:
    """A header with spend that Direct alone writes: under Direct's preamble, or beside its campaign numbers."""
    known = len(preamble) >= 2

    def fits(places: Mapping[str, int]) -> bool:
        counted = "impressions" in places or "clicks" in places
        return "cost" in places and (known or (counted and "campaign_id" in places and "campaign" in places))

    return locate(rows, _ALIASES, fits)


def recognise(head: Head) -> bool:
    found = _grid(head.rows, _preamble(head))
    return found is not None and (len(_preamble(head)) >= 2 or "№ кампании" in {one.name for one in found.labels.values()})


def says(head: Head) -> Says:
    preamble = _preamble(head)
    grid = _grid(head.rows, preamble)
    facts, asks = {}, []
    login = _LOGIN.search(preamble.get("client", ""))
    if login:
        facts["account"] = login[1].strip()
    else:
        asks.append(Ask("account", "Which account of Yandex Direct is this? Its login"))
    if not _period(preamble) and (grid is None or "day" not in grid.places):
        asks.append(PERIOD)
    cost = grid.labels["cost"] if grid else None
    if cost and cost.vat:
        facts["vat"] = cost.vat
    else:
        asks.append(vat.ASK)
    if cost and cost.currency:
        facts["currency"] = cost.currency
    else:
        asks.append(Ask("currency", "In which currency is the spend?"))
    return Says(facts, tuple(asks))


def _period(preamble: Mapping[str, str]) -> Span | None:
    return span(preamble.get("period", ""))


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each file by itself: days and campaigns where the report has days, else the whole period and campaigns."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    rows = table(head)
    preamble = _preamble(head)
    grid = _grid(rows, preamble)
    if grid is None:
        raise BadFile("The header of the report is not where it was.", "{name}", "Export the report again.", name=head.name)
    filled = list(data_rows(grid))
    totals = [(line, row) for line, row in filled if _is_total(grid, row)]
    kept = [(line, row) for line, row in filled if not _is_total(grid, row)]
    if not kept:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period in which ads were running.", name=head.name)
    period = _period(preamble) or span(answers.get("period", ""))
    if period is None and "day" not in grid.places:
        raise MissingAnswer((PERIOD,), "{name}", name=head.name)
    spent, faults = spend.of_campaigns(grid, kept, period, _origin, lambda row: answers["currency"])
    notes = [
        *settle(faults, grid, len(kept), head.name), *spend.check_totals(grid, totals, spent), *left_out(grid), *unread(head),
    ]
    return spend.batches([one for _, one in spent], SOURCE.name, answers["account"], head.origin, answers["vat"], notes, period)


def _is_total(grid: Grid, row: Row) -> bool:
    """The total is labelled in the first column and has no campaign number."""
    words = [text for text in grid.texts(row) if text.strip()]
    return bool(words) and is_total(words[0]) and not plain(grid.cell(row, "campaign_id"))


def _origin(grid: Grid, row: Row) -> tuple[str, ...]:
    return spend.origin(
        traffic_source="ad", ad_system="ya_direct", campaign_id=plain(grid.cell(row, "campaign_id")) or "",
        campaign_name=plain(grid.cell(row, "campaign")) or "",
        placement=_PLACEMENTS.get(str(grid.cell(row, "placement")).strip().lower(), ""),
    )


SOURCE = Source(
    name="direct_wizard",
    title="Yandex Direct, report wizard",
    fills=(SPEND,),
    export="a Yandex Direct report wizard download (XLSX or CSV)",
    recognise=recognise,
    says=says,
    read=read,
)
