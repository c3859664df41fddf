"""Figures as cards and tables that open their receipt: two small components on Streamlit's component interface.

Streamlit's own table is a picture: no pinned total, no second line for a change, no text to find or to print. These are plain HTML,
filled with text only (never with markup), coloured by the theme's variables. A press on a figure says which one it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

AS_GIVEN = -2
"""In the place of a column's number: the rows stand as they come."""
_HERE = Path(__file__).parent
_STYLE = (_HERE / "figures.css").read_text(encoding="utf-8")


def _component(name: str, html: str) -> Any:
    return st.components.v2.component(f"vitrina_{name}", html=html, css=_STYLE, js=(_HERE / f"{name}.js").read_text(encoding="utf-8"))


_CARDS = _component("cards", '<div class="root cards"></div>\n')
_TABLE = _component("table", '<div class="root frame" tabindex="0"></div>\n')


@dataclass(frozen=True)
class Card:
    """One figure. `tone` is good, bad or flat; `line` and `before` are its course and the one it is compared with."""

    key: str
    title: str
    value: str
    change: str = ""
    tone: str = "flat"
    was: str = ""
    line: tuple[float | None, ...] = ()
    before: tuple[float | None, ...] = ()
    hint: str = ""
    absent: bool = False


@dataclass(frozen=True)
class Cell:
    """One figure of a table: its text, the number to order by, its change in words, and a bar from 0 to 1 behind it.

    `tone` colours the change; without one, the figure itself.
    """

    text: str
    sort: float | None = None
    change: str = ""
    tone: str = "flat"
    bar: float | None = None
    absent: bool = False


@dataclass(frozen=True)
class Column:
    """One column of figures, or of `words`, which stand left; `hint` is shown on its heading."""

    key: str
    title: str
    hint: str = ""
    words: bool = False


@dataclass(frozen=True)
class Row:
    """One named line of a table; `opens` makes its name a link into it, `picture` (an address with the bytes in it) stands before it."""

    key: str
    name: str
    cells: tuple[Cell, ...]
    opens: bool = False
    picture: str = ""


@dataclass(frozen=True)
class Pressed:
    """What was pressed: a row's name, or one of its figures when there is a column."""

    row: str
    column: str = ""


def cards(shown: Sequence[Card], key: str) -> str | None:
    """Draw cards. Returns the key of the one just pressed."""
    said = _CARDS(key=key, data={"cards": [asdict(card) for card in shown]}, on_pick_change=_nothing)
    pick: str | None = said.pick
    return pick


def table(
    name: str, columns: Sequence[Column], rows: Sequence[Row], total: Row | None, key: str, order: int = 0, height: int = 0,
    caption: str = "", wrap: bool = False,
) -> Pressed | None:
    """Draw a table with the total pinned on top, ordered by a column from the largest, or AS_GIVEN. Returns what was just pressed.

    `wrap` lets long names take several lines.
    """
    data = {
        "name": name, "columns": [asdict(column) for column in columns], "rows": [asdict(row) for row in rows],
        "total": asdict(total) if total else None, "order": order, "height": height, "caption": caption, "wrap": wrap,
    }
    said = _TABLE(key=key, data=data, on_row_change=_nothing, on_cell_change=_nothing)
    if said.row is not None:
        return Pressed(said.row)
    return Pressed(said.cell["row"], said.cell["column"]) if said.cell is not None else None


def _nothing() -> None:
    """A component reports a press only if somebody listens for it."""
