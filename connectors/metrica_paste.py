"""A table copied from Metrica's screen that arrived as one cell a line: folded back into rows.

The screen shows a share beside some counts (`18` and under it `11,11 %`), which no column of the header stands for; it is told from a
rate by what the columns after it must be. The row of totals has one label however many breakdowns there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from connectors import metrica_table_names as known
from connectors.files import Row, blank
from connectors.metrica_table_names import COUNTS, DURATIONS, MEANS, MONEY, RATES, Heading
from connectors.values import durations
from data.errors import BadFile

_MOST_COLUMNS = 20
_NUMBER = re.compile(r"[-−+]?[\d\s\u00a0\u2009\u202f]+(?:[.,]\d+)?\s*")
_COUNT = re.compile(r"[\d\s\u00a0\u2009\u202f]+")
_NOTHING = frozenset("-–—")
Line = tuple[int, str]
"""Number of the line, from 1, and its only cell."""


def unfolded(rows: Sequence[Sequence[Any]], delimiter: str, name: str, whole: bool = True) -> list[Row]:
    """The table of such a file, or the rows as they are where it is none. With `whole` unset a cut last row is left out.

    Raises: BadFile where the lines cannot be told apart into rows.
    """
    lines = [(at, delimiter.join(map(str, row)).strip()) for at, row in enumerate(rows, start=1) if not blank(row)]
    width = _width(lines)
    if not width:
        return list(map(list, rows))
    header, body = [cell for _, cell in lines[:width]], lines[width:]
    headings = [known.heading(cell) for cell in header]
    found: list[Row] = [list(header)]
    while body:
        row, taken = _first(body, headings)
        if not taken:
            if whole:
                raise _untold(body[0], name)
            break
        found.append(row)
        body = body[taken:]
    return found


def _width(lines: Sequence[Line]) -> int:
    """How many lines the header has: up to the row of totals, else as many as are known; nothing where this is no pasted table."""
    cells = [cell for _, cell in lines[: _MOST_COLUMNS + 1]]
    total = next((at for at, cell in enumerate(cells) if known.is_total(cell)), 0)
    told = [bool(one.dimension or one.metric) for one in map(known.heading, cells[: total or None])]
    width = total or next((at for at, one in enumerate(told) if not one), len(told))
    return width if width > 2 and told[0] and 2 * sum(told[:width]) > width else 0


def _first(body: Sequence[Line], headings: Sequence[Heading]) -> tuple[Row, int]:
    """The row that the lines begin with and how many lines it takes; none where no row fits before the next one begins."""
    if known.is_total(body[0][1]):
        named = sum(bool(one.dimension) for one in headings)
        for cells, end in _fits(body, 1, headings[named:]):
            return [body[0][1], *[""] * (named - 1), *cells], end
        return [], 0
    for cells, end in _fits(body, 0, headings):
        if end == len(body) or _begins(body, end, headings):
            return cells, end
    return [], 0


def _begins(body: Sequence[Line], at: int, headings: Sequence[Heading]) -> bool:
    """Whether the line can be the first of a row: a label and under it what the next column must be."""
    following = at + 1 == len(body) or _may_be(headings[1], body[at + 1][1])
    return _may_be(headings[0], body[at][1]) and not body[at][1].endswith("%") and following


def _fits(body: Sequence[Line], at: int, headings: Sequence[Heading]) -> Iterator[tuple[Row, int]]:
    """Ways to read the lines from `at` on as these columns. Shape: (cells, place after the last line)."""
    if not headings:
        yield [], at
        return
    if at >= len(body) or not _may_be(headings[0], body[at][1]):
        return
    shared = _COUNT.fullmatch(body[at][1]) and not headings[0].dimension and at + 1 < len(body) and body[at + 1][1].endswith("%")
    for after in (at + 2, at + 1) if shared else (at + 1,):
        for cells, end in _fits(body, after, headings[1:]):
            yield [body[at][1], *cells], end


def _may_be(heading: Heading, cell: str) -> bool:
    """Whether the column can hold this cell."""
    if heading.dimension or cell in _NOTHING:
        return True
    if heading.metric in (*RATES, "goal_rate"):
        return cell.endswith("%")
    if heading.metric in DURATIONS:
        return durations([cell]).values[0] is not None and not _NUMBER.fullmatch(cell)
    if heading.metric in (*COUNTS, "reaches", "goal_visits"):
        return bool(_COUNT.fullmatch(cell))
    return heading.metric not in (*MEANS, *MONEY) or bool(_NUMBER.fullmatch(cell.rstrip("₽$€ ")))


def _untold(line: Line, name: str) -> BadFile:
    return BadFile(
        "The pasted table cannot be told apart into rows from “{value}” on.", "{name}, line {line}",
        "In the report press Export, choose CSV or XLSX, and load that file.", value=line[1][:60], name=name, line=line[0],
    )
