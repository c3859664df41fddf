"""A reading of drivers as a tree of boxes: values, changes over a year with their verdicts, plans, and the what-if. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from data.text import DASH, MINUS, Words
from metrics.readings.drivers import DriversReading, Node
from metrics.sentences.forms import figure, points, signed
from pages.ui.economics import noise
from pages.ui.economics.tree import Box

PLANNED: Mapping[str, str] = {
    "visits": "visits",
    "visits_new": "visits",
    "spend": "spend",
    "cpc": "cpc",
    "orders": "orders",
    "mrr_next": "revenue",
}
"""Node → the planned metric that is exactly it."""
LESS: frozenset[str] = frozenset({"cpc"})
"""Less of these is better; of costs neither is."""
COSTS: frozenset[str] = frozenset({"spend", "fixed", "fee"})
Plan = Mapping[str, float]
Values = Mapping[str, float]


def root(reading: DriversReading, plan: Plan, then: Values, say: Words) -> Box:
    """The outcome with everything under it. `then` are values in the what-if, where there is one."""
    nodes = {node.key: node for node in reading.nodes}
    return _box(nodes[reading.outcome], "", nodes, reading, plan, then, say)


def _box(
    node: Node,
    sign: str,
    nodes: Mapping[str, Node],
    reading: DriversReading,
    plan: Plan,
    then: Values,
    say: Words,
) -> Box:
    change, tone = moved(node, nodes, say)
    planned = plan.get(PLANNED.get(node.key, ""))
    later = then.get(node.key)
    return Box(
        node.key,
        say.t(node.name),
        DASH if node.value is None else figure(node.value, node.unit, reading.currency, say),
        change,
        tone,
        "" if planned is None else _planned(planned, node, reading, say),
        "" if later is None or later == node.value else figure(later, node.unit, reading.currency, say),
        sign.replace("-", MINUS),
        node.value is None,
        tuple(_box(nodes[key], mark, nodes, reading, plan, then, say) for mark, key in parts(node)),
    )


def parts(node: Node) -> list[tuple[str, str]]:
    """What a node is made of. Shape: (sign before it, key); the first has none."""
    words = node.formula.split()
    return list(zip(["", *words[1::2]], words[::2], strict=True)) if words else []


def _planned(planned: float, node: Node, reading: DriversReading, say: Words) -> str:
    facts = {"plan": figure(planned, node.unit, reading.currency, say)}
    if node.value is None or not planned:
        return say.t("plan {plan}", **facts)
    return say.t("plan {plan} · {pace}", **facts, pace=say.share(node.value / planned, 0))


def moved(node: Node, nodes: Mapping[str, Node], say: Words) -> tuple[str, str]:
    """The change over a year and its tone: coloured only where chance does not explain it and where more or less is better."""
    if node.value is None or node.before is None:
        return "", "flat"
    text = difference(node.before, node.value, node.unit, say)
    if text == say.t("unchanged"):
        return text, "flat"
    arrow = "▲" if node.value > node.before else "▼"
    if node.key in COSTS or not noise.real(node.key, nodes):
        return f"{arrow} {text}", "flat"
    return f"{arrow} {text}", "good" if (node.value > node.before) != (node.key in LESS) else "bad"


def difference(before: float, now: float, unit: str, say: Words) -> str:
    """A change with its sign: points for shares, percent for everything else."""
    if now == before:
        return say.t("unchanged")
    plus = "+" if now > before else ""
    if unit == "share":
        return f"{plus}{points(now - before, say)}"
    if not before:
        return say.t("was zero")
    share = (now - before) / abs(before)
    return f"{plus}{say.share(share, 0 if abs(share) >= 0.1 else 1)}"


def effect(value: float | None, reading: DriversReading, say: Words) -> str:
    """A difference of the outcome; a small count to a tenth, because half a lead is not none."""
    if value is not None and reading.outcome_unit == "count" and abs(value) < 10:
        return f"{'+' if value > 0 else ''}{say.number(value, 0 if value == round(value) else 1)}"
    return signed(value, reading.outcome_unit, reading.currency, say)
