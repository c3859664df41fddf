"""The demo agency: three clients live through two years, and their marketing arrives as ordinary export files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from data.demo import clock as clocks
from data.demo.arrays import Random
from data.demo.book import Book, fill
from data.demo.clients import CURRENCY, PLANS
from data.demo.clock import Clock
from data.demo.cost_csv import write_costs
from data.demo.demand_csv import ANSWERS, write_demand
from data.demo.direct_xlsx import write_direct
from data.demo.ga4_csv import write_ga4
from data.demo.logs_tsv import write_visits
from data.demo.plan import Plan
from data.demo.spend import Spend, account

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class DemoFile:
    """A written file, and what it does not say itself: account, timezone, currency, vat, what a sheet holds (load options)."""

    path: Path
    answers: Mapping[str, str]


@dataclass(frozen=True)
class DemoClient:
    """An invented client and its files. `goals` maps a goal's number to its English and Russian name; `key_goals` are
    those that count as a conversion, the first one above all."""

    slug: str
    name: str
    name_ru: str
    currency: str
    timezone: str
    model: str
    files: tuple[DemoFile, ...]
    goals: Mapping[str, tuple[str, str]]
    key_goals: tuple[str, ...] = ()


def silent(share: float, text: str) -> None:
    """Progress that nobody watches."""


def write(
    folder: Path, until: date, seed: int = 7, progress: Progress = silent, scale: float = 1.0,
    plans: Sequence[Plan] = PLANS,
) -> tuple[DemoClient, ...]:
    """Write the files of all clients, each into its own folder under `folder`. The same `until`, `seed` and `scale`
    give the same files, byte for byte. `scale` multiplies the number of people; `until` is the last day of the two
    years."""
    written = []
    for place, plan in enumerate(plans):
        start, width = place / len(plans), 1 / len(plans)

        def tell(share: float, text: str, start: float = start, width: float = width, name: str = plan.name) -> None:
            progress(start + width * share, f"{name}: {text}")

        written.append(write_client(folder / plan.slug, plan, until, seed, tell, scale))
    progress(1.0, "done")
    return tuple(written)


def write_client(
    folder: Path, plan: Plan, until: date, seed: int, progress: Progress = silent, scale: float = 1.0,
) -> DemoClient:
    """Write the files of one client into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    # Each client has a stream of its own: adding one does not change the others.
    random = np.random.default_rng([seed, int(plan.counter)])
    clock = clocks.make(plan, until)
    progress(0.0, "people and journeys")
    book = fill(plan, clock, random, scale)
    spends = account(plan, clock, book, random)
    progress(0.3, "visits")
    files = [*_logs(folder, plan, clock, book, random)]
    progress(0.8, "spend")
    files += _costs(folder, plan, clock, spends)
    if plan.ga_property:
        files.append(_second_counter(folder, plan, clock, book, until, random))
    # Drawn last: nothing of the people depends on it.
    searched = write_demand(folder, plan.slug, plan.season, until, random)
    if searched:
        files.append(DemoFile(searched, ANSWERS))
    goals = {goal.id: (goal.name, goal.name_ru) for goal in plan.goals}
    return DemoClient(
        plan.slug, plan.name, plan.name_ru, CURRENCY, plan.timezone, plan.model, tuple(files), goals, plan.key_goals,
    )


def _logs(folder: Path, plan: Plan, clock: Clock, book: Book, random: Random) -> list[DemoFile]:
    answers = {"account": plan.counter, "timezone": plan.timezone, "currency": CURRENCY, "vat": plan.revenue_vat}
    return [DemoFile(path, answers) for path in write_visits(folder, plan, clock, book, random)]


def _costs(folder: Path, plan: Plan, clock: Clock, spends: Mapping[str, Spend]) -> list[DemoFile]:
    paid = [(spend, spend.touch.paid) for spend in spends.values()]
    direct = [spend for spend, terms in paid if terms and not terms.sheet]
    others = [spend for spend, terms in paid if terms and terms.sheet]
    wizard = {"account": plan.login, "timezone": "Europe/Moscow", "currency": CURRENCY, "vat": plan.direct_vat}
    sheet = {"account": f"{plan.slug}-costs", "timezone": plan.timezone, "currency": CURRENCY, "vat": plan.sheet_vat}
    if plan.sheet_kind == "english":
        # That sheet has a currency column of its own.
        sheet.pop("currency")
    files = [DemoFile(path, wizard) for path in write_direct(folder, plan, clock, direct)]
    return [*files, DemoFile(write_costs(folder, plan, clock, others), sheet)]


def _second_counter(
    folder: Path, plan: Plan, clock: Clock, book: Book, until: date, random: Random
) -> DemoFile:
    path = write_ga4(folder, plan, clock, book, until, random)
    answers = {"account": plan.ga_property, "timezone": plan.timezone, "currency": CURRENCY, "vat": plan.revenue_vat}
    return DemoFile(path, answers)
