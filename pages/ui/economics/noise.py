"""Which change of a driver may be called one: the sums behind it, out of the tree itself, and the verdict on them. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.readings.drivers import Node
from metrics.stats import Kind, Sample, Word, decide, events_of, interval, judge

COUNTS: Mapping[str, str] = {
    key: key for key in ("visits", "visits_new", "clicks", "orders", "orders_new", "orders_repeat", "leads", "deals")
}


@dataclass(frozen=True)
class Rests:
    """What a figure rests on: `over` a product of nodes, `under` one of them, `events` a product that counts what is random."""

    kind: Kind
    over: tuple[str, ...]
    under: str = ""
    events: tuple[str, ...] = ()


RESTS: Mapping[str, Rests] = {
    **{key: Rests(Kind.COUNT, (key,)) for key in COUNTS},
    "cr": Rests(Kind.COUNT, ("orders",), "visits"),
    "cr_lead": Rests(Kind.COUNT, ("leads",), "clicks"),
    "win": Rests(Kind.COUNT, ("deals",), "leads"),
    "active": Rests(Kind.SHARE, ("base", "active"), "base"),
    "cpc": Rests(Kind.COST, ("spend",), "clicks"),
    "aov": Rests(Kind.MEAN, ("orders", "aov"), "orders"),
    "aov_new": Rests(Kind.MEAN, ("orders_new", "aov_new"), "orders_new"),
    "aov_repeat": Rests(Kind.MEAN, ("orders_repeat", "aov_repeat"), "orders_repeat"),
    "deal": Rests(Kind.MEAN, ("deals", "deal"), "deals"),
    "margin_all": Rests(Kind.MONEY, ("margin_all",), "", ("orders",)),
    "margin_new": Rests(Kind.MONEY, ("margin_new",), "", ("orders_new",)),
    "margin_repeat": Rests(Kind.MONEY, ("margin_repeat",), "", ("orders_repeat",)),
    "margin_deals": Rests(Kind.MONEY, ("margin_deals",), "", ("deals",)),
}
"""A figure that is not here has no noise that the tree could tell, and is never coloured."""
EARNED: tuple[tuple[str, str], ...] = (
    ("margin_new", "orders_new"),
    ("margin_repeat", "orders_repeat"),
    ("margin_all", "orders"),
    ("margin_deals", "deals"),
)
"""Margins that a profit is made of, each with the orders behind it. What is taken off is known to the kopeck."""


BY_MODEL: Mapping[tuple[str, str], Rests] = {
    ("cr_new", "visits_new"): Rests(Kind.COUNT, ("orders_new",), "visits_new"),
    ("cr_new", "visits"): Rests(Kind.COUNT, ("visits", "cr_new"), "visits"),
    ("win", "qualified_leads"): Rests(Kind.COUNT, ("deals",), "qualified_leads"),
    ("won", "visits"): Rests(Kind.MONEY, ("won",), "", ("visits", "cr_new")),
}
"""A figure that rests on different nodes in different trees. Shape: (figure, a node that the tree has) → what it rests on."""


def real(key: str, nodes: Mapping[str, Node]) -> bool:
    """Whether the figure has moved over the year beyond chance."""
    if key == "profit":
        return _profit(nodes)
    rests = next((found for (name, there), found in BY_MODEL.items() if name == key and there in nodes), RESTS.get(key))
    if rests is None:
        return False
    before, now = _sample(rests, nodes, True), _sample(rests, nodes, False)
    return before is not None and now is not None and judge(before, now, rests.kind).word in (Word.GREW, Word.FELL)


def _value(key: str, nodes: Mapping[str, Node], before: bool) -> float | None:
    node = nodes.get(key)
    return None if node is None else node.before if before else node.value


def _sample(rests: Rests, nodes: Mapping[str, Node], before: bool) -> Sample | None:
    over, under = _product(rests.over, nodes, before), _value(rests.under, nodes, before) if rests.under else 1.0
    events = _product(rests.events, nodes, before) if rests.events else None
    return None if over is None or under is None else Sample(over, under, events)


def _product(keys: Sequence[str], nodes: Mapping[str, Node], before: bool) -> float | None:
    known = [value for key in keys if (value := _value(key, nodes, before)) is not None]
    return math.prod(known) if len(known) == len(keys) else None


def _profit(nodes: Mapping[str, Node]) -> bool:
    """Profit moves as its margin does; costs only shift it."""
    found = [_earned(nodes, before) for before in (True, False)]
    if None in found:
        return False
    ranges, values, seen = [], [], []
    for before, sample in zip((True, False), found, strict=True):
        profit = _value("profit", nodes, before)
        if sample is None or profit is None:
            return False
        span = interval(sample, Kind.MONEY)
        shift = profit - sample.over
        ranges.append(None if span is None else type(span)(span.low + shift, span.high + shift, span.level, span.method, span.source))
        values.append(profit)
        seen.append(events_of(sample, Kind.MONEY))
    return decide(values[0], ranges[0], values[1], ranges[1], (seen[0], seen[1]), "up").word in (Word.GREW, Word.FELL)


def _earned(nodes: Mapping[str, Node], before: bool) -> Sample | None:
    pairs = [(_value(money, nodes, before), _value(count, nodes, before)) for money, count in EARNED if money in nodes]
    known = [(money, count) for money, count in pairs if money is not None and count is not None]
    if not known or len(known) < len(pairs):
        return None
    return Sample(sum(money for money, _ in known), 1.0, sum(count for _, count in known))
