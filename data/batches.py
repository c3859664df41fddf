"""What connectors yield: rows of one table with what is known of them, files still on disk, and notes on what was met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from data.tables import Table


@dataclass(frozen=True)
class Note:
    """Something worth knowing that is not an error. `text` is an English template filled by `facts`; `kind` groups notes on screen."""

    kind: str
    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.facts)


@dataclass(frozen=True)
class Amounts:
    """Money of several currencies, which is never added up. Shape: (currency, amount)."""

    each: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        return ", ".join(f"{currency} {amount:,.2f}" for currency, amount in self.each)


@dataclass(frozen=True)
class Rejected:
    """A row of a file that could not be read: its line, its text, and the English reason. `line` 0 stands for no line."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Rejects(Note):
    """A note on rows that could not be read; carries them, so that whoever shows the note can hand the rows over."""

    rows: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Stage:
    """Files still on disk: a DuckDB query that reads them once when the load runs, so that gigabytes never pass through Python.

    `sql` names its files as `$files`, its only parameter. `refuse` are predicates over the staged rows with the template of what is
    wrong with a row that meets one; `{value}` in it is filled by the third part, an expression. `tells` are notes: an expression that
    counts something over all staged rows, and what to say with `{count}` where it is not zero.
    """

    sql: str
    files: tuple[str, ...]
    refuse: tuple[tuple[str, str, str], ...] = ()
    tells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scan:
    """Rows of one table as a DuckDB query over `staged`, the rows of `stage`. Columns as in `Table.arriving()`, or some of them."""

    stage: Stage
    sql: str


LEARN = (date.max, date.min)


@dataclass(frozen=True)
class Batch:
    """What a connector yields: rows of one table for one account, with everything a defence of the figures needs.

    `since` and `until` are the days covered, inclusive (a scan learns them when it runs, from the `day` of its staged rows); `whole`
    says that they are one period that cannot be split, or the several `periods` that follow each other without a gap; from
    `provisional_since` on the source may still change them. Columns absent from `rows` are filled as "not sent": empty text, null, or zero.
    A batch that only `completes` (of a keyed table) leaves days alone on which another source has already loaded the table.
    """

    table: Table
    source: str
    account: str
    rows: pa.Table | Scan
    origin: str
    since: date = LEARN[0]
    until: date = LEARN[1]
    attribution: str = ""
    breakdown: str = ""
    whole: bool = False
    sample_share: float | None = None
    thresholded: bool = False
    notes: tuple[Note, ...] = ()
    provisional_since: date | None = None
    completes: bool = False
    periods: tuple[tuple[date, date], ...] = ()
