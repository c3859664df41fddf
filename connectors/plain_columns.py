"""A table of something: where its header is, what its columns hold, which column is proposed for which role, and the mapping as text.

A mapping is written `day=Дата,cost="Расход, руб"`: role, equals sign, header. A header that stands there twice is named by its place,
`#3`. `date` may be said for the day.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from connectors.files import Row, names
from connectors.grid import Grid, label, runs
from connectors.plain_words import KINDS, Kind, Role
from connectors.values import missing, numbers, spans
from data.errors import Problem, did_you_mean

Mapped = tuple[tuple[str, int], ...]
"""Pairs of role and place of the column within the table, from 0."""

_MOST_LOOKED_AT, _ENOUGH, _TRIED = 200, 0.7, 40
_DAY_WORDS = ("date", "дата")
_SHARES = ("доля", "share", "ctr", "cr ", "конверсия в")
_NUMBERED = ("номер", "№", "id", "код", "number", "no", "order_id", "orderid", "deal_id")
_TOP, _DISTINCT = 100, 0.9


@dataclass(frozen=True)
class Sheet:
    """A table inside a file: the line of its header (from 0), its first column, the headers, the rows under it, cut to its columns."""

    line: int
    start: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def fingerprint(self) -> str:
        """The same for every sheet with these headers in this order."""
        return hashlib.sha256("\n".join(names(self.header)).encode()).hexdigest()[:16]

    def column(self, place: int) -> list[Any]:
        return [row[place] if place < len(row) else "" for row in self.rows]

    @cached_property
    def holds(self) -> tuple[str, ...]:
        """What each column holds: day, number, text, or nothing."""
        return tuple(_holds(self.column(place)[:_MOST_LOOKED_AT]) for place in range(len(self.header)))


def find(rows: Sequence[Sequence[Any]]) -> Sheet | None:
    """The first header with a column of days under it; None where there is no such table."""
    for line, row in enumerate(rows[:_TRIED]):
        for start, stop in runs(row):
            if stop - start >= 2 and all(_is_word(cell) for cell in row[start:stop]):
                under = tuple(list(one[start:stop]) for one in rows[line + 1 :])
                found = Sheet(line, start, tuple(str(cell).strip() for cell in row[start:stop]), under)
                if "day" in found.holds:
                    return found
    return None


def _is_word(cell: Any) -> bool:
    return isinstance(cell, str) and not missing(cell) and numbers([cell]).values[0] is None and spans([cell]).values[0] is None


def _holds(cells: Sequence[Any]) -> str:
    filled = [cell for cell in cells if not missing(cell)]
    if not filled:
        return ""
    for what, read in (("day", spans(filled).values), ("number", numbers(filled).values)):
        # NB: whole numbers are days to a workbook's reader; a column of nothing else is one of numbers.
        plain = what == "day" and all(isinstance(cell, (int, float)) for cell in filled)
        if not plain and sum(value is not None for value in read) >= _ENOUGH * len(filled):
            return what
    return "text"


# ----------------------------------------------------------------------------------------------------------- proposing


def likeliest(sheet: Sheet) -> Kind:
    """What the sheet most likely is: the kind that has what it needs and most words of whose headers speak for it."""
    return max(KINDS, key=lambda kind: (complete(kind, propose(sheet, kind)), *_evidence(sheet, kind)))


def _evidence(sheet: Sheet, kind: Kind) -> tuple[int, int, int]:
    """Whether anything speaks for the kind, how many headers do, and how many roles have a column. NB: a sheet about which nothing
    is said is rather counted than taken for money."""
    spoken = sum(any(_begins(name, stem) for stem in kind.says) for name in names(sheet.header))
    spoken += kind.key == "index" and _is_index(sheet)
    spoken += kind.key == "costs" and any(label(sheet.header[place]).currency for place in _figures(sheet))
    return int(spoken > 0 or bool(kind.either)), spoken, len(propose(sheet, kind))


def _is_index(sheet: Sheet) -> bool:
    """Whether the figures are levels from 0 to 100, of which one is 100 exactly."""
    read = [numbers(sheet.column(place)).values for place in _figures(sheet)]
    return bool(read) and max((value or 0 for column in read for value in column), default=0) == _TOP


def _figures(sheet: Sheet) -> list[int]:
    """Places of columns of numbers that are no shares."""
    return [place for place, held in enumerate(sheet.holds) if held == "number" and not _is_share(sheet.header[place])]


def _is_share(header: str) -> bool:
    return "%" in header or names((header,))[0].startswith(_SHARES)


def complete(kind: Kind, mapped: Mapped) -> bool:
    """Whether every column that the kind needs is named."""
    told = {key for key, _ in mapped}
    return all(role.key in told for role in kind.roles if role.needed) and (not kind.either or not told.isdisjoint(kind.either))


def propose(sheet: Sheet, kind: Kind) -> Mapped:
    """A column for every role that one fits: by its header, then, for what is needed, by what it holds alone."""
    taken: dict[int, str] = {}
    for role in kind.roles:
        fitting = [place for place in _ranked(sheet, role) if place not in taken]
        taken |= dict.fromkeys(fitting if role.many else fitting[:1], role.key)
    told = set(taken.values())
    wanted = [role for role in kind.roles if role.needed and role.key not in told]
    for role in wanted:
        place = next((place for place in range(len(sheet.header)) if _can_be(sheet, place, role) and place not in taken), None)
        if place is not None:
            taken[place] = role.key
    if kind.either and told.isdisjoint(kind.either):
        free = [place for place in _figures(sheet) if place not in taken]
        several = kind.key == "index"
        taken |= dict.fromkeys(free if several else free[:1], kind.either[1] if several and _is_index(sheet) else kind.either[0])
    order = [role.key for role in kind.roles]
    return tuple(sorted(((key, place) for place, key in taken.items()), key=lambda pair: (order.index(pair[0]), pair[1])))


def _ranked(sheet: Sheet, role: Role) -> list[int]:
    """Places of the columns that fit the role, best first."""
    found = []
    for place, header in enumerate(sheet.header):
        name, whole = label(header).name, names((header,))[0]
        if not _can_be(sheet, place, role):
            continue
        if name in role.names or whole in role.names:
            order = role.names.index(name if name in role.names else whole)
            found.append((0, order, place))
        else:
            found += [(1, order, place) for order, stem in enumerate(role.stems) if _begins(whole, stem)][:1]
    return [place for *_, place in sorted(found)]


def _can_be(sheet: Sheet, place: int, role: Role) -> bool:
    """Whether the column holds what the role asks for. Numbers of orders differ from each other; shares are no amounts."""
    held, header = sheet.holds[place], sheet.header[place]
    if role.key == "order_id":
        filled = [str(cell) for cell in sheet.column(place) if not missing(cell)]
        numbered = held == "text" or any(_begins(names((header,))[0], word) for word in _NUMBERED)
        return held in ("text", "number") and numbered and len(set(filled)) >= _DISTINCT * len(filled)
    if role.key in ("term_days", "qualified", "answer_time"):
        return held != ""
    if role.holds == "number":
        return held == "number" and not _is_share(header)
    return held == role.holds or (held == "number" and role.key in ("campaign_id", "client_key", "client", "phone"))


def _begins(name: str, stem: str) -> bool:
    """Whether the name, or a word in it, begins with the stem."""
    return name.startswith(stem) or f" {stem}" in name or f"_{stem}" in name or f"({stem}" in name


# ------------------------------------------------------------------------------------------------------------- as text


def written(sheet: Sheet, mapped: Mapped) -> str:
    """The mapping as it is typed: `day=Дата,cost=Расход`."""
    parts = []
    for key, place in mapped:
        text = f"{key}={_named(sheet, place)}"
        parts.append('"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"') else text)
    return ",".join(parts)


def _named(sheet: Sheet, place: int) -> str:
    return sheet.header[place] if sheet.header.count(sheet.header[place]) == 1 else f"#{place + 1}"


def parse(text: str, sheet: Sheet, kind: Kind) -> Mapped:
    """The mapping that a text says. Raises Problem for a role or a column that is not there, or a needed one that is not named."""
    mapped = tuple(_pair(part, sheet, kind) for part in next(csv.reader([text], skipinitialspace=True), []) if part.strip())
    lacking = [role.key for role in kind.roles if role.needed and role.key not in dict(mapped)]
    if kind.either and not {key for key, _ in mapped} & set(kind.either):
        lacking.append(kind.either[0])
    if lacking:
        raise Problem(
            "It is not said which column is {roles}.", "--columns", "Name it: --columns '{roles}=…'. The columns are: {columns}.",
            roles=lacking[0], columns=", ".join(sheet.header),
        )
    once = {key for key, _ in mapped if (role := kind.role(key)) and not role.many}
    twice = next((key for key in once if sum(one == key for one, _ in mapped) > 1), "")
    if twice:
        raise Problem("Two columns are named as {role}.", "--columns", "Name one of them.", role=twice)
    return mapped


def _pair(part: str, sheet: Sheet, kind: Kind) -> tuple[str, int]:
    said, _, column = (one.strip() for one in part.partition("="))
    key = said.lower()
    if key in _DAY_WORDS and not kind.role(key):
        key = "placed" if kind.role("placed") else "day"
    if not kind.role(key):
        known = ", ".join(role.key for role in kind.roles)
        raise Problem("A column of such a sheet cannot be {role}.", "--columns", "It can be: {known}.", role=said, known=known)
    return key, _place(column, sheet)


def _place(column: str, sheet: Sheet) -> int:
    if column.startswith("#") and column[1:].isdecimal() and 0 < int(column[1:]) <= len(sheet.header):
        return int(column[1:]) - 1
    headers = names(sheet.header)
    wanted = names((column,))[0]
    if wanted not in headers:
        near = did_you_mean(wanted, headers)
        fix = "Did you mean {near}?" if near else "The columns are: {columns}."
        raise Problem("There is no column {column}.", "--columns", fix, column=column, near=near, columns=", ".join(sheet.header))
    return headers.index(wanted)


def grid(sheet: Sheet, mapped: Mapped) -> Grid:
    """The table with its columns named by role; further columns of one role are `role 2`, `role 3`…"""
    places = dict(_numbered(mapped))
    return Grid(
        places=places,
        labels={name: label(sheet.header[place]) for name, place in places.items()},
        written={name: sheet.header[place] for name, place in places.items()},
        others=tuple(header for place, header in enumerate(sheet.header) if place not in places.values()),
        rows=sheet.rows, first=sheet.line + 2, beside=False,
    )


def _numbered(mapped: Mapped) -> Iterator[tuple[str, int]]:
    count: dict[str, int] = {}
    for key, place in mapped:
        count[key] = count.get(key, 0) + 1
        yield (key if count[key] == 1 else f"{key} {count[key]}"), place


def of_role(places: Mapping[str, int], role: str) -> list[str]:
    """The names of a grid's columns that have the role."""
    return [name for name in places if name.split(" ")[0] == role]
