"""Yandex.Metrica's web interface: the table of any standard report, as CSV, XLSX or pasted from the screen.

Visits become TRAFFIC, visitors become AUDIENCE of exactly the period and breakdown that they were counted for. Traps it knows: the totals
stand in the first row; visitors of days do not add up to visitors of the period; the file names neither the counter nor the attribution;
a sampled report does not say so, but all its counts are multiples of one number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from connectors import PERIOD, Answers, Says, Source, vat
from connectors import metrica_table_figures as figures
from connectors.files import Head, Row, table, unread
from connectors.metrica_paste import unfolded
from connectors.metrica_table_figures import PEOPLE, REACHED, VISITED, Figures, Header, Key, Table
from connectors.metrica_table_names import GOAL, ORIGINS, PARTIAL, TAGS
from connectors.values import Span, span
from data.batches import Batch, Note
from data.errors import Ask, BadFile, MissingAnswer
from data.tables import ALL_GOALS, ATTRIBUTIONS, AUDIENCE, ORIGIN_NAMES, TRAFFIC
from data.tables import Table as Contract

MODELS = tuple(attribution.key for attribution in ATTRIBUTIONS if attribution.metrica)
ACCOUNT = Ask(
    "account", "Which counter is this? The file does not say: its number stands beside the site's name above the report in Metrica"
)
ATTRIBUTION = Ask(
    "attribution", "By which attribution model is the report? It is chosen above the report in Metrica; the file does not say", MODELS
)
TIMEZONE = Ask("timezone", "In which time zone does the counter report?")
CHOSEN = Ask(
    "goal", "Which goal is chosen above the report? Its number in Metrica or its name; * for all goals together. The file does not say",
    default=ALL_GOALS,
)
_PLACES = ("device", "country", "city", "landing", "age", "sex")
_HIDES_FEW = frozenset(("landing", "age", "sex"))
"""Breakdowns in which Metrica leaves out rows of few visitors."""
_ANY_YEAR = date(2000, 1, 1), date(2000, 12, 31)
_BUCKETS: Mapping[str, Callable[[date], object]] = {
    "week": lambda day: day.isocalendar()[:2],
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month - 1) // 3),
    "year": lambda day: day.year,
}
_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")


def recognise(head: Head) -> bool:
    return figures.find_header(unfolded(head.rows, head.delimiter, head.name, whole=False)) is not None


def _rows(head: Head) -> list[Row]:
    return unfolded(table(head), head.delimiter, head.name)


def says(head: Head) -> Says:
    rows = _rows(head)
    header = _header(rows, head)
    facts = {"attribution": header.attribution} if header.attribution else {}
    asks = [ACCOUNT, TIMEZONE] if facts else [ACCOUNT, ATTRIBUTION, TIMEZONE]
    if "" in header.goals and GOAL not in header.dimensions:
        asks.append(CHOSEN)
    if figures.needs_period(rows, header):
        asks.append(replace(PERIOD, default=_likely_period(head.name)))
    if any(row.get("revenue") for row in figures.read(rows, header, _ANY_YEAR, head.name).rows.values()):
        said = header.columns[header.metrics["revenue", ""]].currency
        facts |= {"currency": said} if said else {}
        asks += [vat.ASK] if said else [vat.ASK, Ask("currency", "In which currency is the revenue?")]
    return Says(facts, tuple(asks))


def _likely_period(name: str) -> str:
    """Metrica ends the names of its files with the days; anybody may rename them, so they are only offered."""
    days = ["-".join(found) for found in _IN_NAME.findall(name)]
    likely = "/".join(days[-2:])
    return likely if len(days) > 1 and span(likely) else ""


def _header(rows: Sequence[Sequence[Any]], head: Head) -> Header:
    """Raises BadFile for a report that holds one kind of visits alone: it would pass for all visits."""
    header = figures.find_header(rows)
    if header is None:
        raise BadFile("The header of the report is not where it was.", "{name}", "Export the report again.", name=head.name)
    sources = [name for name in ORIGINS if name in header.dimensions]
    if sources and not {"traffic_source", *TAGS} & {*sources}:
        raise BadFile(
            "This report holds one kind of visits alone: {column}.", "{name}",
            "Export “Sources, summary”, which holds all of them with the same details.",
            column=header.name(header.dimensions[next((name for name in sources if name in PARTIAL), sources[0])]), name=head.name,
        )
    return header


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each report by itself. Raises BadFile when it has no rows or something in it is damaged."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    rows = _rows(head)
    header = _header(rows, head)
    period = span(answers.get("period", ""))
    if period is None and figures.needs_period(rows, header):
        raise MissingAnswer((PERIOD,), "{name}", name=head.name)
    found = figures.read(rows, header, period, head.name, answers.get("goal", ""))
    if not found.spans:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with data.", name=head.name)
    _check_apart(found, head)
    made = list(_batches(found, head, answers))
    if not made:
        raise BadFile(
            "No row of the report has visits, visitors or goals.", "{name}", "Export it again with these columns filled.", name=head.name
        )
    first, *others = made
    return [replace(first, notes=(*_notes(found), *unread(head))), *others]


def _check_apart(found: Table, head: Head) -> None:
    for (first, last), (second_first, second_last) in zip(found.spans, found.spans[1:], strict=False):
        if second_first <= last:
            raise BadFile(
                "Rows overlap: {first} to {last} stands beside {second_first} to {second_last}.", "{name}", "Export the report again.",
                first=first, last=last, second_first=second_first, second_last=second_last, name=head.name,
            )


# ------------------------------------------------------------------------------------------------------------ batches


def _batches(found: Table, head: Head, answers: Answers) -> Iterator[Batch]:
    """Visits first, then people, then the people of the whole period where the report covers all of them."""
    carried, daily = found.header.breakdown, _daily(found.spans)
    makes = _Batches(found, head, answers)
    for days in _stretches(found.spans):
        if rows := _traffic(found, days, answers):
            yield makes.one(TRAFFIC, rows, days, carried, whole=not daily)
    for days in _stretches(found.spans):
        people = {key: row for key, row in found.people.items() if _inside(key, days) and "users" in row}
        if people:
            yield makes.one(AUDIENCE, _people(people, carried), days, (*carried, *_words(days, found.spans)), whole=not daily)
    whole = found.spans[0][0], found.spans[-1][1]
    if "users" in found.printed and not found.partial and (whole, ()) not in found.people:
        yield makes.one(AUDIENCE, _people({(whole, ()): found.printed}, ()), whole, _words(whole, [whole]), whole=True)


def _stretches(spans: Sequence[Span]) -> list[Span]:
    """Days that are loaded together: all of a table by days, each period of a coarser one."""
    return [(spans[0][0], spans[-1][1])] if _daily(spans) else list(spans)


def _daily(spans: Sequence[Span]) -> bool:
    return all(since == until for since, until in spans)


def _inside(key: Key, days: Span) -> bool:
    return days[0] <= key[0][0] <= days[1]


def _words(days: Span, spans: Sequence[Span]) -> tuple[str, ...]:
    """The word by which people of a period stand apart from those of longer and shorter ones, which they would push out.

    The first and the last of weeks may be cut short by the report; among their like they are weeks.
    """
    if _daily(spans):
        return ()
    if len(spans) == 1:
        return (length(days),)
    return (next((word for word, bucket in _BUCKETS.items() if _each_its_own(spans, bucket)), "period"),)


def _each_its_own(spans: Sequence[Span], bucket: Callable[[date], object]) -> bool:
    return all(bucket(since) == bucket(until) for since, until in spans) and len({bucket(since) for since, _ in spans}) == len(spans)


def length(days: Span) -> str:
    """What a period is, exactly: week, month, quarter or year of the calendar, or any period."""
    since, until = days
    after = until + timedelta(days=1)
    if since.day == 1 and after.day == 1:
        months = (after.year - since.year) * 12 + after.month - since.month
        for word, count in (("year", 12), ("quarter", 3), ("month", 1)):
            if months == count and (since.month - 1) % count == 0:
                return word
    return "week" if (until - since).days == 6 and since.weekday() == 0 else "period"


@dataclass(frozen=True)
class _Batches:
    """What the batches of one file share."""

    found: Table
    head: Head
    answers: Answers

    def one(self, target: Contract, rows: pa.Table, days: Span, carried: Sequence[str], whole: bool) -> Batch:
        divisor = self.found.divisor
        return Batch(
            target, SOURCE.name, self.answers["account"], rows, self.head.origin, *days, attribution=self.answers["attribution"],
            breakdown=",".join(carried), whole=whole and days[0] < days[1], sample_share=1 / divisor if divisor > 1 else None,
            thresholded=bool(self.found.checks) and not _HIDES_FEW.isdisjoint(carried),
        )


def _traffic(found: Table, days: Span, answers: Answers) -> pa.Table | None:
    """Rows of visits, and rows of goals with what was reached."""
    visits = [(key, row) for key, row in found.rows.items() if _inside(key, days) and "visits" in row]
    reached = [(key, goal, row) for (key, goal), row in found.goals.items() if _inside(key, days) and row]
    if not visits and not reached:
        return None
    columns = _places([*(key for key, _ in visits), *(key for key, *_ in reached)], found.header.breakdown)
    columns["goal"] = [""] * len(visits) + [goal for _, goal, _ in reached]
    for name in VISITED:
        if name != "revenue" and any(name in row for _, row in visits):
            columns[name] = pa.array([_whole(row, name) for _, row in visits] + [None] * len(reached), pa.int64())
    if any(row.get("revenue") for _, row in visits):
        columns |= _money(visits, len(reached), answers)
    for name in REACHED:
        if any(name in row for *_, row in reached):
            columns[name] = pa.array([None] * len(visits) + [_whole(row, name) for *_, row in reached], pa.int64())
    return pa.table(columns)


def _money(visits: Sequence[tuple[Key, Figures]], others: int, answers: Answers) -> dict[str, Any]:
    currency, basis = answers["currency"].upper(), answers["vat"]
    net = [vat.net(row.get("revenue", Decimal(0)), *key[0], basis, currency) for key, row in visits]
    return {
        "revenue": pa.array(net + [None] * others, pa.decimal128(18, 6)),
        "currency": [currency] * len(visits) + [""] * others,
    }


def _people(people: Mapping[Key, Figures], carried: Sequence[str]) -> pa.Table:
    columns = _places(list(people), carried)
    for name in PEOPLE:
        if any(name in row for row in people.values()):
            columns[name] = pa.array([_whole(row, name) for row in people.values()], pa.int64())
    return pa.table(columns)


def _places(keys: Sequence[Key], carried: Sequence[str]) -> dict[str, Any]:
    """Days, origin and breakdowns of the rows; only the columns that the table has."""
    columns: dict[str, Any] = {
        "day": pa.array([key[0][0] for key in keys], pa.date32()),
        "until": pa.array([key[0][1] for key in keys], pa.date32()),
    }
    said = [dict(key[1]) for key in keys]
    if "origin" in carried:
        columns["origin"] = [{name: fields.get(name, "") for name in ORIGIN_NAMES} for fields in said]
    return columns | {name: [fields[name] for fields in said] for name in _PLACES if name in carried}


def _whole(row: Figures, name: str) -> int | None:
    return int(row[name]) if name in row else None


# -------------------------------------------------------------------------------------------------------------- notes


def _notes(found: Table) -> Iterator[Note]:
    yield from found.checks
    header = found.header
    if found.divisor > 1:
        yield Note("sampled", "The report is sampled: all its counts are multiples of {divisor}. Set the accuracy above the report to "
                   "the full one and export it again.", {"divisor": found.divisor})
    if found.merged:
        text = "Visitors are not loaded where several rows of the file fall together: people cannot be added up. Such places: {count}."
        yield Note("not loaded", text, {"count": found.merged})
    if found.nameless:
        yield Note("not loaded", "Rows without a goal are not loaded: {count}.", {"count": found.nameless})
    if found.partial:
        text = "The report holds only visits for which these are known: {columns}. Its totals are not those of the whole site."
        yield Note("partial", text, {"columns": ", ".join(found.partial)})
    if header.unkept:
        yield Note("not loaded", "Columns that are not kept: {columns}", {"columns": ", ".join(header.unkept)})


SOURCE = Source(
    name="metrica_tables",
    title="Yandex.Metrica, tables of reports",
    fills=(TRAFFIC, AUDIENCE),
    export="a table of a Yandex.Metrica report (CSV or XLSX): traffic, sources, UTM, devices, geography, landing pages, age, sex, goals",
    recognise=recognise,
    says=says,
    read=read,
)
