"""A GA4 download is not a table but a pile of them. This cuts it up: each table with its title, its own dates and its segment.

Traps it knows: banners of `#` lines, padded with commas by a spreadsheet or stripped by hand; up to sixteen tables in one file; a
comparison that prints every table twice; explorations with one extra cell, `Grand total`, on a row without dimensions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from connectors import ga4_names
from connectors.files import Row, blank
from connectors.values import Span, span
from data.errors import BadFile

_RULE = re.compile(r"^-{5,}$")
_DATED = re.compile(r"^(?P<what>[^:]+):\s*(?P<day>\d{8})$")
_RANGE = re.compile(r"^(\d{8})\s*-\s*(\d{8})$")
_PROPERTY = re.compile(r"^(?:property|ресурс)\s*:\s*(?P<name>.+)$", re.IGNORECASE)
_EVERYBODY = ("all users", "все пользователи")
_SURE = ("engaged sessions", "engagement rate", "average engagement time per session", "key events", "session key event rate")
"""Columns that only GA4 has: they tell a table whose banner was stripped by hand."""


@dataclass(frozen=True)
class Cut:
    """One table of a download. Shape of a row: (line, cells); `grand` is the total row of an exploration."""

    title: str
    period: Span | None
    segment: str
    header: tuple[str, ...]
    line: int
    rows: tuple[tuple[int, Row], ...]
    grand: Row | None = None

    @property
    def name(self) -> str:
        """How messages name the table."""
        return self.title or shorten(", ".join(self.header), 80, placeholder="…")


@dataclass(frozen=True)
class Download:
    """A file cut up."""

    property: str
    cuts: tuple[Cut, ...]


@dataclass
class _Banner:
    """The `#` lines above a table, as they are read. `first` marks the banner at the top of the file."""

    first: bool
    lines: list[str] = field(default_factory=list)

    def period(self) -> Span | None:
        days = [match["day"] for line in self.lines if (match := _DATED.match(line))]
        ranges = [match.groups() for line in self.lines if (match := _RANGE.match(line))]
        found = tuple(days[-2:]) if len(days) > 1 else ranges[0] if ranges else None
        return span("/".join(_dashed(day) for day in found)) if found else None

    def says_days(self) -> bool:
        return any(_DATED.match(line) or _RANGE.match(line) for line in self.lines)

    def exploration(self) -> bool:
        return any(_RANGE.match(line) for line in self.lines)

    def property(self) -> str:
        named = [match["name"] for line in self.lines if (match := _PROPERTY.match(line))]
        if named or not self.exploration():
            return named[0].strip() if named else ""
        return next((line for line in self.lines if line and not _RULE.match(line)), "")

    def title_and_segment(self) -> tuple[str, str]:
        """What the lines between the last rule and the dates say: a title, which may be empty, then perhaps a segment."""
        said = self._own_lines()
        words = [line for line in said if line]
        segment = ""
        if len(said) > 1 and said[-1]:
            segment = said[-1]
        elif len(words) == 1 and self.first and not words[0].endswith("?"):
            segment = words[0]
        title = next((line for line in words if line != segment), "")
        return title, "" if segment.lower() in _EVERYBODY else segment

    def _own_lines(self) -> list[str]:
        rules = [place for place, line in enumerate(self.lines) if _RULE.match(line)]
        if self.exploration():
            return []
        after = self.lines[rules[-1] + 1 :] if rules else self.lines
        return [line for line in after if not _DATED.match(line)]


def _dashed(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def cut_up(rows: Sequence[Sequence[Any]], name: str = "") -> Download:
    """All tables of a download. Raises BadFile when a banner's dates are no dates."""
    sections = list(_sections(rows))
    known = next((said for banner, _ in sections if (said := banner.property())), "")
    return Download(known, tuple(_cut(banner, body, name) for banner, under in sections for body in _tables(under)))


def _sections(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[_Banner, list[tuple[int, Row]]]]:
    """Banners and what stands under them. Shape of a row: (line, cells)."""
    banner, body = _Banner(first=True), list[tuple[int, Row]]()
    for line, row in enumerate(rows, start=1):
        comment = _comment(row)
        if comment is None:
            body.append((line, list(row)))
            continue
        if not all(blank(one) for _, one in body):
            yield banner, body
            banner = _Banner(first=False)
        body = []
        banner.lines.append(comment)
    if not all(blank(one) for _, one in body):
        yield banner, body


def _tables(body: Sequence[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    """Tables under one banner: a blank line and then a header begin the next one."""
    table: list[tuple[int, Row]] = []
    gap = False
    for line, row in body:
        if blank(row):
            gap = True
            continue
        if table and gap and is_header(row):
            yield table
            table = []
        table.append((line, row))
        gap = False
    yield table


def _comment(row: Sequence[Any]) -> str | None:
    """The text of a `#` line, without the commas that a spreadsheet appends."""
    if not row or not str(row[0]).startswith("#"):
        return None
    return ",".join(str(cell) for cell in row).rstrip(", \u00a0").lstrip("#").strip()


def _cut(banner: _Banner, table: Sequence[tuple[int, Row]], name: str) -> Cut:
    (line, header), *rows = table
    period = banner.period()
    if period is None and banner.says_days():
        raise BadFile("The dates above a table are not two days.", "{name}, line {line}", "Export the report again.", name=name, line=line)
    title, segment = banner.title_and_segment()
    columns = tuple(str(cell).strip() for cell in header)
    width = max(place + 1 for place, column in enumerate(columns) if column)
    grand = [row for _, row in rows if _is_grand_total(row, width)]
    kept = tuple((at, row) for at, row in rows if not _is_grand_total(row, width))
    return Cut(title, period, segment, columns[:width], line, kept, grand[0] if grand else None)


def _is_grand_total(row: Row, width: int) -> bool:
    """A total is labelled in a cell that stands beyond the header."""
    return not str(row[0]).strip() and any(str(cell).strip() for cell in row[width:])


def is_header(row: Sequence[Any]) -> bool:
    """Whether a row is a header of GA4: a known breakdown or metric first, then at least one known metric."""
    cells = [cell for cell in row if str(cell).strip()]
    known = [bool(ga4_names.metric(cell)) for cell in cells]
    return bool(cells) and (ga4_names.dimension(cells[0]) is not None or known[0]) and any(known)


def is_download(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether these first rows can only be GA4's: its banner, or columns that only it has."""
    bannered = any(_is_banner(row) for row in rows)
    return any(is_header(row) and (bannered or _is_sure(row)) for row in rows) or (bannered and _has_dates(rows))


def _is_banner(row: Sequence[Any]) -> bool:
    return bool(_RULE.match(_comment(row) or ""))


def _has_dates(rows: Sequence[Sequence[Any]]) -> bool:
    return any(_DATED.match(comment) or _RANGE.match(comment) for row in rows if (comment := _comment(row)))


def _is_sure(row: Sequence[Any]) -> bool:
    spelled = [ga4_names.spelling(cell) for cell in row]
    return any(cell in _SURE for cell in spelled) or any(cell.startswith(("session ", "first user ", "nth ")) for cell in spelled)
