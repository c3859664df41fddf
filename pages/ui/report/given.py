"""What a client's reader sees: the documents that were sent, as they were sent, and nothing of what stands behind them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data.desk import frozen
from data.workspace import Client
from pages.ui import control, show, store
from pages.ui.language import current, t
from pages.ui.report import preview, taking
from reports.story import Story, story

FORMATS = ("pdf", "pptx", "html")
"""What a client takes away. Data and workbooks are for the agency's own people."""


def draw(client: Client) -> None:
    """The newest document at first; others by the list."""
    desk = store.agency()
    copies = frozen.of(desk, client.slug)
    if not copies:
        return show.empty(t("Nothing has been sent yet"), t("Documents appear here when the agency sends them."))
    names = {str(copy.id): f"{copy.title} · {copy.language.upper()} · {current().day(copy.at.date())}" for copy in copies}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = control.pick("copy", t("Document"), names, next(iter(names)), width=460)
        made = _public(story(frozen.story(desk, client.slug, int(chosen))))
        taking.offer(made, f"given_{chosen}", FORMATS)
    show.heading(made.title, t("As it was sent. Figures of later days do not change it."))
    return preview.draw(made, f"given_{chosen}")


def _public(made: Story) -> Story:
    """Without the notes for whoever presents it."""
    return replace(made, blocks=tuple(replace(block, speaker=()) for block in made.blocks))
