"""What moves the money: the client's tree with live numbers, levers by what is within reach, what-if, and where the next rouble works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from data.batches import Note
from metrics.drivers import formula, undefined, values
from metrics.readings.live import Live, live
from metrics.readings.response import ResponseReading, read_spend
from metrics.readings.subject import Backing, Subject, backing, known, last_loaded
from metrics.scope import Settings
from metrics.spending.levers import rank_levers
from metrics.spending.what_if import Scenario, what_if
from metrics.statements import Run

if TYPE_CHECKING:
    from data.desk.marks import Mark

_SEASONS = Note("drivers", "A lever's own range holds all seasons: its better end may be a December.")
GROWN = 0.5
"""Of the present base of customers, from which a month's share of active ones may be compared."""


@dataclass(frozen=True)
class Node:
    """A driver or what follows from drivers. `formula` is empty for a driver; `before` is the same month's value a year ago."""

    key: str
    name: str
    unit: str
    value: float | None
    before: float | None
    formula: str
    owner: str = ""
    levers: str = ""
    role: str = ""


@dataclass(frozen=True)
class Reach:
    """A lever. `goal` is the better end of its own 10 to 90 % range, `gain` what that would bring, `by_tenth` what 10 % more would."""

    key: str
    name: str
    unit: str
    owner: str
    levers: str
    now: float
    low: float | None
    high: float | None
    goal: float | None
    gain: float | None
    by_tenth: float
    elasticity: float | None
    periods: int
    reason: Note | None


@dataclass(frozen=True)
class WhatIf:
    """What a change would do to the outcome in a month like this one: point and 80 % range, and what most of the doubt comes from."""

    changes: Mapping[str, float]
    before: float | None
    after: float | None
    low: float | None
    middle: float | None
    high: float | None
    moved: Mapping[str, float]
    dominant: str
    dominant_share: float
    notes: tuple[Note, ...]
    reason: Note | None


@dataclass(frozen=True)
class DriversReading:
    """A month of a business as a tree. The last node is the outcome; levers stand by gain, best first."""

    model: str
    month: date
    currency: str
    outcome: str
    outcome_name: str
    outcome_unit: str
    value: float | None
    lag: str
    nodes: tuple[Node, ...]
    levers: tuple[Reach, ...]
    what_if: WhatIf | None
    response: ResponseReading | None
    notes: tuple[Note, ...]
    backing: Backing
    note: Note | None = None


def read(
    run: Run,
    settings: Settings,
    subject: Subject,
    month: date,
    given: Mapping[str, float] | None = None,
    changes: Mapping[str, float] | None = None,
    caps: Mapping[str, float] | None = None,
    marks: Sequence[Mark] = (),
    response: bool = True,
) -> DriversReading:
    """The tree of a full month.

    `given`: drivers that no source knows; `changes`: shares by which drivers are moved in a what-if; `caps`: limits of nodes (stock, hours
    of the call centre). Without `response` the curves, which take seconds, are not fitted.
    """
    found = live(run, settings, subject, month, given or {})
    last = last_loaded(run, ("spend",)) if response else None
    curves = read_spend(run, settings, subject, last, marks) if last else None
    return replace(described(found, settings), what_if=tried(found, changes or {}, caps), response=curves)


def described(found: Live, settings: Settings) -> DriversReading:
    """The tree and its levers, without anything moved; asks nothing of the store."""
    tree, now = found.tree, found.now
    reason = found.reason or undefined(tree, now)
    every = values(tree, now)
    return DriversReading(
        tree.model,
        found.month,
        found.result.currency if found.result else settings.currency,
        tree.outcome.key,
        tree.outcome.name,
        tree.outcome.unit,
        known(float(every[tree.outcome.key])),
        tree.lag,
        _nodes(found),
        _levers(found) if not reason else (),
        None,
        None,
        (*found.notes, *((_SEASONS,) if not reason else ())),
        backing(found.result) if found.result else Backing(),
        reason,
    )


def tried(found: Live, changes: Mapping[str, float], caps: Mapping[str, float] | None = None) -> WhatIf | None:
    """What comes of moved drivers; asks nothing of the store. None where nothing is moved, or where the tree itself is not known."""
    if not changes or found.reason or undefined(found.tree, found.now):
        return None
    return _what_if(changes, what_if(found.tree, found.now, changes, caps=caps, spread=_spread(found)))


def _nodes(found: Live) -> tuple[Node, ...]:
    tree = found.tree
    now = values(tree, found.now)
    ago = found.history[found.history.index == _year_before(found)] if len(found.history) else found.history
    then = values(tree, {str(key): float(value) for key, value in ago.iloc[0].items()}) if len(ago) else {}
    drivers = [
        Node(
            one.key,
            one.name,
            one.unit,
            known(float(now[one.key])),
            known(float(then.get(one.key, np.nan))),
            "",
            one.owner,
            one.levers,
            one.role,
        )
        for one in tree.drivers
    ]
    return (
        *drivers,
        *(
            Node(one.key, one.name, one.unit, known(float(now[one.key])), known(float(then.get(one.key, np.nan))), formula(one))
            for one in tree.nodes
        ),
    )


def _year_before(found: Live) -> np.datetime64:
    return np.datetime64(date(found.month.year - 1, found.month.month, 1))


def _levers(found: Live) -> tuple[Reach, ...]:
    past = found.history.loc[[day.date() < found.month for day in found.history.index]]
    if "base" in past:
        # NB: a base that has only begun to be counted is small and very active; its months are no example.
        past = past[past["base"] >= GROWN * found.now["base"]]
    ranked = rank_levers(found.tree, found.now, past).levers
    return tuple(
        Reach(
            one.driver.key,
            one.driver.name,
            one.driver.unit,
            one.driver.owner,
            one.driver.levers,
            one.now,
            known(one.low),
            known(one.high),
            known(one.high if one.at_high >= one.at_low else one.low) if one.reason is None else None,
            known(one.gain) if one.reason is None else None,
            one.by_tenth,
            known(one.elasticity),
            one.periods,
            one.reason,
        )
        for one in ranked
        if one.now == one.now
    )


def _spread(found: Live) -> dict[str, float]:
    """How much each driver jumps from month to month, as a share: what a month like this one may turn out to be."""
    spread = {}
    for key in found.history.columns:
        column = found.history[key].where(found.history[key] > 0)
        steps = np.log(column).diff().dropna()
        if len(steps) >= 6 and float(steps.std()) > 0:
            spread[str(key)] = float(steps.std() / np.sqrt(2))
    return spread


def _what_if(changes: Mapping[str, float], found: Scenario) -> WhatIf:
    effect = found.effect
    return WhatIf(
        dict(changes),
        known(found.before),
        known(found.after),
        effect.low if effect else None,
        effect.mid if effect else None,
        effect.high if effect else None,
        dict(found.moved),
        found.dominant,
        found.dominant_share,
        found.notes,
        found.reason,
    )
