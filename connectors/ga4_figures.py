"""From a table of a GA4 download to what the store keeps of it: exact keys, and figures under the store's own names.

Rates become counts again (rate times sessions, rounded), so that what is stored can be added. What has no place is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connectors import ga4_names
from connectors.ga4_names import COUNTED, DURATIONS, MONEY, PEOPLE, RATES, Dimension
from connectors.ga4_tables import Cut
from connectors.grid import NEGATIVE, NOT_A_NUMBER, check_total
from connectors.values import Parsed, Span, decimal_mark, durations, numbers, spans
from data.batches import Note
from data.errors import BadFile
from data.tables import AUDIENCE, TAGGED, TRAFFIC, Table

VISITED = ("visits", "engaged", "bounces", "page_views", "seconds", "orders", "revenue")
REACHED = ("reaches", "goal_visits")
COUNTED_PEOPLE = ("users", "new_users")
ADDITIVE = frozenset(("sessions", "engaged", "views", "key_events", "transactions", *MONEY))
_GRAINS = ("day", "week", "whole")
Key = tuple[Span, tuple[tuple[str, str], ...]]
Figures = dict[str, Decimal | None]


@dataclass(frozen=True)
class Part:
    """What one table brings for one table of the store. Shape of a key: (days, ((field, value), …))."""

    target: Table
    scope: str
    breakdown: str
    grain: str
    period: Span
    fields: tuple[str, ...]
    figures: frozenset[str]
    rows: Mapping[Key, Figures]
    name: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Parts with the same place and days would push each other out of the store."""
        return self.target.name, self.scope, self.breakdown

    def weight(self) -> tuple[int, Decimal]:
        """Rank among parts for the same place: the finer in time, then the one that holds more."""
        leading = next(name for name in ("visits", "users", "reaches", "new_users") if name in self.figures)
        held = sum((figures.get(leading) or Decimal(0) for figures in self.rows.values()), Decimal(0))
        return -_GRAINS.index(self.grain), held


@dataclass
class Read:
    """What a download brings: parts, and what to say about the rest."""

    parts: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_cut(cut: Cut, period: Span, name: str) -> Read:
    """Everything the store keeps of one table. Raises BadFile when a cell is not what its column promises."""
    columns = _Columns.of(cut)
    if why := columns.unkept(cut):
        return Read(notes=[_not_loaded(cut, why)])
    parsed = _parsed(cut, columns, name)
    if column := next((column for column in columns.unknown if parsed[column].wrong), None):
        return Read(notes=[_not_loaded(cut, "it is broken down by something that is not kept", cut.header[column])])
    keys = list(_keys(cut, columns, period, name))
    rows = [_derived({columns.metrics[place]: parsed[place].values[at] for place in columns.metrics}) for at in range(len(cut.rows))]
    found = Read(notes=_notes(cut, columns, parsed))
    if len(set(keys)) < len(keys) and any(name in row for row in rows for name in COUNTED_PEOPLE):
        text = "Table “{table}”: users are not loaded, because rows had to be added up."
        found.notes.append(Note("not loaded", text, {"table": cut.name}))
        rows = [{name: value for name, value in row.items() if name not in COUNTED_PEOPLE} for row in rows]
    found.parts = list(_parts(cut, columns, period, added(keys, rows)))
    if not found.parts:
        return Read(notes=[_not_loaded(cut, "it has no sessions, key events or users")])
    return found


def _not_loaded(cut: Cut, why: str, column: str = "") -> Note:
    said = f" ({column})" if column else ""
    return Note("not loaded", "Table “{table}” is not loaded: {why}{column}.", {"table": cut.name, "why": why, "column": said})


def own_period(cut: Cut) -> Span | None:
    """The days above the table or, where they were stripped, the days in it."""
    if cut.period:
        return cut.period
    dated = [place for place, cell in enumerate(cut.header) if (one := ga4_names.dimension(cell)) and one.fields[0] in ("date", "hour")]
    days = [day for place in dated for _, row in cut.rows if place < len(row) and (day := _whole_day(row[place]))]
    return (min(days)[0], max(days)[1]) if days else None


# ------------------------------------------------------------------------------------------------------------ columns


@dataclass(frozen=True)
class _Columns:
    """Which column is what. Shape: column -> dimension or metric."""

    dimensions: Mapping[int, Dimension]
    metrics: Mapping[int, str]
    unknown: tuple[int, ...]

    @classmethod
    def of(cls, cut: Cut) -> _Columns:
        dimensions = {place: found for place, cell in enumerate(cut.header) if (found := ga4_names.dimension(cell))}
        metrics: dict[int, str] = {}
        for place, cell in enumerate(cut.header):
            name = ga4_names.metric(cell)
            if name and name not in metrics.values():
                metrics[place] = name
        unknown = tuple(place for place, cell in enumerate(cut.header) if cell and place not in dimensions and place not in metrics)
        return cls(dimensions, metrics, unknown)

    def unkept(self, cut: Cut) -> str:
        """Why nothing of the table can be kept; empty where something can."""
        spelled = [ga4_names.spelling(cell) for cell in cut.header]
        kinds = [dimension.kind for dimension in self.dimensions.values()]
        reasons = (
            ("week 0" in spelled or "day 0" in spelled or spelled[0] == "cohort", "retention and cohorts are not kept"),
            (not cut.rows, "it has no rows"),
            (bool(cut.segment), "it covers a segment and not all visitors"),
            (0 in self.unknown or not cut.header[0], "it is broken down by something that is not kept"),
            (not self.metrics, "nothing in it is kept"),
            (len({one.scope for one in self.dimensions.values()} - {""}) > 1, "it mixes the session's source with the user's first one"),
            (len(set(self.fields)) < len(self.fields) or kinds.count("time") > 1, "it is broken down twice by the same"),
            ("goal" in kinds and (len(kinds) > 1 or "key_events" not in self.metrics.values()), "its events are not counted as key events"),
        )
        return next((why for applies, why in reasons if applies), "")

    @property
    def scope(self) -> str:
        return next((one.scope for one in self.dimensions.values() if one.scope), ga4_names.SESSION)

    @property
    def breakdown(self) -> str:
        kinds = {one.kind for one in self.dimensions.values()}
        if not ga4_names.TAGS.isdisjoint(self.fields) and "given_channel" not in self.fields:
            kinds.add(TAGGED)
        return ",".join(kind for kind in ga4_names.BREAKDOWNS if kind in kinds)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(field for one in self.dimensions.values() if one.kind != "time" for field in one.fields)

    def surplus(self) -> tuple[int, ...]:
        """Metrics of which a better one stands beside: one kind of users is kept, and one kind of revenue."""
        said = set(self.metrics.values())
        worse = {name for ranked in (PEOPLE, MONEY) for name in [one for one in ranked if one in said][1:]}
        return tuple(place for place, name in self.metrics.items() if name in worse)


def _parsed(cut: Cut, columns: _Columns, name: str) -> dict[int, Parsed[Decimal]]:
    """The numbers of every column that is no dimension. Raises BadFile at the first known one that is not a number."""
    _check_width(cut, name)
    cells = {place: [row[place] for _, row in cut.rows] for place in (*columns.metrics, *columns.unknown)}
    proofs = {decimal_mark(cells[place], whole=metric in COUNTED) for place, metric in columns.metrics.items()} - {""}
    mark = proofs.pop() if len(proofs) == 1 else ""
    parsed = {place: _numbers(cells[place], columns.metrics.get(place, ""), mark) for place in cells}
    for place, metric in columns.metrics.items():
        below = {at for at, value in enumerate(parsed[place].values) if value is not None and value < 0 and metric not in MONEY}
        for at in sorted(parsed[place].wrong | below):
            raise BadFile(
                "{column} is “{value}”, which is {why}.", "{name}, line {line}",
                "Export the report again; it is damaged or was edited by hand.",
                column=cut.header[place], value=str(cells[place][at])[:60], why=NEGATIVE if at in below else NOT_A_NUMBER,
                name=name, line=cut.rows[at][0],
            )
    return parsed


def _check_width(cut: Cut, name: str) -> None:
    for line, row in cut.rows:
        if len(row) < len(cut.header) or any(str(cell).strip() for cell in row[len(cut.header) :]):
            raise BadFile(
                "A row has {found} cells and the header has {expected}: the file is cut off or was edited by hand.", "{name}, line {line}",
                "Export the report again.", found=len(row), expected=len(cut.header), name=name, line=line,
            )


def _numbers(cells: Sequence[Any], metric: str, mark: str) -> Parsed[Decimal]:
    if metric in DURATIONS:
        return durations(cells, elsewhere=mark)
    return numbers(cells, whole=metric in COUNTED, elsewhere=mark, percent=metric in RATES)


# --------------------------------------------------------------------------------------------------------------- keys


def _keys(cut: Cut, columns: _Columns, period: Span, name: str) -> Iterator[Key]:
    """The days and fields of each row. Raises BadFile where a row's time is outside the table's own days."""
    for line, row in cut.rows:
        days: Span | None = period
        said: dict[str, str] = {}
        for place, dimension in columns.dimensions.items():
            if dimension.kind == "time":
                days = _time(row[place], dimension.fields[0], period)
            else:
                said |= field_values(dimension, str(row[place]))
        if days is None:
            raise BadFile(
                "{column} is “{value}”, which is outside the days of the table.", "{name}, line {line}", "Export the report again.",
                column=", ".join(cut.header[place] for place, one in columns.dimensions.items() if one.kind == "time"),
                value=", ".join(str(row[place]) for place, one in columns.dimensions.items() if one.kind == "time"), name=name, line=line,
            )
        yield days, tuple(sorted(said.items()))


def _whole_day(cell: Any) -> Span | None:
    return spans([_digits(cell)[:8]]).values[0]


def _digits(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _time(cell: Any, kind: str, period: Span) -> Span | None:
    """NB: GA4's weeks run from Sunday to Saturday, so week 0000 is only what of it lies in the period."""
    text = _digits(cell)
    found: Span | None = None
    if kind in ("date", "hour"):
        found = _whole_day(cell)
    elif text.isdecimal() and len(text) < 6:
        start = period[0] if kind == "nth day" else period[0] - timedelta(days=(period[0].weekday() + 1) % 7)
        first = start + timedelta(days=int(text) * (1 if kind == "nth day" else 7))
        found = first, first + timedelta(days=0 if kind == "nth day" else 6)
    if found is None or found[1] < period[0] or found[0] > period[1]:
        return None
    return max(found[0], period[0]), min(found[1], period[1])


def field_values(dimension: Dimension, text: str) -> dict[str, str]:
    """What a breakdown's value says about the fields of the store."""
    if dimension.kind == "device":
        sent = text.rsplit("/", 1)[-1].strip().lower()
        return {"device": ga4_names.DEVICES.get(sent, sent)}
    if dimension.kind == "landing":
        return {"landing": text.split("?", 1)[0].split("#", 1)[0]}
    if len(dimension.fields) == 2:
        first, _, second = text.partition(" / ")
        return dict(zip(dimension.fields, (first.strip(), second.strip()), strict=True))
    return {dimension.fields[0]: text.strip()}


# ------------------------------------------------------------------------------------------------------------ figures


def _derived(said: Mapping[str, Decimal | None]) -> Figures:
    """One row's figures under the store's names; only those the columns can give."""
    sessions = said.get("sessions")
    engaged = said["engaged"] if "engaged" in said else _share_of(sessions, said.get("engagement_rate"))
    if engaged is None and (bounced := _share_of(sessions, said.get("bounce_rate"))) is not None and sessions is not None:
        engaged = sessions - bounced
    found: Figures = {
        "visits": sessions,
        "engaged": engaged,
        "bounces": sessions - engaged if sessions is not None and engaged is not None and engaged <= sessions else None,
        "page_views": said["views"] if "views" in said else _share_of(sessions, said.get("views_per_session")),
        "seconds": _share_of(sessions, said.get("engagement_per_session")),
        "orders": said.get("transactions"),
        "revenue": next((said[name] for name in MONEY if name in said), None),
        "reaches": _rounded(said.get("key_events")),
        "goal_visits": _share_of(sessions, said.get("key_event_rate")),
        "users": next((said[name] for name in PEOPLE if name in said), None),
        "new_users": said.get("new_users"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _share_of(sessions: Decimal | None, rate: Decimal | None) -> Decimal | None:
    return None if sessions is None or rate is None else _rounded(sessions * rate)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.to_integral_value(ROUND_HALF_UP)


def added(keys: Sequence[Key], rows: Sequence[Figures]) -> dict[Key, Figures]:
    """Rows with the same key become one."""
    sums: dict[Key, Figures] = {}
    for key, row in zip(keys, rows, strict=True):
        into = sums.setdefault(key, {})
        for name, value in row.items():
            into[name] = (into.get(name) or Decimal(0)) + (value or Decimal(0))
    return sums


def _parts(cut: Cut, columns: _Columns, period: Span, rows: Mapping[Key, Figures]) -> Iterator[Part]:
    """What the table brings for TRAFFIC and for AUDIENCE. Figures of visits without sessions are no help to anybody."""
    times = [one.fields[0] for one in columns.dimensions.values() if one.kind == "time"]
    grain = "whole" if not times else "week" if times[0] == "nth week" else "day"
    brought = {name for row in rows.values() for name in row}
    visited = {name for name in VISITED if name in brought} if "visits" in brought and "goal" not in columns.fields else set()
    reached = {name for name in REACHED if name in brought} if "reaches" in brought else set()
    people = {name for name in COUNTED_PEOPLE if name in brought} if "goal" not in columns.fields else set()
    for target, names in ((TRAFFIC, visited | reached), (AUDIENCE, people)):
        if names:
            kept = {key: {name: value for name, value in row.items() if name in names} for key, row in rows.items()}
            yield Part(target, columns.scope, columns.breakdown, grain, period, columns.fields, frozenset(names), kept, cut.name)


def _notes(cut: Cut, columns: _Columns, parsed: Mapping[int, Parsed[Decimal]]) -> list[Note]:
    notes = []
    left = [cut.header[place] for place in sorted((*columns.unknown, *columns.surplus()))]
    if left:
        notes.append(Note("not loaded", "Columns that are not kept: {columns}", {"columns": ", ".join(left)}))
    for place, metric in columns.metrics.items():
        if metric in PEOPLE and metric != PEOPLE[0] and place not in columns.surplus():
            notes.append(Note("users", "Users are what the file calls {column}.", {"column": cut.header[place]}))
        if metric == "key_events" and any(value is not None and value != value.to_integral_value() for value in parsed[place].values):
            notes.append(Note("rounded", "{column}: parts of a key event were rounded to whole ones.", {"column": cut.header[place]}))
        if cut.grand is not None and metric in ADDITIVE and place < len(cut.grand):
            printed = numbers([cut.grand[place]], elsewhere=decimal_mark([cut.grand[place]])).values[0]
            summed = sum((value for value in parsed[place].values if value is not None), Decimal(0))
            notes += check_total(cut.header[place], printed, summed)
    return notes


def overlap(first: Part, second: Part) -> bool:
    """Whether both could not stand in the store."""
    return first.place == second.place and first.period[0] <= second.period[1] and second.period[0] <= first.period[1]
