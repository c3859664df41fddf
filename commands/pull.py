"""`pull`: bring the connected accounts of clients up to date."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import click

from commands import complain, show, spoken
from connectors import pulling
from connectors.live import Connected, Live
from connectors.pulling import Door, Outcome
from connectors.web import Web
from data import settings
from data.coverage import spans
from data.door import workspace
from data.errors import Problem
from data.workspace import Client

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(name="pull")
@click.option("--client", "slug", default="", help="Short name of the client.")
@click.option("--all", "everybody", is_flag=True, help="Every client that has connected accounts.")
@click.option("--since", type=DAY, default=None, help="First day. [default: as settled for the account, else a year back]")
@click.option("--until", type=DAY, default=None, help="Last day. [default: yesterday]")
@click.option("--source", default="", help="Only accounts of this service, for example metrica_api.")
@click.option("--account", default="", help="Only this counter, property or login.")
@show.format_option
def command(
    slug: str, everybody: bool, since: datetime | None, until: datetime | None, source: str, account: str, form: str
) -> None:
    """Load what connected accounts lack: missing days, and days that may have changed.

    Goes on where it was when it was interrupted; what fails for one account does not stop the others. Accounts are connected with
    `accounts connect`. Exit code 2 says that something was not brought up to date.
    """
    if bool(slug) == everybody:
        raise Problem("It is not said whom to pull.", "pull", "Say --client NAME, or --all.")
    clients = workspace().clients() if everybody else (workspace().client(slug),)
    wanted = {client.slug: pulling.connected(client.slug, workspace().accounts(client.slug), source, account) for client in clients}
    if not any(wanted.values()):
        raise Problem(
            "No account is connected.", "pull", "Connect one: python vitrina.py accounts connect --client {slug}", slug=slug or "…"
        )
    web = Web(settings.home() / "paces")
    outcomes: list[tuple[Client, Outcome]] = []
    troubles: list[Problem] = []
    for client in clients:
        try:
            outcomes += [(client, outcome) for outcome in _one_client(client, wanted[client.slug], web, _day(since), _day(until))]
        except Problem as problem:
            troubles.append(problem)
    _report(outcomes, form)
    for trouble in (*troubles, *(trouble.problem for _, outcome in outcomes for trouble in outcome.troubles)):
        complain(trouble)
    if troubles or any(outcome.troubles for _, outcome in outcomes):
        sys.exit(2)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _one_client(
    client: Client, accounts: Sequence[tuple[Live, Connected]], web: Web, since: date | None, until: date | None
) -> list[Outcome]:
    """Every account of one client. Raises StoreBusy when somebody else pulls it."""
    if not accounts:
        return []
    store = workspace().store(client)
    door = Door(lambda: spans(store), lambda batches: store.load(batches, replace=True), store.folder, _tell)
    found = pulling.bring(accounts, web, door, since, until)
    for outcome in found:
        keep_names(client, outcome)
    return found


def keep_names(client: Client, outcome: Outcome) -> None:
    """Keep the names of goals that the client has not named."""
    now = workspace().client(client.slug)
    known = dict(now.facts.get("goals", {}))
    if fresh := pulling.fresh_names(outcome, known):
        workspace().set_facts(now, {"goals": known | fresh})


def _tell(share: float, text: str, facts: Mapping[str, object]) -> None:
    click.echo(spoken().t(text, **facts), err=True)


# --------------------------------------------------------------------------------------------------------------- summary


def _report(outcomes: Sequence[tuple[Client, Outcome]], form: str) -> None:
    rows = [_row(client, outcome) for client, outcome in outcomes]
    if form == "json":
        return show.as_json(rows)
    if form == "csv":
        return show.as_csv(rows, tuple(rows[0]) if rows else ())
    say = spoken()
    for client, outcome in outcomes:
        state = say.t("not up to date") if outcome.troubles else say.t("up to date")
        click.echo(f"{client.name} · {say.t(outcome.service.title)} · {outcome.connected.account}: {state}; {_loaded(outcome)}")
        if outcome.provisional:
            text = "Figures since {day} may still change; they are loaded anew by the next pulls."
            click.echo("  " + say.t(text, day=outcome.provisional))
        for note in _notes(outcome):
            click.echo(f"  {note}")
    return None


def _notes(outcome: Outcome) -> list[str]:
    """What is worth knowing, each kind once: a year comes in many pieces that say the same with other figures."""
    say, alike = spoken(), dict[str, list[str]]()
    for note in (note for loaded in outcome.loaded for note in loaded.notes if note.kind != "less"):
        alike.setdefault(note.text, []).append(say.note(note))
    return [
        lines[0] if len(set(lines)) == 1 else f"{lines[0]} {say.t('(and {count} more like this)', count=len(set(lines)) - 1)}"
        for lines in alike.values()
    ]


def _loaded(outcome: Outcome) -> str:
    say, days = spoken(), outcome.days
    if days is None:
        return say.t("nothing was missing") if not outcome.troubles else say.t("nothing was loaded")
    return say.t("loaded {period}, rows: {rows}", period=say.period(*days), rows=say.number(outcome.rows))


def _row(client: Client, outcome: Outcome) -> dict[str, Any]:
    days = outcome.days or (None, None)
    return {
        "client": client.slug, "source": outcome.service.name, "account": outcome.connected.account, "since": days[0], "until": days[1],
        "rows": outcome.rows, "provisional_since": outcome.provisional,
        "resume_at": outcome.resume_at, "tables": ", ".join(sorted({loaded.batch.table.name for loaded in outcome.loaded})),
        "troubles": "; ".join(f"{trouble.feed}: {trouble.problem}".lstrip(": ").replace("\n", " / ") for trouble in outcome.troubles),
    }
