"""Who is looking: the person of this session as things stand at this moment, or the operator where nobody needs to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from data import clock, settings
from data.desk.people import plain
from data.door import known
from data.roles import NOBODY, OPERATOR, Person, Power
from pages.ui import locks


@dataclass(frozen=True)
class Visitor:
    """What the provider has said about whoever is here. `late`: signed in longer ago than a session lasts."""

    email: str = ""
    name: str = ""
    late: bool = False


def person() -> Person:
    """The person for whom this session opens doors. NB: asked anew at every door, so that what an owner takes away is gone at once."""
    if not locks.on():
        return OPERATOR
    here = visitor()
    return NOBODY if here.late else known(here.email)


def may(power: Power) -> bool:
    return person().may(power)


def visitor() -> Visitor:
    """Who has signed in; nobody for an address that the provider itself does not vouch for."""
    said: dict[str, Any] = dict(st.user.to_dict())
    email = plain(str(said.get("email") or ""))
    if not said.get("is_logged_in") or not email or str(said.get("email_verified", True)).lower() == "false":
        return Visitor()
    return Visitor(email, str(said.get("name") or ""), _late(said.get("iat")))


def _late(issued: object) -> bool:
    """NB: what does not say when it was issued could be of any age."""
    if not isinstance(issued, (int, float)):
        return True
    age = clock.now().timestamp() - issued
    return not -300 <= age <= settings.session_hours() * 3600
