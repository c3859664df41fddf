"""What there is to ask in SQL: the client's tables and columns with their meanings, those that hold something first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data.coverage import Span
from data.tables import TABLES, Table
from pages.ui import escape, show
from pages.ui.language import t

KINDS: Mapping[str, str] = {
    "text": "text", "id": "id", "count": "whole number", "tally": "whole number", "flag": "yes or no", "day": "date",
    "instant": "time, UTC", "money": "money", "number": "number", "origin": "key of an origin",
}
ALWAYS = ("origins", "loads")


def draw(spans: Sequence[Span]) -> None:
    """Draw every table as a fold."""
    loaded = {span.table for span in spans} | set(ALWAYS)
    show.section(t("Tables of this client"))
    for table in sorted(TABLES.values(), key=lambda one: one.name not in loaded):
        _fold(table, table.name in loaded)


def _fold(table: Table, loaded: bool) -> None:
    title = f"**{table.name}** · {escape.markdown(t(table.meaning))}"
    with st.expander(title if loaded else f"{title} · :gray[{t('empty')}]"):
        st.table(
            {
                t("Column"): [f"`{column.name}`" for column in table.columns],
                t("Meaning"): [_meaning(column.meaning, column.kind) for column in table.columns],
            },
            border="horizontal", hide_index=True, alt=f"{t('Tables of this client')}: {table.name}",
        )


def _meaning(meaning: str, kind: str) -> str:
    return f"{escape.markdown(t(meaning))} · :gray[{escape.markdown(t(KINDS[kind]))}]"
