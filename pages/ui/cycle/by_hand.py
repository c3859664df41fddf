"""The manager's own word on a stage: set with a reason, shown beside the computed one, taken back."""

from __future__ import annotations

import streamlit as st

from data.desk import overrules
from data.desk.overrules import Overrule
from data.errors import Problem
from metrics.readings.stage import StageView
from metrics.stages.stage_filter import STAGES
from pages.ui import control, show, store
from pages.ui.language import current, t
from pages.ui.view import View


def draw(view: View, found: StageView) -> None:
    """What was set by hand, with its reason, day and author; and the form."""
    if found.by_hand is not None:
        computed = t(found.stage) if found.stage else t("not clear")
        facts = {"stage": t(found.by_hand.stage), "day": current().day(found.by_hand.since), "computed": computed}
        show.text(t("Set by hand: {stage} since {day}; the figures say: {computed}.", **facts))
        show.caption(t("Reason: {reason}", reason=found.by_hand.reason) + (f" · {found.by_hand.who}" if found.by_hand.who else ""))
        st.button(t("Let the figures speak again"), on_click=_withdraw, args=(view, found.key), type="tertiary", key="withdraw")
        return
    with st.popover(t("Set the stage by hand"), icon=":material/edit:"):
        stage = st.selectbox(t("Stage"), list(STAGES), format_func=control.titled({key: key for key in STAGES}), key="overrule_stage")
        since = st.date_input(t("Holds since"), value=view.until.replace(day=1), format="DD.MM.YYYY" if current().russian else "YYYY-MM-DD")
        reason = st.text_area(t("What the figures cannot know"), key="overrule_reason", height=80)
        if st.button(t("Set"), type="primary", disabled=not reason.strip()):
            _put(view, Overrule(found.key, stage, reason, since))


def _put(view: View, overrule: Overrule) -> None:
    try:
        overrules.put(store.agency(), view.client.slug, overrule)
    except Problem as problem:
        show.problem(problem)
        return
    st.rerun()


def _withdraw(view: View, subject: str) -> None:
    try:
        overrules.withdraw(store.agency(), view.client.slug, subject)
    except Problem:
        # Somebody else has taken it back a moment ago: what was wanted is so.
        return
