"""From a table of Metrica's web interface to exact keys and whole figures.

Rates become counts again (rate times visits, rounded), so that what is stored can be added. The printed totals are kept apart: they are
the check of the sums, and the only true number of people of the period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import islice
from math import gcd
from typing import Any

from connectors import metrica_table_names as known
from connectors.files import Row, blank
from connectors.grid import NEGATIVE, NOT_A_DAY, NOT_A_NUMBER, check_total
from connectors.metrica_table_names import COUNTS, DETAIL, DURATIONS, GOAL, MONEY, RATES, TIME, Heading
from connectors.values import Parsed, Span, decimal_mark, durations, numbers, span, spans
from data.batches import Note
from data.errors import BadFile
from data.tables import ALL_GOALS, TAGGED

NOT_A_SHARE = "not a share between 0 and 100 percent"
VISITED = ("visits", "bounces", "engaged", "page_views", "seconds", "orders", "revenue")
PEOPLE = ("users", "new_users")
REACHED = ("reaches", "goal_visits")
_COUNTED = (*COUNTS, *REACHED)
_ADDED = ("visits", "page_views", "orders", "revenue", *REACHED)
_SEEN_TWICE = 10**6
"""Odds against which a common divisor of all counts is no chance: n counts share the divisor d once in about d^(n-1) tables."""
_HEADER_ROWS = 10
_NO_YEAR = re.compile(r"^\d{1,2}\s+[^\W\d]+\.?$")

Place = tuple[tuple[str, str], ...]
Key = tuple[Span, Place]
Figures = dict[str, Decimal]


@dataclass(frozen=True)
class Header:
    """The header's columns that we know. Shape: column -> what it is."""

    line: int
    cells: Row
    columns: Mapping[int, Heading]

    @cached_property
    def dimensions(self) -> Mapping[str, int]:
        """Shape: breakdown -> column, the leftmost where it is repeated."""
        return {one.dimension: place for place, one in sorted(self.columns.items(), reverse=True) if one.dimension}

    @cached_property
    def metrics(self) -> Mapping[tuple[str, str], int]:
        """Shape: (metric, goal) -> column."""
        return {(one.metric, one.goal): place for place, one in sorted(self.columns.items(), reverse=True) if one.metric}

    @property
    def goals(self) -> tuple[str, ...]:
        """Goals that have columns of their own; an empty name is the goal chosen above the report, which the file does not name."""
        return tuple(dict.fromkeys(goal for metric, goal in self.metrics if metric in known.OF_A_GOAL))

    @property
    def breakdown(self) -> tuple[str, ...]:
        said = {"origin" if name in known.ORIGINS else name for name in self.dimensions}
        if not known.TAGS.isdisjoint(self.dimensions):
            said.add(TAGGED)
        return tuple(name for name in known.BREAKDOWNS if name in said)

    @property
    def attribution(self) -> str:
        """The attribution model that the names of the columns tell; empty where they tell none, or several."""
        told = {one.attribution for one in self.columns.values()} - {""}
        return told.pop() if len(told) == 1 else ""

    @property
    def unkept(self) -> tuple[str, ...]:
        """Columns that have no place in the store."""
        kept = {*self.dimensions.values(), *self.metrics.values()}
        return tuple(str(cell).strip() for place, cell in enumerate(self.cells) if place not in kept and str(cell).strip())

    def name(self, place: int) -> str:
        return str(self.cells[place]).strip()


def find_header(rows: Sequence[Sequence[Any]]) -> Header | None:
    """The first row that names a breakdown, visits or a goal's figures, and something that only Metrica calls so."""
    for line, row in enumerate(islice(rows, _HEADER_ROWS), start=1):
        written = {" ".join(str(cell).replace("\u00a0", " ").split()).lower() for cell in row}
        header = Header(line, list(row), {place: known.heading(cell) for place, cell in enumerate(row)})
        counted = {metric for metric, _ in header.metrics}
        told = any(map(known.is_sure, written)) and known.of_one_hand(written)
        foreign = any(cell.startswith(tuple(known.FOREIGN)) for cell in written)
        if header.dimensions and told and counted & {"visits", *REACHED} and not foreign:
            return header
    return None


@dataclass(frozen=True)
class Table:
    """A table read. Shape: `rows` key -> figures, `goals` (key, goal) -> figures, `printed` the totals row's figures by (metric, goal).

    `people` are the rows whose key stood on one row alone: the users of others would have to be added up. `nameless` counts rows
    without a goal in a table of goals.
    """

    header: Header
    rows: Mapping[Key, Figures]
    goals: Mapping[tuple[Key, str], Figures]
    people: Mapping[Key, Figures]
    printed: Figures
    divisor: int
    checks: tuple[Note, ...]
    nameless: int

    @property
    def spans(self) -> tuple[Span, ...]:
        """The table's days or periods, oldest first."""
        return tuple(sorted({key[0] for key in self.rows} | {key[0] for key, _ in self.goals}))

    @property
    def partial(self) -> tuple[str, ...]:
        """Columns for which a visit has to be known to stand in the report, where no row holds the visits for which they are not."""
        header = self.header
        needed = [name for name in sorted(header.dimensions, key=header.dimensions.__getitem__) if name in known.MAY_BE_UNKNOWN]
        if "traffic_source" in header.dimensions:
            needed = [name for name in needed if name not in known.TAGS]
        unknown = any(not any(dict(key[1]).get(name) for name in needed) for key in self.rows)
        return () if unknown else tuple(header.name(header.dimensions[name]) for name in needed)

    @property
    def merged(self) -> int:
        """Places whose users are not known, because several rows fell together there."""
        return sum("users" in figures for key, figures in self.rows.items() if key not in self.people)


def read(rows: Sequence[Row], header: Header, period: Span | None, name: str, chosen: str = "") -> Table:
    """Raises BadFile when a cell is not what its column promises, or a row is cut off. Without dates every row covers `period`.

    `chosen` is the goal whose columns do not name it.
    """
    under = _under(rows, header, name)
    total, body = _split(under, header)
    parsed = _parsed(header, [*body, *([total] if total else [])], name)
    columns = {key: parsed[place] for key, place in header.metrics.items()}
    keys = list(_keys(header, body, period, name))
    figures = [_figures(columns, at) for at in range(len(body))]
    by_goal = header.dimensions.get(GOAL)
    found: dict[Key, list[Figures]] = {}
    goals: dict[tuple[Key, str], list[Figures]] = {}
    nameless = 0
    for at, (key, row) in enumerate(zip(keys, figures, strict=True)):
        if by_goal is None:
            found.setdefault(key, []).append(row)
            for goal in header.goals:
                goals.setdefault((key, goal or chosen or ALL_GOALS), []).append(_reached(columns, at, goal))
        elif goal := known.text(body[at][1][by_goal]):
            goals.setdefault((key, goal), []).append(_reached(columns, at, "", counts_visits=True))
        else:
            nameless += 1
    return Table(
        header, {key: _added(many) for key, many in found.items()}, {key: _added(many) for key, many in goals.items()},
        {key: many[0] for key, many in found.items() if len(many) == 1},
        _figures(columns, len(body)) if total and by_goal is None else {}, _divisor(columns),
        tuple(_checks(header, columns, len(body))) if total and by_goal is None else (), nameless,
    )


# --------------------------------------------------------------------------------------------------------------- rows


def _under(rows: Sequence[Row], header: Header, name: str) -> list[tuple[int, Row]]:
    """Rows under the header. Shape: (line, cells)."""
    width = max(header.columns) + 1
    found = []
    for line, row in enumerate(rows[header.line :], start=header.line + 1):
        if blank(row):
            continue
        if len(row) < width or not blank(row[width:]):
            raise BadFile(
                "A row has {found} cells and the header has {expected}: the file is cut off or was edited by hand.", "{name}, line {line}",
                "Export the report again.", found=len(row), expected=width, name=name, line=line,
            )
        found.append((line, row))
    return found


def _split(rows: Sequence[tuple[int, Row]], header: Header) -> tuple[tuple[int, Row] | None, list[tuple[int, Row]]]:
    """The row of totals, which stands first or last and names nothing else, and the others."""
    for at in (0, -1) if rows else ():
        label, *others = rows[at][1][: min(header.metrics.values())] or [""]
        if blank(others) and (known.is_total(label) or (at == 0 and (others or _is_sum(rows, header)))):
            return rows[at], [row for row in rows if row is not rows[at]]
    return None, list(rows)


def _is_sum(rows: Sequence[tuple[int, Row]], header: Header) -> bool:
    """NB: the wording of totals in other languages is not known for sure, and a total taken for data doubles everything."""
    place = header.metrics.get(("visits", ""))
    if place is None or len(rows) < 3:
        return False
    first, *others = numbers([row[place] for _, row in rows], whole=True).values
    return first is not None and first == sum((value for value in others if value is not None), Decimal(0))


def _keys(header: Header, rows: Sequence[tuple[int, Row]], period: Span | None, name: str) -> Iterator[Key]:
    places = {one: at for one, at in header.dimensions.items() if one not in (TIME, GOAL)}
    for days, (_, row) in zip(_days(header, rows, period, name), rows, strict=True):
        said = {one: row[at] for one, at in places.items()}
        fields = known.origin({one: cell for one, cell in said.items() if one in known.ORIGINS})
        fields |= {one: known.place(one, cell) for one, cell in said.items() if one not in known.ORIGINS and one != DETAIL}
        yield days, tuple(sorted(fields.items()))


def _days(header: Header, rows: Sequence[tuple[int, Row]], period: Span | None, name: str) -> Iterator[Span]:
    place = header.dimensions.get(TIME)
    if place is None:
        yield from ([period] * len(rows) if period else ())
        return
    cells = [row[place] for _, row in rows]
    for (line, row), days in zip(rows, spans(cells).values, strict=True):
        found = days or _within(row[place], period)
        if found is None:
            raise _wrong(header, place, row[place], NOT_A_DAY, name, line)
        yield found


def _within(cell: Any, period: Span | None) -> Span | None:
    """The day of the period that a day without a year means: a table pasted from the screen says `29 сентября`."""
    if period is None or not _NO_YEAR.match(str(cell).strip()):
        return None
    tried = (span(f"{cell} {year}") for year in range(period[0].year, period[1].year + 1))
    return next((days for days in tried if days and period[0] <= days[0] <= period[1]), None)


def needs_period(rows: Sequence[Row], header: Header) -> bool:
    """Whether the table does not say which days it covers."""
    place = header.dimensions.get(TIME)
    return place is None or any(_NO_YEAR.match(str(row[place]).strip()) for row in rows[header.line :] if place < len(row))


# ------------------------------------------------------------------------------------------------------------ numbers


def _parsed(header: Header, rows: Sequence[tuple[int, Row]], name: str) -> dict[int, tuple[Decimal | None, ...]]:
    """The numbers of every metric. Metrica's own exports have points, so a column that proves nothing has points too."""
    cells = {place: [row[place] for _, row in rows] for place in header.metrics.values()}
    proofs = {decimal_mark(cells[place], header.columns[place].metric in _COUNTED) for place in cells} - {""}
    mark = proofs.pop() if len(proofs) == 1 else "."
    found = {}
    for place in cells:
        parsed, reason = _column(cells[place], header.columns[place], mark)
        below = {at for at, value in enumerate(parsed.values) if value is not None and value < 0}
        for at in sorted(parsed.wrong | below):
            raise _wrong(header, place, cells[place][at], NEGATIVE if at in below else reason, name, rows[at][0])
        found[place] = parsed.values
    return found


def _column(cells: Sequence[Any], heading: Heading, mark: str) -> tuple[Parsed[Decimal], str]:
    """Shape: (values, why those that are wrong are)."""
    if heading.metric in DURATIONS:
        return durations(cells, elsewhere=mark), NOT_A_NUMBER
    if heading.metric not in (*RATES, "goal_rate"):
        return numbers(cells, whole=heading.metric in _COUNTED, elsewhere=mark), NOT_A_NUMBER
    parsed = numbers(cells, elsewhere=mark, percent=True)
    signed = any(str(cell).strip().endswith("%") for cell in cells)
    if parsed.wrong or (not signed and not heading.percent and all(value is None or value <= 1 for value in parsed.values)):
        return parsed, NOT_A_NUMBER
    shares = parsed.values if signed else tuple(None if value is None else value / 100 for value in parsed.values)
    return Parsed(shares, frozenset(at for at, share in enumerate(shares) if share is not None and share > 1)), NOT_A_SHARE


def _wrong(header: Header, place: int, cell: Any, why: str, name: str, line: int) -> BadFile:
    return BadFile(
        "{column} is “{value}”, which is {why}.", "{name}, line {line}", "Export the report again; it is damaged or was edited by hand.",
        column=header.name(place), value=str(cell)[:60], why=why, name=name, line=line,
    )


_Columns = Mapping[tuple[str, str], Sequence[Decimal | None]]


def _figures(columns: _Columns, at: int) -> Figures:
    """One row's figures under the store's names; only those the columns give."""
    said = {metric: values[at] for (metric, goal), values in columns.items() if metric not in known.OF_A_GOAL}
    visits, users = said.get("visits"), said.get("users")
    bounces = _times(visits, said.get("bounce_rate"))
    found = {
        "visits": visits,
        "bounces": bounces,
        "engaged": visits - bounces if visits is not None and bounces is not None else None,
        "page_views": said["page_views"] if "page_views" in said else _times(visits, said.get("depth")),
        "seconds": _times(visits, said.get("duration")),
        "users": users,
        "new_users": said["new_users"] if "new_users" in said else _times(users, said.get("new_share")),
        **{name: said.get(name) for name in ("orders", *MONEY)},
    }
    return {name: value for name, value in found.items() if value is not None}


def _reached(columns: _Columns, at: int, goal: str, counts_visits: bool = False) -> Figures:
    """A goal's figures of one row. In a table of goals the visits are those in which the goal was reached."""
    said = {metric: columns[metric, goal][at] for metric in known.OF_A_GOAL if (metric, goal) in columns}
    visits = columns["visits", ""][at] if ("visits", "") in columns else None
    reached = said.get("goal_visits")
    if "goal_visits" not in said:
        reached = visits if counts_visits else _times(visits, said.get("goal_rate"))
    found = {"reaches": said.get("reaches"), "goal_visits": reached}
    return {name: value for name, value in found.items() if value is not None}


def _times(count: Decimal | None, mean: Decimal | None) -> Decimal | None:
    return None if count is None or mean is None else (count * mean).to_integral_value(ROUND_HALF_UP)


def _added(rows: Sequence[Figures]) -> Figures:
    given = dict.fromkeys(name for row in rows for name in row)
    return {name: sum((row[name] for row in rows if name in row), Decimal(0)) for name in given}


# ------------------------------------------------------------------------------------------------------ what the totals tell


def _checks(header: Header, columns: _Columns, total: int) -> Iterator[Note]:
    """Where the printed total of something that adds up is not the sum of its rows."""
    for key, place in header.metrics.items():
        if key[0] in _ADDED:
            summed = sum((value for value in columns[key][:total] if value is not None), Decimal(0))
            yield from check_total(header.name(place), columns[key][total], summed)


def _divisor(columns: _Columns) -> int:
    """The number of which every count is a multiple: a sampled report shows what it saw times that; 1 where that could be chance."""
    counts = {int(value) for (metric, _), values in columns.items() if metric in _COUNTED for value in values if value}
    divisor = gcd(*counts)
    return divisor if divisor > 1 and divisor ** (len(counts) - 1) >= _SEEN_TWICE else 1
