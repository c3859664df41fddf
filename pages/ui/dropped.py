"""Every file of a handful on one screen: what it is, and whether it is ready, waits for an answer, or is refused and what to do then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten

import streamlit as st

from connectors.intake import Refused, Resolved
from pages.ui import mapping, show
from pages.ui.language import current, t
from pages.ui.trial import Understood

_PLACE = 60
"""Unit: characters."""
Row = tuple[str, str, str]
"""The file, what it is, what comes next; each as markdown."""


def draw(understood: Understood, facts: Callable[[Resolved], Sequence[str]]) -> None:
    """The table of files: first those that wait for somebody, then those that are refused, then those that are ready. `facts` is what
    an export says about itself."""
    waiting = [_read(one, facts) for one in understood.resolved if one.missing]
    ready = [_read(one, facts) for one in understood.resolved if not one.missing]
    rows = [*waiting, *(_refused(one) for one in understood.refused), *ready]
    st.table(_columns(rows), border="horizontal", hide_index=True, alt=t("Files and what became of them"))


def _columns(rows: Sequence[Row]) -> Mapping[str, Sequence[str]]:
    names, kinds, states = zip(*rows, strict=True)
    return {t("File"): names, t("What it is"): kinds, t("What comes next"): states}


def _read(one: Resolved, facts: Callable[[Resolved], Sequence[str]]) -> Row:
    said = ": ".join(filter(None, (t(one.series.source.title), " · ".join(facts(one)))))
    return show.marked(one.series.name), show.marked(said), _next(one)


def _next(one: Resolved) -> str:
    if mapping.wanted(one):
        return f":orange[:material/help:] {show.marked(t('Say what is in it'))}"
    if one.missing:
        return f":orange[:material/help:] {show.marked(t('Questions: {count}', count=len(one.missing)))}"
    return f":green[:material/check:] {show.marked(t('ready'))}"


def _refused(one: Refused) -> Row:
    what, where, fix = current().problem(one.problem)
    # The name of the file stands beside it already; what is left of the place is a line or a column.
    place = shorten(where.removeprefix(one.name).lstrip(",: "), _PLACE, placeholder="…")
    told = " ".join(filter(None, (what, f"({place})" if place else "")))
    return show.marked(one.name), show.marked(told), f":red[:material/block:] {show.marked(fix)}"
