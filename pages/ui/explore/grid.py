"""A table with any number of named columns before its figures: the flat table, the pivot and the answers of the SQL box.

As `pages.ui.figures`, whose style it shares: plain HTML filled with text only. A press on a figure opens its receipt, a press on a name
goes one step deeper; both are reported to callbacks, so that the page is already right when it is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import figures
from pages.ui.explore import state
from pages.ui.figures import Cell

_HERE = Path(__file__).parent
_STYLES = (Path(figures.__file__).parent / "figures.css", _HERE / "grid.css")
_GRID = st.components.v2.component(
    "vitrina_grid", html='<div class="root frame" tabindex="0" role="region"></div>\n',
    css="\n".join(path.read_text(encoding="utf-8") for path in _STYLES), js=(_HERE / "grid.js").read_text(encoding="utf-8"),
)
MANY, TALL = 18, 640
"""A table with more rows scrolls inside its frame, which is so many pixels tall."""


@dataclass(frozen=True)
class Head:
    """One column. `kind` is name, figure, number or text; a figure has a receipt. `strong` marks a column of totals."""

    key: str
    title: str
    kind: str = "figure"
    hint: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Row:
    """One row: an id that presses report, the names with whether each opens, and the figures."""

    id: str
    names: tuple[tuple[str, bool], ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole table. `order` is the column by which it stands, -1 as given; `shade` paints cells instead of drawing bars."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    total: Row | None
    caption: str
    order: int = -1
    shade: bool = False


@dataclass(frozen=True)
class Pressed:
    """A figure that was pressed: its row's id and its column."""

    row: str
    column: str


def draw(sheet: Sheet, key: str, opened: Callable[[str, int], None] | None = None) -> Pressed | None:
    """Draw a table. `opened(id, place)` is called for a press on a name; returns the figure that was just pressed."""
    data = asdict(sheet) | {"height": TALL if len(sheet.rows) > MANY else 0}

    def opens() -> None:
        said = state.pressed(key, "open")
        if said is not None and opened is not None:
            opened(str(said["row"]), int(said["place"]))

    said: Any = _GRID(key=key, data=data, on_open_change=opens, on_cell_change=_nothing)
    return Pressed(said.cell["row"], said.cell["column"]) if said.cell is not None else None


def order(heads: Sequence[Head], key: str) -> int:
    """The place of a column among all."""
    return next((place for place, head in enumerate(heads) if head.key == key), -1)


def _nothing() -> None:
    """A component reports a press only if somebody listens for it."""
