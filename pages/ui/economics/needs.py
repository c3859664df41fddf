"""What the tree still lacks, and which export or setting brings it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from metrics.readings.drivers import DriversReading
from metrics.result import Result
from pages.ui import asking, listing, show
from pages.ui.language import current, t
from pages.ui.view import View

_VISITS = "Visits: a log or a report of Metrica, or an export of Google Analytics."
_SPEND = "Spend: an export of the ad account, or a sheet of costs."
_ORDERS = "Orders: e-commerce in the Metrica log, the shop's orders or the CRM's deals."
_BUYERS = "Customers: orders with the number of the customer."
_LEADS = "Leads: goals in the counter's export."
_CLICKS = "Clicks: an export of the ad account."
_DEALS = "Deals: the CRM's export."
_TYPED = "Nobody reports it: it is entered by hand."
BRINGS: Mapping[str, str] = {
    "visits": _VISITS,
    "visits_new": _VISITS,
    "cr": _ORDERS,
    "aov": _ORDERS,
    "cr_new": _ORDERS,
    "aov_new": _ORDERS,
    "base": _BUYERS,
    "active": _BUYERS,
    "frequency": _BUYERS,
    "aov_repeat": _BUYERS,
    "spend": _SPEND,
    "cpc": _CLICKS,
    "win": _DEALS,
    "deal": _DEALS,
    "cr_lead": _LEADS,
    "margin": "Margin: the client's settings on the Data page.",
    "mrr": _ORDERS,
    "nrr": _BUYERS,
    "arpa": _BUYERS,
}


LOADED: Mapping[str, str] = {_VISITS: "visits", _SPEND: "spend", _ORDERS: "orders", _CLICKS: "clicks", _LEADS: "conversions"}
"""What brings it → the metric that is there once it is loaded."""


def draw(view: View, found: DriversReading) -> None:
    """The reason, and a line per export or setting that is missing."""
    show.section(t("What is missing"))
    wanted = lacking(found, _asked(view, found))
    told = any(node.value is not None for node in found.nodes)
    if found.note is not None and (told or not wanted):
        show.text(current().note(found.note))
    show.pairs(wanted)
    st.page_link(listing.file_of("data"), label=t("Load files"), icon=":material/arrow_forward:")


def lacking(found: DriversReading, asked: Result) -> dict[str, str]:
    """Shape: what brings it → the drivers that wait for it, in the viewer's language. What is loaded already is not asked for."""
    wanted: dict[str, list[str]] = {}
    for one in found.nodes:
        brings = BRINGS.get(one.key, _TYPED)
        if not one.formula and one.value is None and not asked.total.get(LOADED.get(brings, "")):
            wanted.setdefault(t(brings), []).append(t(one.name))
    return {brings: ", ".join(names) for brings, names in wanted.items()}


def _asked(view: View, found: DriversReading) -> Result:
    """What the month holds."""
    until = (found.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = replace(view, since=found.month, until=until, compare="", only=(), only_names=())
    return asking.ask(days, tuple(LOADED.values()))
