"""Universal Analytics: CSV downloads of the web interface, which are archives now: it stopped collecting on 1 July 2023.

The table of the report becomes TRAFFIC and AUDIENCE of its period, or of days where it has a date; the table of days under it
becomes daily totals; a table of transactions becomes ORDERS where the day of each is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from connectors import PERIOD, Answers, Says, Source, ua_tables, vat
from connectors.files import Head, Row, table, unread
from connectors.grid import check_total
from connectors.ua_tables import DAY_INDEX, DIMENSIONS, EVERYBODY, METRICS, PER_SESSION, SEGMENT, Cut
from connectors.values import Parsed, Span, currency, durations, numbers, span, spans
from data.batches import Batch, Note
from data.errors import Ask, BadFile, MissingAnswer
from data.tables import ALL_GOALS, AUDIENCE, ORDERS, ORIGIN_NAMES, TRAFFIC

_BREAKDOWNS = ("origin", "device", "country", "city", "landing", "age", "sex")
_VISITED = ("visits", "new_visits", "bounces", "page_views", "seconds", "orders")
_PEOPLE = ("users", "new_users")
_DEVICES = {"desktop": "desktop", "mobile": "phone", "tablet": "tablet"}
_COUNTED = frozenset(("visits", "users", "new_users", "bounces", "page_views", "reaches", "orders"))
ATTRIBUTION = "session"

Key = tuple[Span, tuple[tuple[str, str], ...]]
Figures = dict[str, Decimal]
Columns = Mapping[str, tuple[Decimal | None, ...]]


@dataclass
class Part:
    """Sums of one table. `fields` are the breakdowns that tell its rows apart; `mixed` says that rows fell together."""

    days: Span
    daily: bool
    fields: tuple[str, ...]
    rows: dict[Key, Figures] = field(default_factory=dict)
    mixed: bool = False


def recognise(head: Head) -> bool:
    return head.kind == "text" and ua_tables.is_download(head.rows)


def says(head: Head) -> Says:
    download = ua_tables.cut_up(table(head))
    facts = {"account": download.view} if download.view else {}
    asks = [] if facts else [Ask("account", "Which view is this? Its name in Universal Analytics")]
    asks.append(Ask("timezone", "In which time zone does the view report?"))
    if download.period is None:
        asks.append(PERIOD)
    sold = [cut for cut in download.cuts if "revenue" in _metrics(cut).values()]
    if sold:
        place = next(place for place, name in _metrics(sold[0]).items() if name == "revenue")
        said = next((code for _, row in sold[0].rows if place < len(row) and (code := currency(str(row[place])))), "")
        facts |= {"currency": said} if said else {}
        asks += [vat.ASK] if said else [vat.ASK, Ask("currency", "In which currency is the revenue?")]
    return Says(facts, tuple(asks))


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each download by itself. Raises BadFile when nothing in it can be kept, or something in it is damaged."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    download = ua_tables.cut_up(table(head))
    period = download.period or span(answers.get("period", ""))
    if period is None:
        raise MissingAnswer((PERIOD,), "{name}", name=head.name)
    batches: list[Batch] = []
    notes: list[Note] = list(unread(head))
    for cut in download.cuts:
        made, said = _cut_batches(cut, period, head, answers)
        batches += made
        notes += said
    if not batches:
        raise BadFile(
            "Nothing in the file can be kept: it has neither sessions nor transactions.", "{name}",
            "Take a report with sessions: Channels, Source/Medium, Campaigns, Devices, Landing Pages.", name=head.name,
        )
    return [Batch(**{**vars(batches[0]), "notes": tuple(notes)}), *batches[1:]]


def _cut_batches(cut: Cut, period: Span, head: Head, answers: Answers) -> tuple[list[Batch], list[Note]]:
    metrics = _metrics(cut)
    known = {place for place, cell in enumerate(cut.spelled) if cell in DIMENSIONS or cell in DAY_INDEX or cell in SEGMENT}
    _check_segment(cut, head)
    if ua_tables.is_index(cut.spelled[0]) and cut.spelled[0] not in DAY_INDEX:
        return [], [Note("not loaded", "The second table is not loaded: it is not by days ({column}).", {"column": cut.header[0]})]
    notes = _left_out(cut, known | set(metrics))
    parsed = _figures(cut, metrics, head)
    notes += _totals(cut, metrics, parsed)
    if any(cell in DIMENSIONS and DIMENSIONS[cell][0] == "order" for cell in cut.spelled):
        return [_orders(cut, metrics, parsed, period, head, answers)], notes
    part = _part(cut, metrics, parsed, period, head)
    return list(_batches(part, head, answers)), notes


def _metrics(cut: Cut) -> dict[int, str]:
    return {place: METRICS[cell] for place, cell in enumerate(cut.spelled) if cell in METRICS}


def _unknown(cut: Cut, known: set[int]) -> list[str]:
    return [name for place, name in enumerate(cut.header) if name and place not in known]


def _left_out(cut: Cut, known: set[int]) -> list[Note]:
    others = _unknown(cut, known)
    return [Note("not loaded", "Columns that are not kept: {columns}", {"columns": ", ".join(others)})] if others else []


def _check_segment(cut: Cut, head: Head) -> None:
    """Raises BadFile where the table is split by segments: they overlap and cannot be added."""
    for place, cell in enumerate(cut.spelled):
        said = {str(row[place]).strip() for _, row in cut.rows if place < len(row)} if cell in SEGMENT else set()
        if {one.lower() for one in said} - set(EVERYBODY):
            raise BadFile(
                "The report covers segments and not all visitors: {segments}.", "{name}", "Take all segments but All Users off the report.",
                segments=", ".join(sorted(said)), name=head.name,
            )


# ------------------------------------------------------------------------------------------------------------------ figures


def _figures(cut: Cut, metrics: Mapping[int, str], head: Head) -> dict[str, tuple[Decimal | None, ...]]:
    """Columns of numbers. Raises BadFile that names the first cell which is none."""
    found = {}
    for place, metric in metrics.items():
        cells = [row[place] if place < len(row) else "" for _, row in cut.rows]
        parsed = _parsed(metric, cells)
        if parsed.wrong:
            at = min(parsed.wrong)
            raise BadFile(
                "{column} is “{value}”, which is not a number.", "{name}, line {line}", "Export the report again.",
                column=cut.header[place], value=str(cells[at])[:60], name=head.name, line=cut.rows[at][0],
            )
        found[metric] = parsed.values
    return found


def _parsed(metric: str, cells: Sequence[Any]) -> Parsed[Decimal]:
    if metric == "seconds_per_session":
        return durations([str(cell).strip().lstrip("<") for cell in cells])
    return numbers(cells, whole=metric in _COUNTED, elsewhere=".", percent=metric == "bounce_rate")


def _totals(cut: Cut, metrics: Mapping[int, str], parsed: Columns) -> list[Note]:
    """Notes where the printed total is not what the rows add up to: a download holds no more rows than were on the screen."""
    notes: list[Note] = []
    for place, metric in metrics.items():
        if cut.totals is not None and metric in ("visits", "orders", "revenue") and place < len(cut.totals):
            printed = _parsed(metric, [cut.totals[place]]).values[0]
            notes += check_total(cut.header[place], printed, sum((value or Decimal(0) for value in parsed[metric]), Decimal(0)))
    return notes


def _part(cut: Cut, metrics: Mapping[int, str], parsed: Columns, period: Span, head: Head) -> Part:
    """The sums of a table by days and fields."""
    days = _days(cut, period, head)
    fields = tuple(dict.fromkeys(name for cell in cut.spelled if cell in DIMENSIONS for name in DIMENSIONS[cell][1] if name != "date"))
    part = Part(period, days is not None, fields)
    for at, (_, row) in enumerate(cut.rows):
        key = days[at] if days else period, tuple(_said(cut, row))
        if key in part.rows:
            part.mixed = True
        sums = part.rows.setdefault(key, {})
        for name, value in _counts({metric: parsed[metric][at] for metric in metrics.values()}).items():
            sums[name] = sums.get(name, Decimal(0)) + value
    return part


def _counts(said: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Rates become counts again; a new user's first session is a first visit."""
    counts = {name: value for name, value in said.items() if value is not None and name not in PER_SESSION}
    visits = counts.get("visits")
    for name, summed in PER_SESSION.items():
        rate = said.get(name)
        if visits is not None and rate is not None and summed not in counts:
            counts[summed] = (visits * rate).quantize(Decimal(1), ROUND_HALF_UP)
    if "new_users" in counts and visits is not None:
        counts["new_visits"] = counts["new_users"]
    return counts


def _said(cut: Cut, row: Row) -> Iterator[tuple[str, str]]:
    """Fields and their values in a row."""
    for place, cell in enumerate(cut.spelled):
        kind, fields = DIMENSIONS.get(cell, ("", ()))
        value = str(row[place]).strip() if place < len(row) else ""
        if kind == "device":
            yield "device", _DEVICES.get(value.lower(), "")
        elif kind == "landing":
            yield "landing", value.partition("?")[0].rstrip("/")
        elif kind and kind not in ("time", "order"):
            parts = value.split(" / ", 1) if len(fields) == 2 else [value]
            yield from zip(fields, (part.strip() for part in parts), strict=False)


def _days(cut: Cut, period: Span, head: Head) -> list[Span] | None:
    """The day of each row; None where the table has no days. Raises BadFile where one cannot be told or lies outside the period."""
    place = next((at for at, cell in enumerate(cut.spelled) if cell in DAY_INDEX or DIMENSIONS.get(cell, ("",))[0] == "time"), None)
    if place is None:
        return None
    length = (period[1] - period[0]).days + 1
    if cut.spelled[place] in DAY_INDEX and len(cut.rows) == length:
        return [(day, day) for day in (period[0] + timedelta(days=at) for at in range(length))]
    parsed = spans([row[place] if place < len(row) else "" for _, row in cut.rows])
    for at, found in enumerate(parsed.values):
        if found is None or found[0] != found[1] or not period[0] <= found[0] <= period[1]:
            line, row = cut.rows[at]
            raise BadFile(
                "“{value}” is not a day of the report's period.", "{name}, line {line}", "Export the report again.",
                value=str(row[place])[:60], name=head.name, line=line,
            )
    return [found for found in parsed.values if found]


# ------------------------------------------------------------------------------------------------------------------ batches


def _batches(part: Part, head: Head, answers: Answers) -> Iterator[Batch]:
    told = {"origin" if name in ORIGIN_NAMES else name for name in part.fields}
    breakdown = ",".join(name for name in _BREAKDOWNS if name in told)
    held = {name for sums in part.rows.values() for name in sums}
    counted, people = held & {*_VISITED, "revenue", "reaches"}, set() if part.mixed else held & {*_PEOPLE}
    wanted = ((TRAFFIC, _traffic, counted), (AUDIENCE, _people, people))
    for target, make, names in wanted:
        if names and (target is AUDIENCE or "visits" in names):
            yield Batch(
                target, SOURCE.name, answers["account"], make(part, breakdown, names, answers), head.origin, *part.days,
                attribution=ATTRIBUTION, breakdown=breakdown, whole=not part.daily and part.days[0] < part.days[1],
            )


def _places(part: Part, breakdown: str, keys: Sequence[Key]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "day": pa.array([key[0][0] for key in keys], pa.date32()), "until": pa.array([key[0][1] for key in keys], pa.date32()),
    }
    said = [dict(key[1]) for key in keys]
    for name in filter(None, breakdown.split(",")):
        columns[name] = (
            [{one: fields.get(one, "") for one in ORIGIN_NAMES} for fields in said]
            if name == "origin" else [fields[name] for fields in said]
        )
    return columns


def _traffic(part: Part, breakdown: str, names: set[str], answers: Answers) -> pa.Table:
    """Rows of visits, and rows that count the completions of all goals."""
    keys, goals = list(part.rows), [key for key, sums in part.rows.items() if "reaches" in sums]
    columns = _places(part, breakdown, [*keys, *goals]) | {"goal": [""] * len(keys) + [ALL_GOALS] * len(goals)}
    for name in _VISITED:
        if name in names:
            columns[name] = pa.array([_whole(part.rows[key].get(name)) for key in keys] + [None] * len(goals), pa.int64())
    if "revenue" in names:
        net = [_net(part.rows[key].get("revenue"), key[0], answers) for key in keys]
        columns["revenue"] = pa.array(net + [None] * len(goals), pa.decimal128(18, 6))
        columns["currency"] = [answers["currency"].upper()] * len(keys) + [""] * len(goals)
    if "reaches" in names:
        columns["reaches"] = pa.array([None] * len(keys) + [_whole(part.rows[key]["reaches"]) for key in goals], pa.int64())
    return pa.table(columns)


def _people(part: Part, breakdown: str, names: set[str], answers: Answers) -> pa.Table:
    columns = _places(part, breakdown, list(part.rows))
    for name in names:
        columns[name] = pa.array([_whole(sums.get(name)) for sums in part.rows.values()], pa.int64())
    return pa.table(columns)


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _net(value: Decimal | None, days: Span, answers: Answers) -> Decimal | None:
    return None if value is None else vat.net(value, *days, answers["vat"], answers["currency"].upper())


def _orders(
    cut: Cut, metrics: Mapping[int, str], parsed: Columns, period: Span, head: Head, answers: Answers
) -> Batch:
    """Raises BadFile where the day of a transaction is not known."""
    days = _days(cut, period, head) or ([period] * len(cut.rows) if period[0] == period[1] else None)
    if days is None or "revenue" not in metrics.values():
        raise BadFile(
            "The transactions stand without their days or their revenue.", "{name}",
            "Add Date as the secondary dimension of the report and export it again.", name=head.name,
        )
    place = next(at for at, cell in enumerate(cut.spelled) if DIMENSIONS.get(cell, ("",))[0] == "order")
    numbers_sold = [str(row[place]).strip() for _, row in cut.rows]
    said = [dict(_said(cut, row)) for _, row in cut.rows]
    sold: list[date] = [day for day, _ in days]
    rows = pa.table({
        "day": pa.array(sold, pa.date32()), "order_id": numbers_sold, "customer": [f"order {number}" for number in numbers_sold],
        "origin_session": [{name: one.get(name, "") for name in ORIGIN_NAMES} for one in said],
        "orders": pa.array([1] * len(sold), pa.uint32()),
        "revenue": pa.array([_net(value or Decimal(0), span_, answers) for value, span_ in zip(parsed["revenue"], days, strict=True)],
                            pa.decimal128(18, 6)),
        "currency": [answers["currency"].upper()] * len(sold),
    })
    return Batch(ORDERS, SOURCE.name, answers["account"], rows, head.origin, *period, attribution=ATTRIBUTION)


SOURCE = Source(
    name="ua_reports",
    title="Universal Analytics, downloaded reports",
    fills=(TRAFFIC, AUDIENCE, ORDERS),
    export="a Universal Analytics report download (CSV): Channels, Source/Medium, Campaigns, Devices, Landing Pages or transactions",
    recognise=recognise,
    says=says,
    read=read,
)
