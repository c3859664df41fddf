"""The demo agency's three clients, in the order of its portfolio."""

from __future__ import annotations

from data.demo.client_leads import LEADS
from data.demo.client_shop import SHOP
from data.demo.client_subscription import SUBSCRIPTION
from data.demo.plan import Plan

PLANS: tuple[Plan, ...] = (SHOP, LEADS, SUBSCRIPTION)
CURRENCY = "RUB"

COUNTRIES = {"Almaty": "Kazakhstan", "Astana": "Kazakhstan", "Minsk": "Belarus"}
"""Countries of the cities that are not in Russia."""
