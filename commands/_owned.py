"""What only an owner of the agency, or the operator of the machine, may order."""

from __future__ import annotations

from collections.abc import Iterable

from commands import spoken
from data.door import Desk, workspace
from data.errors import NotAllowed, Problem
from data.roles import Power
from data.workspace import Client


def agency() -> Desk:
    """The whole workspace. Raises NotAllowed for whoever is no owner."""
    found = workspace()
    if not found.person.may(Power.ADMINISTER):
        raise NotAllowed("This is not open to you.", "", "Ask the agency's owner to do it.")
    return found


def who(desk: Desk) -> str:
    """Who stands in receipts and in the history."""
    return desk.person.email


def chosen(desk: Desk, slug: str, everybody: bool) -> tuple[Client, ...]:
    """One client, or all. Raises Problem where neither or both are said."""
    if bool(slug) == everybody:
        raise Problem("It is not said whose data is meant.", "", "Say --client NAME, or --all.")
    return desk.clients() if everybody else (desk.client(slug),)


def size(count: float) -> str:
    """Bytes as people read them."""
    words = spoken()
    scales: Iterable[tuple[float, str]] = ((1e9, words.t("GB")), (1e6, words.t("MB")), (1e3, words.t("KB")))
    return next((f"{words.number(count / scale, 1)} {unit}" for scale, unit in scales if count >= scale), words.number(count) + " B")
