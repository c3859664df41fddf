"""What the client said about a copy, block by block."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.desk import reactions
from data.desk.frozen import Copy
from data.desk.reactions import Reaction
from pages.ui import listing, memory, show, store
from pages.ui.language import current, t
from pages.ui.view import View
from reports.story import Story
from share.page import SIGNS, TITLES

_ICONS = {"agree": ":green", "question": ":violet", "disagree": ":orange"}


def draw(view: View, copy: Copy, kept: Story) -> None:
    """The panel. Comments stay marked as new until somebody says that they are read."""
    found = reactions.of(store.agency(), view.client.slug, copy.id)
    with st.container(border=True, gap="xsmall", key="comments"):
        show.section(t("What the client said"))
        if not found:
            show.caption(t("Nothing yet. Comments that are left through the link stand here, by block."))
        for block in kept.blocks:
            said = [one for one in found if one.block == block.key]
            if said:
                st.markdown(f"**{show.marked(block.title)}**")
                for one in said:
                    _line(one)
        fresh = tuple(one.id for one in found if one.seen is None and one.id is not None)
        if fresh:
            st.button(t("Mark as read"), icon=":material/done_all:", on_click=_seen, args=(view.client.slug, fresh), key="comments_read")


def line(view: View) -> None:
    """For the Week: that the client has said something new, with the way there."""
    fresh = reactions.unseen(store.agency(), view.client.slug)
    if fresh:
        text = t("New comments of the client on what was sent: {count}", count=current().number(len(fresh)))
        st.page_link(
            listing.file_of("report"), label=show.marked(f"{text}. {_newest(fresh)}"), icon=":material/forum:",
            query_params={"client": view.client.slug, "part": "sent", "copy": str(fresh[-1].frozen), "lang": current().language},
        )


def _newest(fresh: Sequence[Reaction]) -> str:
    """The last one in a few words."""
    one = fresh[-1]
    text = " ".join((one.text or t(TITLES[one.mark])).split())
    short = text if len(text) <= 80 else f"{text[:79].rstrip()}…"
    return f"{one.name}: {short}" if one.name else short


def _line(one: Reaction) -> None:
    mark = f"{_ICONS[one.mark]}[{SIGNS[one.mark]} {show.marked(t(TITLES[one.mark]))}]" if one.mark in TITLES else ""
    fresh = f" :blue-badge[{show.marked(t('new'))}]" if one.seen is None else ""
    by = show.marked(" · ".join(filter(None, (one.name or t("No name"), current().day(one.at.date()) if one.at else ""))))
    text = "  \n".join(show.marked(line) for line in one.text.splitlines())
    st.markdown("  \n".join(filter(None, (f"{mark} :gray[{by}]{fresh}".strip(), text))))


def _seen(client: str, ids: tuple[int, ...]) -> None:
    reactions.see(store.agency(), client, ids)
    memory.keep("report_sent", t("Marked as read."))
