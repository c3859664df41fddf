"""Connecting an account from the page: pick the service, then the account from the list that it gives, then what it does not say.

The secret itself is never typed here: it stands in the environment or in the file of secrets, as for the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import streamlit as st

from connectors import connecting, live
from connectors.live import Account, Connected, Live
from connectors.pulling import Outcome
from connectors.web import Web
from data import settings, zones
from data.errors import Ask, Problem
from data.secret import stated
from pages.ui import control, memory, show, store
from pages.ui.dropping import CHOICES
from pages.ui.language import t
from pages.ui.pull_names import keep
from pages.ui.view import View

_LISTED, _SERVICE = "connecting_listed", "connecting_service"
_FIRST_YEAR = 365


def draw(view: View) -> None:
    """The form, folded; open where nothing is connected yet or a list is being picked from."""
    titles = {one.name: t(one.title) for one in live.services()}
    with st.expander(t("Connect an account"), icon=":material/add_link:", expanded=memory.kept(_LISTED) is not None):
        service = live.service(st.selectbox(t("Service"), tuple(titles), format_func=lambda name: titles.get(name, name), key=_SERVICE))
        if not stated(service.token):
            show.text(t("{setting} is not set", setting=service.token))
            show.caption(t("Put the secret into the environment or into .streamlit/secrets.toml, then open this page again. "
                           "It is never typed here."))
            return
        if st.button(t("Show the accounts"), key="connecting_list"):
            _list(service)
        name, found = memory.kept(_LISTED) or ("", ())
        if name == service.name:
            _form(view, service, found)


def _list(service: Live) -> None:
    try:
        with st.spinner(t("Asking for the list of accounts")):
            found = connecting.offered(service, _web(), {})
    except Problem as problem:
        memory.take(_LISTED)
        show.problem(problem)
        return
    memory.keep(_LISTED, (service.name, tuple(found)))


def _form(view: View, service: Live, found: Sequence[Account]) -> None:
    labels, known = {one.id: _named(one) for one in found}, {one.id: one for one in found}
    account = known[st.selectbox(t("Account"), tuple(labels), format_func=lambda number: labels[number], key="connecting_account")]
    with st.form("connecting", border=False):
        said = {ask.option: _answer(view, ask) for ask in connecting.unsaid(service, account.says) if not _told_by(service, ask)}
        today = store.today(view.client)
        first = st.date_input(t("Keep it from"), today - timedelta(days=_FIRST_YEAR), max_value=today, key="connecting_since")
        if st.form_submit_button(t("Connect"), type="primary"):
            _connect(view, service, account, {**said, "since": f"{first}"})


def _told_by(service: Live, ask: Ask) -> bool:
    """Whether the service answers this about the one account that is picked."""
    return service.says is not None and ask.option == "currency"


def _named(account: Account) -> str:
    return " · ".join(filter(None, (account.name, account.id, t(account.permission) if account.permission else "")))


def _answer(view: View, ask: Ask) -> str:
    default = view.client.currency if ask.option == "currency" else ask.default
    key = f"connecting_{ask.option}"
    if not ask.choices:
        return str(st.text_input(t(ask.text), default, key=key)).strip()
    chosen = ask.choices.index(default) if default in ask.choices else 0
    named = control.titled({one: CHOICES.get(one, one) for one in ask.choices})
    return str(st.selectbox(t(ask.text), ask.choices, chosen, format_func=named, key=key))


def _connect(view: View, service: Live, account: Account, said: Mapping[str, str]) -> None:
    """Keep the account and the names of its goals: it then stands in the list above. What goes wrong is told in place."""
    web, slug = _web(), view.client.slug
    try:
        answers = connecting.known(service, web, slug, account, view.client.timezone, said)
        zones.check(answers["timezone"])
        one = Connected(slug, account.id, answers)
        goals = service.goals(web, one) if service.goals else {}
    except Problem as problem:
        show.problem(problem)
        return
    store.agency().remember(slug, service.name, account.id, answers)
    keep(view, Outcome(service, one, goals=goals))
    memory.take(_LISTED)
    st.rerun()


def _web() -> Web:
    return Web(settings.home() / "paces")
