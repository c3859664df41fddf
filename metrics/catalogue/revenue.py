"""Orders and the money they bring."""

from metrics.rows import Metric

SHOPS = ("shop", "subscription")
ALL = ("shop", "leads", "subscription", "b2b")

ROWS: tuple[Metric, ...] = (
    Metric(
        "orders", "Orders", "Orders placed, without cancelled ones and spam.",
        over="orders", unit="count", section="revenue", better="up", models=ALL,
        edge="Where the shop sends no status, every order counts. Two sources of orders are never added.",
        levers="Traffic times conversion rate; work with old customers.",
        misreading="Orders of the counter and orders of the CRM expected to be equal: the counter loses some.",
        example=({"orders": 320}, 320),
    ),
    Metric(
        "revenue", "Revenue", "Value of the orders net of VAT, less cancellations and refunds.",
        over="revenue", unit="money", section="revenue", better="up", models=ALL,
        edge="A counter seldom knows about refunds: its revenue is closer to order value than to money received.",
        levers="Number of orders, average order, fewer refunds.",
        misreading="Revenue with VAT set against spend without it.",
        example=({"revenue": 1600000}, 1600000),
    ),
    Metric(
        "gross_revenue", "Order value", "Value of all orders before cancellations and refunds, net of VAT.",
        over="gross_revenue", unit="money", section="revenue", better="up", models=("shop",),
        edge="Only from order data, not from daily totals of a counter.",
        levers="Number of orders and average order.",
        misreading="Taken for revenue: a shop with one third of its orders cancelled lives in another world.",
        example=({"gross_revenue": 1900000}, 1900000),
    ),
    Metric(
        "lost_share", "Cancelled and refunded share", "Which part of the order value was cancelled or paid back.",
        over="gross_revenue - revenue", under="gross_revenue", unit="share", section="revenue", better="down", models=("shop",),
        edge="Fresh orders are not yet cancelled: the last two to four weeks look better than they will be.",
        levers="Photographs and descriptions, delivery time, confirmation calls, prepayment.",
        misreading="A falling share in the current month is only the calendar.",
        example=({"gross_revenue": 2000000, "revenue": 1700000}, 0.15),
    ),
    Metric(
        "aov", "Average order", "Revenue per order.",
        over="revenue", under="orders", unit="money", section="revenue", better="up", models=SHOPS,
        edge="A few large orders can move it: with under thirty orders do not draw conclusions.",
        levers="Cross-selling, sets, a threshold for free delivery, prices.",
        misreading="It grew because small orders disappeared, and the money fell.",
        example=({"revenue": 362110, "orders": 5690}, 362110 / 5690),
    ),
    Metric(
        "arpu", "Revenue per visitor", "Revenue divided by different visitors of the period.",
        over="revenue", under="users", unit="money", section="revenue", better="up", models=SHOPS,
        edge="Grows with the length of the period by itself: compare equal periods only.",
        levers="Conversion, average order, return visits.",
        misreading="Monthly figures added up to a yearly one.",
        example=({"revenue": 150000, "users": 5000}, 30.0),
    ),
    Metric(
        "arppu", "Revenue per buyer", "Revenue divided by different buyers of the period.",
        over="revenue", under="buyers", unit="money", section="revenue", better="up", models=SHOPS,
        edge="Grows with the length of the period by itself: compare equal periods only.",
        levers="Frequency of orders, average order.",
        misreading="Taken for lifetime value. It knows one period only.",
        example=({"revenue": 362110, "buyers": 4418}, 362110 / 4418),
    ),
    Metric(
        "revenue_per_visit", "Revenue per visit", "What an average visit brings.",
        over="revenue", under="visits", unit="money", section="revenue", better="up", models=("shop",),
        edge="Undefined without visits.",
        levers="It is conversion rate times average order: either one.",
        misreading="Compared with CPC without margin: a visit that brings 40 and costs 30 may lose money.",
        example=({"revenue": 80000, "visits": 2000}, 40.0),
    ),
    Metric(
        "gross_profit", "Gross profit", "Revenue less the cost of the goods sold.",
        over="revenue - goods_cost", unit="money", section="revenue", better="up", models=("shop",),
        edge="Only where every order carries the cost of its goods; otherwise it is not shown.",
        levers="Purchase prices, assortment, fewer discounts.",
        misreading="Delivery, payment fees and packing are not in it.",
        example=({"revenue": 1600000, "goods_cost": 1000000}, 600000),
    ),
    Metric(
        "revenue_share", "Share of revenue", "Which part of all revenue this row brought.",
        over="revenue", relative="share", unit="share", section="revenue", better="neutral", models=("shop",),
        edge="Shares add up to 100 % over all rows, also those below the cut.",
        levers="Budget between channels.",
        misreading="Read without the share of spend beside it.",
        example=({"revenue": 300000, "total revenue": 1200000}, 0.25),
    ),
)
