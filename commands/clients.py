"""`clients`: the list, adding one, deleting one with all that is known about it."""

from __future__ import annotations

import sys

import click

from commands import show, spoken
from commands._owned import agency, size, who
from data import clock, deleting
from data.deleting import Receipt
from data.door import workspace
from data.errors import Ask, MissingAnswer, Problem
from data.workspace import Client
from metrics.readings import tenure


@click.group(invoke_without_command=True, name="clients")
@show.format_option
@click.pass_context
def command(context: click.Context, form: str) -> None:
    """List the clients; `clients add` adds one, `clients delete` deletes one for good."""
    if context.invoked_subcommand is None:
        _list(form)


@command.command("list")
@show.format_option
def list_clients(form: str) -> None:
    """List the clients."""
    _list(form)


def _list(form: str) -> None:
    facts = ("client", "name", "currency", "timezone", "client_tenure")
    rows = [dict(zip(facts, (one.slug, one.name, one.currency, one.timezone, _months(one)), strict=True)) for one in workspace().clients()]
    if form == "json":
        return show.as_json(rows)
    if form == "csv":
        return show.as_csv(rows, facts)
    if not rows:
        return click.echo(spoken().t("There are no clients yet. Add one with `clients add`, or look at the demo with `demo`."))
    t = spoken().t
    titles = dict(zip(facts, (t("Client"), t("Name"), t("Currency"), t("Time zone"), t("Months with us")), strict=True))
    return show.as_table(rows, titles, {"client_tenure": spoken().number})


def _months(client: Client) -> int | None:
    """How long the agency has worked for the client; nothing where the settings do not say since when."""
    found = tenure.read(client.facts, clock.today(client.timezone))
    return found.months if found else None


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


@command.command("delete")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Delete. Without it is only said what would go.")
@click.option("--with-backups", is_flag=True, help="Also out of the backups in the home folder.")
@show.format_option
def delete(slug: str, yes: bool, with_backups: bool, form: str) -> None:
    """Delete a client for good: what is loaded, what people wrote, documents, links, the secret for hashing. A receipt stays."""
    desk = agency()
    client = desk.client(slug)
    if not yes:
        raise Problem(
            "Everything about {name} would be deleted for good.", "clients delete {slug}",
            "Say --yes. A backup first is `backup --client {slug}`.",
            name=client.name, slug=slug,
        )
    receipt, path = deleting.delete(desk, client, who(desk), with_backups)
    if form == "json":
        return show.as_json({**vars(receipt), "receipt": str(path)})
    _tell(receipt, str(path))
    return None


def _tell(receipt: Receipt, path: str) -> None:
    t, number = spoken().t, spoken().number
    rows = [{"table": name, "rows": count} for name, count in (*receipt.loaded.items(), *receipt.written.items())]
    show.as_table(rows, {"table": t("Table"), "rows": t("Rows deleted")}, {"rows": number})
    facts = {"versions": receipt.versions, "files": receipt.files, "size": size(receipt.size)}
    click.echo(t("Versions {versions}, files {files}, {size}", **facts))
    if receipt.backups:
        click.echo(t("Deleted from backups: {names}", names=receipt.backups))
    if receipt.left:
        click.echo(t("Still in these backups: {names}. Say --with-backups, or remove them.", names=receipt.left), err=True)
    if receipt.wiped is False:
        click.echo(t("The workspace was busy: traces stay in its file until the dashboard is restarted."), err=True)
    click.echo(t("Backups kept elsewhere, and what a running dashboard holds in memory, are not reached: restart it."))
    click.echo(t("Receipt: {path}", path=path))
