"""`accounts`: which counters, properties and ad accounts of a client are kept up to date, and connecting one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import click

from commands import show, spoken
from commands.pull import DAY, keep_names
from connectors import connecting, live
from connectors.live import Account, Connected, Live
from connectors.pulling import Outcome
from connectors.web import Web
from data import settings, zones
from data.door import workspace
from data.errors import Ask, MissingAnswer, Problem
from data.secret import stated
from data.workspace import Client

ACCOUNT = Ask("account", "Which account? Its number in the list above")
SERVICE = Ask("source", "Which service?")


@click.group(invoke_without_command=True, name="accounts")
@click.option("--client", "slug", required=False, default="", help="Short name of the client.")
@show.format_option
@click.pass_context
def command(context: click.Context, slug: str, form: str) -> None:
    """List a client's connected accounts; `accounts connect` connects one."""
    if context.invoked_subcommand is None:
        if not slug:
            raise Problem("It is not said whose accounts.", "accounts", "Say --client NAME.")
        _list(workspace().client(slug), form)


def _list(client: Client, form: str) -> None:
    known = {one.name: one for one in live.services()}
    rows = [
        {"source": name, "account": account, "name": answers.get("name", ""), "state": "paused" if answers.get("paused") else "yes"}
        for account, name, answers in workspace().accounts(client.slug)
        if name in known
    ]
    if form == "json":
        return show.as_json(rows)
    if form == "csv":
        return show.as_csv(rows, ("source", "account", "name", "state"))
    t = spoken().t
    if not rows:
        return click.echo(t("No account is connected yet. Connect one with `accounts connect`."))
    titles = {"source": t("Service"), "account": t("Account"), "name": t("Name"), "state": t("Kept up to date")}
    said = [{**row, "source": t(known[row["source"]].title), "state": t(row["state"])} for row in rows]
    return show.as_table(said, titles, {})


@command.command("connect")
@click.option("--client", "slug", required=True, help="Short name of the client.")
@click.option("--source", default="", help="The service, where there are several.")
@click.option("--account", "--counter", "number", default="", help="The account's number, for scripts; else it is picked from the list.")
@click.option("--token", default="", help="Name of the secret that holds the token, where it is not the service's usual one.")
@click.option("--since", type=DAY, default=None, help="From which day on to keep it. [default: a year back]")
@click.option("--answer", "pairs", multiple=True, help="An answer about the account, as option=value; may be given several times.")
def connect(slug: str, source: str, number: str, token: str, since: datetime | None, pairs: tuple[str, ...]) -> None:
    """Connect an account: pick it from what the token may read, settle what the service does not say."""
    client = workspace().client(slug)
    service = live.service(source) if source else _service()
    said = _stated(pairs) | ({"token": token} if token else {}) | ({"since": f"{since:%Y-%m-%d}"} if since else {})
    web = Web(settings.home() / "paces")
    if number and service.wrong and (problem := service.wrong(number)):
        raise problem
    account = _picked(connecting.offered(service, web, said), number)
    answers = _answers(service, connecting.known(service, web, slug, account, client.timezone, said), client)
    one = Connected(slug, account.id, answers)
    keep_names(client, Outcome(service, one, goals=service.goals(web, one) if service.goals else {}))
    workspace().remember(slug, service.name, account.id, answers)
    click.echo(spoken().t("Connected {name}. Next: python vitrina.py pull --client {slug}", name=account.name or account.id, slug=slug))


@command.command("pause")
@click.option("--client", "slug", required=True, help="Short name of the client.")
@click.option("--source", required=True, help="The service.")
@click.option("--account", "--counter", "number", required=True, help="The account's number.")
def pause(slug: str, source: str, number: str) -> None:
    """Stop keeping an account up to date; what is loaded stays. `connect` starts it again."""
    service = live.service(source)
    if not workspace().answers(workspace().client(slug).slug, service.name, number):
        raise Problem("The account {account} is not connected.", "--account", "See the list: python vitrina.py accounts --client {slug}",
                      account=number, slug=slug)
    workspace().remember(slug, service.name, number, {"paused": "yes"})
    click.echo(spoken().t("The account {account} is no longer kept up to date.", account=number))


# ---------------------------------------------------------------------------------------------------------------- asking


def _service() -> Live:
    """The only service, or the one that the person at the terminal names."""
    known = live.services()
    if len(known) == 1:
        return known[0]
    names = tuple(one.name for one in known)
    if not sys.stdin.isatty():
        raise MissingAnswer((replace(SERVICE, choices=names),), "accounts connect")
    for place, one in enumerate(known, 1):
        token = spoken().t("{setting} is set" if stated(one.token) else "{setting} is not set", setting=one.token)
        click.echo(f"{place:>3}  {spoken().t(one.title)} ({token})", err=True)
    return known[click.prompt(spoken().t(SERVICE.text), type=click.IntRange(1, len(known)), err=True) - 1]


def _picked(found: Sequence[Account], number: str) -> Account:
    """The account with this number, or the one that is picked from the list."""
    if number:
        return connecting.numbered(found, number)
    for place, account in enumerate(found, 1):
        click.echo(f"{place:>3}  {account.id:<12} {account.name}  {spoken().t(account.permission)}", err=True)
    if not sys.stdin.isatty():
        raise MissingAnswer((ACCOUNT,), "accounts connect")
    return found[click.prompt(spoken().t("Which one? Its place in the list"), type=click.IntRange(1, len(found)), err=True) - 1]


def _answers(service: Live, answers: dict[str, str], client: Client) -> dict[str, str]:
    """What is known about the account, and answers to what is left."""
    zones.check(answers["timezone"])
    for ask in service.asks:
        default = client.currency if ask.option == "currency" else ask.default
        if ask.option in answers:
            _check(ask, answers[ask.option])
        elif sys.stdin.isatty():
            answers[ask.option] = _asked(replace(ask, default=default))
        else:
            answers[ask.option] = default
    return answers


def _asked(ask: Ask) -> str:
    choice = click.Choice(ask.choices) if ask.choices else None
    return str(click.prompt(spoken().t(ask.text), default=ask.default, type=choice, err=True))


def _check(ask: Ask, answer: str) -> None:
    if ask.choices and answer not in ask.choices and ask.option != "vat":
        raise Problem("{answer} is not one of the answers.", "--answer {option}", "Choose one of: {choices}.",
                      answer=answer, option=ask.option, choices=", ".join(ask.choices))


def _stated(pairs: Sequence[str]) -> dict[str, str]:
    found: Mapping[str, str] = {option.strip(): answer.strip() for option, _, answer in (pair.partition("=") for pair in pairs)}
    if any("=" not in pair for pair in pairs):
        raise Problem("An answer is given as option=value.", "--answer", "For example --answer method=reports.")
    return dict(found)
