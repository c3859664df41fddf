"""Notes of the client: numbered under the chart that shows them, written and taken away in one place beside its title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from data.desk import marks
from data.desk.marks import KINDS, Mark
from data.errors import Problem
from data.text import Words
from pages.ui import asking, control, mark_lines, memory, show, store
from pages.ui.language import current, t
from pages.ui.mark_lines import Numbered
from pages.ui.view import View

TITLES: Mapping[str, str] = {
    "ours": "our change", "market": "market", "competitor": "competitor", "fault": "fault of counting or of the site", "season": "season",
}
"""The kinds of notes, in words."""
_SAID, _ROUND, _SHOWN = "marking_said", "marking_round", 8


def of(view: View, since: date, until: date) -> tuple[Numbered, ...]:
    """The notes of some days, numbered: those of the whole client, and those of the channels that are looked at."""
    channels = {value for key, values in view.only if key == "channel" for value in values}
    told = [mark for mark in store.marks(view.client) if not mark.channel or not channels or mark.channel in channels]
    return mark_lines.numbered(told, since, until)


def under(view: View, found: Sequence[Numbered]) -> None:
    """The list under a chart: number, days, words, kind."""
    if found:
        names, say = _channels(view), current()
        st.caption("  \n".join(f"**{one.number}** {show.marked(line(one.mark, names, say))}" for one in found))


def line(mark: Mark, names: Mapping[str, str], say: Words) -> str:
    """A note in one line."""
    about = [say.t(TITLES[mark.kind])]
    if mark.channel:
        about.append(say.t(names.get(mark.channel, mark.channel)))
    if mark.masks:
        about.append(say.t("left out of expectations"))
    return f"{say.period(mark.since, mark.until)}: {say.written(mark.text)} ({', '.join(about)})"


def button(view: View) -> None:
    """The door to the notes: read them all, add one, take one away."""
    with st.popover(t("Notes"), icon=":material/flag:", key="notes"):
        memory.tell(_SAID)
        _form(view)
        _kept(view)


def _form(view: View) -> None:
    turn, names = memory.kept(_ROUND, 0), _channels(view)
    with st.form(f"note_{view.client.slug}_{turn}", border=False):
        text = st.text_input(t("What happened"), max_chars=200)
        left, right = st.columns(2)
        day = view.counted
        since = left.date_input(t("First day"), value=day, format=_pattern())
        until = right.date_input(t("Last day"), value=day, format=_pattern())
        kind = left.selectbox(t("Kind of note"), KINDS, format_func=control.titled(TITLES))
        channel = right.selectbox(t("Channel"), ["", *names], format_func=control.titled(names, t("All channels")))
        masks = st.checkbox(
            t("Leave these days out of expectations"),
            help=t("Forecasts, the usual level and life-cycle stages are reckoned as if these days had not been."),
        )
        if st.form_submit_button(t("Add the note"), type="primary"):
            _add(view, Mark(since, until, text, kind, channel, masks))


def _add(view: View, mark: Mark) -> None:
    try:
        added = marks.add(store.agency(), view.client.slug, [mark])
    except Problem as problem:
        memory.keep(_SAID, problem)
    else:
        memory.keep(_SAID, t("The note was added.") if added else t("This note is there already."))
        # A form under a new name is empty again.
        memory.keep(_ROUND, memory.kept(_ROUND, 0) + 1)
    st.rerun()


def _kept(view: View) -> None:
    """The latest notes, each with a way to take it away."""
    every, names = store.marks(view.client), _channels(view)
    for mark in reversed(every[-_SHOWN:]):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            show.caption(line(mark, names, current()))
            st.space("stretch")
            st.button(
                "", icon=":material/delete:", type="tertiary", key=f"note_away_{mark.id}", help=t("Take the note away"), on_click=_remove,
                args=(view, mark),
            )
    if len(every) > _SHOWN:
        show.caption(t("Earlier notes: {count}", count=current().number(len(every) - _SHOWN)))


def _remove(view: View, mark: Mark) -> None:
    assert mark.id is not None
    marks.remove(store.agency(), view.client.slug, mark.id)
    memory.keep(_SAID, t("The note was taken away."))


def _channels(view: View) -> Mapping[str, str]:
    return asking.channels(view.client, view.store, view.grouping, view.loaded) if view.loaded else {}


def _pattern() -> Any:
    return "DD.MM.YYYY" if current().russian else "YYYY-MM-DD"
