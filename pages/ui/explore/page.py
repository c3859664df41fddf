"""The page as a whole: its headline, its controls, and the one look that is chosen."""

from __future__ import annotations

import streamlit as st

from metrics.registry import METRICS
from pages.ui import control, show
from pages.ui.explore import chart, lines, pickers, pivot, saved, sql, table
from pages.ui.explore.pickers import Asked
from pages.ui.language import current, t
from pages.ui.view import View

LOOKS = {"table": table.draw, "pivot": pivot.draw, "chart": chart.draw}


def draw(view: View) -> None:
    """Draw Explore."""
    title, look = st.container(), pickers.looked(view)
    question = None if look == "sql" else pickers.draw(view)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        pickers.look(view)
        controls = st.container(horizontal=True, vertical_alignment="center", gap="small", width="content")
        st.space("stretch")
        if question:
            pickers.filters(view, question)
        keeping = st.container(width="content")
    if question is None:
        with title:
            show.heading(t("SQL"), t("A question in SQL to this client’s tables, read only."))
        sql.draw(view)
    else:
        with title:
            show.heading(_headline(question, look), t("And what if we look only at…?"))
        pickers.chips(view, question.only)
        LOOKS[look](view, question, controls)
    saved.draw(view, keeping)


def _headline(question: Asked, look: str) -> str:
    words = current()
    by = " × ".join(lines.title(key, words) for key in question.by) or words.t("Total")
    shown = question.measures if look == "table" else (control.kept("figure", question.measures, question.measures[0]),)
    names = [words.t(METRICS[key].title) for key in shown]
    return f"{by}: {' · '.join(names[:4])}{'…' if len(names) > 4 else ''}"
