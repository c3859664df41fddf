"""The flat table: one row per combination, the total pinned on top, receipts, the way down, downloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.text import Words
from metrics import dimensions, judging
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from pages.ui import asking, bar, listing, receipt, show
from pages.ui.explore import choices, export, grid, lines, pickers, state, taking
from pages.ui.explore.export import Export, Field, Value
from pages.ui.explore.grid import Head, Row, Sheet
from pages.ui.explore.lines import Named
from pages.ui.explore.pickers import Asked
from pages.ui.language import current, t
from pages.ui.view import View

BARRED = ("count", "money")
TITLE = "{names} by {breakdowns}"


def asked(view: View, question: Asked) -> Result:
    """The answer that the table and its downloads are made of."""
    return asking.ask(view, judging.needs(question.measures), question.by, question.only)


def draw(view: View, question: Asked, slot: DeltaGenerator) -> None:
    """Draw the table and what belongs to it; it needs no controls of its own in the slot."""
    with show.waiting():
        result = asked(view, question)
    if result.frame.empty:
        nothing(view, question)
        return
    words = current()
    rows = lines.named(result, words, lines.SHOWN)
    pressed = grid.draw(
        sheet(result, question.measures, rows, words), key="explored", opened=pickers.deeper(question) if question.by else None
    )
    below(view, question, result, len(rows))
    if pressed:
        receipt.open(view, result, pressed.column, line_of(rows, pressed.row, result, words))


def sheet(result: Result, measures: Sequence[str], rows: Sequence[Named], words: Words) -> Sheet:
    """The rows as a grid."""
    by = result.query.by
    heads = [Head(key, lines.title(key, words), "name") for key in by] or [Head("", "", "name")]
    heads += [Head(key, words.t(METRICS[key].title), "figure", words.t(METRICS[key].meaning)) for key in measures]
    largest = {
        key: max((row.line.now.get(key) or 0.0 for row in rows), default=0.0) for key in measures
        if METRICS[key].unit in BARRED and not METRICS[key].under
    }
    total = answer.total(result, words)
    return Sheet(
        tuple(heads),
        tuple(
            Row(
                row.id, tuple((name, row.opens(place, by)) for place, name in enumerate(row.names)),
                tuple(lines.cell(key, row.line, result, words, largest.get(key, 0.0)) for key in measures),
            )
            for row in rows
        ),
        Row("", ((total.name, False), *(("", False) for _ in by[1:])), tuple(lines.cell(key, total, result, words) for key in measures)),
        words.t(TITLE, names=", ".join(words.t(METRICS[key].title) for key in measures), breakdowns=_listed(by, words)),
    )


def line_of(rows: Sequence[Named], row: str, result: Result, words: Words) -> Line:
    """The row that was pressed; the total where it is none."""
    return next((one.line for one in rows if one.id == row), answer.total(result, words))


def below(view: View, question: Asked, result: Result, shown: int) -> None:
    """How much is shown, and the downloads."""
    words = current()
    rows = len(result.frame)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if shown and rows > shown:
            said = t("Shown are {shown} of {rows} rows; the files hold all of them.", shown=words.number(shown), rows=words.number(rows))
            show.caption(f"{said} {t('A filter or fewer breakdowns make it readable.')}")
        else:
            show.caption(t("Rows: {rows}", rows=words.number(rows)))
        st.space("stretch")
        name = f"{view.client.slug}_{'-'.join(question.by) or 'total'}_{view.since}_{view.until}"
        making = partial(taken, result, question.measures, words)
        taking.downloads(name, fields(result, question.measures, words), making, about(view, question, words), result.currency)
    show.notes(result.notes)


def nothing(view: View, question: Asked) -> None:
    """No row at all: which filter is in the way, and how to lift it."""
    if question.only:
        show.empty(t("Nothing fits these filters"), t("No loaded row of these days has this combination of values."))
        st.button(t("Lift all filters"), type="primary", on_click=state.widen, key="lift_empty")
        return
    show.empty(
        t("There is nothing by this breakdown"),
        t("What is loaded for these days does not carry it. Choose another breakdown, or load an export that has it."),
        listing.file_of("data"), t("See what is loaded"),
    )


# ------------------------------------------------------------------------------------------------------------- downloads


def fields(result: Result, measures: Sequence[str], words: Words) -> list[Field]:
    """The columns of a file: breakdowns, figures, figures of the compared period."""
    named = [Field(lines.title(key, words), "day" if _dated(key) else "text") for key in result.query.by] or [Field("", "text")]
    figures = [Field(words.t(METRICS[key].title), _kind(key)) for key in measures]
    before = [Field(words.t("{metric}, before", metric=words.t(METRICS[key].title)), _kind(key)) for key in _before(result, measures)]
    return [*named, *figures, *before]


def taken(result: Result, measures: Sequence[str], words: Words) -> Export:
    """Every row with typed values, those of the compared period, and the total last."""
    by, before = result.query.by, _before(result, measures)
    rows = [(*_names(row, by), *_figures(row.line, measures, before)) for row in lines.named(result, words)]
    total = answer.total(result, words)
    end = (total.name, *(None for _ in by[1:]), *_figures(total, measures, before))
    return Export(tuple(fields(result, measures, words)), (*rows, end), total=True)


def _before(result: Result, measures: Sequence[str]) -> Sequence[str]:
    return measures if result.before else ()


def about(view: View, question: Asked, words: Words) -> dict[str, str]:
    """What a file must say about its figures."""
    filters = "; ".join(
        f"{lines.title(key, words)}: {', '.join(choices.values(view, key, words).get(value, value) for value in values)}"
        for key, values in question.only
    )
    said = {
        words.t("Client"): view.name, words.t("View"): bar.summary(view), words.t("Filters"): filters,
        words.t("Store version"): str(view.version),
    }
    return {name: text for name, text in said.items() if text}


def _dated(key: str) -> bool:
    return key in dimensions.TIME and key != "weekday"


def _kind(metric: str) -> str:
    """What a metric's values are to a spreadsheet."""
    unit = METRICS[metric].unit
    return unit if unit in export.KINDS else "number"


def _names(row: Named, by: Sequence[str]) -> tuple[Value, ...]:
    return tuple(
        date.fromisoformat(key) if _dated(dimension) else name for dimension, key, name in zip(by, row.keys, row.names, strict=True)
    )


def _figures(line: Line, measures: Sequence[str], before: Sequence[str]) -> tuple[Value, ...]:
    return (*(line.now.get(key) for key in measures), *(line.before.get(key) for key in before))


def _listed(by: Sequence[str], words: Words) -> str:
    return " × ".join(lines.title(key, words) for key in by) or words.t("Total")
