"""The tree of the month as the page asks for it; and the same with some drivers moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from data.desk import plans
from metrics.drivers import Driver, Product, Sum, Tree, values
from metrics.readings import drivers
from metrics.readings.drivers import DriversReading
from metrics.readings.live import Live, live
from metrics.readings.subject import Subject
from metrics.scope import Settings
from metrics.statements import Run
from pages.ui import control, reading, store
from pages.ui.client_settings import MODELS
from pages.ui.view import View

NAME = "business"


@dataclass(frozen=True, eq=False)
class Known:
    """A month's tree with the months it was read from, so that a slider asks nothing of the store."""

    live: Live
    tree: DriversReading


def model(view: View) -> str:
    """The business model of the client; what is looked at for now where nobody has said it."""
    kept = str(view.client.facts.get("model") or "")
    return kept or control.kept(NAME, MODELS, next(iter(MODELS)))


def subject(view: View) -> Subject:
    return replace(reading.subject(view), model=model(view))


def tree(view: View, month: date) -> Known:
    """The tree of a month, kept with what a what-if needs. Curves are left out: they take seconds and stand in a part of their own."""
    given = {str(key): float(value) for key, value in (view.client.facts.get("drivers") or {}).items()}
    return reading.read(view, _known, month, given, about=subject(view))


def _known(run: Run, settings: Settings, about: Subject, month: date, given: Mapping[str, float]) -> Known:
    found = live(run, settings, about, month, given)
    return Known(found, drivers.described(found, settings))


def plan(view: View, month: date) -> dict[str, float]:
    """The month's targets of the client as a whole. Shape: metric → value."""
    found = plans.of(store.agency(), view.client.slug, month, month)
    return {target.metric: target.value for target in found if not target.channel and target.value is not None}


def followed(found: DriversReading, moved: Mapping[str, float], caps: Mapping[str, float]) -> dict[str, float]:
    """Every node's value when the drivers have moved. Shape: key → value."""
    if not moved:
        return {}
    return {key: float(value) for key, value in values(rebuilt(found), dict(moved), caps).items()}


def rebuilt(found: DriversReading) -> Tree:
    """The tree that the reading describes."""
    leaves = tuple(Driver(one.key, one.name, one.unit, one.owner, one.levers, one.role) for one in found.nodes if not one.formula)
    return Tree(found.model, leaves, tuple(_node(one) for one in found.nodes if one.formula), found.lag)


def _node(one: drivers.Node) -> Product | Sum:
    words = one.formula.split()
    made = tuple((key, -1 if sign in ("/", "-") else 1) for sign, key in zip(["", *words[1::2]], words[::2], strict=True))
    return (Sum if words[1] in ("+", "-") else Product)(one.key, one.name, one.unit, made)
