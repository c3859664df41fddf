"""The measures: what the engine counts and adds up, and which tables can give it, preferred first."""

from __future__ import annotations

from data.tables import AUDIENCE, CONVERSIONS, ORDERS, SPEND, TRAFFIC, VISITS
from metrics.rows import Gives, How, Measure, Where

_VISIT_ROWS = (Where("goal", ("",)),)
_GOAL_ROWS = (Where("goal", ("",), within=False),)
_KEPT = (Where("status", ("cancelled", "spam"), within=False),)


def _of_visits(column: str, whole: bool = True) -> tuple[Gives, ...]:
    """Sums over visits: from the daily roll-up where its breakdown is enough, else from the visits themselves."""
    return (
        Gives(TRAFFIC.name, (column,), where=_VISIT_ROWS, whole=whole, flag="visits"),
        Gives(VISITS.name, (column,), whole=whole),
    )


MEASURES: tuple[Measure, ...] = (
    Measure("visits", "Visits", "Visits of the counter whose visits count", "count", _of_visits("visits", whole=False)),
    Measure(
        "new_visits", "First visits", "Visits that are the first ever of their visitor", "count",
        (*_of_visits("new_visits"), Gives(AUDIENCE.name, ("new_users",), How.EXACT)),
    ),
    Measure("bounces", "Bounces", "Visits that bounced, by the counter's own definition", "count", _of_visits("bounces")),
    Measure("engaged", "Engaged visits", "Visits that engaged; for Metrica those that did not bounce", "count", _of_visits("engaged")),
    Measure("page_views", "Page views", "Pages seen", "count", _of_visits("page_views")),
    Measure("seconds", "Seconds on site", "Time between the first and the last event of visits", "seconds", _of_visits("seconds")),
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
        (Gives(CONVERSIONS.name, ("reaches",)), Gives(TRAFFIC.name, ("reaches",), where=_GOAL_ROWS, flag="goals")),
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
        "orders", "Orders", "Orders that were neither cancelled nor spam", "count",
        (Gives(ORDERS.name, ("orders",), where=_KEPT), Gives(TRAFFIC.name, ("orders",), flag="orders")),
    ),
    Measure(
        "revenue", "Revenue", "Value of orders, less cancelled ones and refunds, net of VAT", "money",
        (Gives(ORDERS.name, ("revenue",), where=_KEPT, minus="refund"), Gives(TRAFFIC.name, ("revenue",), flag="orders")),
    ),
    Measure(
        "gross_revenue", "Order value", "Value of all orders but spam, before cancellations and refunds", "money",
        (Gives(ORDERS.name, ("revenue",), where=(Where("status", ("spam",), within=False),)),),
    ),
    Measure(
        "goods_cost", "Cost of goods", "What the goods of kept orders cost the shop", "money",
        (Gives(ORDERS.name, ("goods_cost",), where=_KEPT, whole=True),),
    ),
    Measure(
        "buyers", "Buyers", "Distinct customers with at least one kept order in the period", "count",
        (
            Gives(ORDERS.name, ("customer",), How.DISTINCT, where=(*_KEPT, Where("customer", ("", "0"), within=False))),
            Gives(AUDIENCE.name, ("buyers",), How.EXACT),
        ),
        adds="none",
    ),
    Measure("cost", "Spend", "Money paid to ad systems, net of VAT", "money", (Gives(SPEND.name, ("cost",)),)),
    Measure("impressions", "Impressions", "Times an ad was shown", "count", (Gives(SPEND.name, ("impressions",), whole=True),)),
    Measure("clicks", "Clicks", "Clicks counted by the ad system", "count", (Gives(SPEND.name, ("clicks",), whole=True),)),
    Measure(
        "claimed", "Claimed conversions", "Conversions that an ad system claims for itself; two systems are never added", "number",
        (Gives(SPEND.name, ("claimed",), whole=True),), adds="none", one_system=True,
    ),
)
