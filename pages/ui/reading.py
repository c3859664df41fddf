"""Readings for the page: what a method says about the view's client. Kept by client, version and question, as answers are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

from data.warehouse import Warehouse
from metrics.readings.subject import Subject
from metrics.scope import Settings
from metrics.statements import Run
from pages.ui import store
from pages.ui.view import View

Reading = TypeVar("Reading")
_MOST = 300


def subject(view: View) -> Subject:
    """The client as the bar has it."""
    return Subject.of(
        view.client.facts, goals=view.goals, grouping=view.grouping, counter=view.counter, attribution=view.attribution, only=view.only,
    )


def settings(view: View) -> Settings:
    """What the client's settings say about figures, campaigns matched by hand among them."""
    return Settings.of(view.client.currency, view.client.facts, view.version).matching(store.matches(view.client))


def read(view: View, method: Callable[..., Reading], *asked: Any, about: Subject | None = None, **options: Any) -> Reading:
    """`method(run, settings, subject, *asked, **options)`, once per version and question.

    NB: it is shared between viewers and must not be changed. What is asked must say in its repr all that the answer depends on.
    """
    return _once(view, method, about or subject(view), asked, options)


def of_facts(view: View, method: Callable[..., Reading], *asked: Any, **options: Any) -> Reading:
    """`method(run, settings, facts, *asked, **options)`: the same for readings of customers, journeys and stages, which choose goals and
    scope by themselves from what is known of the client."""
    return _once(view, method, view.client.facts, asked, options)


def _once(view: View, method: Callable[..., Reading], whom: Any, asked: tuple[Any, ...], options: Mapping[str, Any]) -> Reading:
    how = settings(view)
    said = repr((method.__module__, method.__qualname__, how, whom, asked, sorted(options.items())))
    found: Reading = _kept(
        view.store.key, view.version, said, view.store, lambda run: method(run, how, whom, *asked, **options),
    )
    return found


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _kept(folder: str, version: int, said: str, _store: Warehouse, _made: Callable[[Run], Any]) -> Any:
    return _made(_store.pinned().run)
