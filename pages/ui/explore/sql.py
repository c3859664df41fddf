"""The SQL box: a query, its answer as table, chart and file, and beside it what there is to ask. It runs in `data.sandbox`, never here."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from data import sandbox
from data.sandbox import Answer
from data.text import Words
from data.warehouse import Warehouse
from metrics import judging
from pages.ui import address, asking, bar, control, errors, show, store
from pages.ui.explore import grid, pickers, reply, schema, state, taking
from pages.ui.explore.export import Export, Field
from pages.ui.language import current, t
from pages.ui.view import View

LONGEST_IN_LINK = 4_000
"""Unit: characters. A longer query does not fit into an address that every browser takes."""
SHAPES: Mapping[str, str] = {"table": "Table", "chart": "Chart"}
_RAN = "ran"

EXAMPLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Visits by month and device": (
        "SELECT date_trunc('month', day)::DATE AS month, device, sum(visits) AS visits\nFROM visits\nGROUP BY ALL\nORDER BY ALL",
        ("visits",),
    ),
    "Landing pages that lose people": (
        "SELECT landing, sum(visits) AS visits, sum(bounces) / nullif(sum(visits), 0) AS bounce_rate\nFROM visits\n"
        "WHERE day BETWEEN '{since}' AND '{until}'\nGROUP BY landing\nHAVING sum(visits) >= 100\nORDER BY bounce_rate DESC",
        ("visits",),
    ),
    "Spend by campaign": (
        "SELECT coalesce(nullif(o.campaign_name, ''), o.campaign) AS campaign, sum(s.cost) AS spend, sum(s.clicks) AS clicks\n"
        "FROM spend AS s JOIN origins AS o USING (origin)\nWHERE s.day BETWEEN '{since}' AND '{until}'\nGROUP BY ALL\nORDER BY spend DESC",
        ("spend",),
    ),
    "Goal reaches by day": (
        "SELECT day, sum(reaches) AS reaches\nFROM conversions\nWHERE day BETWEEN '{since}' AND '{until}'\nGROUP BY day\nORDER BY day",
        ("conversions",),
    ),
    "What is loaded": (
        "SELECT table_name, account, min(day) AS since, max(day) AS until, sum(\"rows\") AS \"rows\"\n"
        "FROM loads\nGROUP BY ALL\nORDER BY ALL",
        (),
    ),
}
"""Shape: title -> (query, tables that must hold something)."""


def draw(view: View) -> None:
    """Draw the box, what there is to ask, and the answer."""
    control.kept("shape", tuple(SHAPES), "table")
    left, right = st.columns((7, 4), gap="medium")
    with left:
        _examples(view)
        query = _box()
        ran = state.remembered(_RAN)
        if query and ran == query:
            with errors.part():
                _answer(view, query)
        elif query:
            show.caption(t("This query has not run yet."))
    with right:
        schema.draw(store.ledger(view.store))


def _box() -> str:
    """The query; it runs when somebody says so, never because a link was opened."""
    with st.form("sql_form", border=False):
        key = address.free("sql")
        query: str = st.text_area(
            t("Query"), key=key, height=190, placeholder="SELECT day, sum(visits) AS visits FROM visits GROUP BY day ORDER BY day",
            label_visibility="collapsed",
        )
        if st.form_submit_button(t("Run"), type="primary", icon=":material/play_arrow:", help=t("Ctrl+Enter in the box does the same")):
            state.remember(_RAN, query)
    address.keep("sql", *([query] if query and len(query) <= LONGEST_IN_LINK else []))
    if len(query) > LONGEST_IN_LINK:
        show.caption(t("The query is too long for a link: the address does not hold it."))
    return query


def _examples(view: View) -> None:
    """Queries to begin with; one of them is what the table of this page asks."""
    loaded = {span.table for span in store.ledger(view.store)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show.caption(t("One SELECT, only this client, read only; at most {rows} rows and a few seconds.", rows=current().number(1000)))
        st.space("stretch")
        with st.popover(t("Examples"), icon=":material/lightbulb:", key="examples"):
            for title, (query, tables) in EXAMPLES.items():
                if loaded.issuperset(tables):
                    filled = query.format(since=view.since, until=view.until)
                    st.button(t(title), key=f"example_{title}", on_click=_take, args=(filled,), type="tertiary")
            st.button(t("The table of this page"), key="example_page", on_click=_take_page, args=(view,), type="tertiary")


def _take(query: str) -> None:
    address.put("sql", query)
    state.remember(_RAN, "")


def _take_page(view: View) -> None:
    """The query behind the table, as its receipt prints it."""
    question = pickers.unseen(view)
    _take(asking.ask(view, judging.needs(question.measures), question.by, question.only).receipt.sql[0])


# ------------------------------------------------------------------------------------------------------------- the answer


@st.cache_data(max_entries=40, show_spinner=False)
def _asked(key: str, version: int, query: str, _store: Warehouse) -> Answer:
    return sandbox.ask(_store, query)


def _answer(view: View, query: str) -> None:
    with show.waiting():
        found = _asked(view.store.key, view.version, query, view.store)
    words = current()
    if not found.rows:
        show.caption(t("The query has no rows."))
        return
    shapes = {key: t(title) for key, title in SHAPES.items()}
    shape = control.switch("shape", t("View as"), shapes, "table") if reply.drawable(found) else "table"
    if shape == "chart":
        st.plotly_chart(reply.chart(found, words), key="sql_chart", config={"displayModeBar": False}, alt=t("Chart of the query’s answer"))
    else:
        grid.draw(reply.sheet(found, words), key="sql_answer")
    _below(view, query, found, words)


def _below(view: View, query: str, found: Answer, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        count = words.number(len(found.rows))
        show.caption(t("The first {rows} rows; there are more.", rows=count) if found.cut else t("Rows: {rows}", rows=count))
        st.space("stretch")
        fields = [Field(column.name, column.kind) for column in found.columns]
        said = {t("Client"): view.name, t("View"): bar.summary(view), t("Query"): query, t("Store version"): str(view.version)}
        taking.downloads(f"{view.client.slug}_sql", fields, lambda: Export(tuple(fields), found.rows), said, view.client.currency)
