"""What a page of figures needs before it can draw: a client, something loaded, and something loaded in the period. Else help."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from pages.ui import bar, listing, periods, show
from pages.ui.language import t
from pages.ui.view import View


def view() -> View:
    """The view, if there is anything to show in it. Raises Said after having shown what is missing and the next step."""
    found = client()
    if found.loaded is None:
        show.empty(
            t("Nothing is loaded for {client} yet", client=found.name),
            t("Load an export of Metrica or Google Analytics, and a sheet of costs."), listing.file_of("data"), t("Load files"),
        )
        raise show.Said
    if not found.covered:
        _elsewhere(found, found.loaded)
        raise show.Said
    return found


def client() -> View:
    """The view, as soon as there is a client. Raises Said after having shown the next step."""
    found = bar.view()
    if found is None:
        show.empty(
            t("There are no clients yet"), t("Add a client and load its export files: visits, costs, orders."),
            listing.file_of("data"), t("Add the first client"),
        )
        raise show.Said
    return found


def _elsewhere(view: View, loaded: tuple[date, date]) -> None:
    """Nothing in these days: say which days there are, one press away."""
    since, until = _nearest(view, loaded)
    with st.container(border=True, key="elsewhere"):
        show.section(t("Nothing is loaded for {days}", days=show.dates(view.since, view.until)))
        show.text(t("Loaded are {days}.", days=show.dates(*loaded)))
        with st.container(horizontal=True):
            st.button(t("Show {days}", days=show.dates(since, until)), type="primary", on_click=bar.jump, args=(since, until))
            st.button(t("Show all loaded days"), on_click=bar.choose, args=("period", periods.ALL))


def _nearest(view: View, loaded: tuple[date, date]) -> tuple[date, date]:
    """As many loaded days as were asked for: the last ones when the period lies after them, the first ones when before."""
    length = view.until - view.since
    if view.since > loaded[1]:
        return max(loaded[0], loaded[1] - length), loaded[1]
    return loaded[0], min(loaded[1], loaded[0] + max(length, timedelta(0)))
