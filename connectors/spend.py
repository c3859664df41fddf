"""Rows of spend from any sheet, as batches of SPEND: parsed a column at a time, added up exactly, net of VAT, cut into days and periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa

from connectors import vat
from connectors.files import Row
from connectors.grid import EMPTY, LOST, NEGATIVE, NOT_A_DAY, NOT_A_NUMBER, NOT_WHOLE, Fault, Grid, check_total
from connectors.values import Span, decimal_mark, missing, numbers, plain, spans
from data import clock
from data.batches import Batch, Note
from data.errors import BadFile
from data.tables import ORIGIN_NAMES, SPEND

COST_NAMES = ("расход", "расходы", "затраты", "потрачено", "стоимость", "сумма", "сумма расхода", "cost", "costs", "spend", "spent",
              "amount spent", "expenses", "expense", "amount", "total cost")
CLICK_NAMES = ("клики", "кликов", "переходы по объявлению", "clicks", "link clicks")
IMPRESSION_NAMES = ("показы", "показов", "impressions", "impr", "impr.", "shows")
CLAIMED_NAMES = ("конверсии", "конверсий", "conversions", "conv", "conv.", "results")
DAY_NAMES = ("дата", "день", "date", "day", "reporting starts", "период", "period", "неделя", "week", "месяц", "month")
_COUNTS = ("impressions", "clicks")
_MEASURES = ("cost", *_COUNTS, "claimed")


@dataclass(frozen=True)
class Spent:
    """What one row of a sheet says. `origin` holds ORIGIN_FIELDS in their order."""

    since: date
    until: date
    origin: tuple[str, ...]
    currency: str
    figures: Mapping[str, Decimal | None]


def origin(**fields: str) -> tuple[str, ...]:
    """The fields in their order; what is not named is not known."""
    return tuple(fields.get(name, "") for name in ORIGIN_NAMES)


def days(grid: Grid, rows: Sequence[tuple[int, Row]], period: Span | None) -> list[Span | None]:
    """The day, week or month of each row, cut to the report's period; the period itself where the report has no days."""
    if "day" not in grid.places:
        return [period for _ in rows]
    column = grid.labels["day"].name
    read = spans(grid.column("day", [row for _, row in rows])).values
    return [_cut(widened(one, column), period) if one else None for one in read]


def _cut(one: Span, period: Span | None) -> Span | None:
    since, until = period or (date.min, clock.today())
    cut = max(one[0], since), min(one[1], until)
    return cut if cut[0] <= cut[1] else None


def widened(span: Span, column: str) -> Span:
    """A single day under a header that says week or month stands for all of it."""
    first, last = span
    if first != last:
        return span
    if column in ("неделя", "week"):
        return first, first + timedelta(days=6)
    if column in ("месяц", "month") and first.day == 1:
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return span


def figures(grid: Grid, rows: Sequence[tuple[int, Row]]) -> tuple[list[dict[str, Decimal | None]], list[Fault]]:
    """The numbers of each row and the cells that are none. Columns that prove nothing take the decimal mark of those that do."""
    cells = {name: grid.column(name, [row for _, row in rows]) for name in _MEASURES if name in grid.places}
    proofs = {decimal_mark(column, whole=name in _COUNTS) for name, column in cells.items()} - {""}
    elsewhere = proofs.pop() if len(proofs) == 1 else ""
    found: list[dict[str, Decimal | None]] = [{} for _ in rows]
    faults = []
    for name, column in cells.items():
        parsed = numbers(column, whole=name in _COUNTS, elsewhere=elsewhere)
        for place, value in enumerate(parsed.values):
            found[place][name] = value
            below = value is not None and value < 0 and name != "cost"
            if place in parsed.wrong or below:
                why = NEGATIVE if below else NOT_WHOLE if name in _COUNTS else NOT_A_NUMBER
                faults.append(Fault(rows[place][0], grid.written[name], str(column[place]).strip(), why))
    return found, faults


def of_campaigns(
    grid: Grid, rows: Sequence[tuple[int, Row]], period: Span | None, origin: Callable[[Grid, Row], tuple[str, ...]],
    currency: Callable[[Row], str],
) -> tuple[list[tuple[int, Spent]], list[Fault]]:
    """Rows that must say their day, campaign number and cost. Shape: ((line, row of spend) for those that can be read, faults of the
    others)."""
    said, faults = figures(grid, rows)
    found: list[tuple[int, Spent]] = []
    for (line, row), measured, day in zip(rows, said, days(grid, rows, period), strict=True):
        why = {
            "day": NOT_A_DAY if day is None else "",
            "campaign_id": LOST if plain(grid.cell(row, "campaign_id")) is None else "",
            "cost": EMPTY if measured["cost"] is None and missing(grid.cell(row, "cost")) else "",
        }
        faults += [Fault(line, grid.written.get(name, ""), str(grid.cell(row, name)).strip(), one) for name, one in why.items() if one]
        if day is not None:
            found.append((line, Spent(*day, origin(grid, row), currency(row), measured)))
    wrong = {fault.line for fault in faults}
    return [(line, one) for line, one in found if line not in wrong], faults


def check_totals(grid: Grid, totals: Sequence[tuple[int, Row]], spent: Sequence[tuple[int, Spent]]) -> tuple[Note, ...]:
    """Notes on totals that are the sum neither of all rows, nor of all rows above, nor of those since the total before."""
    printed, _ = figures(grid, totals)
    notes: list[Note] = []
    previous = 0
    for (line, _), said in zip(totals, printed, strict=True):
        above = [one for at, one in spent if at < line]
        section = [one for at, one in spent if previous < at < line]
        for name, value in said.items():
            if value not in (_sum(name, above), _sum(name, section)):
                notes += check_total(grid.written[name], value, _sum(name, [one for _, one in spent]))
        previous = line
    return tuple(notes)


def _sum(name: str, spent: Sequence[Spent]) -> Decimal:
    return sum((one.figures.get(name) or Decimal(0) for one in spent), Decimal(0))


def batches(
    spent: Sequence[Spent], source: str, account: str, file: str, basis: str, notes: Sequence[Note], covered: Span | None = None
) -> list[Batch]:
    """One batch per run of days and one per period that cannot be split. `covered` are days the file speaks for, also where it has no rows.

    Raises: BadFile when periods overlap, Problem when VAT cannot be taken out.
    """
    added = _added_up(spent)
    made: list[Batch] = []
    for since, until, whole in pieces(sorted({(one.since, one.until) for one in added}), covered, file):
        inside = [one for one in added if since <= one.since and one.until <= until]
        rows = _arrow(inside, basis)
        made.append(Batch(SPEND, source, account, rows, file, since, until, whole=whole, notes=() if made else tuple(notes)))
    return made


def _added_up(spent: Sequence[Spent]) -> list[Spent]:
    """Rows that differ only in what the store does not keep become one."""
    sums: dict[tuple[date, date, tuple[str, ...], str], dict[str, Decimal | None]] = {}
    for one in spent:
        into = sums.setdefault((one.since, one.until, one.origin, one.currency), dict.fromkeys(_MEASURES))
        for name, value in one.figures.items():
            if value is not None:
                into[name] = (into[name] or Decimal(0)) + value
    return [Spent(*key, figures) for key, figures in sorted(sums.items(), key=lambda item: item[0])]


def pieces(spans: Sequence[Span], covered: Span | None, file: str) -> list[tuple[date, date, bool]]:
    """Days that are loaded together. Shape: (first day, last day, cannot be split), in order of time. Raises BadFile when they overlap."""
    for (since, until), following in pairwise(spans):
        if following[0] <= until:
            raise BadFile(
                "Rows overlap: {first} to {last} stands beside {second_first} to {second_last}.", "{file}",
                "Give days or periods for the same dates, not both: load them as two files with an account each.",
                file=file, first=since, last=until, second_first=following[0], second_last=following[1],
            )
    found: list[tuple[date, date, bool]] = []
    for since, until in spans:
        if since < until:
            found.append((since, until, True))
        elif found and not found[-1][2]:
            found[-1] = (found[-1][0], until, False)
        else:
            found.append((since, until, False))
    if covered and len(found) == 1 and not found[0][2]:
        return [(min(covered[0], found[0][0]), max(min(covered[1], clock.today()), found[0][1]), False)]
    return found


@dataclass(frozen=True)
class Stretch:
    """Days that one batch holds: each by itself, or the periods that cannot be split and follow each other without a gap."""

    since: date
    until: date
    periods: tuple[Span, ...] = ()


def stretches(found: Sequence[tuple[date, date, bool]]) -> list[Stretch]:
    """Pieces put together as far as one batch can hold them. NB: a hundred phrases by month are a hundred batches and not thousands."""
    made: list[Stretch] = []
    for since, until, whole in found:
        last = made[-1] if made else None
        if whole and last and last.periods and last.until + timedelta(days=1) == since:
            made[-1] = Stretch(last.since, until, (*last.periods, (since, until)))
        else:
            made.append(Stretch(since, until, ((since, until),) if whole else ()))
    return made


def _arrow(spent: Sequence[Spent], basis: str) -> pa.Table:
    net = [vat.net(one.figures["cost"] or Decimal(0), one.since, one.until, basis, one.currency) for one in spent]
    return pa.table({
        "day": pa.array([one.since for one in spent], pa.date32()),
        "until": pa.array([one.until for one in spent], pa.date32()),
        "origin": [dict(zip(ORIGIN_NAMES, one.origin, strict=True)) for one in spent],
        "impressions": pa.array([_whole(one.figures["impressions"]) for one in spent], pa.int64()),
        "clicks": pa.array([_whole(one.figures["clicks"]) for one in spent], pa.int64()),
        "cost": pa.array(net, pa.decimal128(18, 6)),
        "vat_rate": pa.array([vat.rate_of(one.since, one.until, basis, one.currency) for one in spent], pa.float64()),
        "claimed": pa.array([None if one.figures["claimed"] is None else float(one.figures["claimed"]) for one in spent], pa.float64()),
        "currency": [one.currency for one in spent],
    })


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
