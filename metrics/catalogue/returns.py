"""What spend gives back. `margin` is the client's contribution margin as a share of revenue, from the settings."""

from metrics.rows import Metric

SHOPS = ("shop", "subscription")
ALL = ("shop", "leads", "subscription", "b2b")
METRICA = "Yandex.Metrica, expense reports: CRR is cost divided by revenue, ROI is revenue less cost divided by cost"

ROWS: tuple[Metric, ...] = (
    Metric(
        "drr", "Cost-revenue ratio", "Which part of the revenue went to advertising.",
        over="cost", under="revenue", unit="share", section="return", better="down", price=True, models=SHOPS, cite=METRICA,
        edge="Both sides net of VAT. With spend and no revenue it is undefined, which is worse than any number.",
        levers="Cost of a click, conversion rate, average order.",
        misreading="Under 20 % is fine. It depends on margin: break-even is where the ratio equals the margin.",
        example=({"cost": 200000, "revenue": 1000000}, 0.2),
    ),
    Metric(
        "roas", "ROAS", "Revenue per unit of spend.",
        over="revenue", under="cost", unit="multiple", section="return", better="up", models=SHOPS,
        edge="Undefined without spend: organic traffic has neither an infinite nor a zero return.",
        levers="Cost of a click, conversion rate, average order: it is the cost-revenue ratio turned over.",
        misreading="Three is good. At a margin of 25 % it loses a quarter of the spend.",
        example=({"revenue": 1000000, "cost": 200000}, 5.0),
    ),
    Metric(
        "romi", "ROMI", "What every unit of spend brought back beyond itself, after the cost of goods and delivery.",
        over="margin * revenue - cost", under="cost", unit="share", section="return", better="up", models=ALL, cite=METRICA,
        edge="Needs the client's margin; without one it is reckoned on revenue and says so. Break-even is zero.",
        levers="Everything at once: price of traffic, conversion, average order, margin.",
        misreading="Reckoned on revenue, which is ROAS less one: it flatters every channel alike.",
        example=({"revenue": 1000000, "cost": 200000, "margin": 0.3}, 0.5),
    ),
    Metric(
        "roi", "ROI", "What every unit of full spend brought back beyond itself: media, levy and the agency's fee together.",
        over="margin * revenue - media - levy - fee", under="media + levy + fee", unit="share", section="return", better="up", models=ALL,
        edge="Needs the client's margin. Salaries, rent and other fixed costs are not known here and not in it.",
        levers="As for ROMI, and the terms with the agency.",
        misreading="ROI and ROMI used as one word: ROMI leaves out what surrounds the media.",
        example=({"revenue": 1000000, "margin": 0.3, "media": 200000, "levy": 6000, "fee": 34000}, 0.25),
    ),
    Metric(
        "mer", "MER", "All revenue divided by full spend, whatever channel an order is credited to.",
        over="revenue", under="media + levy + fee", unit="multiple", section="return", better="up", models=SHOPS,
        edge="Read it in total: there no attribution can move it. Undefined without spend.",
        levers="Everything together; free channels and old customers too.",
        misreading="Taken for the return of advertising: loyal customers would have bought anyway.",
        example=({"revenue": 1150000, "media": 200000, "levy": 6000, "fee": 24000}, 5.0),
    ),
    Metric(
        "contribution", "Contribution", "Money that stays after the goods and the advertising are paid.",
        over="margin * revenue - cost", unit="money", section="return", better="up", models=ALL,
        edge="Needs the client's margin; without one it is reckoned on revenue and says so.",
        levers="As for ROMI, and volume: a channel with a modest ROMI and much volume may contribute most.",
        misreading="A channel with the best ROMI is taken for the most valuable one.",
        example=({"revenue": 1000000, "cost": 200000, "margin": 0.3}, 100000.0),
    ),
    Metric(
        "contribution_per_visit", "Contribution per visit", "What an average visit leaves after the goods and its own price are paid.",
        over="margin * revenue - cost", under="visits", unit="money", section="return", better="up", models=("shop",),
        edge="Needs the client's margin; without one it is reckoned on revenue and says so.",
        levers="Conversion rate and average order against the price of the visit.",
        misreading="Averaged over paid and unpaid traffic: read it by channel.",
        example=({"revenue": 100000, "cost": 20000, "margin": 0.3, "visits": 1000}, 10.0),
    ),
    Metric(
        "efficiency_index", "Efficiency index",
        "Share of results divided by share of budget: how much cheaper than average this row gets its conversions.",
        over="reaches", under="cost", relative="index", unit="multiple", section="return", better="up", models=ALL,
        edge="One is the average of the rows with spend. Rows without spend have none.",
        levers="Move the next part of the budget, not the whole: the average says nothing about the next rouble.",
        misreading="Below one means cut it. Look at what the last part of its budget brings first.",
        example=({"reaches": 30, "cost": 50000, "average reaches": 100, "average cost": 250000}, 1.5),
    ),
)
