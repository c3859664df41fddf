"""Google Analytics 4: CSV downloads of the web interface, standard reports, snapshots and explorations alike.

Sessions and key events become TRAFFIC, users become AUDIENCE of exactly the table's period. A period that stands as one number stays
one number. Where several tables of a file hold the same, the finest and fullest is taken; what is left out is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from connectors import PERIOD, Answers, Says, Source, ga4_figures, ua_tables, vat
from connectors.files import Head, table, unread
from connectors.ga4_figures import COUNTED_PEOPLE, REACHED, VISITED, Figures, Key, Part, Read
from connectors.ga4_tables import cut_up, is_download
from connectors.values import Span, span
from data.batches import Batch, Note
from data.errors import Ask, BadFile, MissingAnswer
from data.tables import ALL_GOALS, AUDIENCE, ORIGIN_NAMES, TRAFFIC

_ANY_DAYS = date(2000, 1, 1), date(2100, 12, 31)
_PLACES = ("device", "country", "city", "landing", "age", "sex")


def recognise(head: Head) -> bool:
    return is_download(head.rows) and not ua_tables.is_download(head.rows)


def says(head: Head) -> Says:
    download = cut_up(table(head), head.name)
    facts = {"account": download.property} if download.property else {}
    asks = [] if facts else [Ask("account", "Which property is this? Its name in Google Analytics")]
    asks.append(Ask("timezone", "In which time zone does the property report?"))
    if any(cut.rows and ga4_figures.own_period(cut) is None for cut in download.cuts):
        asks.append(PERIOD)
    parts = _read_cuts(head, _ANY_DAYS).parts
    if any(row.get("revenue") for part in parts for row in part.rows.values()):
        asks += [vat.ASK, Ask("currency", "In which currency is the revenue?")]
    return Says(facts, tuple(asks))


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each download by itself. Raises BadFile when nothing in it can be kept, or something in it is damaged."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    found = _read_cuts(head, span(answers.get("period", "")))
    if not found.parts:
        raise _nothing(head, found.notes)
    notes = (*found.notes, *unread(head))
    batches: list[Batch] = []
    for part in found.parts:
        for since, until in _stretches(part):
            batches.append(_batch(part, (since, until), head, answers, notes if not batches else ()))
    return batches


def _nothing(head: Head, notes: Sequence[Note]) -> BadFile:
    """The reason of the first table that is not loaded stands for all."""
    note = next(iter(notes), Note("not loaded", "The file has a header and no rows."))
    return BadFile(
        note.text, "{name}",
        "Nothing else is in this file. Download Traffic acquisition, User acquisition or Landing page from Google Analytics.",
        name=head.name, **note.facts,
    )


def _read_cuts(head: Head, given: Span | None) -> Read:
    """What the whole file brings: parts that can stand in the store side by side, and notes."""
    found = Read()
    for cut in cut_up(table(head), head.name).cuts:
        period = ga4_figures.own_period(cut) or given
        if period is None:
            raise MissingAnswer((PERIOD,), "{name}", name=head.name)
        one = ga4_figures.read_cut(cut, period, head.name)
        found.parts += one.parts
        found.notes += one.notes
    merged = list(_merged(found.parts))
    chosen = _chosen(merged)
    for part in merged:
        if part not in chosen:
            found.notes.append(Note(
                "not loaded", "Table “{table}” is not loaded: another table of the file holds the same in more detail or in full.",
                {"table": part.name},
            ))
    return Read(chosen, found.notes)


def _merged(parts: Sequence[Part]) -> Iterator[Part]:
    """Tables of the same shape that hold different figures (users here, new users there) become one."""
    left = list(parts)
    while left:
        one = left.pop(0)
        for other in [part for part in left if _completes(one, part)]:
            if one.figures.isdisjoint(other.figures):
                left.remove(other)
                one = _joined(one, other)
        yield one


def _completes(one: Part, other: Part) -> bool:
    return (one.place, one.period, one.grain, one.fields) == (other.place, other.period, other.grain, other.fields)


def _joined(one: Part, other: Part) -> Part:
    rows: dict[Key, Figures] = {key: dict(row) for key, row in one.rows.items()}
    for key, row in other.rows.items():
        rows.setdefault(key, {}).update(row)
    return Part(one.target, one.scope, one.breakdown, one.grain, one.period, one.fields, one.figures | other.figures, rows, one.name)


def _chosen(parts: Sequence[Part]) -> list[Part]:
    """The best of those that would push each other out, in the order of the file."""
    taken: list[Part] = []
    for part in sorted(parts, key=Part.weight, reverse=True):
        if not any(ga4_figures.overlap(part, other) for other in taken):
            taken.append(part)
    return [part for part in parts if any(part is one for one in taken)]


# ------------------------------------------------------------------------------------------------------------ batches


def _stretches(part: Part) -> list[Span]:
    """Days that are loaded together: all of a table by days, each week of a table by weeks, a whole period."""
    return sorted({key[0] for key in part.rows}) if part.grain == "week" else [part.period]


def _batch(part: Part, days: Span, head: Head, answers: Answers, notes: Sequence[Note]) -> Batch:
    rows = [(key, figures) for key, figures in part.rows.items() if days[0] <= key[0][0] <= days[1]]
    money = answers.get("currency", "").upper()
    made = traffic(part, rows, money, answers.get("vat", "net")) if part.target is TRAFFIC else _people(part, rows)
    return Batch(
        part.target, SOURCE.name, answers["account"], made, head.origin, *days, attribution=part.scope, breakdown=part.breakdown,
        whole=part.grain != "day" and days[0] < days[1], notes=tuple(notes),
    )


def traffic(part: Part, rows: Sequence[tuple[Key, Figures]], money: str, basis: str) -> pa.Table:
    """Rows of visits, and rows of key events with their goal."""
    visits = [(key, row) for key, row in rows if "visits" in part.figures]
    reached = [(key, row) for key, row in rows if "reaches" in part.figures]
    named = "goal" in part.fields
    goals = [""] * len(visits) + [dict(key[1])["goal"] if named else ALL_GOALS for key, _ in reached]
    columns = _places(part, [key for key, _ in (*visits, *reached)]) | {"goal": goals}
    for name in VISITED:
        if name in part.figures and name != "revenue":
            columns[name] = pa.array([_whole(row.get(name)) for _, row in visits] + [None] * len(reached), pa.int64())
    if "revenue" in part.figures:
        net = [None if row.get("revenue") is None else vat.net(row["revenue"] or Decimal(0), *key[0], basis, money) for key, row in visits]
        columns["revenue"] = pa.array(net + [None] * len(reached), pa.decimal128(18, 6))
        columns["currency"] = [money] * len(visits) + [""] * len(reached)
    for name in REACHED:
        if name in part.figures:
            columns[name] = pa.array([None] * len(visits) + [_whole(row.get(name)) for _, row in reached], pa.int64())
    return pa.table(columns)


def _people(part: Part, rows: Sequence[tuple[Key, Figures]]) -> pa.Table:
    columns = _places(part, [key for key, _ in rows])
    for name in COUNTED_PEOPLE:
        if name in part.figures:
            columns[name] = pa.array([_whole(row.get(name)) for _, row in rows], pa.int64())
    return pa.table(columns)


def _places(part: Part, keys: Sequence[Key]) -> dict[str, Any]:
    """Days, origin and breakdowns of the rows; only the columns that the table has."""
    columns: dict[str, Any] = {
        "day": pa.array([key[0][0] for key in keys], pa.date32()),
        "until": pa.array([key[0][1] for key in keys], pa.date32()),
    }
    said: list[Mapping[str, str]] = [dict(key[1]) for key in keys]
    if "origin" in part.breakdown.split(","):
        columns["origin"] = [{name: fields.get(name, "") for name in ORIGIN_NAMES} for fields in said]
    for name in _PLACES:
        if name in part.fields:
            columns[name] = [fields[name] for fields in said]
    return columns


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


SOURCE = Source(
    name="ga4_reports",
    title="Google Analytics 4, downloaded reports",
    fills=(TRAFFIC, AUDIENCE),
    export="a Google Analytics 4 report download (CSV): Traffic acquisition, User acquisition, Landing page, an overview or an exploration",
    recognise=recognise,
    says=says,
    read=read,
)
