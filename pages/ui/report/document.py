"""The document: what it is about, whether it may go, its blocks and words, how it looks, and taking, presenting and freezing it."""

from __future__ import annotations

import streamlit as st

from data.desk import frozen
from data.text import languages
from pages.ui import bar, control, memory, show, store
from pages.ui.language import current, t
from pages.ui.report import checks, making, outline, preview, taking
from pages.ui.report.making import Asked
from pages.ui.view import View
from reports import templates
from reports.story import Story, plain

TITLES = {"week": "Week", "month": "Month", "quarter": "Quarter"}
LANGUAGES = {"en": "In English", "ru": "In Russian"}
_SAID = "report_frozen"
_WEEK, _MONTH = 10, 45
"""Unit: days. A longer period is no week, or no month."""


def draw(view: View) -> None:
    """The part of the page."""
    top, row = st.container(), st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        asked = _choose(view)
    with show.waiting():
        made = making.story(view, asked)
    with top:
        show.heading(made.title, t("What goes to the client, and is it safe to send?"))
        memory.tell(_SAID)
    with row:
        _doing(view, made)
    page, side = st.columns([2.1, 1], gap="medium")
    with page:
        preview.draw(made, "document")
    with side:
        checks.draw(made)
        show.section(t("Blocks and words"), help=t("Drafts are written from the figures. What you write over them is kept for these days."))
        outline.draw(view, asked, made)


def _choose(view: View) -> Asked:
    """Template and language; the days are the bar's. Days that are no whole period of the template are one press from such."""
    titles = {key: t(TITLES[key]) for key in templates.names()}
    template = control.switch("template", t("Template"), titles, _usual(view))
    spoken = {key: t(LANGUAGES[key]) for key in languages()}
    language = control.switch("document", t("Language of the document"), spoken, current().language)
    if view.loaded is not None:
        days = templates.days(template, view.loaded[1])
        if days != (view.since, view.until):
            st.button(show.marked(t("Take {days}", days=show.dates(*days))), icon=":material/event:", on_click=bar.jump, args=days)
    return making.of_view(view, template, language)


def _usual(view: View) -> str:
    """The template that fits the days."""
    length = (view.until - view.since).days + 1
    return "week" if length <= _WEEK else "month" if length <= _MONTH else "quarter"


def _doing(view: View, made: Story) -> None:
    """Taking and freezing. What checks hold can be frozen only after a yes."""
    taking.offer(made, "document")
    with st.popover(t("Freeze as sent"), icon=":material/ac_unit:", key="freeze"):
        show.caption(t("A frozen copy never changes: it is opened again as it was, shared by link, set against today's figures."))
        sure = st.checkbox(t("Freeze it although a check holds it"), key="freeze_sure") if made.held else True
        whom = st.text_input(t("Sent to (optional)"), key="freeze_whom")
        st.button(t("Freeze"), type="primary", disabled=not sure, on_click=_freeze, args=(view, made, whom), key="freeze_now")


def _freeze(view: View, made: Story, whom: str) -> None:
    desk = store.agency()
    copy = frozen.put(desk, view.client.slug, plain(made))
    if whom.strip():
        frozen.send(desk, copy, whom, ())
    memory.keep(_SAID, t("Frozen. It stands under “Sent”."))
