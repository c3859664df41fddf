"""The pivot: one measure, rows by some breakdowns, columns by one. Every total is a question of its own, never a sum of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.text import DASH, Words
from metrics import dimensions, judging
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from pages.ui import asking, control, receipt, show
from pages.ui.explore import grid, lines, pickers, table, taking
from pages.ui.explore.grid import Head, Row, Sheet
from pages.ui.explore.lines import Named
from pages.ui.explore.pickers import Asked
from pages.ui.figures import Cell
from pages.ui.language import current, t
from pages.ui.view import View

MOST_COLUMNS, MOST_DATES = 14, 62
WHOLE = "whole"
"""Key of the column of totals."""
NONE = Cell(DASH, absent=True)
"""No row for this combination."""


@dataclass(frozen=True)
class Pivot:
    """Three answers about one measure: cells, totals of rows, totals of columns. `columns` are the shown values of `across`."""

    metric: str
    across: str
    cells: Result
    by_row: Result
    by_column: Result
    columns: tuple[Named, ...]


def draw(view: View, question: Asked, slot: DeltaGenerator) -> None:
    """Draw the controls into the slot, and the pivot."""
    if len(question.by) < 2:
        show.empty(t("A pivot needs two breakdowns"), t("Add a second breakdown, or a step of time: its values become the columns."))
        return
    with slot:
        metric = control.pick("figure", t("Measure"), {key: t(METRICS[key].title) for key in question.measures}, question.measures[0], 190)
        titles = {key: t("Columns: {breakdown}", breakdown=lines.title(key, current())) for key in question.by}
        across = control.pick("across", t("In columns"), titles, question.step or question.by[-1], 230)
    with show.waiting():
        asked = ask(view, question, metric, across)
    if asked.cells.frame.empty:
        table.nothing(view, question)
        return
    words = current()
    rows = lines.named(asked.by_row, words, lines.SHOWN)
    found = {one.keys: one for one in lines.named(asked.cells, words)}
    pressed = grid.draw(sheet(asked, rows, found, words), key="pivoted", opened=pickers.deeper(_turned(question, asked)))
    _below(view, question, asked, len(rows))
    if pressed:
        which, line = pointed(asked, rows, found, pressed.row, pressed.column, words)
        receipt.open(view, which, metric, line)


def ask(view: View, question: Asked, metric: str, across: str) -> Pivot:
    """The three answers, and which columns there is room for."""
    needed, by = judging.needs((metric,)), tuple(key for key in question.by if key != across)
    by_column = asking.ask(view, needed, (across,), question.only)
    most = MOST_DATES if across in dimensions.TIME else MOST_COLUMNS
    return Pivot(
        metric, across, asking.ask(view, needed, (*by, across), question.only), asking.ask(view, needed, by, question.only), by_column,
        tuple(lines.named(by_column, current(), most)),
    )


def sheet(asked: Pivot, rows: Sequence[Named], found: Mapping[tuple[str, ...], Named], words: Words) -> Sheet:
    """The pivot as a grid: values of `across` as columns, totals first and on top."""
    by = asked.by_row.query.by
    heads = [Head(key, lines.title(key, words), "name") for key in by]
    heads += [Head(WHOLE, words.t("Total"), "figure", strong=True)]
    heads += [Head(column.keys[0], column.names[0]) for column in asked.columns]
    most = max((one.line.now.get(asked.metric) or 0.0 for one in found.values()), default=0.0)

    def cells(row: Named) -> tuple[Cell, ...]:
        whole = lines.cell(asked.metric, row.line, asked.by_row, words)
        inside = (found.get((*row.keys, column.keys[0])) for column in asked.columns)
        return whole, *(lines.cell(asked.metric, one.line, asked.cells, words, most) if one else NONE for one in inside)

    total = answer.total(asked.by_row, words)
    top = Row("", ((total.name, False), *(("", False) for _ in by[1:])), (
        lines.cell(asked.metric, total, asked.by_row, words),
        *(lines.cell(asked.metric, column.line, asked.by_column, words) for column in asked.columns),
    ))
    breakdowns = " × ".join(lines.title(key, words) for key in (*by, asked.across))
    title = words.t(table.TITLE, names=words.t(METRICS[asked.metric].title), breakdowns=breakdowns)
    body = (Row(row.id, tuple((name, row.opens(place, by)) for place, name in enumerate(row.names)), cells(row)) for row in rows)
    return Sheet(tuple(heads), tuple(body), top, title, shade=True)


def pointed(
    asked: Pivot, rows: Sequence[Named], found: Mapping[tuple[str, ...], Named], row: str, column: str, words: Words
) -> tuple[Result, Line]:
    """The answer that a pressed figure comes from, and its line."""
    mine = next((one for one in rows if one.id == row), None)
    if column == WHOLE:
        return asked.by_row, mine.line if mine else answer.total(asked.by_row, words)
    if mine is None:
        return asked.by_column, next(one.line for one in asked.columns if one.keys[0] == column)
    return asked.cells, found[(*mine.keys, column)].line


def _turned(question: Asked, asked: Pivot) -> Asked:
    """The question with the pivot's rows as its breakdowns: a press on a name is about them."""
    by = asked.by_row.query.by
    return Asked(question.measures, (*by, asked.across), question.only, question.offered)


def _below(view: View, question: Asked, asked: Pivot, shown: int) -> None:
    words, columns, rows = current(), len(asked.by_column.frame), len(asked.by_row.frame)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if columns > len(asked.columns) or rows > shown:
            facts = {
                "rows": words.number(shown), "of_rows": words.number(rows), "columns": words.number(len(asked.columns)),
                "of_columns": words.number(columns),
            }
            show.caption(t("Shown are {rows} of {of_rows} rows and {columns} of {of_columns} columns; totals hold all of them.", **facts))
        st.space("stretch")
        said = table.about(view, question, words)
        name = f"{view.client.slug}_{asked.metric}_{'-'.join(asked.cells.query.by)}_{view.since}_{view.until}"
        measures = (asked.metric,)
        taking.downloads(
            name, table.fields(asked.cells, measures, words), lambda: table.taken(asked.cells, measures, words), said, asked.cells.currency
        )
    show.notes(asked.cells.notes)
