"""The door to what is stored: clients, a client's ledger and the choices it gives. Answers are cached by store and version; a
store is in the key with what may be seen of it, and only the door makes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from data import clock
from data.coverage import Span, gives_channels, outer_days, spans
from data.desk import campaigns
from data.desk import marks as desk_marks
from data.desk.campaigns import Match
from data.desk.marks import Mark
from data.door import workspace_of
from data.tables import ATTRIBUTIONS, DEVICES
from data.text import languages
from data.warehouse import Warehouse
from data.workspace import Client, Workspace
from pages.ui import who

_MOST = 200


@dataclass(frozen=True)
class Choices:
    """What the loaded data lets a viewer choose. Shape of mappings: key -> words; empty ones are not worth a control."""

    loaded: tuple[date, date] | None
    counters: tuple[str, ...]
    attributions: tuple[str, ...]
    goals: Mapping[str, str]
    devices: tuple[str, ...]
    grouping: str = "agency"


def agency() -> Workspace:
    """The workspace as far as it is open to whoever looks, as things stand at this moment."""
    return workspace_of(who.person())


def clients() -> dict[str, Client]:
    """Shape: slug -> client, by name."""
    return {client.slug: client for client in agency().clients()}


def today(client: Client) -> date:
    """The day it is where the client counts."""
    return clock.today(client.timezone)


def ledger(store: Warehouse) -> tuple[Span, ...]:
    """Everything that is loaded."""
    return _spans(store.key, store.version(), store)


def choices(client: Client, store: Warehouse, language: str) -> Choices:
    """What can be chosen, under the client's own names where it has given some."""
    found = _choices(store.key, store.version(), store)
    names = client.facts.get("goals", {})
    return replace(found, goals={goal: _in_language(names.get(goal), language) or goal for goal in found.goals})


def name(client: Client, language: str) -> str:
    """The client's name; in another language where it has one there."""
    return str(client.facts.get(f"name_{language}") or client.name)


def key_goals(client: Client) -> tuple[str, ...]:
    """The goals that count as a conversion when nothing else is chosen."""
    return tuple(str(goal) for goal in client.facts.get("key_goals", ()))


def matches(client: Client) -> tuple[Match, ...]:
    """Campaign tags that somebody has matched by hand; read anew every time, so that a match counts at once."""
    return campaigns.of(agency(), client.slug)


def marks(client: Client) -> tuple[Mark, ...]:
    """What happened, by day."""
    return desk_marks.of(agency(), client.slug)


def _in_language(given: object, language: str) -> str:
    """A name as it was given: one text, or one per language in the order of languages."""
    if isinstance(given, list):
        return str(given[min(languages().index(language), len(given) - 1)]) if given else ""
    return str(given or "")


@st.cache_data(max_entries=_MOST, show_spinner=False)
def _spans(key: str, version: int, _store: Warehouse) -> tuple[Span, ...]:
    return spans(_store)


@st.cache_data(max_entries=_MOST, show_spinner=False)
def _choices(key: str, version: int, _store: Warehouse) -> Choices:
    loaded = _spans(key, version, _store)
    counters = tuple(dict.fromkeys(sorted(span.account for span in loaded if span.table in ("visits", "traffic"))))
    known = {key for span in loaded for key in span.attribution.split(",")}
    goals = _column(_store, "SELECT goal FROM conversions GROUP BY goal UNION SELECT goal FROM traffic WHERE goal <> '' GROUP BY goal")
    devices = _column(_store, "SELECT DISTINCT device FROM visits UNION SELECT DISTINCT device FROM traffic")
    return Choices(
        outer_days(loaded), counters, tuple(a.key for a in ATTRIBUTIONS if a.key in known),
        {goal: goal for goal in sorted(goals)}, tuple(device for device in DEVICES if device in devices),
        "google" if gives_channels(_store) else "agency",
    )


def _column(store: Warehouse, query: str) -> list[str]:
    return [str(value) for value in store.arrow(query).column(0).to_pylist()]
