"""A Universal Analytics download cut up: its banner, the table of the report, the table of days under it, the printed totals.

Traps it knows: the banner is the one of a GA4 exploration, so the columns tell the two apart; totals stand in a row with empty breakdowns;
the second table counts days in the order of the calendar, written as the country of the user writes them.

Source: Analytics help on exports; headers of archives of 2016 to 2023 in English and Russian.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from connectors.files import Row, blank, names
from connectors.values import Span, span

_RANGE = re.compile(r"^(\d{4})(\d{2})(\d{2})\s*-\s*(\d{4})(\d{2})(\d{2})$")
_RULE = re.compile(r"^-{5,}$")
_SURE = frozenset((
    "default channel grouping", "pages / session", "avg. session duration", "bounces", "% new sessions", "day index", "goal completions",
    "goal conversion rate", "ecommerce conversion rate", "e-commerce conversion rate", "avg. order value",
    "страниц/сеанс", "сред. длительность сеанса", "источник или канал", "идентификатор транзакции", "% новых сеансов", "индекс дня",
))
"""Columns that Universal Analytics has and GA4 has not."""
DAY_INDEX = ("day index", "индекс дня")
SEGMENT = ("segment", "сегмент")
EVERYBODY = ("all users", "все пользователи")

DIMENSIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "default channel grouping": ("origin", ("given_channel",)),
    "группа каналов, используемая по умолчанию": ("origin", ("given_channel",)),
    "source / medium": ("origin", ("source", "medium")),
    "источник или канал": ("origin", ("source", "medium")),
    "источник/канал": ("origin", ("source", "medium")),
    "source": ("origin", ("source",)),
    "источник": ("origin", ("source",)),
    "medium": ("origin", ("medium",)),
    "канал": ("origin", ("medium",)),
    "campaign": ("origin", ("campaign",)),
    "кампания": ("origin", ("campaign",)),
    "device category": ("device", ("device",)),
    "категория устройств": ("device", ("device",)),
    "тип устройства": ("device", ("device",)),
    "country": ("country", ("country",)),
    "страна": ("country", ("country",)),
    "city": ("city", ("city",)),
    "город": ("city", ("city",)),
    "landing page": ("landing", ("landing",)),
    "страница входа": ("landing", ("landing",)),
    "age": ("age", ("age",)),
    "возраст": ("age", ("age",)),
    "gender": ("sex", ("sex",)),
    "пол": ("sex", ("sex",)),
    "date": ("time", ("date",)),
    "дата": ("time", ("date",)),
    "transaction id": ("order", ("order_id",)),
    "идентификатор транзакции": ("order", ("order_id",)),
}
"""Shape: header -> (what the store calls the breakdown, or time, or order; the fields that it fills)."""
METRICS: Mapping[str, str] = {
    "sessions": "visits", "сеансы": "visits", "users": "users", "пользователи": "users", "new users": "new_users",
    "новые пользователи": "new_users", "bounce rate": "bounce_rate", "показатель отказов": "bounce_rate", "bounces": "bounces",
    "pages / session": "pages_per_session", "страниц/сеанс": "pages_per_session", "pageviews": "page_views",
    "просмотры страниц": "page_views",
    "avg. session duration": "seconds_per_session", "сред. длительность сеанса": "seconds_per_session",
    "goal completions": "reaches", "достигнутые цели": "reaches", "достигнутые переходы к цели": "reaches",
    "transactions": "orders", "транзакции": "orders", "revenue": "revenue", "доход": "revenue",
}
PER_SESSION = {"bounce_rate": "bounces", "pages_per_session": "page_views", "seconds_per_session": "seconds"}


@dataclass(frozen=True)
class Cut:
    """One table: its header, rows as (line, cells), and the printed totals where there are any."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]
    totals: Row | None

    @property
    def spelled(self) -> tuple[str, ...]:
        return names(self.header)


@dataclass(frozen=True)
class Download:
    """A file cut up. `view` and `period` are what the banner says, empty and None where it was stripped."""

    view: str
    period: Span | None
    cuts: tuple[Cut, ...]


def is_download(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether these first rows can only be those of Universal Analytics."""
    return any(_is_header(row) and _SURE & set(names(row)) for row in rows)


def _is_header(row: Sequence[Any]) -> bool:
    spelled = [cell for cell in names(row) if cell]
    first = bool(spelled) and (is_index(spelled[0]) or any(spelled[0] in known for known in (DIMENSIONS, SEGMENT, METRICS)))
    return first and any(cell in METRICS for cell in spelled)


def is_index(cell: str) -> bool:
    """Whether a column counts days, weeks or months of the period."""
    return cell.endswith(" index") or cell.startswith("индекс ")


def cut_up(rows: Sequence[Sequence[Any]]) -> Download:
    said = [_comment(row) for row in rows if _comment(row) is not None]
    period = next((found for line in said if (found := _period(line or ""))), None)
    view = next((line for line in said if line and not _RULE.match(line) and not _period(line)), "")
    return Download(view, period, tuple(_cuts(rows)))


def _comment(row: Sequence[Any]) -> str | None:
    if not row or not str(row[0]).startswith("#"):
        return None
    return ",".join(str(cell) for cell in row).rstrip(", \u00a0").lstrip("#").strip()


def _period(line: str) -> Span | None:
    found = _RANGE.match(line)
    return span("{}-{}-{}/{}-{}-{}".format(*found.groups())) if found else None


def _cuts(rows: Sequence[Sequence[Any]]) -> Iterator[Cut]:
    """Tables stand apart by empty lines; a run that does not begin with a header belongs to the table above it."""
    header: tuple[str, ...] = ()
    kept: list[tuple[int, Row]] = []
    numbered = [(line, list(row)) for line, row in enumerate(rows, start=1)]
    for empty, run in groupby(numbered, key=lambda one: blank(one[1]) or _comment(one[1]) is not None):
        table = [] if empty else list(run)
        if table and _is_header(table[0][1]):
            if header:
                yield _cut(header, kept)
            header, kept = tuple(str(cell).strip() for cell in table[0][1]), table[1:]
        else:
            kept += table
    if header:
        yield _cut(header, kept)


def _cut(header: tuple[str, ...], rows: Sequence[tuple[int, Row]]) -> Cut:
    """NB: an empty breakdown is a value too (a source that was not kept); only in the last row does it label the totals."""
    *above, last = rows or [(0, [])]
    dimensions = [place for place, cell in enumerate(names(header)) if cell in DIMENSIONS or is_index(cell)]
    is_total = bool(rows) and bool(dimensions) and not any(str(last[1][place]).strip() for place in dimensions if place < len(last[1]))
    return Cut(header, tuple(above if is_total else rows), last[1] if is_total else None)
