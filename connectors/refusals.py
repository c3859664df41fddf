"""What a service may answer instead of data, as Problems that tell a manager what to do.

    Refused                the service was asked and said no
    ├── WrongToken         the token is not one of this service's, or was typed wrong    fix: how to get one
    ├── ExpiredToken       it was one, and is no longer                                  fix: renew it
    ├── NoGrant            the login may not read this account                           fix: who has to grant what
    ├── NoSuchAccount      there is no such account                                      fix: see the list
    ├── BadRequest         the request itself was refused                                a fault of ours, or a field that was taken away
    └── QuotaSpent         a quota is used up; `resume_at` says until when
    SourceDown             the service failed, again and again
    NetworkAway            it was never reached
    AnswerChanged          an answer is not what is documented: names the field
    Lost                   the connection broke and nobody knows whether the service has acted

Texts are shared by all services: `service` is the service's title, `account` whose data were asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from data.errors import Problem

WHERE = "{service}, {account}"


class Refused(Problem):
    """The service was asked and said no."""


class WrongToken(Refused):
    """The token is not accepted and never was."""


class ExpiredToken(Refused):
    """The token is no longer accepted."""


class NoGrant(Refused):
    """The login may not read this."""


class NoSuchAccount(Refused):
    """There is no such counter, property or ad account."""


class BadRequest(Refused):
    """The request is one that the service does not take."""


class QuotaSpent(Refused):
    """A quota is used up. Nothing more is asked before `resume_at` (UTC); `of` says whose quota: login, account or host."""

    def __init__(self, what: str, where: str, resume_at: datetime, /, of: str = "login", **facts: Any) -> None:
        self.resume_at, self.of = resume_at, of
        fix = "Nothing is lost: pull again after {resume}, or let the schedule do it."
        super().__init__(what, where, fix, resume=moment(resume_at), **facts)


class SourceDown(Problem):
    """The service answers with failures of its own."""


class NetworkAway(Problem):
    """The service cannot be reached from here."""


class AnswerChanged(Problem):
    """An answer does not look as documented."""


class Lost(Problem):
    """The connection broke after something was ordered; whether it was carried out is not known."""


def moment(at: datetime) -> str:
    """`2026-11-24 00:00 UTC`, rounded up to the minute."""
    return f"{datetime.fromtimestamp(-(-at.timestamp() // 60) * 60, UTC):%Y-%m-%d %H:%M} UTC"


def changed(service: str, account: str, field: str, found: object) -> AnswerChanged:
    """An answer in which `field` is absent or of another kind than documented."""
    return AnswerChanged(
        "The answer is not what {service} documents: {field} is {found}.", WHERE,
        "The service has probably changed. Nothing of this answer was loaded. Update Vitrina, or report this text.",
        service=service, account=account, field=field, found=found,
    )


def moved(service: str, account: str, field: str, before: object, found: object) -> AnswerChanged:
    """An answer of several pages that became another one while it was read, so that rows may be missing."""
    return AnswerChanged(
        "The answer of {service} changed while it was read: {field} was {before} and is {found}.", WHERE,
        "Nothing of this answer was loaded. Pull again.",
        service=service, account=account, field=field, before=before, found=found,
    )
