"""What every page shows alike: headings, empty states, Problems, notes, downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from data.batches import Note
from data.errors import Problem
from pages.ui import escape
from pages.ui.language import current, t

IN_RECEIPTS = frozenset({"rules"})
"""Kinds of notes that every receipt says, and that are only an id on a page."""


class Said(Exception):
    """The page has said all it can say: there is nothing to draw and nothing has failed."""


def heading(text: str, beside: str = "") -> None:
    """The headline of a page: its answer. `beside` is the question, in small print under it."""
    with st.container(gap="xxsmall"):
        st.header(escape.markdown(text), anchor=False)
        if beside:
            caption(beside)


def section(text: str, help: str | None = None) -> None:
    """The title of a part of the page."""
    st.subheader(escape.markdown(text), anchor=False, help=help)


def caption(text: str) -> None:
    """Small print."""
    st.caption(escape.markdown(text))


def marked(words: str) -> str:
    """Words as markdown that says exactly them."""
    return escape.markdown(words)


def text(words: str) -> None:
    """A paragraph."""
    st.markdown(escape.markdown(words))


def problem(found: Problem) -> None:
    """A Problem as help: what, where, and how to fix it."""
    what, where, fix = current().problem(found)
    with st.container(border=True):
        st.markdown(f":red[:material/error:] **{escape.markdown(what)}**")
        if where:
            st.caption(f"{escape.markdown(t('Where'))}: {escape.markdown(where)}")
        if fix:
            st.markdown(f"{escape.markdown(t('What to do'))}: {escape.markdown(fix)}")


def fault(number: str) -> None:
    """Something we did not foresee: a number by which the log can be searched, and nothing else."""
    st.error(t("Something broke here, and it is not your fault. Tell us the number {number}; the log knows the rest.", number=number))


def empty(title: str, explanation: str, page: Any = None, label: str = "") -> None:
    """Nothing to show yet: why, and the next step."""
    with st.container(border=True, horizontal_alignment="center", key="empty"):
        st.space("small")
        st.subheader(escape.markdown(title), anchor=False, text_alignment="center")
        st.markdown(escape.markdown(explanation), text_alignment="center")
        if page is not None:
            st.page_link(page, label=label, icon=":material/arrow_forward:")
        st.space("small")


def waiting() -> Any:
    """What stands in the place of figures while they are being asked for."""
    return st.skeleton(height=420)


def notes(found: Iterable[Note], about: str = "") -> None:
    """What is worth knowing about the figures above, one line each; repeated ones once. `about` names the file they are about."""
    lines = dict.fromkeys(current().note(note) for note in found if note.kind not in IN_RECEIPTS)
    if lines:
        head = f"**{escape.markdown(about)}**  \n" if about else ""
        st.caption(head + "  \n".join(f":material/info: {escape.markdown(line)}" for line in lines))


def download(name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[escape.Value]]], key: str) -> None:
    """A button that builds the CSV only when it is pressed. NB: that happens outside of the session, which alone knows the language."""
    russian = current().russian
    st.download_button(
        t("Download CSV"), data=lambda: escape.sheet(header, rows(), russian), file_name=f"{name}.csv", mime="text/csv",
        icon=":material/download:", type="tertiary", key=key, on_click="ignore",
    )


def pairs(facts: Mapping[str, str]) -> None:
    """A short list of names and values."""
    if facts:
        st.table({escape.markdown(name): escape.markdown(value) for name, value in facts.items()}, border="horizontal", width="stretch")


def dates(since: date, until: date) -> str:
    """A period in words."""
    return current().period(since, until)
