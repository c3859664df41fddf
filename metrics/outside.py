"""The measures of what is counted elsewhere: steps of a funnel that the client keeps itself, and the demand of the market."""

from __future__ import annotations

from data.tables import DEMAND, STEPS
from metrics.rows import Gives, Measure, Where

MEASURES: tuple[Measure, ...] = (
    Measure(
        "step_reached", "Reached a step", "How many reached a step of the funnel; steps are never added up", "count",
        (Gives(STEPS.name, ("reached",), alone="step"),), adds="not step",
    ),
    Measure(
        "step_amount", "Money at a step", "Money at a step of the funnel, net of VAT; steps are never added up", "money",
        (Gives(STEPS.name, ("amount",), where=(Where("currency", ("",), within=False),), alone="step"),), adds="not step",
    ),
    Measure(
        "searches", "Searches", "How often the phrases were searched", "count", (Gives(DEMAND.name, ("searches",), whole=True),),
    ),
    Measure(
        "demand_strength", "Strength of demand", "Searches; for an index its level times the days of its periods", "number",
        (Gives(DEMAND.name, ("strength",)),),
    ),
    Measure(
        "demand_days", "Days of demand", "Days of the series, each phrase and region by itself", "number", (Gives(DEMAND.name, ("days",)),),
    ),
)
