"""`demo`: three invented clients with two years behind them, written as export files and loaded like anybody's."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import click

from commands import spoken
from commands.load import bar
from connectors import intake
from data import clock, salt, settings
from data.batches import Batch
from data.coverage import outer_days, spans
from data.demo import DemoClient, demand_csv, write, writing
from data.desk import actions, marks, plans
from data.door import workspace
from data.errors import Problem
from data.loading import Progress
from data.workspace import Client
from metrics.ask import ask
from metrics.query import Query
from metrics.scope import Settings

_MARGINS = {"shop": 0.38, "subscription": 0.7}
"""Contribution margin that the invented clients state, as a share of revenue. The B2B firm's deals are not in its counter."""
_WHO = "demo"
_WRITING = 0.35
"""Share of the work that writing the files is."""


@click.command(name="demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when there already are clients.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the two years. [default: yesterday]")
@click.option("--keep-files", is_flag=True, help="Keep the written export files in the home folder, to look at them.")
def command(if_empty: bool, until: object, keep_files: bool) -> None:
    """Build the demo agency: a shop, a B2B firm and a subscription service, all invented.

    Running it again writes the demo anew up to yesterday. Clients of your own are never touched.
    """
    notes = workspace()
    known = {client.slug: client for client in notes.clients()}
    if if_empty and known:
        return
    last = until.date() if hasattr(until, "date") else clock.today("Europe/Moscow") - timedelta(days=1)
    folder = settings.home() / "demo-files"
    with bar(spoken().t("Demo agency")) as progress:
        written = write(folder, last, progress=lambda share, what: progress(share * _WRITING, what))
        for place, client in enumerate(written):
            if client.slug in known and not known[client.slug].facts.get("demo"):
                said = "A client of yours is called {slug} like one of the demo."
                raise Problem(said, "{slug}", "Rename it before building the demo.", slug=client.slug)
            _build(client, known.get(client.slug), last, _part(progress, place, len(written)))
    if not keep_files:
        shutil.rmtree(folder)
    click.echo(spoken().t("The demo agency is ready: {names}.", names=", ".join(client.name for client in written)))


def _part(progress: Progress, place: int, of: int) -> Progress:
    """The progress of one client's load within the whole."""
    width = (1 - _WRITING) / of
    return lambda share, what: progress(_WRITING + width * (place + share), what)


def _build(demo: DemoClient, existing: Client | None, last: date, progress: Progress) -> None:
    """Load one invented client from its files, from nothing."""
    notes = workspace()
    facts = {
        "demo": True,
        "name_ru": demo.name_ru,
        "model": demo.model,
        "goals": {goal: list(titles) for goal, titles in demo.goals.items()},
        "key_goals": list(demo.key_goals),
        "margin": _MARGINS.get(demo.model),
        "products": writing.PRODUCTS.get(demo.slug, {}),
        "manager": writing.MANAGERS[demo.slug],
        "tariffs": writing.TARIFFS.get(demo.slug, {}),
        "term_days": writing.TERM_DAYS.get(demo.slug),
        "brand": list(demand_csv.BRANDS.get(demo.slug, ())),
        "cart_goals": writing.CART_GOALS.get(demo.slug, []),
        "next_report": (last + timedelta(days=writing.NEXT_REPORT[demo.slug])).isoformat(),
    }
    client = existing or notes.add_client(demo.slug, demo.name, demo.currency, demo.timezone, facts)
    if existing:
        notes.set_facts(existing, facts)
    known = intake.Known(timezone=client.timezone, currency=client.currency, salt=salt.of(notes.store(client).folder))
    batches: list[Batch] = []
    answers = {file.path: file.answers for file in demo.files}
    for series in intake.sort([file.path for file in demo.files]).series:
        stated = answers[series.heads[0].path]
        resolved = intake.resolve(series, replace(known, stated=stated))
        batches += intake.read(resolved)
        notes.remember(client.slug, series.source.name, resolved.account, resolved.memory)
    notes.store(client).load(batches, progress, afresh=True)
    _write(client, demo.model)


def _write(client: Client, model: str) -> None:
    """Put onto the desk what the invented managers wrote, in the place of what stands there."""
    notes = workspace()
    facts = notes.client(client.slug).facts
    last, known = _figures(client, facts, model)
    for mark in marks.of(notes, client.slug):
        marks.remove(notes, client.slug, mark.id or 0, _WHO)
    for action in actions.of(notes, client.slug):
        actions.remove(notes, client.slug, action.id or 0, _WHO)
    plans.put(notes, client.slug, [replace(target, value=None) for target in plans.of(notes, client.slug)], _WHO)
    marks.add(notes, client.slug, writing.marks(client.slug, last), _WHO)
    for action in reversed(writing.actions(client.slug, last)):
        actions.put(notes, client.slug, action, _WHO)
    plans.put(notes, client.slug, writing.targets(model, known, last), _WHO)


def _figures(client: Client, facts: Mapping[str, Any], model: str) -> tuple[date, writing.Figures]:
    """The last loaded day, and what last year's months were: of the whole, and the spend of each channel."""
    pinned = workspace().store(client).pinned()
    settings_ = Settings.of(client.currency, facts, pinned.version())
    loaded = outer_days(spans(pinned))
    assert loaded is not None
    last = loaded[1]
    first = writing.months(last)[0].replace(year=writing.months(last)[0].year - 1)
    query = Query(writing.PLANNED[model], first, last, ("month",), goals=tuple(facts["key_goals"]))
    whole = ask(query, pinned.run, settings_).frame
    paid = ask(replace(query, metrics=("spend",), by=("month", "channel")), pinned.run, settings_).frame
    known = {
        (row["month"].date(), metric, ""): float(row[metric])
        for row in whole.to_dict("records") for metric in writing.PLANNED[model]
    }
    return last, known | {(row["month"].date(), "spend", row["channel"]): float(row["spend"]) for row in paid.to_dict("records")}
