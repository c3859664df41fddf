"""Text that came from outside, made harmless where it is shown: markdown on the page, formulas in a CSV. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

from data.cells import harmless

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|:~$<>])")
Value = str | int | float | date | None


def markdown(text: str) -> str:
    """The text as it stands: no emphasis, no link, no colour, no formula."""
    return _MARKDOWN.sub(r"\\\1", text)


def sheet(header: Sequence[str], rows: Iterable[Sequence[Value]], russian: bool) -> bytes:
    """A CSV that opens with a double click: with a byte-order mark, and with semicolons and decimal commas where Excel expects them."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";" if russian else ",")
    writer.writerow([harmless(name) for name in header])
    writer.writerows([_written(value, russian) for value in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def _written(value: Value, russian: bool) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, float):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if russian else text
    return value.isoformat() if isinstance(value, date) else str(value)
