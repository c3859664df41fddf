"""What was sent: frozen copies, what has changed since, who may open them by link, and what the client said."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.desk import frozen, reactions
from data.desk.frozen import Copy, Sent
from data.text import DASH
from pages.ui import control, memory, show, store
from pages.ui.language import current, t
from pages.ui.report import comments, preview, sharing, since_then, taking
from pages.ui.view import View
from reports.story import story

_SAID = "report_sent"


def draw(view: View) -> None:
    """The part of the page: one copy is open, the newest at first."""
    desk, slug = store.agency(), view.client.slug
    copies = frozen.of(desk, slug)
    if not copies:
        show.empty(t("Nothing has been sent yet"), t("Freeze a document when you send it: then it can be shared, and never changes."))
        return
    gone = frozen.sent(desk, slug)
    unread = {one.frozen for one in reactions.unseen(desk, slug)}
    names = {str(copy.id): _named(copy, copy.id in unread) for copy in copies}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = control.pick("copy", t("Frozen copy"), names, next(iter(names)), width=460)
        copy = next(one for one in copies if str(one.id) == chosen)
        kept = story(frozen.story(desk, slug, copy.id))
        taking.offer(kept, f"copy_{copy.id}")
        _note(copy)
    show.heading(kept.title, _when(copy, gone))
    memory.tell(_SAID)
    page, side = st.columns([2.1, 1], gap="medium")
    with side:
        since_then.draw(view, copy, kept)
        sharing.draw(copy)
        comments.draw(view, copy, kept)
    with page:
        preview.draw(kept, f"copy_{copy.id}")


def _named(copy: Copy, unread: bool) -> str:
    mark = "● " if unread else ""
    return f"{mark}{copy.title} · {copy.language.upper()} · {current().day(copy.at.date())}"


def _when(copy: Copy, gone: Sequence[Sent]) -> str:
    """When it was frozen and to whom it went."""
    facts = {"day": current().day(copy.at.date()), "version": copy.version}
    lines = [t("Frozen on {day}, version {version} of the data", **facts)]
    lines += [
        t("sent to {whom} on {day}", whom=one.whom, day=current().day(one.at.date())) for one in gone if one.frozen == copy.id
    ]
    return " · ".join(lines)


def _note(copy: Copy) -> None:
    """Say to whom it went, where it did not go by itself."""
    with st.popover(t("Note a sending"), icon=":material/outgoing_mail:", key="note_sending"):
        whom = st.text_input(t("Sent to"), key=f"whom_{copy.id}", placeholder=DASH)
        st.button(t("Note"), type="primary", disabled=not whom.strip(), on_click=_sent, args=(copy, whom), key="note_now")


def _sent(copy: Copy, whom: str) -> None:
    frozen.send(store.agency(), copy, whom, ())
    memory.keep(_SAID, t("Noted."))
