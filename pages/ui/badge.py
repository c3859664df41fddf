"""Who is signed in, in the bar, and the way out."""

from __future__ import annotations

import streamlit as st

from data.roles import ROLES, Power
from pages.ui import locks, show, who
from pages.ui.language import t


def draw() -> None:
    """Who is signed in, and the way out; nothing where nobody signs in."""
    if not locks.on():
        return
    person = who.person()
    with st.popover(person.name or person.email.split("@")[0] or t("Account"), icon=":material/account_circle:", key="account"):
        show.text(person.email)
        role = t(ROLES[person.role]) if person.role in ROLES else ""
        show.caption(role if person.may(Power.MONEY) or not person.may(Power.LOOK) else t("{role}, without money", role=role))
        st.button(t("Sign out"), icon=":material/logout:", on_click=st.logout, key="sign_out")
