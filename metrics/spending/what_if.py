"""What would happen if: a change is followed through what it drags along and through what holds it back, and comes out as a range.

More spend moves along the response curve, so the next click costs more; a higher price loses buyers; stock and the call centre cap the
volume. Inputs that are not known exactly are sampled, the same samples before and after, and the input that matters most is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.batches import Note
from metrics.drivers import Tree, Value, undefined, values
from metrics.stages.stage_outlook import Span

Floats = NDArray[np.float64]
Curve = Callable[[float], float]

DRAWS = 1000
PRICE_ELASTICITY = -2.6
"""Of volume by price, the mean of 1 851 published estimates. Source: Bijmolt, van Heerde & Pieters 2005."""
PRICE_ELASTICITY_SPREAD = 1.0


@dataclass(frozen=True)
class Link:
    """The target changes by `elasticity` percent for each percent of the cause; `spread` is the standard deviation of that number."""

    cause: str
    target: str
    elasticity: float
    spread: float = 0.0


@dataclass(frozen=True)
class Response:
    """The target follows a response curve of the cause; curves beyond the first are bootstrap draws of it.

    `follows`: "volume" (visits grow as the curve does), "yield" (a rate falls as the result per rouble falls), "price" (a cost per unit
    rises as that falls).
    """

    cause: str
    target: str
    curves: Sequence[Curve]
    follows: str


@dataclass(frozen=True)
class Scenario:
    """What a change does: `effect` is the change of the outcome with its 10 to 90 % range, `moved` the drivers as they end up.

    `held` are the nodes that their caps stop; `dominant` is the input that most of the doubt comes from, with its share of the variance.
    """

    before: float = float("nan")
    after: float = float("nan")
    effect: Span | None = None
    moved: Mapping[str, float] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    dominant: str = ""
    dominant_share: float = 0.0
    notes: tuple[Note, ...] = ()
    reason: Note | None = None


def price_link(price: str, rate: str) -> Link:
    """The published mean for price, to be shown as an assumption until the client's own is known."""
    return Link(price, rate, PRICE_ELASTICITY, PRICE_ELASTICITY_SPREAD)


def what_if(
    tree: Tree,
    now: Mapping[str, float],
    changes: Mapping[str, float],
    links: Sequence[Link | Response] = (),
    caps: Mapping[str, float] | None = None,
    spread: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Scenario:
    """Follow changes of drivers through the tree.

    Unit: `changes` shares of the drivers' present values (0.1 is +10 %); `caps` limits of nodes; `spread` relative standard deviations of
    drivers that are not known exactly.
    """
    reason = undefined(tree, now) or _impossible(tree, now, changes, links)
    if reason:
        return Scenario(reason=reason)
    caps, spread = caps or {}, spread or {}
    world = _World(tree, now, changes, tuple(links), caps)
    point, sampled = world.run({}), _draws(spread, links, seed)
    low, high = np.quantile(world.run(sampled).change * np.ones(DRAWS), [0.1, 0.9])
    change = float(point.change)
    dominant, share = _dominant(world, sampled)
    return Scenario(
        before=float(point.before),
        after=float(point.before) + change,
        effect=Span(float(min(low, change)), change, float(max(high, change))),
        moved={key: float(value) for key, value in point.moved.items()},
        held=point.held,
        dominant=dominant,
        dominant_share=share,
        notes=_notes(tree, links, point.held),
    )


def _impossible(tree: Tree, now: Mapping[str, float], changes: Mapping[str, float], links: Sequence[Link | Response]) -> Note | None:
    """Why these changes cannot be followed, if so."""
    known = {driver.key for driver in tree.drivers}
    asked = [*changes, *(link.cause for link in links), *(link.target for link in links)]
    for key in asked:
        if key not in known:
            return Note("drivers", "The tree has no driver {driver}.", {"driver": key})
    for link in links:
        if now[link.cause] <= 0:
            facts = {"driver": tree.driver(link.cause).name}
            return Note("drivers", "{driver} is zero now: there is no present point from which to follow its effect", facts)
    return None


@dataclass(frozen=True)
class _Run:
    before: Value
    change: Value
    moved: Mapping[str, Value]
    held: tuple[str, ...]


@dataclass(frozen=True)
class _World:
    tree: Tree
    now: Mapping[str, float]
    changes: Mapping[str, float]
    links: tuple[Link | Response, ...]
    caps: Mapping[str, float]

    def run(self, sampled: Mapping[str, Floats]) -> _Run:
        """Before and after under the sampled inputs; what is not sampled stays at its point."""
        start = {key: self._bounded(key, value * sampled.get(key, 1.0)) for key, value in self.now.items()}
        moved: dict[str, Value] = {key: value * (1 + self.changes.get(key, 0.0)) for key, value in start.items()}
        for link in self.links:
            moved[link.target] = moved[link.target] * _factor(link, start[link.cause], moved[link.cause], sampled)
        moved = {key: self._bounded(key, value) for key, value in moved.items()}
        free, before, after = values(self.tree, moved), values(self.tree, start, self.caps), values(self.tree, moved, self.caps)
        held = tuple(key for key, cap in self.caps.items() if float(np.median(free[key])) > cap)
        outcome = self.tree.outcome.key
        return _Run(before[outcome], after[outcome] - before[outcome], moved, held)

    def _bounded(self, key: str, value: Value) -> Value:
        bounded: Value = np.minimum(value, 1.0) if self.tree.driver(key).unit == "share" else value
        return bounded


def _factor(link: Link | Response, before: Value, after: Value, sampled: Mapping[str, Floats]) -> Value:
    if isinstance(link, Link):
        ratio: Value = (np.asarray(after) / before) ** (link.elasticity + sampled.get(_name(link), 0.0))
        return ratio
    picked = np.asarray(sampled.get(_name(link), 0.0))
    followed = np.vectorize(lambda pick, old, new: _along(link, int(pick), old, new), otypes=[float])
    return np.asarray(followed(picked, before, after), dtype=float)


def _along(link: Response, pick: int, before: float, after: float) -> float:
    curve = link.curves[pick]
    volume = curve(after) / curve(before)
    per_unit = volume * before / after
    return {"volume": volume, "yield": per_unit, "price": 1 / per_unit}[link.follows]


def _name(link: Link | Response) -> str:
    return f"{link.cause} → {link.target}"


def _draws(spread: Mapping[str, float], links: Sequence[Link | Response], seed: int) -> dict[str, Floats]:
    """Samples of every input that is not known exactly."""
    random = np.random.default_rng(seed)
    drawn = {key: np.exp(random.normal(0, size, DRAWS) - size**2 / 2) for key, size in spread.items() if size > 0}
    for link in links:
        if isinstance(link, Link) and link.spread:
            drawn[_name(link)] = random.normal(0, link.spread, DRAWS)
        elif isinstance(link, Response) and len(link.curves) > 1:
            drawn[_name(link)] = random.integers(1, len(link.curves), DRAWS).astype(float)
    return drawn


def _dominant(world: _World, sampled: Mapping[str, Floats]) -> tuple[str, float]:
    """The input whose own doubt moves the effect most, the others held at their point. Source: Sobol 1993, first-order effects."""
    own = {key: float(np.var(world.run({key: drawn}).change)) for key, drawn in sampled.items()}
    total = sum(own.values())
    if total <= 0:
        return "", 0.0
    key = max(own, key=lambda name: own[name])
    return key, own[key] / total


def _notes(tree: Tree, links: Sequence[Link | Response], held: tuple[str, ...]) -> tuple[Note, ...]:
    found = [Note("drivers", "Held back by a limit: {node}", {"node": tree.name(node)}) for node in held]
    if any(isinstance(link, Link) for link in links):
        found.append(Note("drivers", "Assumption: elasticities are given, not measured on this client"))
    return tuple(found)
