"""Asking the store. An answer is kept by client, version and question, so that a change of language or of a page asks nothing again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.warehouse import Warehouse
from data.workspace import Client
from metrics.ask import ask as _ask
from metrics.query import Only, Query
from metrics.result import Result
from metrics.scope import Settings
from pages.ui import store
from pages.ui.periods import Days
from pages.ui.view import View

_MOST = 400


def ask(view: View, metrics: tuple[str, ...], by: tuple[str, ...] = (), only: Only = (), top: int = 0) -> Result:
    """The answer to a question about the view. NB: it is shared between viewers and must not be changed."""
    query = view.query(metrics, by, only, top)
    settings = Settings.of(view.client.currency, view.client.facts, view.version).matching(store.matches(view.client))
    answer: Result = _answered(view.store.key, view.version, repr((query, settings)), view.store, query, settings)
    return answer


def channels(client: Client, facts: Warehouse, grouping: str, loaded: Days) -> dict[str, str]:
    """Every channel that has ever brought or cost anything. Shape: key -> English title."""
    settings = Settings.of(client.currency, client.facts, facts.version())
    query = Query(("visits", "spend"), *loaded, ("channel",), grouping=grouping)
    found: Result = _answered(facts.key, facts.version(), repr((query, settings)), facts, query, settings)
    return {str(key): found.title("channel", key) for key in found.frame["channel"]}


# NB: a resource, not data: an answer carries its expressions, and copying those on every run costs more than asking.
@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _answered(folder: str, version: int, asked: str, _store: Warehouse, _query: Query, _settings: Settings) -> Any:
    return _ask(_query, _store.pinned().run, _settings)
