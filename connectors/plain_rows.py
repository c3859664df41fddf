"""Rows of a plain sheet that no other source has: steps of a funnel, a demand series, leads, events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from connectors import Answers, crm_orders, spend, vat
from connectors.files import Head, Row, unread
from connectors.grid import AHEAD, EMPTY, NEGATIVE, NOT_A_DAY, NOT_A_NUMBER, Fault, Grid, data_rows, is_total, left_out, settle
from connectors.offline_conversions import key
from connectors.order_columns import PRIVATE
from connectors.plain_columns import of_role
from connectors.values import Span, decimal_mark, missing, numbers, plain, spans
from data import clock
from data.batches import Batch, Note
from data.desk.marks import Mark
from data.errors import BadFile
from data.tables import CONVERSIONS, DEMAND, STEPS

_SPAM = ("spam",)
_OF_MARKS = {
    "ours": ("наш", "мы", "сво", "our", "we", "own", "клиент"),
    "competitor": ("конкур", "compet"),
    "market": ("рын", "market", "отрасл"),
    "fault": ("сбой", "сбои", "авар", "ошиб", "полом", "fault", "outage", "bug", "incident", "технич"),
    "season": ("сезон", "празд", "season", "holiday"),
}
"""Beginnings of words by which a sheet tells kinds of events."""


@dataclass(frozen=True)
class Dated:
    """A row with its period and the numbers asked of it. `line` is where it stands."""

    line: int
    row: Row
    days: Span
    figures: Mapping[str, Decimal | None]


def dated(grid: Grid, measures: Sequence[str], name: str) -> tuple[list[Dated], tuple[Note, ...]]:
    """The rows that can be read and hold any of the figures, and notes on the others. Raises BadFile for too many of those or none."""
    rows = [(line, row) for line, row in data_rows(grid) if not _is_total(grid, row, measures)]
    if measures:
        rows = [(line, row) for line, row in rows if any(not missing(grid.cell(row, one)) for one in measures)]
    if not rows:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with data.", name=name)
    figures, faults = _figures(grid, rows, measures)
    days, more = _days(grid, rows)
    faults += more
    wrong = {fault.line for fault in faults}
    found = [
        Dated(line, row, day, said)
        for (line, row), day, said in zip(rows, days, figures, strict=True) if day is not None and line not in wrong
    ]
    return found, settle(faults, grid, len(rows), name)


def _is_total(grid: Grid, row: Row, measures: Sequence[str]) -> bool:
    words = [text for text in grid.texts(row, *measures) if not missing(text)]
    return bool(words) and is_total(words[0]) and not spans([grid.cell(row, "day")]).values[0]


def _figures(
    grid: Grid, rows: Sequence[tuple[int, Row]], measures: Sequence[str]
) -> tuple[list[dict[str, Decimal | None]], list[Fault]]:
    cells = {name: grid.column(name, [row for _, row in rows]) for name in measures}
    proofs = {decimal_mark(column) for column in cells.values()} - {""}
    elsewhere = proofs.pop() if len(proofs) == 1 else ""
    found: list[dict[str, Decimal | None]] = [{} for _ in rows]
    faults = []
    for name, column in cells.items():
        parsed = numbers(column, elsewhere=elsewhere)
        for place, value in enumerate(parsed.values):
            found[place][name] = value
            if place in parsed.wrong or (value is not None and value < 0):
                why = NOT_A_NUMBER if value is None else NEGATIVE
                faults.append(Fault(rows[place][0], grid.written[name], str(column[place]).strip(), why))
    return found, faults


def _days(grid: Grid, rows: Sequence[tuple[int, Row]]) -> tuple[list[Span | None], list[Fault]]:
    cells = [row for _, row in rows]
    first, last = spans(grid.column("day", cells)).values, spans(grid.column("last_day", cells)).values
    found: list[Span | None] = []
    faults = []
    for (line, row), since, until in zip(rows, first, last, strict=True):
        day = spend.widened(since, grid.labels["day"].name) if since else None
        if day and until:
            day = (day[0], until[1]) if day[0] <= until[1] else None
        cell = grid.cell(row, "day")
        if day is None or day[0] > clock.today():
            why = AHEAD if day else EMPTY if missing(cell) else NOT_A_DAY
            faults.append(Fault(line, grid.written["day"], str(cell).strip(), why))
            day = None
        found.append(day)
    return found, faults


def _stretches(found: Iterable[Span], name: str) -> list[spend.Stretch]:
    return spend.stretches(spend.pieces(sorted(set(found)), None, name))


# ----------------------------------------------------------------------------------------------------------- funnel steps


def steps(grid: Grid, head: Head, answers: Answers, source: str) -> list[Batch]:
    """A batch per step and figure, so that a file of one step leaves the others alone. One column is called as was answered,
    several by their headers."""
    columns = [*of_role(grid.places, "reached"), *of_role(grid.places, "amount")]
    found, notes = dated(grid, columns, head.name)
    notes = (*notes, *left_out(grid), *unread(head))
    made: list[Batch] = []
    for column in columns:
        step = answers["step"] if len(columns) == 1 else _called(grid, column)
        for one in _stretches((row.days for row in found), head.name):
            mine = [row for row in found if one.since <= row.days[0] and row.days[1] <= one.until]
            rows = _step(grid, mine, column, step, answers)
            made.append(Batch(
                STEPS, source, answers["account"], rows, head.origin, one.since, one.until, breakdown=f"{step}, {column.split(' ')[0]}",
                whole=bool(one.periods), periods=one.periods, notes=() if made else notes,
            ))
    return made


def _called(grid: Grid, column: str) -> str:
    """A step is called by its header. Money right beside a number is the money of that step."""
    beside = next((name for name in of_role(grid.places, "reached") if grid.places[name] == grid.places[column] - 1), column)
    return grid.written[beside if column.startswith("amount") else column]


def _step(grid: Grid, found: Sequence[Dated], column: str, step: str, answers: Answers) -> pa.Table:
    """Rows of one day are added up: a step may be counted by manager or by product."""
    sums: dict[tuple[Span, str], Decimal] = {}
    money = column.split(" ")[0] == "amount"
    for one in found:
        value = one.figures[column]
        currency = _currency(grid, one.row, column, answers) if money else ""
        if value is not None:
            sums[one.days, currency] = sums.get((one.days, currency), Decimal(0)) + value
    keys = sorted(sums)
    content = {
        "day": pa.array([days[0] for days, _ in keys], pa.date32()),
        "until": pa.array([days[1] for days, _ in keys], pa.date32()),
        "step": pa.array([step] * len(keys), pa.string()),
        "currency": pa.array([currency for _, currency in keys], pa.string()),
    }
    if money:
        net = [vat.net(sums[days, currency], *days, answers["vat"], currency) for days, currency in keys]
        return pa.table({**content, "amount": pa.array(net, pa.decimal128(18, 6))})
    return pa.table({**content, "reached": pa.array([float(sums[one]) for one in keys], pa.float64())})


def _currency(grid: Grid, row: Row, column: str, answers: Answers) -> str:
    own = crm_orders.currency_code(plain(grid.cell(row, "currency")) or "")
    return own or grid.labels[column].currency or answers.get("currency", "")


# ----------------------------------------------------------------------------------------------------------------- demand


def demand(grid: Grid, head: Head, answers: Answers, source: str) -> list[Batch]:
    """A demand series. Where no column names the phrase, each column of figures is a phrase, called by its header or as was answered."""
    columns = [*of_role(grid.places, "searches"), *of_role(grid.places, "level")]
    found, notes = dated(grid, columns, head.name)
    notes = (*notes, *left_out(grid), *unread(head))
    levels = _levels(grid, found, columns, answers)
    made: list[Batch] = []
    by_phrase: dict[tuple[str, str], list[Level]] = {}
    for level in levels:
        by_phrase.setdefault((level.phrase, level.region), []).append(level)
    for what, mine in sorted(by_phrase.items()):
        for one in _stretches((level.days for level in mine), head.name):
            rows = _demand([level for level in mine if one.since <= level.days[0] and level.days[1] <= one.until])
            made.append(Batch(
                DEMAND, source, answers["account"], rows, head.origin, one.since, one.until, breakdown=", ".join(filter(None, what)),
                whole=bool(one.periods), periods=one.periods, notes=() if made else notes,
            ))
    return made


@dataclass(frozen=True)
class Level:
    """Demand for one phrase in one region over one period. `searches` is None where the source gives a level only."""

    days: Span
    phrase: str
    region: str
    searches: Decimal | None
    strength: Decimal

    @property
    def length(self) -> int:
        return (self.days[1] - self.days[0]).days + 1


def _levels(grid: Grid, found: Sequence[Dated], columns: Sequence[str], answers: Answers) -> list[Level]:
    """Rows of one phrase, region and period are added up: they may be apart by device."""
    rows: dict[tuple[Span, str, str], Level] = {}
    for one in found:
        region = plain(grid.cell(one.row, "region")) or ""
        own = plain(grid.cell(one.row, "phrase")) or ""
        for column in columns:
            value = one.figures[column]
            if value is None:
                continue
            key = one.days, own or (grid.written[column] if len(columns) > 1 else answers.get("phrase", "")), region
            before = rows.get(key, Level(*key, None, Decimal(0)))
            counted = column.split(" ")[0] == "searches"
            searches = (before.searches or Decimal(0)) + value if counted else before.searches
            rows[key] = Level(*key, searches, before.strength + (value if counted else value * before.length))
    return sorted(rows.values(), key=lambda one: (one.phrase, one.region, one.days))


def _demand(rows: Sequence[Level]) -> pa.Table:
    return pa.table({
        "day": pa.array([one.days[0] for one in rows], pa.date32()),
        "until": pa.array([one.days[1] for one in rows], pa.date32()),
        "phrase": pa.array([one.phrase for one in rows], pa.string()),
        "region": pa.array([one.region for one in rows], pa.string()),
        "searches": pa.array([None if one.searches is None else float(one.searches) for one in rows], pa.float64()),
        "strength": pa.array([float(one.strength) for one in rows], pa.float64()),
        "days": pa.array([one.length for one in rows], pa.uint32()),
    })


# ------------------------------------------------------------------------------------------------------------------ leads


def leads(grid: Grid, head: Head, answers: Answers, source: str) -> list[Batch]:
    """Leads as reaches of a goal of the counter they belong to. Spam is left out and said; a lead without a number is known by its row."""
    read = crm_orders.orders(_numbered(grid), head, answers, PRIVATE, returns=False)
    kept = [one for one in read.orders if one.status not in _SPAM]
    notes = list(read.notes)
    if len(kept) < len(read.orders):
        notes.append(Note("spam", "Leads marked as spam are not loaded: {count}.", {"count": len(read.orders) - len(kept)}))
    if not kept:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with leads.", name=head.name)
    days = [one.day for one in kept]
    rows = crm_orders.conversions(kept, read.attribution, answers["lead"], [key("lead", source, one.order_id) for one in kept])
    return [Batch(
        CONVERSIONS, source, answers["account"], rows, head.origin, min(days), max(days), attribution=read.attribution, notes=tuple(notes),
    )]


def _numbered(grid: Grid) -> Grid:
    """The grid with a column of numbers, made of each row's own words where the sheet has none. Equal rows are leads of their own."""
    if "order_id" in grid.places:
        return grid
    width = max((len(row) for row in grid.rows), default=0)
    seen: dict[str, int] = {}
    rows = []
    for row in grid.rows:
        said = "|".join(str(cell).strip() for cell in row)
        seen[said] = seen.get(said, 0) + 1
        own = f"row {key(said, str(seen[said])):x}" if said.strip("|") else ""
        rows.append([*row, *[""] * (width - len(row)), own])
    return grid.beside_column("order_id", width, rows)


# ------------------------------------------------------------------------------------------------------------------ events


def events(grid: Grid, head: Head, answers: Answers) -> list[Mark]:
    """Marks on the time line. Rows without a day or without words are no events; too many of them refuse the file."""
    found, _ = dated(grid, (), head.name)
    return [
        Mark(*one.days, text, _kind(plain(grid.cell(one.row, "kind")) or "", answers), plain(grid.cell(one.row, "channel")) or "",
             origin=head.origin)
        for one in found if (text := plain(grid.cell(one.row, "text")) or "")
    ]


def told_kind(word: str) -> str:
    """The kind of event that a word tells; empty where it tells none."""
    said = word.strip().lower()
    return next((kind for kind, stems in _OF_MARKS.items() if any(part.startswith(stems) for part in [said, *said.split()])), "")


def _kind(word: str, answers: Answers) -> str:
    return told_kind(word) or answers.get("event", "ours")
