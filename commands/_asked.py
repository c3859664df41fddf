"""What `why`, `pace`, `unusual` and `drivers` are asked alike: the client, the days, whose visits, and what was chosen when nobody said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import click

from data.batches import Note
from data.coverage import gives_channels
from data.desk import campaigns
from data.door import workspace
from data.errors import CannotAnswer, did_you_mean
from data.text import Words
from data.warehouse import Warehouse
from data.workspace import Client, Workspace
from metrics import METRICS, Settings
from metrics.channels import GROUPINGS
from metrics.readings.subject import Subject, last_loaded, usual_period
from metrics.statements import Run

DAY = click.DateTime(["%Y-%m-%d"])


def client_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options for whom and which days."""
    options = (
        click.option("--client", required=True, help="Short name of the client."),
        click.option("--since", type=DAY, help="First day. [default: four weeks that end with the last loaded day]"),
        click.option("--until", type=DAY, help="Last day. [default: the last loaded day]"),
        click.option("--counter", default="", help="Whose visits count. [default: the counter with visits and most days]"),
        click.option("--attribution", default="", help="Attribution model. [default: the best that the counter has recorded]"),
        click.option("--goals", default="", help="Goals that count as conversions, by comma. [default: the client's key goals, else all]"),
        click.option(
            "--grouping", type=click.Choice(GROUPINGS), help="Which channel rules. [default: agency; google where the source gives them]"
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@dataclass
class About:
    """A client, opened for reading."""

    client: Client
    workspace: Workspace
    store: Warehouse
    settings: Settings
    subject: Subject
    since: date | None
    until: date | None
    chosen: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> About:
        """Open the client that was named. Raises NoSuchClient."""
        notes = workspace()
        client = notes.client(chosen["client"])
        store = notes.store(client).pinned()
        grouping = chosen["grouping"] or ("google" if gives_channels(store, chosen["counter"]) else "agency")
        goals = tuple(word.strip() for word in chosen["goals"].split(",") if word.strip())
        subject = Subject.of(client.facts, goals=goals, grouping=grouping, counter=chosen["counter"], attribution=chosen["attribution"])
        since, until = (chosen[name].date() if chosen[name] else None for name in ("since", "until"))
        settings = Settings.of(client.currency, client.facts, store.version()).matching(campaigns.of(notes, client.slug))
        return cls(client, notes, store, settings, subject, since, until)

    @property
    def run(self) -> Run:
        return self.store.run

    def last(self, metrics: Sequence[str] = ()) -> date:
        """The last day that was named, or is loaded. Raises CannotAnswer where nothing is."""
        loaded = self.until or last_loaded(self.run, metrics)
        if loaded is None:
            raise CannotAnswer(
                "Nothing is loaded for {client} yet.",
                "",
                "Load its files: python vitrina.py load --client {client} FILE…",
                client=self.client.slug,
            )
        return loaded

    def period(self, metrics: Sequence[str]) -> tuple[date, date]:
        """The days that were named, or four whole weeks up to the last loaded day."""
        until = self.last(metrics)
        if self.since is None and self.until is None:
            self.chosen.append("the last four weeks that are loaded")
        return self.since or usual_period(until)[0], until

    def said(self, say: Words) -> str:
        """What was chosen because nobody said."""
        return f" · {say.t(self.chosen[0])}" if self.chosen else ""


def known_metric(key: str) -> str:
    """The key, if there is such a metric. Raises CannotAnswer with the nearest ones."""
    if key not in METRICS:
        near = did_you_mean(key, METRICS)
        raise CannotAnswer(
            "There is no metric {name}.",
            "metric",
            "Did you mean {near}?" if near else "Known are: {known}.",
            name=key,
            near=near,
            known=", ".join(METRICS),
        )
    return key


def notes(first: Iterable[Note], rest: Iterable[Note], say: Words) -> None:
    """Print notes, each once."""
    for text in dict.fromkeys(say.note(note) for note in (*first, *rest)):
        click.echo(f"· {text}")
