"""What has changed since a document was sent: figure by figure, and how much of it came late, was loaded again, or is a new rule."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.desk.frozen import Copy
from metrics import reloads
from metrics.sentences.forms import figure
from pages.ui import show
from pages.ui.language import current, t
from pages.ui.report import making
from pages.ui.view import View
from reports import changes
from reports.changes import LATE, LOADED, RULES, Changes, Difference, Inside
from reports.story import Story

TITLES = {LATE: "late conversions", LOADED: "data was loaded again", RULES: "a rule or the plan was changed"}
_MOST = 12
"""Figures of one table that are listed."""
_ICONS = {LATE: ":material/schedule:", LOADED: ":material/sync:", RULES: ":material/rule:"}


def draw(view: View, copy: Copy, kept: Story) -> None:
    """The strip."""
    with st.container(border=True, gap="xsmall", key="since_then"):
        show.section(t("Since it was sent"))
        with st.spinner(t("Making the document anew…")):
            found, whole = read(view, copy, kept)
        if not found:
            st.markdown(f":green[:material/check_circle:] {show.marked(t('Nothing has changed: every figure stands as it was sent.'))}")
            return
        _reasons(found.every)
        for one in found.figures:
            _line(one, kept.currency)
        for gone in found.gone:
            show.text(t("{figure}: {was} then, not in the document now", figure=gone.title, was=gone.text))
        for part in found.inside:
            _part(part, kept)
        if found.words:
            show.caption(t("Texts written anew: {count}", count=current().number(len(found.words))))
        if not whole:
            show.caption(t("The data of then is not kept any more: the change cannot be split exactly."))


def read(view: View, copy: Copy, kept: Story) -> tuple[Changes, bool]:
    """What differs, and whether the store of then is still there to split it by."""
    asked = making.of_sent(kept)
    now, past = making.story(view, asked), view.store.at(copy.version)
    then = making.story(view, asked, past) if past is not None else None
    after = reloads.read(view.store.pinned().run, kept.since, kept.until)
    before = reloads.read(past.run, kept.since, kept.until) if past is not None else {}
    return changes.read(kept, then, now, before, after), past is not None


def _reasons(found: Sequence[Difference]) -> None:
    """How many figures each reason has moved."""
    counts = {reason: sum(reason in one.reasons for one in found) for reason in TITLES}
    said = [f"{_ICONS[reason]} {show.marked(t(TITLES[reason]))}: {count}" for reason, count in counts.items() if count]
    st.caption(" · ".join(said))


def _line(one: Difference, currency: str) -> None:
    """`Spend: 120 000 ₽ → 126 000 ₽`, and under it the parts of the change."""
    unit = one.was.unit
    parts = [(TITLES[RULES], one.rules), (TITLES[_data(one)], one.data)]
    split = [f"{t(title)} {_signed(part, unit, currency)}" for title, part in parts if part and len(one.reasons) > 1]
    reasons = split or [t(TITLES[reason]) for reason in one.reasons]
    moved = f"{show.marked(one.was.text)} → {show.marked(one.now.text)}"
    st.markdown(f"**{show.marked(one.was.title)}**: {moved}  \n:gray[{show.marked('; '.join(reasons))}]")


def _part(part: Inside, kept: Story) -> None:
    """A table or a chart: how much of it differs, and opened which figures, the largest changes first."""
    facts = {"name": part.name or kept.block(part.block).title, "n": len(part.figures), "of": part.of}
    title = t("{name}: {n} of {of} figures differ", **facts) if part.figures else t("{name}: rows differ", **facts)
    with st.expander(show.marked(title)):
        for one in sorted(part.figures, key=_size, reverse=True)[:_MOST]:
            _line(one, kept.currency)
        if len(part.figures) > _MOST:
            show.caption(t("and {n} more", n=len(part.figures) - _MOST))
        if part.gone or part.new:
            show.caption(t("Figures that are gone: {gone}; new ones: {new}", gone=part.gone, new=part.new))


def _size(one: Difference) -> float:
    """How far a figure has moved, by itself."""
    return abs(one.change) / max(abs(one.was.value or 0.0), abs(one.now.value or 0.0), 1e-9)


def _data(one: Difference) -> str:
    return LATE if LATE in one.reasons else LOADED


def _signed(part: float, unit: str, currency: str) -> str:
    text = figure(abs(part), unit, currency, current())
    return f"{'+' if part > 0 else '−'}{text}"
