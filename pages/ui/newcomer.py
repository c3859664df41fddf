"""Adding a client: its name, its short name, its currency and its time zone."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

import streamlit as st

from data.errors import Problem
from pages.ui import address, show, store
from pages.ui.language import t

CURRENCIES = ("RUB", "USD", "EUR", "KZT", "BYN", "UAH", "UZS", "GEL", "AMD", "GBP", "TRY", "CNY", "INR")
FIRST_ZONES = ("Europe/Moscow", "Europe/Kaliningrad", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok")
_LATIN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
    "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh",
    "sch", "", "y", "", "e", "yu", "ya",
), strict=True))
_NAME, _SLUG, _CURRENCY, _ZONE, _FAULT = "newcomer_name", "newcomer_slug", "newcomer_currency", "newcomer_zone", "newcomer_fault"


def form() -> None:
    """Ask for a client and add it."""
    zones = (*FIRST_ZONES, *sorted(available_timezones() - set(FIRST_ZONES)))
    with st.form("newcomer", border=False, width=520):
        st.text_input(t("Name"), key=_NAME, placeholder=t("As the client writes it"))
        st.text_input(
            t("Short name"), key=_SLUG, placeholder=t("Made from the name if left empty"),
            help=t("Small Latin letters, digits and hyphens. It stands in links and file names and is not changed later."),
        )
        left, right = st.columns(2)
        left.selectbox(t("Currency"), CURRENCIES, key=_CURRENCY)
        right.selectbox(t("Time zone of the counters"), zones, key=_ZONE)
        st.form_submit_button(t("Add client"), type="primary", on_click=_add)
    fault: Problem | None = st.session_state.pop(_FAULT, None)
    if fault:
        show.problem(fault)


def slug(name: str) -> str:
    """A short name from any name: `Клиника «Зуб»` is `klinika-zub`."""
    latin = "".join(_LATIN.get(letter, letter) for letter in name.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:63].strip("-")


def _add() -> None:
    said = st.session_state
    name = said[_NAME].strip()
    short = said[_SLUG].strip() or slug(name)
    try:
        if not name:
            raise Problem("The client has no name yet.", "", "Write it as the client does.")
        client = store.agency().add_client(short, name, said[_CURRENCY], said[_ZONE])
    except Problem as problem:
        said[_FAULT] = problem
    else:
        address.put("client", client.slug)


def another() -> None:
    """The same form, folded, below a client's own data."""
    with st.expander(t("Add another client"), icon=":material/add:"):
        form()
