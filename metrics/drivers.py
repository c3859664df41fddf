"""Driver trees: how the money of a business follows from a few numbers that somebody can move, one tree per business model.

A tree is data: leaves are drivers, every other node is a product of powers or a sum with signs. So its value, its formula and its
exact derivatives come from the same rows. Values may be numbers or arrays of samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.batches import Note

Floats = NDArray[np.float64]
Value = float | Floats

LEVER, BUDGET, GIVEN = "lever", "budget", "given"


@dataclass(frozen=True)
class Driver:
    """A number that somebody can move; `metric` is its id in the registry.

    `role`: lever, budget (moved on purpose, along a response curve) or given.
    Unit: `unit` is count, share, money or multiple; a share stays within 0 and 1.
    """

    key: str
    name: str
    unit: str
    owner: str
    levers: str = ""
    role: str = LEVER
    metric: str = ""


@dataclass(frozen=True)
class Product:
    """A product of its parts, each to a power: spend / cpc is (("spend", 1), ("cpc", -1))."""

    key: str
    name: str
    unit: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Sum:
    """A sum of its parts, each with a sign."""

    key: str
    name: str
    unit: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Tree:
    """A business model. `nodes` stand below what uses them; the last one is the outcome. `lag` says when the money comes."""

    model: str
    drivers: tuple[Driver, ...]
    nodes: tuple[Product | Sum, ...]
    lag: str = ""

    @property
    def outcome(self) -> Product | Sum:
        return self.nodes[-1]

    def driver(self, key: str) -> Driver:
        return next(driver for driver in self.drivers if driver.key == key)

    def name(self, key: str) -> str:
        """Name of a driver or a node."""
        return next(part.name for part in (*self.drivers, *self.nodes) if part.key == key)


def values(tree: Tree, drivers: Mapping[str, Value], caps: Mapping[str, float] | None = None) -> dict[str, Value]:
    """Every node's value, drivers included; a node with a cap takes no more than it (stock, hours of the call centre).

    A driver that is not given, or a division by zero, makes what hangs on it NaN: undefined, never zero.
    """
    caps = caps or {}
    found: dict[str, Value] = {driver.key: _capped(drivers.get(driver.key, np.nan), caps.get(driver.key)) for driver in tree.drivers}
    for node in tree.nodes:
        found[node.key] = _capped(_combined(node, found), caps.get(node.key))
    return found


def _capped(value: Value, cap: float | None) -> Value:
    return value if cap is None else np.minimum(value, cap)


def _combined(node: Product | Sum, found: Mapping[str, Value]) -> Value:
    if isinstance(node, Sum):
        return sum((sign * found[key] for key, sign in node.parts), start=0.0)
    product: Value = 1.0
    for key, power in node.parts:
        product = product * (found[key] if power == 1 else _power(found[key], power))
    return product


def _power(value: Value, power: int) -> Value:
    safe = np.where(np.asarray(value) == 0, np.nan, value) ** float(power)
    return float(safe) if np.ndim(value) == 0 else safe


def slopes(tree: Tree, drivers: Mapping[str, float]) -> dict[str, float]:
    """Exact derivative of the outcome by each driver, by the product and the sum rule. Unit: of the outcome per unit of the driver."""
    found = values(tree, drivers)
    wrt: dict[str, dict[str, float]] = {driver.key: {driver.key: 1.0} for driver in tree.drivers}
    for node in tree.nodes:
        wrt[node.key] = _derived(node, found, wrt)
    return {driver.key: wrt[tree.outcome.key].get(driver.key, 0.0) for driver in tree.drivers}


def _derived(node: Product | Sum, found: Mapping[str, Value], wrt: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    out: dict[str, float] = {}
    for place, (key, number) in enumerate(node.parts):
        outer = float(number) if isinstance(node, Sum) else _by_part(node, place, found)
        for driver, inner in wrt[key].items():
            out[driver] = out.get(driver, 0.0) + outer * inner
    return out


def _by_part(node: Product, place: int, found: Mapping[str, Value]) -> float:
    """Derivative of a product by one of its parts, also where that part is zero."""
    key, power = node.parts[place]
    rest = Product(node.key, node.name, node.unit, node.parts[:place] + node.parts[place + 1 :])
    own = 1.0 if power == 1 else power * float(_power(found[key], power - 1))
    return own * float(_combined(rest, found))


def formula(node: Product | Sum) -> str:
    """The node as people write it, in keys: `spend / cpc`, `margin_new + margin_repeat - spend - fixed`."""
    plus, minus = (" + ", " - ") if isinstance(node, Sum) else (" × ", " / ")
    return node.parts[0][0] + "".join((plus if number > 0 else minus) + key for key, number in node.parts[1:])


def undefined(tree: Tree, drivers: Mapping[str, float]) -> Note | None:
    """Which drivers are missing for the outcome, if any."""
    lacking = [driver.name for driver in tree.drivers if not np.isfinite(drivers.get(driver.key, np.nan))]
    if lacking:
        return Note("drivers", "The tree needs {first} (missing: {n})", {"first": lacking[0], "n": len(lacking)})
    if not np.isfinite(values(tree, drivers)[tree.outcome.key]):
        return Note("drivers", "The outcome is undefined: something is divided by zero")
    return None


# ------------------------------------------------------------------------------------------------------------ trees

_SITE, _ADS, _SALES, _CRM, _CLIENT = "Site owner", "Ads specialist", "Sales team", "CRM marketer", "Client"


def shop() -> Tree:
    """Profit of a shop: first orders from visits, repeat orders from the base."""
    return Tree(
        "shop",
        (
            Driver("visits_new", "Visits of new buyers", "count", _ADS, "Budget, SEO, seeding, brand", metric="visits"),
            Driver("cr_new", "Conversion into a first order", "share", _SITE, "Price, stock, checkout, delivery", metric="cr_order"),
            Driver("aov_new", "Average first order", "money", _SITE, "Sets, free-delivery threshold, price", metric="aov"),
            Driver("base", "Customers who have bought before", "count", _CRM, "Collect contacts and consents", GIVEN),
            Driver("active", "Share of the base that is still active", "share", _CRM, "Win-back, loyalty, service"),
            Driver("frequency", "Orders per active customer", "multiple", _CRM, "Second-purchase chains, subscription", metric="frequency"),
            Driver("aov_repeat", "Average repeat order", "money", _CRM, "Cross-sell, larger packs", metric="aov"),
            Driver("margin", "Margin", "share", _CLIENT, "Purchasing, price, fewer discounts"),
            Driver("spend", "Spend", "money", _ADS, "Budget", BUDGET, "spend"),
            Driver("fixed", "Fixed costs", "money", _CLIENT, "", GIVEN),
        ),
        (
            Product("orders_new", "First orders", "count", (("visits_new", 1), ("cr_new", 1))),
            Product("orders_repeat", "Repeat orders", "count", (("base", 1), ("active", 1), ("frequency", 1))),
            Product("margin_new", "Margin of first orders", "money", (("orders_new", 1), ("aov_new", 1), ("margin", 1))),
            Product("margin_repeat", "Margin of repeat orders", "money", (("orders_repeat", 1), ("aov_repeat", 1), ("margin", 1))),
            Sum("profit", "Profit", "money", (("margin_new", 1), ("margin_repeat", 1), ("spend", -1), ("fixed", -1))),
        ),
    )


def leads() -> Tree:
    """Profit of a lead business: paid visits become leads, qualified leads, deals."""
    return Tree(
        "leads",
        (
            Driver("spend", "Spend", "money", _ADS, "Budget", BUDGET, "spend"),
            Driver("cpc", "CPC", "money", _ADS, "Bids, quality of ads, less crowded hours and regions", metric="cpc"),
            Driver("cr_lead", "Conversion into a lead", "share", _SITE, "Offer, form, speed, targeting", metric="cr"),
            Driver("qualified", "Share of qualified leads", "share", _ADS, "Targeting, questions in the form"),
            Driver("win", "Share of qualified leads won", "share", _SALES, "Speed of answer, script, price"),
            Driver("deal", "Average deal", "money", _SALES, "Packages, price, upsell"),
            Driver("margin", "Margin", "share", _CLIENT, "Purchasing, price, fewer discounts"),
            Driver("fee", "Agency fee", "money", _CLIENT, "", GIVEN),
        ),
        (
            Product("clicks", "Paid visits", "count", (("spend", 1), ("cpc", -1))),
            Product("leads", "Leads", "count", (("clicks", 1), ("cr_lead", 1))),
            Product("qualified_leads", "Qualified leads", "count", (("leads", 1), ("qualified", 1))),
            Product("deals", "Deals", "count", (("qualified_leads", 1), ("win", 1))),
            Product("margin_deals", "Margin of deals", "money", (("deals", 1), ("deal", 1), ("margin", 1))),
            Sum("profit", "Profit", "money", (("margin_deals", 1), ("spend", -1), ("fee", -1))),
        ),
        lag="Money comes after the deal is closed: spend and deals belong to the same cohort of leads",
    )


def subscription() -> Tree:
    """Recurring revenue of next month: what stays and grows, and what is newly won."""
    return Tree(
        "subscription",
        (
            Driver("mrr", "MRR now", "money", _CLIENT, "", GIVEN),
            Driver("nrr", "Revenue kept from existing customers", "multiple", _CRM, "Onboarding, success, upsell"),
            Driver("trials", "New trials", "count", _ADS, "Budget, offer, landing pages"),
            Driver("cr_paid", "Conversion of a trial into a paying customer", "share", _SITE, "First value sooner, prompts, price"),
            Driver("arpa", "Revenue per new account", "money", _SALES, "Tariffs, annual plans"),
        ),
        (
            Product("kept", "Kept revenue", "money", (("mrr", 1), ("nrr", 1))),
            Product("won", "Newly won revenue", "money", (("trials", 1), ("cr_paid", 1), ("arpa", 1))),
            Sum("mrr_next", "MRR next month", "money", (("kept", 1), ("won", 1))),
        ),
    )


STEPS = (
    ("qualified", "Value of qualified leads", "Share of qualified leads that is won", "Qualified leads, weighted"),
    ("proposal", "Value of proposals sent", "Share of proposals that is won", "Proposals, weighted"),
    ("contract", "Value of contracts in work", "Share of contracts that is signed", "Contracts, weighted"),
)


def b2b(steps: Sequence[tuple[str, str, str, str]] = STEPS) -> Tree:
    """Weighted pipeline of a long-cycle business: value of each open step times the rate at which it is won.

    `steps`: key and the names of the step's value, of its win rate and of their product.
    """
    drivers = [Driver(f"value_{key}", value, "money", _SALES, "More and larger deals at this step") for key, value, _, _ in steps]
    drivers += [Driver(f"win_{key}", rate, "share", _SALES, "Cases, references, speed, price") for key, _, rate, _ in steps]
    products = [Product(f"weighted_{key}", both, "money", ((f"value_{key}", 1), (f"win_{key}", 1))) for key, _, _, both in steps]
    pipeline = Sum("pipeline", "Weighted pipeline", "money", tuple((product.key, 1) for product in products))
    return Tree("b2b", tuple(drivers), (*products, pipeline), lag="Revenue follows after the length of the sales cycle")


TREES = {"shop": shop, "leads": leads, "subscription": subscription, "b2b": b2b}
