"""The table inside an export: where its header is, which rows under it are data, which are totals, and what cannot be read.

A preamble above the header, a second table beside the first, repeated column names and hand-made totals are all usual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from connectors import values
from connectors.files import Row, blank, names
from data.batches import Note, Rejected, Rejects
from data.errors import BadFile

FEW, MOST = 3, 0.05
"""A file with rows that cannot be read is loaded without them where they are at most so many, or at most this share of its rows; and
never where they are half of it. NB: three and not twenty, because in a sheet of sixty rows twenty hold a third of the money."""

SEPARATOR = " | "
"""Between the cells of a row that is kept as text."""

_VAT_WORDS = (
    ("net", re.compile(r"\bбез\s*(?:уч[её]та\s*)?ндс|\bexcl[a-z.]*\s*(?:of\s*)?vat|\bex\.?\s*vat|\bwithout\s*vat|\bnet\b(?:\s*of\s*vat)?")),
    ("gross", re.compile(r"\b(?:с|вкл[а-я.]*)\s*(?:уч[её]том\s*)?ндс|\bincl[a-z.]*\s*vat|\bwith\s*vat|\bgross\b")),
)
_TOTAL = re.compile(r"^(?:общий\s+)?(?:итог[оа]?|всего|сумма|total|totals|grand total|subtotal)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """A column's header: the name without units, the currency it names and whether it says net or gross of VAT."""

    name: str
    currency: str
    vat: str


def label(cell: Any) -> Label:
    """Shape: `Расход без НДС, ₽` -> name `расход`, currency RUB, vat net."""
    text = names((cell,))[0]
    said = next((basis for basis, pattern in _VAT_WORDS if pattern.search(text)), "")
    money = values.currency(text) if re.search(r"[,(₽$€₸£₺₴₹]|\b(?:руб|rub|usd|eur|kzt)", text) else ""
    for _, pattern in _VAT_WORDS:
        text = pattern.sub(" ", text)
    text = re.sub(r"\(.*?\)|,.*$|[₽$€₸£₺₴₹]|\b(?:руб|rub|usd|eur|kzt)\b\.?", " ", text)
    return Label(" ".join(text.split()).strip(" .:"), money, said)


@dataclass(frozen=True)
class Grid:
    """A header and the rows under it. `places` maps our names to columns; `others` are columns that nobody asked for.

    `first` is the line of the first row under the header, counted from 1; `beside` says that another table stands to the right.
    """

    places: Mapping[str, int]
    labels: Mapping[str, Label]
    written: Mapping[str, str]
    others: tuple[str, ...]
    rows: tuple[Row, ...]
    first: int
    beside: bool

    def cell(self, row: Row, name: str) -> Any:
        """The row's cell of this name; empty where there is no such column or the row is short."""
        place = self.places.get(name)
        return row[place] if place is not None and place < len(row) else ""

    def column(self, name: str, rows: Sequence[Row] | None = None) -> list[Any]:
        return [self.cell(row, name) for row in (self.rows if rows is None else rows)]

    def beside_column(self, name: str, place: int, rows: Sequence[Row]) -> Grid:
        """The same with one more column, which stands in the given rows and is written nowhere in the file."""
        return replace(
            self, places={**self.places, name: place}, labels={**self.labels, name: Label(name, "", "")},
            written={**self.written, name: name}, rows=tuple(rows),
        )

    def texts(self, row: Row, *beyond: str) -> Iterator[str]:
        """The row's cells that are words, those of the columns `beyond` aside."""
        skipped = {self.places[name] for name in beyond if name in self.places}
        return (cell for place, cell in enumerate(row) if isinstance(cell, str) and place not in skipped)


def locate(rows: Sequence[Sequence[Any]], aliases: Mapping[str, Sequence[str]], fits: Callable[[Mapping[str, int]], bool]) -> Grid | None:
    """The first row, and in it the first run of filled cells, whose columns `fits` accepts as a header."""
    for line, row in enumerate(rows):
        for start, stop in runs(row):
            labels = [label(cell) for cell in row[start:stop]]
            chosen = _choose(labels, aliases)
            if fits(chosen):
                places = {name: start + place for name, place in chosen.items()}
                others = tuple(str(row[start + place]).strip() for place in range(stop - start) if place not in chosen.values())
                return Grid(
                    places=places,
                    labels={name: labels[place] for name, place in chosen.items()},
                    written={name: str(row[place]).strip() for name, place in places.items()},
                    others=others,
                    rows=tuple([*[""] * start, *under[start:stop]] for under in rows[line + 1 :]),
                    first=line + 2,
                    beside=not blank(row[stop:]),
                )
    return None


def runs(row: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Runs of filled cells. Shape: (first place, place after the last)."""
    start = None
    for place, cell in enumerate([*row, ""]):
        if str(cell).strip():
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None


def _choose(labels: Sequence[Label], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Which column is what: the earliest alias wins, then the amount net of VAT, then the leftmost."""
    chosen = {}
    for name, spellings in aliases.items():
        ranked = [
            (spellings.index(one.name), one.vat == "gross", place) for place, one in enumerate(labels) if one.name in spellings
        ]
        if ranked:
            chosen[name] = min(ranked)[2]
    return chosen


def is_total(text: str) -> bool:
    """Whether a cell labels a row of totals."""
    return bool(_TOTAL.match(text.strip()))


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be read. `why` is a phrase that ends the sentence `…, which is`."""

    line: int
    column: str
    value: str
    why: str


NOT_A_NUMBER, NOT_WHOLE, NEGATIVE, EMPTY = "not a number", "not a whole number", "below zero", "an empty cell"
NOT_A_DAY, AHEAD, LOST = "not a day that can be told", "a day in the future", "a number that has lost digits in a spreadsheet"


def settle(faults: Sequence[Fault], grid: Grid, rows: int, name: str, private: Sequence[str] = ()) -> tuple[Note, ...]:
    """Name the first rows that are left out, and hand all of them over in a note. `rows` is how many rows the file has.

    `private` are columns that tell who somebody is: they, and columns that nobody knows, are not kept. Raises BadFile when there are
    too many such rows (see FEW and MOST).
    """
    by_line = {fault.line: fault for fault in sorted(faults, key=lambda fault: fault.line, reverse=True)}
    worst = sorted(by_line.values(), key=lambda fault: fault.line)
    if not worst:
        return ()
    if len(worst) > max(FEW, MOST * rows) or 2 * len(worst) > rows:
        raise BadFile(
            "{count} rows cannot be read; in the first, {column} is “{value}”, which is {why}.", "{name}, line {line}",
            "Write days as 2026-03-01 and numbers without marks between thousands. Nothing of the file was loaded.",
            count=len(worst), column=worst[0].column, value=worst[0].value[:60], why=worst[0].why, name=name, line=worst[0].line,
        )
    named = tuple(
        Note("skipped", "Line {line} is not loaded: {column} is “{value}”, which is {why}.",
             {"line": fault.line, "column": fault.column, "value": fault.value[:60], "why": fault.why})
        for fault in worst[:FEW]
    )
    text = "Rows that could not be read: {count} of {rows}. They are kept and can be downloaded."
    return *named, Rejects("rejected", text, {"count": len(worst), "rows": rows}, tuple(_rejected(one, grid, private) for one in worst))


def _rejected(fault: Fault, grid: Grid, private: Sequence[str]) -> Rejected:
    row = grid.rows[fault.line - grid.first] if 0 <= fault.line - grid.first < len(grid.rows) else []
    kept = [grid.cell(row, name) for name in grid.places if name not in private] if private else row
    hidden = fault.column in {grid.written.get(name) for name in private}
    reason = f"{fault.column} is {fault.why}" if hidden else f"{fault.column} is “{fault.value[:60]}”, which is {fault.why}"
    return Rejected(fault.line, SEPARATOR.join(str(cell).strip() for cell in kept), reason)


def check_total(column: str, printed: Decimal | None, summed: Decimal) -> tuple[Note, ...]:
    """A note when the file's own total is not what its rows add up to."""
    if printed is None or printed == summed:
        return ()
    return (
        Note("total", "{column}: the file's own total says {printed}, its rows add up to {summed}. The rows are loaded.",
             {"column": column, "printed": _trimmed(printed), "summed": _trimmed(summed)}),
    )


def _trimmed(value: Decimal) -> str:
    return f"{value.normalize():f}"


def data_rows(grid: Grid) -> Iterator[tuple[int, Row]]:
    """Rows that hold anything and do not repeat the header. Shape: (line, row)."""
    again = names(list(grid.written.values()))
    for line, row in enumerate(grid.rows, start=grid.first):
        if not blank(row) and names([grid.cell(row, name) for name in grid.written]) != again:
            yield line, row


def left_out(grid: Grid) -> list[Note]:
    """Notes on what stands in the file and is not kept."""
    notes = []
    if grid.others:
        notes.append(Note("not loaded", "Columns that are not kept: {columns}", {"columns": ", ".join(dict.fromkeys(grid.others))}))
    if grid.beside:
        notes.append(Note("not loaded", "Another table stands beside the first; it is not read."))
    return notes
