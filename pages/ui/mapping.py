"""Saying what the columns of a sheet of one's own mean: a kind, a preview, and a select per role, filled with what is proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from connectors import plain_sheet
from connectors.files import Head
from connectors.intake import Resolved
from connectors.plain_words import KEYS, KINDS, Kind, Role, kind
from data.errors import Ask
from pages.ui import show
from pages.ui.language import t

HOLDS: Mapping[str, str] = {one.key: one.title for one in KINDS}
EVENTS: Mapping[str, str] = {
    "ours": "our own", "market": "of the market", "competitor": "of a competitor", "fault": "a fault", "season": "season or holiday",
}
OPTIONS: Mapping[str, str] = {
    "as": "What it holds", "columns": "Columns", "step": "Funnel step", "phrase": "Phrase", "lead": "Goal of the leads",
    "event": "Kind of events",
}
_OWN = ("as", "columns")
_BESIDE = 3
_SAMPLES = 3
"""So many first rows are shown."""

Field = Callable[[Ask, str], None]
State = Callable[[str, Mapping[str, str]], None]


def wanted(one: Resolved) -> bool:
    """Whether it is still open what the sheet holds or which column is which."""
    return any(ask.option in _OWN for ask in one.missing)


def draw(one: Resolved, field: Field, state: State) -> None:
    """The sheet's first rows, what it holds, and a form for the rest. `field` draws any other question, `state` keeps the answers."""
    head, name = one.series.heads[0], one.series.name
    with st.container(border=True):
        show.text(t("{name} is a sheet of your own. Say once what is in it; the next one with the same headers loads without a question.",
                    name=name))
        _preview(head)
        what = kind(_holds(one, state))
        with st.form(f"map_{name}_{what.key}", border=False):
            _roles(head, what, name)
            further = [ask for ask in one.missing if ask.option not in _OWN]
            for column, ask in zip(st.columns(max(_BESIDE, len(further)), vertical_alignment="bottom"), further, strict=False):
                with column:
                    field(ask, _control(one, what, ask))
            st.form_submit_button(t("Check the file"), type="primary", on_click=_answer, args=(one, what, state))


def _preview(head: Head) -> None:
    header, rows = plain_sheet.preview(head)
    shown = {
        f"{place + 1}. {show.marked(title)}": [show.marked(row[place]) for row in rows[:_SAMPLES]] for place, title in enumerate(header)
    }
    st.table(shown, border="horizontal", hide_index=True, alt=t("The first rows of the sheet"))


def _holds(one: Resolved, state: State) -> str:
    """What the sheet holds. NB: outside of the form, because the roles below depend on it."""
    key = f"map_as_{one.series.name}"
    said = one.answers.get("as") or next(ask.default for ask in one.missing if ask.option == "as")
    chosen: str = st.selectbox(
        t("What does this sheet hold?"), KEYS, index=KEYS.index(said), format_func=lambda key: t(HOLDS[key]), key=key, width=420,
        on_change=lambda: state(one.series.name, {"as": st.session_state[key]}),
    )
    return chosen


def _roles(head: Head, what: Kind, name: str) -> None:
    header, _ = plain_sheet.preview(head)
    proposed = plain_sheet.proposed(head, what.key)
    places = range(len(header))
    columns = st.columns(_BESIDE)
    for number, role in enumerate(what.roles):
        with columns[number % _BESIDE]:
            start = proposed.get(role.key)
            st.selectbox(
                _title(role, what), places, index=start, placeholder=t("not in the sheet"), key=_select(name, what, role),
                format_func=lambda place: f"{place + 1}. {header[place]}",
            )


def _title(role: Role, what: Kind) -> str:
    either = role.key in what.either and not role.needed
    return show.marked(t(role.title)) + (" :red[*]" if role.needed else " :orange[*]" if either else "")


def _select(name: str, what: Kind, role: Role) -> str:
    return f"map_{name}_{what.key}_{role.key}"


def _control(one: Resolved, what: Kind, ask: Ask) -> str:
    return f"map_{one.series.name}_{what.key}_ask_{ask.option}"


def _answer(one: Resolved, what: Kind, state: State) -> None:
    """The form was sent: keep what it says."""
    name, head = one.series.name, one.series.heads[0]
    given = {
        ask.option: str(st.session_state.get(_control(one, what, ask)) or "").strip() for ask in one.missing if ask.option not in _OWN
    }
    state(name, {**given, "as": what.key, "columns": plain_sheet.mapping(head, _chosen(name, what, head))})


def _chosen(name: str, what: Kind, head: Head) -> Sequence[tuple[str, int]]:
    """The columns that were chosen. Further columns of a role that may have many stay as proposed, where the first one does."""
    said = {role.key: st.session_state.get(_select(name, what, role)) for role in what.roles}
    chosen = [(key, int(place)) for key, place in said.items() if place is not None]
    return chosen + plain_sheet.further(head, what.key, chosen)
