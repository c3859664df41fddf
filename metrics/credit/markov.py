"""Markov attribution: what share of conversions would be lost without a channel, solved exactly.

A chain walks from the start over states (the last `order` channels) to a conversion or to nothing, with the transition shares of the
journeys. The removal effect of a channel is the share of conversions whose walk visits it. Removing states C from the chain takes away s
N[:, C] N[C, C]^-1 N[C, :] r of the conversion probability s N r (N = (I - Q)^-1), so one inversion of the chain serves all channels.
Chains of journeys are small (hundreds of states) and fill up when factorised, so a dense inversion beats a sparse one at every size that
occurs.

Source: Anderl, Becker, von Wangenheim, Schumann 2016, "Mapping the customer journey"; the block identity is Schur's complement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.credit.paths import Floats, Ints, Paths

THIN = 30
"""Visits below which a state says little."""
MOST = 2_500
"""States beyond which a chain is not solved; 50 channels two touches back make about as many."""


@dataclass(frozen=True)
class Removal:
    """What the chain says. Shape: `effects` (channels,), zero for channels that no path has.

    Unit: `probability` is the chance that a journey converts, equal to the observed share; `effects` shares of the conversions that
    would be lost. `thin` is the share of state visits that fall to states seen fewer than `THIN` times.
    """

    order: int
    probability: float
    effects: Floats
    states: int
    thin: float

    def shares(self) -> Floats:
        """Effects made to add up to 1. Shape: (channels,); zeros where nothing converts."""
        total = self.effects.sum()
        return self.effects / total if total > 0 else np.zeros_like(self.effects)


@dataclass(frozen=True)
class Chain:
    """States in order of their codes. Shape: `leave` (states, states) transition shares, `start` and `convert` (states,),
    `members` (states, order) channels of each state, -1 for none, `seen` (states,) visits."""

    leave: Floats
    start: Floats
    convert: Floats
    members: Ints
    seen: Floats


def removal(paths: Paths, order: int = 1) -> Removal | None:
    """Removal effects of all channels; None where the chain has more than `MOST` states.

    `order` is how many touches back the next step depends on: 1 or more.
    """
    used = paths.take(paths.journeys > 0)
    if not len(used) or used.conversions.sum() <= 0:
        return Removal(order, 0.0, np.zeros(len(paths.channels)), 0, 0.0)
    chain = build(used, order)
    if chain is None:
        return None
    visits = np.linalg.inv(np.identity(len(chain.start)) - chain.leave)
    reach, success = chain.start @ visits, visits @ chain.convert
    probability = float(chain.start @ success)
    effects = np.zeros(len(paths.channels))
    for channel in np.flatnonzero(np.bincount(used.codes)):
        held = np.flatnonzero((chain.members == channel).any(axis=1))
        effects[channel] = reach[held] @ np.linalg.solve(visits[np.ix_(held, held)], success[held]) / probability
    thin = float(chain.seen[chain.seen < THIN].sum() / chain.seen.sum())
    return Removal(order, probability, effects, len(chain.start), thin)


def build(paths: Paths, order: int) -> Chain | None:
    """The chain of the journeys. A path no longer than `order` is one state; a longer one is its windows of `order` touches."""
    base = len(paths.channels) + 1
    state, first, last = _states(paths, order, base)
    names, place = _numbered(state, base**order)
    if len(names) > MOST:
        return None
    weight = paths.journeys
    owner = np.repeat(np.arange(len(paths)), last - first + 1)
    inner = np.ones(len(state), dtype=bool)
    inner[last] = False
    seen = np.asarray(np.bincount(place, weights=weight[owner], minlength=len(names)), dtype=np.float64)
    steps = place[inner] * len(names) + place[np.flatnonzero(inner) + 1]
    return Chain(
        leave=np.bincount(steps, weights=weight[owner[inner]], minlength=len(names) ** 2).reshape(len(names), -1) / seen[:, None],
        start=np.bincount(place[first], weights=weight, minlength=len(names)) / weight.sum(),
        convert=np.bincount(place[last], weights=paths.conversions, minlength=len(names)) / seen,
        members=np.stack([names // base**back % base for back in range(order)], axis=1) - 1,
        seen=seen,
    )


def _numbered(state: Ints, most: int) -> tuple[Ints, Ints]:
    """The distinct states in order, and the place of each step's state among them. NB: a table of all states is many times faster
    than sorting the steps, so it is used while it is small."""
    if most > 1 << 22:
        return np.unique(state, return_inverse=True)
    present = np.zeros(most, dtype=bool)
    present[state] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[state]


def _states(paths: Paths, order: int, base: int) -> tuple[Ints, Ints, Ints]:
    """State of every step of every path, and the places of each path's first and last step.

    A state is written in base `base` with the newest touch as the lowest digit; a digit of zero is no touch.
    """
    short = np.minimum(paths.lengths, order) - 1
    position = np.arange(len(paths.codes)) - paths.first[paths.owner]
    word = paths.codes + 1
    for back in range(1, order):
        word = word + np.where(position >= back, np.roll(paths.codes, back) + 1, 0) * base**back
    steps = paths.lengths - short
    last = np.cumsum(steps) - 1
    return word[position >= short[paths.owner]], last - steps + 1, last
