"""`clients`: the list, and adding one."""

from __future__ import annotations

import sys

import click

from commands import show, spoken
from data.errors import Ask, MissingAnswer
from data.workspace import workspace


@click.group(invoke_without_command=True, name="clients")
@show.format_option
@click.pass_context
def command(context: click.Context, form: str) -> None:
    """List the clients; `clients add` adds one."""
    if context.invoked_subcommand is None:
        _list(form)


@command.command("list")
@show.format_option
def list_clients(form: str) -> None:
    """List the clients."""
    _list(form)


def _list(form: str) -> None:
    rows = [
        {"client": client.slug, "name": client.name, "currency": client.currency, "timezone": client.timezone}
        for client in workspace().clients()
    ]
    if form == "json":
        return show.as_json(rows)
    if form == "csv":
        return show.as_csv(rows, ("client", "name", "currency", "timezone"))
    if not rows:
        return click.echo(spoken().t("There are no clients yet. Add one with `clients add`, or look at the demo with `demo`."))
    t = spoken().t
    return show.as_table(rows, {"client": t("Client"), "name": t("Name"), "currency": t("Currency"), "timezone": t("Time zone")}, {})


@command.command("add")
@click.argument("slug")
@click.option("--name", default="", help="The client's name as people know it. [default: the short name]")
@click.option("--currency", default="", help="Currency of the client's money: RUB, USD, EUR…")
@click.option("--timezone", "zone", default="", help="Time zone of the client's counters: Europe/Moscow, Asia/Yekaterinburg…")
def add(slug: str, name: str, currency: str, zone: str) -> None:
    """Add a client under a short name (small letters, digits, hyphens)."""
    asks = [
        Ask("currency", "Currency of the client's money?", default="RUB"),
        Ask("timezone", "Time zone of the client's counters?", default="Europe/Moscow"),
    ]
    answers = {"currency": currency, "timezone": zone}
    missing = [ask for ask in asks if not answers[ask.option]]
    if missing and not sys.stdin.isatty():
        raise MissingAnswer(missing, "clients add {slug}", slug=slug)
    for ask in missing:
        answers[ask.option] = click.prompt(spoken().t(ask.text), default=ask.default)
    client = workspace().add_client(slug, name, answers["currency"], answers["timezone"])
    click.echo(spoken().t("Added {name}. Next: load its files.", name=client.name))
