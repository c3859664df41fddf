"""What stands before the door: signing in, and a word to those whom nothing is open to."""

from __future__ import annotations

import streamlit as st

from data.roles import NOBODY, Power
from pages.ui import bar, listing, locks, show, store, who
from pages.ui.language import t


def closed() -> bool:
    """Whether whoever is here goes no further: not signed in, not known, or known with nothing open."""
    person = who.person()
    return person == NOBODY or not (person.may(Power.ADMINISTER) or store.clients())


def page() -> st.Page:
    """The entrance, at every address of the app, so that none says what there is behind it."""
    first, *others = (
        st.Page(_draw, title="Vitrina", url_path=one.name, default=one.name == listing.FIRST) for one in listing.listed()
    )
    return st.navigation([first, *others], position="hidden")


def _draw() -> None:
    here = who.visitor()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.space("stretch")
        bar.languages_alone()
    with st.container(horizontal_alignment="center"), st.container(border=True, width=560, key="entrance"):
        if here.email and not here.late:
            _nothing(here.email)
        else:
            _sign_in(here.late and bool(here.email))


def _sign_in(late: bool) -> None:
    show.section(t("Sign in to Vitrina"))
    if late:
        show.text(t("You were signed out because some time has passed. Sign in again to go on."))
    else:
        show.text(t("Use the address that the agency has opened a client to."))
    with st.container(horizontal=True):
        for name in locks.providers():
            provider = None if name == locks.DEFAULT else name
            label = t("Sign in") if provider is None else t("Sign in with {provider}", provider=name.capitalize())
            st.button(label, type="primary", icon=":material/login:", key=f"sign_in_{name}", on_click=st.login, args=(provider,))


def _nothing(email: str) -> None:
    show.section(t("No client is open to you yet"))
    show.text(t("You are signed in as {email}. Ask the agency's owner to open a client to this address.", email=email))
    st.button(t("Sign out"), icon=":material/logout:", on_click=st.logout)
