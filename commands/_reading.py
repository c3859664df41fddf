"""What commands that print a reading share: opening a client, its days when nobody says them, sentences, and data for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

import click

from commands import spoken
from data.batches import Note
from data.coverage import range_loaded
from data.desk import campaigns
from data.door import workspace
from data.errors import CannotAnswer
from data.text import DASH, words
from data.warehouse import Warehouse
from data.workspace import Client
from metrics.channels import GROUPINGS
from metrics.readings.subject import plain
from metrics.scope import Settings

DAY = click.DateTime(["%Y-%m-%d"])

client_option = click.option("--client", required=True, help="Short name of the client.")
counter_option = click.option("--counter", default="", help="Whose visits count. [default: the counter with visits and most days]")
grouping_option = click.option("--grouping", type=click.Choice(GROUPINGS), default="agency", show_default=True, help="Which channel rules.")


@dataclass(frozen=True)
class Opened:
    """A client and one version of its store."""

    client: Client
    store: Warehouse
    settings: Settings


def opened(slug: str) -> Opened:
    """Raises NoSuchClient."""
    client = workspace().client(slug)
    store = workspace().store(client).pinned()
    settings = Settings.of(client.currency, client.facts, store.version()).matching(campaigns.of(workspace(), slug))
    return Opened(client, store, settings)


def period(
    found: Opened,
    tables: Collection[str],
    since: datetime | None,
    until: datetime | None,
    usual: int,
) -> tuple[date, date, bool]:
    """First and last day, and whether nobody chose the first: then as many days as usual, as far as they are loaded.

    Raises CannotAnswer where nothing is loaded.
    """
    loaded = range_loaded(found.store, tables) or range_loaded(found.store)
    if loaded is None:
        raise CannotAnswer(
            "Nothing is loaded for {client} yet.",
            "",
            "Load its files: python vitrina.py load --client {client} FILE…",
            client=found.client.slug,
        )
    last = until.date() if until else loaded[1]
    first = since.date() if since else min(max(last - timedelta(days=usual - 1), loaded[0]), last)
    return first, last, since is None


def as_data(value: Any) -> Any:
    """A reading as values that JSON can hold, its notes as English sentences."""
    if isinstance(value, Note):
        return {"kind": value.kind, "text": words("en").note(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_data(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(one) for one in value]
    return plain(value)


def say(*notes: Note | None) -> None:
    """Sentences, one a line."""
    for note in notes:
        if note is not None:
            click.echo(spoken().note(note))


def footnotes(notes: Iterable[Note]) -> None:
    """What else to know, warnings first, each once."""
    said = dict.fromkeys(spoken().note(note) for note in sorted(notes, key=lambda note: note.kind != "warning"))
    if said:
        click.echo("")
    for line in said:
        click.echo(f"· {line}")


def between(low: str, high: str) -> str:
    """A range, or one figure where both ends read alike."""
    return low if low == high else f"{low} {DASH} {high}"
