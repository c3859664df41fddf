"""Connecting an account, the same from the command line and from the Data page: pick it from the list, keep what is said about it."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.live import Account, Answers, Connected, Live
from connectors.web import Web
from data.errors import Ask, Problem


def offered(service: Live, web: Web, said: Answers) -> Sequence[Account]:
    """The accounts that the secret may read. Raises Problem, also when there is none."""
    found = service.accounts(web, said)
    if not found:
        raise Problem(
            "The login of this token may read no account.", "{service}", "Ask the owner of the account to give the login access.",
            service=service.title,
        )
    return found


def numbered(found: Sequence[Account], number: str) -> Account:
    """The account with this number. Raises Problem with what may be read."""
    for account in found:
        if account.id == number:
            return account
    raise Problem("The login of this token may not read {account}.", "--account", "It may read: {known}.",
                  account=number, known=tuple(f"{one.id} {one.name}" for one in found[:10]))


def known(service: Live, web: Web, client: str, account: Account, timezone: str, said: Answers) -> dict[str, str]:
    """What is kept about an account before anybody is asked: what the service says of it, and what was stated."""
    more = service.says(web, Connected(client, account.id, said)) if service.says else {}
    return {"timezone": timezone, **account.says, **more, "name": account.name, "paused": "", **said}


def unsaid(service: Live, answers: Answers) -> tuple[Ask, ...]:
    """The questions that are left."""
    return tuple(ask for ask in service.asks if ask.option not in answers)
