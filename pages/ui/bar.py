"""The shared bar: client, period, comparison, way of counting, filters, language. Once, above every page; its state is the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from data.errors import StoreDamaged
from data.roles import Power
from data.tables import ATTRIBUTIONS
from data.text import languages
from data.warehouse import Warehouse
from data.workspace import Client
from metrics.periods import given
from metrics.query import Only
from metrics.registry import DIMENSIONS
from metrics.scope import Settings
from pages.ui import address, asking, badge, brand, control, damage, language, periods, show, status, store, who
from pages.ui.language import current, t
from pages.ui.store import Choices
from pages.ui.view import View

NOTHING, OWN = "none", "own"
COMPARISONS: Mapping[str, str] = {
    "previous": "vs previous period",
    "weekdays": "vs same weekdays before",
    "year": "vs a year ago",
    OWN: "vs other dates…",
    NOTHING: "no comparison",
}
GROUPINGS: Mapping[str, str] = {"agency": "Agency channels", "google": "Channels as in Google"}
DEVICES: Mapping[str, str] = dict(DIMENSIONS["device"].titles)
EARLIEST = date(2000, 1, 1)
BARE = ("portfolio",)
"""Pages that look at all clients, each at its own last days: period, comparison and filters are nothing there."""
WITHOUT = ("people",)
"""Pages that look at no client at all."""
Filters = tuple[str, str, tuple[str, ...], tuple[str, ...], str, Only, tuple[str, ...]]
_VIEW, _SLOT, _CLIENT = "view", "link_slot", "reader_client"


def view() -> View | None:
    """The view of this run; None while there is no client."""
    found: View | None = st.session_state.get(_VIEW)
    return found


def client() -> Client:
    """The client of this run for those who only read what was sent: they have no view."""
    found: Client = st.session_state[_CLIENT]
    return found


def draw(page: str = "") -> None:
    """Draw the bar and settle the view. The link is drawn by `link`, when the page has said what belongs into it."""
    st.session_state[_VIEW] = st.session_state[_SLOT] = None
    clients = store.clients()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if clients and not who.may(Power.LOOK):
            st.session_state[_CLIENT] = _client(clients)
        elif clients and page not in WITHOUT:
            st.session_state[_VIEW] = _bare(clients) if page in BARE else _choose(clients)
            st.session_state[_SLOT] = st.container(width="content")
        st.space("stretch")
        badge.draw()
        _language()
    _unknown()
    found = view()
    if found:
        damage.draw(clients if page in BARE else {found.client.slug: found.client})
        bare = page in BARE
        said = [_of_all(clients), status.of_all(clients)] if bare else [summary(found), status.of_view(found)]
        show.caption(" · ".join(filter(None, said)))


def summary(view: View) -> str:
    """The view in one line: what a screenshot of any page must say about its figures."""
    said = [show.dates(view.since, view.until), compared(view)]
    if view.counted < view.until:
        said.append(t("loaded until {day}", day=view.counted))
    if view.counter:
        said.append(t("counter {counter}", counter=view.counter))
    said += [t(a.title) for a in ATTRIBUTIONS if a.key == view.attribution]
    if view.goal_names:
        said.append(t("conversions: {goals}", goals=", ".join(view.goal_names)))
    said += view.only_names
    said.append(t("{currency}, net of VAT", currency=view.client.currency))
    return " · ".join(said)


def compared(view: View) -> str:
    """What the period is compared with, in words: by name, or by its days where these do not follow from the name."""
    if "/" in view.against:
        return t("vs {days}", days=show.dates(*given(view.against)))
    return t(COMPARISONS[view.compare or NOTHING])


def link() -> None:
    """Links to what is on the screen: one that moves with the calendar, one that keeps these days."""
    view, slot = st.session_state.get(_VIEW), st.session_state.get(_SLOT)
    if view is None or slot is None:
        return
    with slot.popover(t("Link"), icon=":material/link:"):
        here, said = (st.context.url or "").split("?")[0], address.parameters()
        if "period" not in said:
            st.code(address.link(here, said), language=None, wrap_lines=True)
            return
        if said.get("period") != [periods.CUSTOM]:
            show.caption(t("Moves with the calendar: {period}", period=t(periods.TITLES[said["period"][0]])))
            st.code(address.link(here, said), language=None, wrap_lines=True)
        fixed = {"period": [periods.CUSTOM], "since": [view.since.isoformat()], "until": [view.until.isoformat()]}
        show.caption(t("Keeps these days: {days}", days=show.dates(view.since, view.until)))
        st.code(address.link(here, said | fixed), language=None, wrap_lines=True)


def jump(since: date, until: date) -> None:
    """Change the period, from a button's callback."""
    address.put("period", periods.CUSTOM)
    address.put("since", since)
    address.put("until", until)


def choose(name: str, value: str) -> None:
    """Change one choice, from a button's callback."""
    address.put(name, value)


def _client(clients: Mapping[str, Client]) -> Client:
    """The logo and the name of the client that is chosen."""
    names = {slug: store.name(client, current().language) for slug, client in clients.items()}
    known = control.kept("client", tuple(clients), next(iter(clients)))
    brand.of_client(clients[known], names[known])
    return clients[control.pick("client", t("Client"), names, next(iter(clients)), 190, always=True)]


def _choose(clients: Mapping[str, Client]) -> View:
    client = _client(clients)
    # NB: held, so that all of one page is of one version, and the pointer to it is read once.
    kept = store.agency().store(client).pinned()
    choices = store.choices(client, kept, current().language)
    fiscal = Settings.of(client.currency, client.facts, 0).fiscal
    since, until, whole = _period(client, choices, fiscal)
    return View(
        client, store.name(client, current().language), kept, kept.version(), store.today(client), choices.loaded, since, until,
        _comparison(since, until, choices), *_filters(client, kept, choices), whole, fiscal,
    )


def _bare(clients: Mapping[str, Client]) -> View:
    """The view of a page that looks at all clients: nothing of it is for the viewer to choose there."""
    client = clients[control.kept("client", tuple(clients), next(iter(clients)))]
    address.keep("client", client.slug)
    kept, today = store.agency().store(client), store.today(client)
    try:
        version, loaded = kept.version(), store.choices(client, kept, current().language).loaded
    except StoreDamaged:
        # The client's own row says what is wrong.
        version, loaded = 0, None
    return View(
        client, store.name(client, current().language), kept, version, today, loaded, *periods.days(periods.DEFAULT, today, loaded),
        "previous", "", "", (), (), "agency", (), (),
    )


def _of_all(clients: Mapping[str, Client]) -> str:
    """What holds for the figures of all clients."""
    currencies = ", ".join(dict.fromkeys(client.currency for client in clients.values()))
    return t("each client up to its last loaded day") + " · " + t("{currency}, net of VAT", currency=currencies)


def _comparison(since: date, until: date, choices: Choices) -> str:
    """What the period is compared with, as a view says it."""
    comparisons = {key: t(title) for key, title in COMPARISONS.items()}
    compare = control.pick("compare", t("Comparison"), comparisons, "previous", 190, always=True)
    if compare != OWN:
        return "" if compare == NOTHING else compare
    back = until - since + timedelta(days=1)
    latest = max(until, choices.loaded[1]) if choices.loaded else until
    first = _date("against_since", t("Compare from"), since - back, latest)
    last = _date("against_until", t("Compare to"), until - back, latest)
    return periods.stretch(min(first, last), max(first, last))


def _filters(client: Client, kept: Warehouse, choices: Choices) -> Filters:
    """Counter, attribution, goals and their names, grouping, and the filters proper and their names: as the view wants them."""
    models = {a.key: t(a.title) for a in ATTRIBUTIONS if a.key in choices.attributions}
    key_goals = store.key_goals(client)
    with st.popover(t("Filters"), icon=":material/tune:", key="filters"):
        counters = {one: one for one in choices.counters}
        counter = control.pick_labelled("counter", t("Counter"), counters, next(iter(counters), ""))
        attribution = control.pick_labelled("attribution", t("Attribution model"), models, next(iter(models), ""))
        goals = control.several("goals", t("Conversions are"), choices.goals, t("Key goals") if key_goals else t("All goals"))
        grouping = control.pick_labelled("grouping", t("Channels"), {key: t(title) for key, title in GROUPINGS.items()}, choices.grouping)
        only, names = _only(client, kept, choices, grouping)
    counted = goals or key_goals
    return counter, attribution, counted, tuple(choices.goals.get(goal, goal) for goal in counted), grouping, only, names


def _only(client: Client, kept: Warehouse, choices: Choices, grouping: str) -> tuple[Only, tuple[str, ...]]:
    """Channels and devices to look at alone. Shape: (filters, their words)."""
    channels = asking.channels(client, kept, grouping, choices.loaded) if choices.loaded else {}
    titles = {"channel": {key: t(title) for key, title in channels.items()}, "device": {key: t(DEVICES[key]) for key in choices.devices}}
    labels = {"channel": (t("Only channels"), t("All channels")), "device": (t("Devices"), t("All devices"))}
    chosen = {key: control.several(key, labels[key][0], titles[key], labels[key][1]) for key in titles}
    names = tuple(titles[key][value] for key, values in chosen.items() for value in values)
    return tuple((key, values) for key, values in chosen.items() if values), names


def _period(client: Client, choices: Choices, fiscal: int) -> tuple[date, date, date]:
    """The first and last day, and the last one of the period that they begin."""
    today = store.today(client)
    titles = {key: t(title) for key, title in periods.TITLES.items()}
    period = control.pick("period", t("Period"), titles, periods.DEFAULT, 205, always=True)
    since, until = periods.days(period, today, choices.loaded, fiscal)
    if period != periods.CUSTOM:
        return since, until, periods.whole(period, since, until)
    latest = max(today, choices.loaded[1]) if choices.loaded else today
    chosen = _date("since", t("From"), since, latest), _date("until", t("To"), until, latest)
    return min(chosen), max(chosen), max(chosen)


def _date(name: str, label: str, default: date, latest: date) -> date:
    key = address.day(name, default, EARLIEST, latest)
    chosen: date = st.date_input(
        label, key=key, min_value=EARLIEST, max_value=latest, label_visibility="collapsed", width=118,
        format="DD.MM.YYYY" if current().russian else "YYYY-MM-DD",
    )
    address.keep(name, chosen.isoformat())
    return chosen


def _language() -> None:
    st.segmented_control(
        t("Language"), languages(), format_func=str.upper, key=language.resolve(), required=True, label_visibility="collapsed"
    )
    address.keep(language.NAME, current().language)


def languages_alone() -> None:
    """The choice of a language, where there is nothing else to choose yet."""
    _language()


def _unknown() -> None:
    """Words in a link that name nothing there is: said, and left out."""
    for name, value in address.unknown():
        said = t("The link says {name}={value}, and there is no such choice here: it was left out.", name=name, value=value)
        st.warning(show.marked(said))
