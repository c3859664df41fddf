"""What moves the money: the tree of the month, what-if, and the levers by what is within reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from metrics.readings import drivers
from metrics.readings.drivers import DriversReading
from metrics.sentences.forms import figure
from pages.ui import control, listing, show
from pages.ui.client_settings import MODELS
from pages.ui.economics import asked, boxes, levers, lone, months, needs, tree, trying
from pages.ui.language import current, t
from pages.ui.view import View


def draw(view: View, switch: Callable[[], None]) -> None:
    """The whole part; `switch` draws the choice of parts under the answer."""
    month = months.chosen(view)
    if month is None:
        show.heading(t("Where does the money come from, and what moves it?"))
        switch()
        show.empty(t("No full month is loaded yet"), t("The tree is drawn for full months."), listing.file_of("data"), t("Load files"))
        return
    with show.waiting():
        known = asked.tree(view, month)
    found = known.tree
    moves = trying.kept(found)
    tried = drivers.tried(known.live, moves.changes, moves.caps)
    _headline(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        switch()
        months.pick(view)
        _business(view)
    scenario = tried if tried and tried.reason is None else None
    then = asked.followed(found, scenario.moved, moves.caps) if scenario else {}
    _tree(view, found, asked.plan(view, month), then)
    if found.note is not None:
        needs.draw(view, found)
    else:
        trying.draw(found, tried, moves)
        levers.table(found)
    show.notes(found.notes)


def _headline(found: DriversReading) -> None:
    """The outcome of the month, and the lever that is nearest."""
    say, question = current(), t("Where does the money come from, and what moves it?")
    if found.value is None:
        return show.heading(t("{outcome}, {month}: not known yet", outcome=t(found.outcome_name), month=say.month(found.month)), question)
    value = figure(found.value, found.outcome_unit, found.currency, say)
    facts = {"outcome": t(found.outcome_name), "month": say.month(found.month), "value": value}
    best = next((one for one in found.levers if one.gain), None)
    if best is None:
        return show.heading(t("{outcome}, {month}: {value}", **facts), question)
    gain = boxes.effect(best.gain, found, say)
    return show.heading(
        t("{outcome}, {month}: {value}. Most is within reach at: {lever} ({gain})", **facts, lever=t(best.name), gain=gain), question
    )


def _business(view: View) -> None:
    """Where nobody has said what business it is: look at it as one."""
    if not view.client.facts.get("model"):
        control.pick(asked.NAME, t("Business model"), {key: t(title) for key, title in MODELS.items()}, next(iter(MODELS)), width=210)
        show.caption(t("The business model is not set: choose one to look, and set it in the client's settings on the Data page."))


def _tree(view: View, found: DriversReading, plan: Mapping[str, float], then: Mapping[str, float]) -> None:
    root = boxes.root(found, plan, then, current())
    pressed = tree.draw(root, t("Tree of drivers: {outcome}", outcome=t(found.outcome_name)), key="tree")
    text = (
        "Beside a figure: its change over the same month a year ago. Coloured is what goes beyond noise; grey is within it, or its noise "
        "is not known."
    )
    show.caption(t(text))
    if pressed:
        lone.open(view, found, pressed, plan)
