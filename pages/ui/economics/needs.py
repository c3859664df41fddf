"""What the tree still lacks, and which export or setting brings it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from metrics.readings.drivers import DriversReading
from pages.ui import listing, show
from pages.ui.language import current, t

_VISITS = "Visits: a log or a report of Metrica, or an export of Google Analytics."
_SPEND = "Spend: an export of the ad account, or a sheet of costs."
_ORDERS = "Orders: e-commerce in the Metrica log, the shop's orders or the CRM's deals."
_BUYERS = "Customers: orders with the number of the customer."
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
    "cr_lead": "Leads: goals in the counter's export.",
    "margin": "Margin: the client's settings on the Data page.",
    "mrr": _ORDERS,
    "nrr": _BUYERS,
    "arpa": _BUYERS,
}


def lacking(found: DriversReading) -> dict[str, str]:
    """Drivers without a value. Shape: name → what brings it, in the viewer's language."""
    return {t(one.name): t(BRINGS.get(one.key, _TYPED)) for one in found.nodes if not one.formula and one.value is None}


def draw(found: DriversReading) -> None:
    """The reason, and a line per driver that lacks."""
    show.section(t("What is missing"))
    if found.note is not None:
        show.text(current().note(found.note))
    show.pairs(lacking(found))
    st.page_link(listing.file_of("data"), label=t("Load files"), icon=":material/arrow_forward:")
