"""What was loaded anew between two versions of a store: days of tables whose rows came with another load."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from data.tables import LOADS
from metrics.ledger import table
from metrics.statements import Run, Statement

_KEY = ("table_name", "account", "attribution", "breakdown", "day")
Key = tuple[str, str, str, str, date]


@dataclass(frozen=True)
class Entry:
    """A day of the ledger: the load that brought it, and whether its source might still change it."""

    load: str
    provisional: bool


Book = dict[Key, Entry]


def read(run: Run, since: date, until: date) -> Book:
    """The days of the ledger from `since` to `until`."""
    loads = table(LOADS.name)
    frame = Statement(loads.select(*_KEY, "load_id", "provisional")).answer(run)
    days = frame["day"].dt.date if len(frame) else frame["day"]
    rows = zip(
        *(frame[name].tolist() for name in _KEY[:-1]), days.tolist(), frame["load_id"].tolist(), frame["provisional"].tolist(), strict=True,
    )
    return {row[:5]: Entry(str(row[5]), bool(row[6])) for row in rows if since <= row[4] <= until}


def anew(before: Book, after: Book, tables: Collection[str]) -> set[Key]:
    """Days of these tables that were loaded again, or for the first time."""
    return {key for key, entry in after.items() if key[0] in tables and (key not in before or before[key].load != entry.load)}


def were_provisional(before: Book, keys: Collection[Key]) -> bool:
    """Whether every one of these days was known to change still."""
    return bool(keys) and all(key in before and before[key].provisional for key in keys)
