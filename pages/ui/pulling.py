"""Bringing connected accounts up to date from the page: what is connected, how fresh it is, a button, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from connectors import pulling
from connectors.live import Connected, Live
from connectors.pulling import Door, Outcome
from connectors.web import Web
from data import settings
from data.coverage import spans
from data.errors import Problem
from pages.ui import connecting, memory, show, store
from pages.ui.language import current, t
from pages.ui.pull_names import keep
from pages.ui.view import View

_SAID = "pulling_said"


def draw(view: View) -> None:
    """The section; nothing where no account is connected and nobody has to know."""
    accounts = pulling.connected(view.client.slug, store.agency().accounts(view.client.slug))
    show.section(t("Connected accounts"))
    if not accounts:
        show.caption(t("No account of {client} is connected yet: counters of Metrica, properties of Google Analytics, logins of Direct.",
                       client=view.name))
        connecting.draw(view)
        return
    for service, one in accounts:
        show.text(" · ".join(filter(None, (t(service.title), one.answers.get("name", ""), one.account, _fresh(view, one)))))
    if st.button(t("Pull now"), icon=":material/sync:", key="pull_now"):
        memory.keep(_SAID, _pull(view, accounts))
        st.rerun()
    _last_word()
    connecting.draw(view)


def _fresh(view: View, one: Connected) -> str:
    until = [span.until for span in store.ledger(view.store) if span.account == one.account]
    return t("loaded until {day}", day=max(until)) if until else t("nothing loaded yet")


def _pull(view: View, accounts: Sequence[tuple[Live, Connected]]) -> list[Outcome] | Problem:
    """Pull all of them, with progress. NB: leaving the page ends it; what was published stays, and the next pull goes on from there."""
    drawn = st.progress(0.0, t("Asking what is missing"))

    def tell(share: float, text: str, facts: Mapping[str, object]) -> None:
        drawn.progress(min(1.0, share), show.marked(t(text, **facts)))

    live = view.store.live()
    door = Door(lambda: spans(live), lambda batches: live.load(batches, replace=True), live.folder, tell)
    try:
        found = pulling.bring(accounts, Web(settings.home() / "paces"), door)
    except Problem as problem:
        return problem
    for outcome in found:
        keep(view, outcome)
    return found


def _last_word() -> None:
    """What came of the last pull, account by account."""
    said: list[Outcome] | Problem | None = memory.take(_SAID)
    if isinstance(said, Problem):
        show.problem(said)
        return
    for outcome in said or ():
        if outcome.days:
            words = t("{account}: loaded {period}, rows: {rows}", account=outcome.connected.account, period=show.dates(*outcome.days),
                      rows=current().number(outcome.rows))
            st.success(show.marked(words), icon=":material/check_circle:")
        elif not outcome.troubles:
            st.success(show.marked(t("{account}: nothing was missing", account=outcome.connected.account)), icon=":material/check_circle:")
        for trouble in outcome.troubles:
            show.problem(trouble.problem)
        show.notes(note for loaded in outcome.loaded for note in loaded.notes if note.kind != "less")
