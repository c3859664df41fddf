"""The measures: what the engine counts and adds up, and which tables can give it, preferred first."""

from __future__ import annotations

from data.tables import AUDIENCE, CONVERSIONS, ORDERS, SPEND, TRAFFIC, VISITS
from metrics.acquisition import LOST, NOBODY
from metrics.rows import Gives, How, Measure, Where

_VISIT_ROWS = (Where("goal", ("",)),)
_GOAL_ROWS = (Where("goal", ("",), within=False),)
_KEPT = (Where("status", LOST, within=False),)
_KNOWN = Where("customer", NOBODY, within=False)
_BOUGHT = Where("orders", (0,), within=False)
"""NB: a refund in a row of its own is 0 orders, and its customer has bought nothing by it."""


def _of_visits(column: str, whole: bool = True, channels: str = "") -> tuple[Gives, ...]:
    """Sums over visits: from the daily roll-up where its breakdown is enough, else from the visits themselves."""
    return (
        Gives(TRAFFIC.name, (column,), where=_VISIT_ROWS, whole=whole, flag="visits", channels=channels),
        Gives(VISITS.name, (column,), whole=whole, channels=channels),
    )


def _of_reaches(channels: str = "") -> tuple[Gives, ...]:
    return (
        Gives(CONVERSIONS.name, ("reaches",), channels=channels),
        Gives(TRAFFIC.name, ("reaches",), where=_GOAL_ROWS, flag="goals", channels=channels),
    )


def _of_orders(*where: Where, nth: str = "", channels: str = "", sent: str = "") -> tuple[Gives, ...]:
    return (Gives(ORDERS.name, ("orders",), where=where, nth=nth, channels=channels, sent=sent),)


def _in_status(status: str) -> tuple[Gives, ...]:
    """Orders of one status. NB: a source that sends no statuses does not have zero paid orders."""
    return _of_orders(Where("status", (status,)), sent="status")


_ASKED = Where("status", ("spam",), within=False)
_SOLD = (*_KEPT, _BOUGHT)


MEASURES: tuple[Measure, ...] = (
    Measure("visits", "Visits", "Visits of the counter whose visits count", "count", _of_visits("visits", whole=False)),
    Measure(
        "new_visits", "First visits", "Visits that are the first ever of their visitor", "count",
        (*_of_visits("new_visits"), Gives(AUDIENCE.name, ("new_users",), How.EXACT)),
    ),
    Measure("bounces", "Bounces", "Visits that bounced, by the counter's own definition", "count", _of_visits("bounces")),
    Measure("engaged", "Engaged visits", "Visits that engaged; for Metrica those that did not bounce", "count", _of_visits("engaged")),
    Measure(
        "page_views", "Page views", "Pages seen", "count",
        # A log of hits may know views where visits cannot be counted.
        (*_of_visits("page_views"), Gives(TRAFFIC.name, ("page_views",), where=_VISIT_ROWS, whole=True, flag="views")), noise="visits",
    ),
    Measure(
        "seconds", "Seconds on site", "Time between the first and the last event of visits", "seconds", _of_visits("seconds"),
        noise="visits", spread=2.0,
    ),
    Measure(
        "unknown_visits", "Visits without a source", "Direct visits, and those whose source was not determined", "count",
        _of_visits("visits", whole=False, channels="unknown"),
    ),
    Measure(
        "users", "Visitors", "Distinct visitors over exactly the period and the slice asked for", "count",
        (
            Gives(VISITS.name, ("visitor",), How.DISTINCT, where=(Where("visitor", (0,), within=False),)),
            Gives(AUDIENCE.name, ("users",), How.EXACT),
        ),
        adds="none",
    ),
    Measure(
        "reaches", "Goal reaches", "Reaches of the chosen goals; one visit may hold several", "count",
        _of_reaches(),
    ),
    Measure(
        "paid_reaches", "Goal reaches from paid channels", "Reaches of the chosen goals in channels that are bought", "count",
        _of_reaches("paid"),
    ),
    Measure(
        "goal_visits", "Goal visits", "Distinct visits in which at least one of the chosen goals was reached", "count",
        (
            Gives(CONVERSIONS.name, ("year", "visit"), How.DISTINCT),
            Gives(TRAFFIC.name, ("goal_visits",), where=_GOAL_ROWS, flag="goals", one_goal=True),
        ),
        adds="not goal",
    ),
    Measure(
        "cart_visits", "Visits with a cart", "Distinct visits in which something was put into the cart", "count",
        (
            Gives(CONVERSIONS.name, ("year", "visit"), How.DISTINCT, stage="cart"),
            Gives(TRAFFIC.name, ("goal_visits",), where=_GOAL_ROWS, flag="goals", one_goal=True, stage="cart"),
        ),
        adds="not goal", needs="name the goals of the cart in the client's settings",
    ),
    Measure(
        "orders", "Orders", "Orders that were neither cancelled nor spam", "count",
        (*_of_orders(*_KEPT), Gives(TRAFFIC.name, ("orders",), flag="orders")),
    ),
    Measure("all_orders", "Orders of every status", "All orders and requests, cancelled ones and spam among them", "count", _of_orders()),
    Measure(
        "asked_orders", "Requests", "Orders and requests of every status but spam, by the day on which they came", "count",
        _of_orders(_ASKED),
    ),
    Measure(
        "qualified_orders", "Qualified requests", "Requests that the sales people call qualified", "count",
        (Gives(ORDERS.name, ("qualified",), where=(_ASKED,), whole=True),),
        needs="the CRM's sheet needs a column that says it, such as “Qualified”",
    ),
    Measure(
        "answer_seconds", "Time to the first answer", "Middle request: half of them wait less for the first answer, half of them longer",
        "seconds", (Gives(ORDERS.name, ("answer_seconds",), How.MEDIAN, where=(_ASKED,)),), adds="none", noise="unknown",
        needs="the CRM's sheet needs a column with it, such as “First response” with a time",
    ),
    Measure(
        "cycle_days", "Deal cycle", "Days from the request to the win, of the middle deal; open ones count as not won so far", "number",
        (Gives(ORDERS.name, ("lead_day", "closed_day"), How.SURVIVAL, where=(Where("status", ("spam", ""), within=False), _BOUGHT)),),
        adds="none", noise="unknown", needs="the CRM's sheet needs statuses and the day on which each deal was closed",
    ),
    Measure(
        "paid_orders", "Paid orders", "Orders that the shop or the CRM calls paid or won", "count", _in_status("paid"),
    ),
    Measure(
        "open_orders", "Open orders", "Orders and deals that are neither paid nor lost yet", "count", _in_status("open"),
    ),
    Measure(
        "cancelled_orders", "Cancelled orders", "Orders that were cancelled, deals that were lost", "count", _in_status("cancelled"),
    ),
    Measure("spam_orders", "Spam", "Requests that the CRM calls spam", "count", _in_status("spam")),
    Measure(
        "first_orders", "New customers", "First kept orders of customers, as far back as orders are loaded", "count",
        _of_orders(*_KEPT, nth="first"),
    ),
    Measure(
        "paid_first_orders", "New customers from paid channels", "First kept orders that are credited to channels that are bought", "count",
        _of_orders(*_KEPT, nth="first", channels="paid"),
    ),
    Measure(
        "later_orders", "Repeat orders", "Kept orders of customers who had ordered before", "count", _of_orders(*_KEPT, nth="later"),
    ),
    Measure(
        "revenue", "Revenue", "Value of orders, less cancelled ones and refunds, net of VAT", "money",
        (Gives(ORDERS.name, ("revenue",), where=_KEPT, minus="refund"), Gives(TRAFFIC.name, ("revenue",), flag="orders")),
        noise="orders",
    ),
    Measure(
        "later_revenue", "Revenue of repeat orders", "Value of kept orders of customers who had ordered before, less refunds", "money",
        (Gives(ORDERS.name, ("revenue",), where=_KEPT, minus="refund", nth="later"),), noise="later_orders",
    ),
    Measure(
        "refunds", "Refunds", "Money paid back for kept orders, on the day of the order", "money",
        (Gives(ORDERS.name, ("refund",), where=_KEPT),), noise="orders",
    ),
    Measure(
        "gross_revenue", "Order value", "Value of all orders but spam, before cancellations and refunds", "money",
        (Gives(ORDERS.name, ("revenue",), where=(_ASKED,)),), noise="asked_orders",
    ),
    Measure(
        "open_revenue", "Open order value", "Value of orders and deals that are neither paid nor lost yet", "money",
        (Gives(ORDERS.name, ("revenue",), where=(Where("status", ("open",)),), sent="status"),), noise="open_orders",
    ),
    Measure(
        "median_order", "Median order", "Value of the middle order: half of the kept orders are smaller, half of them larger", "money",
        (Gives(ORDERS.name, ("revenue",), How.MEDIAN, where=_SOLD),), adds="none", noise="unknown",
    ),
    Measure(
        "commission", "Marketplace commission", "What the marketplace keeps of kept orders, net of VAT", "money",
        (Gives(ORDERS.name, ("commission",), where=_KEPT, whole=True),), noise="orders",
        needs="the sheet of orders needs a column with it, such as “Commission”",
    ),
    Measure(
        "goods_cost", "Cost of goods", "What the goods of kept orders cost the shop", "money",
        (Gives(ORDERS.name, ("goods_cost",), where=_KEPT, whole=True, way="goods"),), noise="orders",
    ),
    Measure(
        "buyers", "Buyers", "Distinct customers with at least one kept order in the period", "count",
        (
            Gives(ORDERS.name, ("customer",), How.DISTINCT, where=(*_SOLD, _KNOWN)),
            Gives(AUDIENCE.name, ("buyers",), How.EXACT),
        ),
        adds="none",
    ),
    Measure(
        "repeat_buyers", "Buyers with two orders", "Distinct customers with at least two kept orders in the period", "count",
        (Gives(ORDERS.name, ("customer",), How.DISTINCT, where=(*_SOLD, _KNOWN), least=2),), adds="none",
    ),
    Measure(
        "cost", "Spend", "Money paid to ad systems, net of VAT; with VAT, levy or fee where the client's terms count them", "money",
        (Gives(SPEND.name, ("cost",), way="spend"),), noise="exact",
    ),
    Measure(
        "media", "Media", "Money paid to ad systems; with VAT where the client's terms say so", "money",
        (Gives(SPEND.name, ("cost",), way="media"),), noise="exact",
    ),
    Measure(
        "levy", "Advertising levy", "Levy that is billed on to the client, a share of what media cost", "money",
        (Gives(SPEND.name, ("cost",), way="levy"),), noise="exact",
    ),
    Measure(
        "fee", "Agency's fee", "The agency's fee, a share of what media cost", "money", (Gives(SPEND.name, ("cost",), way="fee"),),
        noise="exact",
    ),
    Measure(
        "impressions", "Impressions", "Times an ad was shown", "count", (Gives(SPEND.name, ("impressions",), whole=True),), noise="exact",
    ),
    Measure("clicks", "Clicks", "Clicks counted by the ad system", "count", (Gives(SPEND.name, ("clicks",), whole=True),)),
    Measure(
        "claimed", "Claimed conversions", "Conversions that an ad system claims for itself; two systems are never added", "number",
        (Gives(SPEND.name, ("claimed",), whole=True),), adds="none", one_system=True, noise="exact",
    ),
)
