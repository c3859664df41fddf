"""What if: levers moved within their own range, limits of what can be taken, and the money that comes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from data.text import DASH
from metrics.readings.drivers import DriversReading, Reach, WhatIf
from metrics.sentences.forms import figure
from pages.ui import address, figures, show
from pages.ui.economics.boxes import effect
from pages.ui.figures import Card
from pages.ui.language import current, t

_IF, _CAP = "if_", "cap_"


@dataclass(frozen=True)
class Moves:
    """What is tried. Unit: `changes` shares of the drivers' present values, without those that stay; `caps` limits of nodes."""

    changes: Mapping[str, float] = field(default_factory=dict)
    caps: Mapping[str, float] = field(default_factory=dict)


def kept(found: DriversReading) -> Moves:
    """What the sliders hold, or the address says; they are drawn by `draw`."""
    if found.note is not None:
        return Moves()
    percents = {one.key: _percent(one) for one in _movable(found)}
    limits = {key: _limit(key) for key in _countable(found)}
    held = {key: limit for key, limit in limits.items() if limit is not None}
    return Moves({key: percent / 100 for key, percent in percents.items() if percent}, held)


def draw(found: DriversReading, scenario: WhatIf | None, moves: Moves) -> None:
    """The sliders, and the result beside them."""
    movable = _movable(found)
    if not movable:
        return
    help = t("Every slider moves between the ends of what the driver has been in eight months of ten. All other drivers stay as they are.")
    show.section(t("What if"), help=help)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        _sliders(movable, found, scenario)
        _around(found, moves)
    with right:
        _result(found, scenario)


def span(one: Reach) -> tuple[int, int]:
    """Ends of a lever's slider: its own range, with the present inside. Unit: percent of the present."""
    assert one.low is not None and one.high is not None
    return math.floor(min(one.low / one.now - 1, 0.0) * 100), math.ceil(max(one.high / one.now - 1, 0.0) * 100)


# -------------------------------------------------------------------------------------------------------------------- state


def _movable(found: DriversReading) -> list[Reach]:
    """Levers with a range of their own."""
    known = [one for one in found.levers if one.low is not None and one.high is not None and one.now > 0]
    return [one for one in known if span(one)[0] < span(one)[1]]


def _countable(found: DriversReading) -> list[str]:
    """Figures that something outside may limit: stock, hours of the call centre."""
    return [node.key for node in found.nodes if node.formula and node.unit == "count" and node.value is not None]


def _percent(one: Reach) -> int:
    key, (low, high) = address.free(_IF + one.key), span(one)
    said = _number(st.session_state[key])
    percent = 0 if said is None else min(max(round(said), low), high)
    st.session_state[key] = percent
    return percent


def _limit(key: str) -> float | None:
    held = address.free(_CAP + key)
    said = _number(st.session_state[held])
    limit = None if said is None else max(said, 0.0)
    st.session_state[held] = limit
    return limit


def _number(text: object) -> float | None:
    try:
        number = float(str(text))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


# ------------------------------------------------------------------------------------------------------------------- drawing


def _sliders(movable: Sequence[Reach], found: DriversReading, scenario: WhatIf | None) -> None:
    columns = st.columns(2, gap="medium")
    for place, one in enumerate(movable):
        with columns[place % 2]:
            _slider(one, found, scenario)


def _slider(one: Reach, found: DriversReading, scenario: WhatIf | None) -> None:
    say, (low, high) = current(), span(one)
    name = _IF + one.key
    key = address.free(name)
    st.session_state[key] = percent = min(max(round(_number(st.session_state[key]) or 0), low), high)
    st.slider(show.marked(t(one.name)), low, high, step=1, key=key, format="%d %%" if say.russian else "%d%%")
    address.keep(name, str(percent), shown=percent != 0)
    then = scenario.moved.get(one.key) if scenario and scenario.reason is None else None
    now, after = figure(one.now, one.unit, found.currency, say), figure(then, one.unit, found.currency, say)
    ends = f"{figure(one.low, one.unit, found.currency, say)} {DASH} {figure(one.high, one.unit, found.currency, say)}"
    said = f"{now} → {after}" if percent and then is not None else now
    show.caption(t("{value}; has been {ends}", value=said, ends=ends))


def _around(found: DriversReading, moves: Moves) -> None:
    """Limits, and back to the present."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        idle = not (moves.changes or moves.caps)
        st.button(t("Reset"), icon=":material/restart_alt:", disabled=idle, on_click=_reset, args=(found,), key="if_reset")
        _limits(found)
        if found.nodes and any(node.role == "budget" for node in found.nodes):
            show.caption(t("The budget is not moved here: whether more of it would bring more is the question of “The next rouble”."))


def _limits(found: DriversReading) -> None:
    nodes = {node.key: node for node in found.nodes}
    countable = _countable(found)
    if not countable:
        return
    with st.popover(t("Limits"), icon=":material/inventory_2:"):
        show.caption(t("No more than this can be taken in a month: stock, hours of the sales team. Empty: no limit."))
        for node in countable:
            name = _CAP + node
            key = address.free(name)
            st.session_state[key] = limit = _number(st.session_state[key])
            st.number_input(
                show.marked(t(nodes[node].name)),
                min_value=0.0,
                step=10.0,
                value=None,
                key=key,
                format="%.0f",
                placeholder=current().number(nodes[node].value),
            )
            address.keep(name, *([f"{limit:g}"] if limit is not None else []))


def _reset(found: DriversReading) -> None:
    for one in _movable(found):
        address.put(_IF + one.key, "")
    for key in _countable(found):
        address.put(_CAP + key, "")


def _result(found: DriversReading, scenario: WhatIf | None) -> None:
    """What comes of it: the outcome, the difference in money with its range, where the doubt is, what held it back."""
    say = current()
    if scenario is None:
        with st.container(border=True):
            show.text(t("Move a slider: the tree above and the result follow."))
        return
    if scenario.reason is not None:
        return show.text(say.note(scenario.reason))
    middle, low, high = (effect(value, found, say) for value in (scenario.middle, scenario.low, scenario.high))
    value, before = (figure(one, found.outcome_unit, found.currency, say) for one in (scenario.after, scenario.before))
    figures.cards(
        [
            Card("after", t(found.outcome_name), value, was=t("now {value}", value=before)),
            Card("change", t("Difference a month"), middle, t("{low} to {high}", low=low, high=high), _tone(scenario)),
        ],
        key="if_cards",
    )
    said = [t("The range holds eight months of ten: drivers jump from month to month by themselves.")]
    if scenario.dominant:
        names = {node.key: node.name for node in found.nodes}
        said.append(t("Most of the doubt comes from: {driver}.", driver=names.get(scenario.dominant, scenario.dominant)))
    show.caption(" ".join(said))
    show.notes(scenario.notes)
    return None


def _tone(scenario: WhatIf) -> str:
    """Coloured only where the whole range is on one side."""
    if scenario.low is None or scenario.high is None or scenario.low <= 0 <= scenario.high:
        return "flat"
    return "good" if scenario.low > 0 else "bad"
