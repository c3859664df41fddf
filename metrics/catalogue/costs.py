"""What attention and results cost."""

from metrics.rows import Metric

ALL = ("shop", "leads", "subscription", "b2b")
METRICA = "Yandex.Metrica, expense reports: money without VAT; cost per reach divides cost by reaches"

ROWS: tuple[Metric, ...] = (
    Metric(
        "spend", "Spend", "Money paid to ad systems, net of VAT.",
        over="cost", unit="money", section="cost", better="neutral", models=ALL, cite=METRICA,
        edge="Agency fee, bonuses and production are not in it. Currencies are never mixed.",
        levers="Budgets, bids, strategies, days and hours of showing.",
        misreading="Compared with an invoice, which has VAT and perhaps the fee in it.",
        example=({"cost": 250000}, 250000),
    ),
    Metric(
        "impressions", "Impressions", "How many times ads were shown.",
        over="impressions", unit="count", section="cost", better="neutral", models=ALL,
        edge="Not known for every system: some send money only.",
        levers="Budget, breadth of targeting, bids.",
        misreading="Impressions are not people: the same person sees an ad many times.",
        example=({"impressions": 90000}, 90000),
    ),
    Metric(
        "clicks", "Clicks", "Clicks on ads as the ad system counts them.",
        over="clicks", unit="count", section="cost", better="up", models=ALL,
        edge="A click is not a visit: 5 to 20 % of clicks never open the page.",
        levers="Creative, bids, targeting.",
        misreading="Clicks of the ad system and visits of the counter added or compared as equals.",
        example=({"clicks": 1800}, 1800),
    ),
    Metric(
        "ctr", "CTR", "Which part of the impressions was clicked.",
        over="clicks", under="impressions", unit="share", section="cost", better="up", models=ALL,
        edge="Search and network differ tenfold: look at them apart.",
        levers="Headline, creative, extensions, negative keywords, narrower targeting.",
        misreading="Clickbait has a splendid CTR and no sales.",
        example=({"clicks": 1800, "impressions": 90000}, 0.02),
    ),
    Metric(
        "cpc", "CPC", "What one click costs.",
        over="cost", under="clicks", unit="money", section="cost", better="down", models=ALL,
        edge="Undefined where there was spend and no click: see the spend itself.",
        levers="Bids, quality of the ad, less crowded auctions, hours and regions.",
        misreading="Cheap clicks are good. They are when they convert.",
        example=({"cost": 54000, "clicks": 1800}, 30.0),
    ),
    Metric(
        "cpm", "CPM", "What a thousand impressions cost.",
        over="1000 * cost", under="impressions", unit="money", section="cost", better="down", models=ALL,
        edge="Only where impressions are known.",
        levers="Season, breadth of the audience, format.",
        misreading="Compared across formats of different size and visibility.",
        example=({"cost": 54000, "impressions": 90000}, 600.0),
    ),
    Metric(
        "cost_per_visit", "Cost per visit", "Spend divided by the visits that the counter saw from the same channel.",
        over="cost", under="visits", unit="money", section="cost", better="down", models=ALL,
        edge="Organic visits make the total cheaper than any paid channel: read it by channel.",
        levers="Speed of the page (fewer lost clicks), cleaning of placements, bids.",
        misreading="Taken for CPC. The gap between the two is clicks that never became visits.",
        example=({"cost": 54000, "visits": 1500}, 36.0),
    ),
    Metric(
        "visits_per_click", "Visits per click", "Which part of the paid clicks the counter saw as visits.",
        over="visits", under="clicks", unit="share", section="cost", better="up", models=ALL,
        edge="Meaningful for one paid channel or campaign; over everything it mixes in unpaid visits.",
        levers="Speed of the page, the counter placed high in the code, tags that survive redirects.",
        misreading="Above 100 %: the channel's visits came back without a new click, or tags are shared.",
        example=({"visits": 1500, "clicks": 1800}, 1500 / 1800),
    ),
    Metric(
        "cpa", "CPA", "What one conversion costs.",
        over="cost", under="reaches", unit="money", section="cost", better="down", models=ALL, cite=METRICA,
        edge="With no conversion it is undefined; that is not zero but a warning. Few conversions make it jump.",
        levers="CPA is the cost of a visit divided by the conversion rate: lower the one or raise the other.",
        misreading="Two goals of different worth in one CPA.",
        example=({"cost": 60000, "reaches": 8}, 7500.0),
    ),
    Metric(
        "cpo", "Cost per order", "Spend divided by orders.",
        over="cost", under="orders", unit="money", section="cost", better="down", models=("shop",),
        edge="Orders of old customers are in it: it is not the price of a new customer.",
        levers="Conversion of the shop, bids, brand and retargeting shares.",
        misreading="Called CAC. That one divides by new customers only.",
        example=({"cost": 60000, "orders": 40}, 1500.0),
    ),
    Metric(
        "cpb", "Cost per buyer", "Spend divided by different buyers of the period, new and old.",
        over="cost", under="buyers", unit="money", section="cost", better="down", models=("shop", "subscription"),
        edge="Needs orders with customers; a query of its own for every slice.",
        levers="As for cost per order, and more orders per buyer.",
        misreading="Read as the price of a new customer though half of the buyers may be old.",
        example=({"cost": 60000, "buyers": 30}, 2000.0),
    ),
    Metric(
        "claimed", "Claimed conversions", "Conversions an ad system credits to itself, by its own window and model.",
        over="claimed", unit="number", section="cost", better="neutral", models=ALL,
        edge="Shown per ad system only: every system claims the same order, so the sum counts it several times.",
        levers="Nothing here is to be improved; it is a check on the systems' own reports.",
        misreading="Claims of Direct and VK added up exceed the real orders.",
        example=({"claimed": 41.5}, 41.5),
    ),
    Metric(
        "cost_share", "Share of spend", "Which part of the whole spend went here.",
        over="cost", relative="share", unit="share", section="cost", better="neutral", models=ALL,
        edge="Shares add up to 100 % over all rows, also those below the cut.",
        levers="Budget between channels.",
        misreading="Read without the share of results beside it.",
        example=({"cost": 75000, "total cost": 250000}, 0.3),
    ),
)
