"""Saved views: the page's address under a name, for everybody who serves this client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

import streamlit as st

from data.desk import views
from data.desk.views import View as Saved
from data.errors import Problem
from pages.ui import address, escape, language, show, store
from pages.ui.explore import state
from pages.ui.language import current, t
from pages.ui.view import View

PAGE = "explore"
_NAME, _FAULT = "saved_name", "saved_fault"


def draw(view: View, slot: st.delta_generator.DeltaGenerator) -> None:
    """Fill the slot, once everything that belongs into the address is known."""
    found = views.of(store.agency(), view.client.slug, PAGE)
    with slot, st.popover(t("Saved views"), icon=":material/bookmark:", key="saved"):
        if not found:
            show.caption(t("Nothing is saved yet. A saved view is what you see now, under a name: measures, breakdowns, filters, period."))
        for one in found:
            _one(view, one)
        _saving(view)


def parameters(saved: Saved, words: str) -> dict[str, list[str]]:
    """A view's address, in the language of who opens it."""
    return {**parse_qs(saved.address), language.NAME: [words]}


def _one(view: View, saved: Saved) -> None:
    said = parameters(saved, current().language)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            escape.markdown(saved.name), icon=":material/bookmark:", type="tertiary", key=f"saved_open_{saved.id}", on_click=state.follow,
            args=(said,),
        )
        st.space("stretch")
        with st.popover("", icon=":material/link:", key=f"saved_link_{saved.id}", help=t("Link")):
            here = (st.context.url or "").split("?")[0]
            st.code(address.link(here, said), language=None, wrap_lines=True)
        st.button(
            "", icon=":material/delete:", type="tertiary", key=f"saved_remove_{saved.id}", on_click=views.remove,
            help=t("Remove {name}", name=escape.markdown(saved.name)), args=(store.agency(), view.client.slug, saved.id),
        )


def _saving(view: View) -> None:
    here = {name: values for name, values in address.parameters().items() if name != language.NAME}
    with st.form("saving", border=False, clear_on_submit=True):
        st.text_input(t("Save this view as"), key=_NAME, placeholder=t("Mobile in Kazan"), max_chars=views.LONGEST)
        st.form_submit_button(t("Save"), icon=":material/bookmark_add:", on_click=_save, args=(view, here))
    fault = state.remembered(_FAULT)
    if fault:
        st.warning(show.marked(fault))


def _save(view: View, here: Mapping[str, Sequence[str]]) -> None:
    try:
        views.put(store.agency(), view.client.slug, Saved(str(state.held(_NAME)), PAGE, urlencode(_pairs(here))))
        state.remember(_FAULT, "")
    except Problem as problem:
        state.remember(_FAULT, " ".join(current().problem(problem)[::2]))


def _pairs(said: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in said.items() for value in values]
