"""Who may see what, for owners: the people, one of them to change at a time, and who gave what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.desk import people
from data.desk.history import Change
from data.errors import Problem
from data.roles import CLIENT, MANAGER, OWNER, ROLES, SPECIALIST, Person
from data.text import DASH
from pages.ui import figures, memory, show, store
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t

OPENS: Mapping[str, str] = {
    OWNER: "every client, people and settings", MANAGER: "everything about own clients",
    SPECIALIST: "figures of own clients; loads files, writes marks and actions", CLIENT: "documents that were sent, nothing live",
}
_SAID, _NEW = "people_said", ""
_EMAIL, _NAME, _ROLE, _CLIENTS, _MONEY = "person_email", "person_name", "person_role", "person_clients", "person_money"


def draw() -> None:
    """The whole page."""
    desk = store.agency()
    known = people.of(desk)
    show.heading(t("People: {count}", count=current().number(len(known))), t("Who may see what? What is not opened here is closed."))
    memory.tell(_SAID)
    table, form = st.columns([1.7, 1], gap="large")
    with table:
        _listed(known)
        _history(people.changes(desk))
    with form:
        _form(known)


def _listed(known: Sequence[Person]) -> None:
    columns = [Column("role", t("Role"), words=True), Column("clients", t("Clients"), words=True), Column("money", t("Money"), words=True)]
    rows = [Row(one.email, one.name or one.email, _cells(one)) for one in known]
    figures.table(t("Person"), columns, rows, None, key="people", order=figures.AS_GIVEN, caption=t("People"))


def _cells(one: Person) -> tuple[Cell, ...]:
    names = t("all clients") if one.clients is None else ", ".join(_titles().get(slug, slug) for slug in sorted(one.clients))
    money = {OWNER: t("yes"), MANAGER: t("yes"), CLIENT: t("in documents")}.get(one.role, t("yes") if one.money else t("no"))
    return Cell(t(ROLES[one.role]), change=one.email if one.name else ""), Cell(names or DASH, absent=not names), Cell(money)


def _form(known: Sequence[Person]) -> None:
    """One person at a time: a new one, or one to change."""
    names = {_NEW: t("A new person"), **{one.email: one.name or one.email for one in known}}
    chosen = st.selectbox(t("Whom"), list(names), format_func=lambda key: names.get(key, key), key="person_chosen")
    one = next((one for one in known if one.email == chosen), Person("", "", SPECIALIST))
    titles, roles = _titles(), {role: t(title) for role, title in ROLES.items()}
    with st.form(f"person_{chosen}", border=True):
        keys = {name: f"{name}_{chosen}" for name in (_EMAIL, _NAME, _ROLE, _CLIENTS, _MONEY)}
        if chosen == _NEW:
            st.text_input(t("E-mail address"), key=keys[_EMAIL], placeholder=t("The address that they sign in with"))
        st.text_input(t("Name"), one.name, key=keys[_NAME])
        st.selectbox(t("Role"), list(roles), list(roles).index(one.role), format_func=lambda key: roles.get(key, key), key=keys[_ROLE])
        st.multiselect(
            t("Clients"), list(titles), sorted(one.clients or ()), format_func=lambda key: titles.get(key, key), key=keys[_CLIENTS],
            placeholder=t("Nothing is open yet"), help=t("Owners see all clients, whatever stands here."),
        )
        st.checkbox(t("A specialist sees money"), one.money, key=keys[_MONEY])
        st.form_submit_button(t("Add") if chosen == _NEW else t("Change"), type="primary", on_click=_put, args=(chosen, keys))
    for role, what in OPENS.items():
        show.caption(f"{roles[role]}: {t(what)}")
    if chosen != _NEW:
        st.button(t("Close every door"), icon=":material/person_remove:", type="tertiary", on_click=_remove, args=(chosen,))


def _put(chosen: str, keys: Mapping[str, str]) -> None:
    try:
        person, desk = _typed(chosen, keys), store.agency()
        if not chosen and people.find(desk, person.email):
            raise Problem("{email} is known already.", "", "Choose the person in the list to change them.", email=person.email)
        people.put(desk, person)
    except Problem as problem:
        memory.keep(_SAID, problem)
    else:
        memory.keep(_SAID, t("Done. It holds from the next press on."))


def _typed(chosen: str, keys: Mapping[str, str]) -> Person:
    """What the form says.

    Raises: Problem where a field did not arrive: after a lost connection a browser may send the press without what was typed.
    """
    said: dict[str, Any] = {name: st.session_state.get(key) for name, key in keys.items()}
    if any(said[name] is None for name in said if name != _EMAIL or not chosen):
        raise Problem("Nothing was changed: not every field of the form arrived.", "", "Fill the form in again and press once more.")
    return Person(chosen or said[_EMAIL], said[_NAME], said[_ROLE], frozenset(said[_CLIENTS]), said[_MONEY])


def _remove(email: str) -> None:
    try:
        people.remove(store.agency(), email)
    except Problem as problem:
        memory.keep(_SAID, problem)
    else:
        memory.keep(_SAID, t("{email} opens nothing any more.", email=email))


def _history(changes: Sequence[Change]) -> None:
    if not changes:
        return
    with st.expander(t("Who gave what"), icon=":material/history:"):
        rows = [
            {
                t("When (UTC)"): f"{one.at:%Y-%m-%d %H:%M}", t("Who"): one.who or DASH, t("What"): t(one.what),
                t("Person"): (one.after or one.before)["email"], t("Before"): _short(one.before), t("After"): _short(one.after),
            }
            for one in changes[:100]
        ]
        st.table([{show.marked(name): show.marked(value) for name, value in row.items()} for row in rows], border="horizontal")


def _short(person: Mapping[str, object] | None) -> str:
    if not person:
        return DASH
    clients = person["clients"]
    listed = t("all clients") if clients is None else ", ".join(map(str, clients)) if isinstance(clients, list) else ""
    role = str(person["role"])
    less = t("without money") if role == SPECIALIST and not person["money"] else ""
    return " · ".join(filter(None, (t(ROLES.get(role, role)), listed, less)))


def _titles() -> dict[str, str]:
    return {slug: store.name(client, current().language) for slug, client in store.clients().items()}
