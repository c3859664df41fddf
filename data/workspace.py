"""What people write: clients, their accounts, the answers they have given, and who changed what.

SQLite in write-ahead mode by default, PostgreSQL by `WORKSPACE_URL`. Facts that sources give are never kept here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data import disk, migrations, readable, settings, zones
from data.desk import METADATA, frozen, history
from data.errors import NoSuchClient, Problem, StoreBusy, StoreDamaged, did_you_mean
from data.warehouse import Warehouse

_clients = sa.Table(
    "clients",
    METADATA,
    sa.Column("slug", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("currency", sa.String, nullable=False),
    sa.Column("timezone", sa.String, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False, default=dict),
    sa.Column("added_at", sa.DateTime, nullable=False),
)
_accounts = sa.Table(
    "accounts",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("account", sa.String, primary_key=True),
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("answers", sa.JSON, nullable=False),
)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True)
class Client:
    """A company the agency serves. `facts` are settings such as its Russian name, its business model, its goals' names."""

    slug: str
    name: str
    currency: str
    timezone: str
    facts: Mapping[str, Any]


class Workspace:
    """The agency's own notes. Methods may be called from any thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = self._whole = sa.create_engine(readable.address(url))
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _careful_sqlite)
        if readable.is_copy(self.engine.url):
            sa.event.listen(self.engine, "connect", _only_read)
        sa.event.listen(self.engine, "handle_error", _told)
        migrations.settle(self.engine)

    def shown(self, text: str) -> str:
        """What somebody has written, as far as it is open to whoever reads it here."""
        return text

    def kept(self, before: str, now: str) -> str:
        """What is kept when `now` is written over `before`, which was read here as it is shown. Raises Problem."""
        return now

    # ------------------------------------------------------------------------------------------------------- clients

    def clients(self) -> tuple[Client, ...]:
        """All clients, by name."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(_clients).order_by(_clients.c.name)).all()
        return tuple(Client(row.slug, row.name, row.currency, row.timezone, row.facts or {}) for row in rows)

    def client(self, slug: str) -> Client:
        """Raises NoSuchClient, with the nearest names."""
        known = {client.slug: client for client in self.clients()}
        if slug in known:
            return known[slug]
        near = did_you_mean(slug, known)
        raise NoSuchClient(
            "There is no client {slug}.",
            "--client",
            "Did you mean {near}?" if near else "See the list: python vitrina.py clients",
            slug=slug,
            near=near,
        )

    def add_client(self, slug: str, name: str, currency: str, zone: str, facts: Mapping[str, Any] | None = None, who: str = "") -> Client:
        """Raises Problem when the slug is taken or not a slug, or when currency or time zone are not real ones."""
        _check_client(slug, currency, zone)
        client = Client(slug, name or slug, currency.upper(), zone, dict(facts or {}))
        row = {
            "slug": slug,
            "name": client.name,
            "currency": client.currency,
            "timezone": zone,
            "facts": dict(client.facts),
            "added_at": history.now(),
        }
        try:
            with self.engine.begin() as connection:
                connection.execute(sa.insert(_clients).values(row))
                history.record(connection, who, slug, "client added", None, {key: row[key] for key in ("name", "currency", "timezone")})
        except sa.exc.IntegrityError as error:
            raise Problem("There already is a client {slug}.", "clients add", "Choose another short name.", slug=slug) from error
        return client

    def store(self, client: Client) -> Warehouse:
        """The client's facts."""
        return Warehouse(settings.home() / "clients" / client.slug, ties=Tied(self._whole, client.slug))

    # ------------------------------------------------------------------------------------------------------ accounts

    def answers(self, client: str, source: str, account: str) -> dict[str, str]:
        """What was answered before about this account's files; empty when it is new."""
        chosen = sa.select(_accounts.c.answers).where(
            _accounts.c.client == client, _accounts.c.source == source, _accounts.c.account == account
        )
        with self.engine.connect() as connection:
            return dict(connection.execute(chosen).scalar() or {})

    def accounts(self, client: str) -> tuple[tuple[str, str, dict[str, str]], ...]:
        """Shape: (account, source, answers) for every account that has been loaded."""
        chosen = sa.select(_accounts).where(_accounts.c.client == client).order_by(_accounts.c.source, _accounts.c.account)
        with self.engine.connect() as connection:
            return tuple((row.account, row.source, dict(row.answers)) for row in connection.execute(chosen))

    def remember(self, client: str, source: str, account: str, answers: Mapping[str, str], who: str = "") -> None:
        """Keep the answers for the account's next file."""
        before = self.answers(client, source, account)
        after = before | dict(answers)
        if after == before and before:
            return
        key = {"client": client, "source": source, "account": account}
        with self.engine.begin() as connection:
            connection.execute(sa.delete(_accounts).where(*(_accounts.c[name] == value for name, value in key.items())))
            connection.execute(sa.insert(_accounts).values(**key, answers=after))
            history.record(connection, who, client, f"answers for {source} {account}", before or None, after)

    def set_facts(self, client: Client, facts: Mapping[str, Any], who: str = "") -> None:
        """Change settings of a client; what is not named stays."""
        after = dict(client.facts) | dict(facts)
        with self.engine.begin() as connection:
            connection.execute(sa.update(_clients).where(_clients.c.slug == client.slug).values(facts=after))
            history.record(connection, who, client.slug, "settings", dict(client.facts), after)

    def changes(self, client: str) -> tuple[tuple[datetime, str, str], ...]:
        """Shape: (when, who, what), newest first."""
        return tuple((change.at, change.who, change.what) for change in history.of(self, client))


@dataclass(frozen=True)
class Tied:
    """What a client's store has to know of the workspace."""

    engine: sa.Engine
    slug: str

    def living(self) -> None:
        """Raises NoSuchClient when the client has been deleted: a load that was waiting must not bring it back."""
        with self.engine.connect() as connection:
            if connection.execute(sa.select(_clients.c.slug).where(_clients.c.slug == self.slug)).first() is None:
                raise NoSuchClient("The client {slug} has been deleted.", "", "Add it anew, or restore a backup.", slug=self.slug)

    def referred(self) -> frozenset[int]:
        """Versions that frozen documents were made from: young ones, and those that a share link still opens."""
        now = history.now()
        with self.engine.connect() as connection:
            return frozen.versions(connection, self.slug, now - timedelta(days=settings.sent_days()), now)


@cache
def _workspace(url: str) -> Workspace:
    return Workspace(url)


@cache
def _beside(home: Path) -> str:
    """Address of the workspace in a home folder, which is made. NB: once, because every rerun of a page asks several times."""
    home.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{home / 'workspace.sqlite'}"


def workspace() -> Workspace:
    """The agency's workspace: `WORKSPACE_URL`, or SQLite in the home folder."""
    return _workspace(os.environ.get("WORKSPACE_URL") or _beside(settings.home()))


def _check_client(slug: str, currency: str, zone: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise Problem("{slug} is not a short name.", "clients add", "Use small Latin letters, digits and hyphens: my-client.", slug=slug)
    if not re.fullmatch(r"[A-Za-z]{3}", currency):
        raise Problem("{currency} is not a currency code.", "--currency", "Give three letters: RUB, USD, EUR…", currency=currency)
    zones.check(zone)


def _careful_sqlite(connection: Any, record: object) -> None:
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _only_read(connection: Any, record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _told(context: sa.engine.ExceptionContext) -> None:
    """What the database says when it cannot work, in plain words. Raises Problem."""
    error = context.original_exception
    said = str(error).lower()
    if "database is locked" in said:
        raise StoreBusy(
            "Somebody else is writing into the workspace and does not come to an end.", "workspace", "Try again in a moment."
        ) from error
    if "malformed" in said or "not a database" in said:
        raise StoreDamaged("The workspace is damaged.", "workspace.sqlite", "Restore it from a backup.") from error
    refused = disk.refusal(error, "workspace")
    if refused is not None:
        raise refused from error
