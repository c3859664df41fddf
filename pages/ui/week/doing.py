"""What is being done: last reviews' actions with their verdicts, and new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from data.desk import actions
from data.desk.actions import Action
from data.errors import Problem
from data.text import DASH
from metrics.readings import outcomes
from metrics.readings.outcomes import Outcome, Verdict
from metrics.readings.subject import main_metrics
from metrics.registry import METRICS
from metrics.sentences.forms import figure
from pages.ui import asking, control, figures, memory, reading, show, store
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

_SAID, _PICKED = "doing_said", "doing_picked"
_TONES = {Verdict.WORKED: "good", Verdict.NOT: "bad", Verdict.AGAINST: "bad"}
STATES = {"planned": "planned", "done": "done", "dropped": "dropped"}


def read(view: View) -> tuple[Outcome, ...]:
    """Every action, judged by what has come since. Filters of the bar do not hold: an action names its own channel."""
    kept = tuple(one for one in actions.of(store.agency(), view.client.slug) if one.state != "dropped")
    last = view.loaded[1] if view.loaded else view.until
    about = replace(reading.subject(view), only=())
    return reading.read(view, outcomes.read, last, kept, about=about)


def draw(view: View, found: Sequence[Outcome]) -> None:
    """The actions with their verdicts; a press on one opens it."""
    show.section(t("What we do"), help=t("A verdict is given only where the figures could have shown the expected effect."))
    memory.tell(_SAID)
    names = _channels(view)
    if found:
        columns = [
            Column(key, title, words=True) for key, title in (
                ("state", t("State")), ("when", t("When")), ("owner", t("Who")), ("expected", t("Expected")),
                ("outcome", t("What came of it")), ("verdict", t("Verdict")),
            )
        ]
        rows = [_row(one, names, view.today) for one in found]
        pressed = figures.table(t("Action"), columns, rows, None, "doing", figures.AS_GIVEN, caption=t("What we do"), wrap=True)
        if pressed:
            _edit(view, next(one.action for one in found if str(one.action.id) == pressed.row), names)
    else:
        show.caption(t("Nothing has been agreed yet. Write down what is done, by whom, until when and what it is to change."))
    st.button(t("New action"), icon=":material/add:", on_click=_begin)
    if memory.take(_PICKED):
        _edit(view, Action("", due=view.today + timedelta(days=7), metric=main_metrics(reading.subject(view))[0]), names)


def _row(one: Outcome, names: dict[str, str], today: date) -> Row:
    action, say = one.action, current()
    late = action.state == "planned" and action.due is not None and action.due < today
    day = action.since if action.state == "done" else action.due
    cells = (
        Cell(t(STATES[action.state]), None, t("overdue") if late else "", "bad" if late else "flat"),
        Cell(say.day(day) if day else DASH, day.toordinal() if day else None),
        Cell(say.written(action.owner) or DASH),
        Cell(_expected(action, names)),
        Cell(_came(one), None, _band(one)),
        Cell(t(one.verdict) if action.state == "done" else "", tone=_TONES.get(one.verdict, "flat")),
    )
    return Row(str(action.id), say.written(action.what), cells, opens=True)


def _expected(action: Action, names: dict[str, str]) -> str:
    """`CPA · VK Ads −10 %`."""
    if action.metric not in METRICS:
        return DASH
    title = t(METRICS[action.metric].title) + (f" · {t(names.get(action.channel, action.channel))}" if action.channel else "")
    if action.expected is None:
        return title
    return f"{title} {'+' if action.expected > 0 else ''}{current().share(action.expected, 0)}"


def _came(one: Outcome) -> str:
    if one.fact is None or one.expected is None:
        return current().note(one.note) if one.note and one.action.state == "done" else ""
    unit = METRICS[one.action.metric].unit
    facts = {"fact": figure(one.fact, unit, one.currency, current()), "expected": figure(one.expected, unit, one.currency, current())}
    return t("{fact} where {expected} would have come", **facts)


def _band(one: Outcome) -> str:
    if one.low is None or one.high is None or one.since is None or one.until is None:
        return ""
    unit = METRICS[one.action.metric].unit
    low, high = (figure(value, unit, one.currency, current()) for value in (one.low, one.high))
    return t("{days}; by chance from {low} to {high}", days=show.dates(one.since, one.until), low=low, high=high)


# ------------------------------------------------------------------------------------------------------------------- form


def _begin() -> None:
    memory.keep(_PICKED, True)


def _edit(view: View, action: Action, names: dict[str, str]) -> None:
    """Open an action beside the page."""
    title = t("Action") if action.id is not None else t("New action")
    st.dialog(title, width="medium", position="right", icon=":material/task_alt:")(_form)(view, action, names)


def _form(view: View, action: Action, names: dict[str, str]) -> None:
    what = st.text_area(t("What is done"), value=current().written(action.what), height=80)
    left, right = st.columns(2)
    owner = left.text_input(t("Who"), value=current().written(action.owner))
    due = right.date_input(t("Until when"), value=action.due, format=_pattern())
    metric = left.selectbox(
        t("Which figure is to move"), ["", *METRICS], index=[*METRICS].index(action.metric) + 1 if action.metric in METRICS else 0,
        format_func=control.titled({key: one.title for key, one in METRICS.items()}, DASH),
    )
    known = ["", *names]
    channel = right.selectbox(
        t("Channel"), known, index=known.index(action.channel) if action.channel in known else 0,
        format_func=control.titled(names, t("All channels")),
    )
    percent = None if action.expected is None else round(action.expected * 100, 2)
    expected = left.number_input(t("Expected change, %"), value=percent, step=5.0)
    state = right.selectbox(t("State"), list(STATES), index=list(STATES).index(action.state), format_func=control.titled(STATES))
    since = right.date_input(t("Can be seen in figures from"), value=action.since, format=_pattern()) if state == "done" else None
    said = st.text_area(t("What the review said"), value=action.said, height=68)
    if st.button(t("Save"), type="primary"):
        kept = Action(
            _kept(action.what, what), _kept(action.owner, owner), due, metric, channel, None if expected is None else expected / 100, state,
            since or (view.today if state == "done" else None), said, action.id,
        )
        _save(view, kept)


def _kept(before: str, now: str) -> str:
    """What was not changed stays as it was written, in whatever language it was shown."""
    return before if current().written(before) == now else now


def _save(view: View, action: Action) -> None:
    try:
        actions.put(store.agency(), view.client.slug, action)
    except Problem as problem:
        show.problem(problem)
        return
    memory.keep(_SAID, t("Saved."))
    st.rerun()


def _channels(view: View) -> dict[str, str]:
    return asking.channels(view.client, view.store, view.grouping, view.loaded) if view.loaded else {}


def _pattern() -> str:
    return "DD.MM.YYYY" if current().russian else "YYYY-MM-DD"
