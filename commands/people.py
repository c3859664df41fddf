"""`people`: who may see what. The first owner is added here: nobody is one until then."""

from __future__ import annotations

from dataclasses import replace

import click

from commands import show, spoken
from data.desk import people
from data.door import workspace
from data.errors import Problem
from data.roles import OWNER, ROLES, SPECIALIST, Person, Power

_COLUMNS = ("email", "name", "role", "clients", "money")
_role = click.option("--role", type=click.Choice(tuple(ROLES)), help="What the person does here.")
_name = click.option("--name", help="The person's name.")
_clients = click.option("--client", "clients", multiple=True, help="Short name of a client that is open to them; may be repeated.")
_money = click.option("--money/--no-money", default=None, help="Whether a specialist sees money. [default: yes]")


@click.group(invoke_without_command=True, name="people")
@show.format_option
@click.pass_context
def command(context: click.Context, form: str) -> None:
    """List the people and what is open to each; add, change and remove them, see who gave what."""
    if not workspace().person.may(Power.ADMINISTER):
        raise Problem("Only owners see and change who may see what.", "--as", "Ask the agency's owner.")
    if context.invoked_subcommand is None:
        _list(form)


@command.command("list")
@show.format_option
def list_people(form: str) -> None:
    """List the people."""
    _list(form)


def _list(form: str) -> None:
    rows = [people.said(one) for one in people.of(workspace())]
    if form == "json":
        return show.as_json(rows)
    if not rows and form != "csv":
        return click.echo(spoken().t("Nobody is known yet. Add the first owner: python vitrina.py people add EMAIL --role owner"))
    flat = [row | {"clients": _listed(row["clients"]), "money": _seen(row)} for row in rows]
    if form == "csv":
        return show.as_csv(flat, _COLUMNS)
    t = spoken().t
    titles = {"email": t("E-mail address"), "name": t("Name"), "role": t("Role"), "clients": t("Clients"), "money": t("Money")}
    said = [row | {"role": t(ROLES[row["role"]]), "clients": row["clients"] or t("none"), "money": t(row["money"])} for row in flat]
    return show.as_table(said, titles, {})


@command.command("add")
@click.argument("email")
@_role
@_name
@_clients
@_money
def add(email: str, role: str | None, name: str | None, clients: tuple[str, ...], money: bool | None) -> None:
    """Add a person under the address that they sign in with. Without clients nothing is open to them, unless they are an owner."""
    if role is None:
        raise Problem("Not said which role {email} has.", "people add", "Say it with --role: {roles}.", email=email, roles=", ".join(ROLES))
    if people.find(workspace(), email):
        raise Problem("{email} is known already.", "people add", "Change the person: python vitrina.py people change {email}", email=email)
    _told(people.put(workspace(), Person(email, name or "", role, frozenset(clients), money is not False)))


@command.command("change")
@click.argument("email")
@_role
@_name
@_clients
@click.option("--no-clients", is_flag=True, help="Close every client.")
@_money
def change(
    email: str, role: str | None, name: str | None, clients: tuple[str, ...], no_clients: bool, money: bool | None
) -> None:
    """Change a person; what is not named stays. Clients that are named take the place of those that were open."""
    before = people.find(workspace(), email)
    if before is None:
        raise people.unknown(workspace(), email)
    after = replace(
        before, role=role or before.role, name=before.name if name is None else name,
        clients=frozenset() if no_clients else frozenset(clients) or before.clients, money=before.money if money is None else money,
    )
    _told(people.put(workspace(), after))


@command.command("remove")
@click.argument("email")
def remove(email: str) -> None:
    """Close every door to a person, at once."""
    gone = people.remove(workspace(), email)
    click.echo(spoken().t("{email} opens nothing any more.", email=gone.email))


@command.command("history")
@show.format_option
def history(form: str) -> None:
    """Who gave what to whom, newest first."""
    rows = [
        {"at": change.at.isoformat(sep=" ", timespec="seconds"), "who": change.who, "what": change.what, "before": change.before,
         "after": change.after}
        for change in people.changes(workspace())
    ]
    if form == "json":
        return show.as_json(rows)
    flat = [row | {"before": _short(row["before"]), "after": _short(row["after"])} for row in rows]
    if form == "csv":
        return show.as_csv(flat, ("at", "who", "what", "before", "after"))
    t = spoken().t
    titles = {"at": t("When (UTC)"), "who": t("Who"), "what": t("What"), "before": t("Before"), "after": t("After")}
    return show.as_table([row | {"what": t(str(row["what"]))} for row in flat], titles, {})


def _told(person: Person) -> None:
    t, clients = spoken().t, _listed(None if person.clients is None else sorted(person.clients))
    facts = {"email": person.email, "role": t(ROLES[person.role]), "clients": clients or t("none")}
    click.echo(t("{email}: {role}. Clients: {clients}", **facts))
    if person.role == SPECIALIST and not person.money:
        click.echo(t("Money is not shown to them."))
    if person.role != OWNER and not person.clients:
        click.echo(t("Nothing is open to them yet: name clients with --client."))


def _listed(clients: list[str] | None) -> str:
    return "*" if clients is None else ", ".join(clients)


def _seen(row: dict[str, object]) -> str:
    return "no" if row["role"] == SPECIALIST and not row["money"] else "yes"


def _short(person: dict[str, object] | None) -> str:
    if not person:
        return ""
    held = person["clients"]
    clients = _listed(held if isinstance(held, list) else None)
    return " ".join(filter(None, (str(person["email"]), str(person["role"]), clients, "" if _seen(person) == "yes" else "no money")))
