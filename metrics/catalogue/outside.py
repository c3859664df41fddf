"""What others count: the steps of a funnel that the client keeps itself, and the demand of the market."""

from metrics.rows import Metric

ALL = ("shop", "leads", "subscription", "b2b")

ROWS: tuple[Metric, ...] = (
    Metric(
        "step_reached", "Reached the step", "How many reached a step of the client's own funnel: visits, contacts, offers, deals.",
        over="step_reached", unit="count", section="outside", better="up", models=("leads", "b2b"),
        edge="Steps are set side by side and never added up: without a breakdown by step there is no total.",
        levers="The step with the greatest loss after it: speed of the first call, quality of the offer, follow-up.",
        misreading="Deals of a month divided by visits of the same month, though a deal takes months from its visit.",
        example=({"step_reached": 5272}, 5272),
    ),
    Metric(
        "step_amount", "Money at the step", "Money at a step of the client's own funnel, net of VAT.",
        over="step_amount", unit="money", section="outside", better="up", models=("leads", "b2b"),
        edge="Known only where the client's sheet has money; offers and deals are different money and are never added up.",
        levers="Share of offers that are won, size of the offer, discounts.",
        misreading="Money of offers taken for money that was earned.",
        example=({"step_amount": 1200000}, 1200000),
    ),
    Metric(
        "step_ticket", "Money per deal of the step", "Money at a step divided by how many reached it.",
        over="step_amount", under="step_reached", unit="money", section="outside", better="up", models=("leads", "b2b"),
        edge="Needs a step of which both the number and the money are loaded.",
        levers="Mix of products and customers, discounts.",
        misreading="One great deal lifts it for a quarter.",
        example=({"step_amount": 1200000, "step_reached": 8}, 150000.0),
    ),
    Metric(
        "demand", "Demand, searches", "How often people search for the chosen phrases.",
        over="searches", unit="count", section="outside", better="neutral", models=ALL,
        cite="Yandex Wordstat: searches of a phrase contain those of longer phrases that include it",
        edge="Phrases that contain each other count one search twice. Not known where the source gives an index and no number.",
        levers="None by itself: it is the market. Fame and news move the demand for a brand.",
        misreading="Growth of visits in a growing market taken for one's own success.",
        example=({"searches": 48000}, 48000),
    ),
    Metric(
        "demand_index", "Demand index", "Demand per day against the average of the period shown: 1.2 is a fifth above it.",
        over="demand_strength", under="demand_days", relative="index", unit="multiple", section="outside", better="neutral", models=ALL,
        edge="Months are compared by day, so that a short February is not a fall. Of several phrases the more searched one weighs more.",
        levers="None by itself: it tells season and market apart from one's own work.",
        misreading="Compared between two questions: it is relative to the average of the period and the rows that were asked for.",
        example=({"demand_strength": 6200, "demand_days": 31, "average demand_strength": 58400, "average demand_days": 365}, 1.25),
    ),
)
