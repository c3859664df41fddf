"""Share links of a frozen copy: made for some days, copied, taken back, and how often they were opened."""

from __future__ import annotations

import streamlit as st

from data.desk import history, links
from data.desk.frozen import Copy
from data.desk.links import Link
from pages.ui import memory, show, store
from pages.ui.language import current, t
from share import place

DAYS = {7: "a week", 30: "a month", 90: "three months"}
_SAID = "report_shared"


def draw(copy: Copy) -> None:
    """The panel."""
    with st.container(border=True, gap="xsmall", key="sharing"):
        show.section(t("Share link"), help=t("Whoever has the link reads this copy and nothing else, without a login, and can comment."))
        memory.tell(_SAID)
        found = [link for link in links.of(store.agency(), copy.client) if link.frozen == copy.id]
        for link in found:
            _link(link)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            spans = {one: t(title) for one, title in DAYS.items()}
            days = st.selectbox(t("Holds for"), list(spans), index=1, format_func=lambda one: spans[one], key="link_days", width=160)
            st.button(t("Make a link"), icon=":material/add_link:", on_click=_make, args=(copy, days), key="link_make")
        if not place.outside():
            show.caption(t("Only this server answers the link, and the dashboard answers beside it. For clients run “python vitrina.py "
                           "share” and name its address in SHARE_URL."))


def _link(link: Link) -> None:
    """One link: its address while it holds, and what it was used for."""
    holds = link.holds(history.now())
    if holds:
        st.code(place.address(links.token(link), st.context.url or ""), language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        show.caption(" · ".join(_facts(link, holds)))
        if holds:
            st.button(t("Take back"), type="tertiary", icon=":material/link_off:", key=f"revoke_{link.id}", on_click=_revoke, args=(link,))


def _facts(link: Link, holds: bool) -> list[str]:
    say = current()
    if link.revoked is not None:
        state = t("taken back on {day}", day=say.day(link.revoked.date()))
    else:
        state = t("holds until {day}" if holds else "expired on {day}", day=say.day(link.expires.date()))
    opened = t("opened: {count}", count=say.number(link.opened))
    last = [t("last on {day}", day=say.day(link.last_opened.date()))] if link.last_opened else []
    return [state, opened, *last]


def _make(copy: Copy, days: int) -> None:
    links.make(store.agency(), copy, days)
    memory.keep(_SAID, t("The link is ready to be copied."))


def _revoke(link: Link) -> None:
    links.revoke(store.agency(), link.client, link.id)
    memory.keep(_SAID, t("Taken back: it opens nothing any more."))
