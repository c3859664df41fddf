"""Yandex.Metrica's API as a service: where it is, how fast it may be asked, and what its refusals mean.

Source: yandex.com/dev/metrika, Quotas and Errors, read 2026-11. The documentation gives 429 for a spent quota in Russian and 420 in
English; what is meant stands in `error_type`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.live import Answers
from connectors.pace import Rate
from connectors.refusals import (
    WHERE,
    BadRequest,
    ExpiredToken,
    NoGrant,
    NoSuchAccount,
    QuotaSpent,
    SourceDown,
    WrongToken,
)
from connectors.web import Again, Answer, Api, Call, down, said
from data.errors import Problem
from data.secret import Secret, secret

TOKEN = "METRIKA_TOKEN"
GET_TOKEN = (
    "Get a token at oauth.yandex.ru for an application with the right “metrika:read” and put it into {setting}, in the environment or "
    "in .streamlit/secrets.toml."
)
RATES = (
    Rate(30, 1, "host"),
    Rate(10, 1, "host", under="/management"),
    Rate(200, 300, "login", under="/stat/v1/data"),
    Rate(5000, 86_400, "login"),
    Rate(5000, 86_400, "account"),
)
_A_WHILE = timedelta(minutes=15)


class TooHeavy(BadRequest):
    """The request takes more than the service wants to spend on one: a shorter period may do."""


class TimedOut(SourceDown):
    """The service gave up on this request, again and again: a shorter period may do."""


def token(answers: Answers) -> Secret:
    """The token of the login under which an account is read: `METRIKA_TOKEN`, or the secret that was named when it was connected."""
    return secret(answers.get("token") or TOKEN, GET_TOKEN)


def judge(answer: Answer, call: Call) -> Again | Problem | None:
    """What a refusal means, by its `error_type` and, failing that, its status."""
    kind, message = _kind(answer), said(answer, call)
    facts: dict[str, Any] = {**call.facts, "said": _message(answer, call) or message, "setting": call.secret.name if call.secret else TOKEN}
    if answer.status in (420, 429) or kind.startswith("quota_"):
        return _quota(kind, datetime.fromtimestamp(answer.at, UTC), facts)
    if kind in ("query_error", "too_much_rows"):
        return TooHeavy("{service} finds the request too heavy: {said}", WHERE, "Ask for fewer days with --since and --until.", **facts)
    if answer.status == 504 or kind == "timeout":
        return Again(TimedOut("{service} did not answer in time.", WHERE, "Pull again later, or fewer days at once.", **facts), tries=3)
    if answer.status in (401, 403):
        return _not_allowed(kind, facts)
    if answer.status == 404:
        return NoSuchAccount(
            "There is no counter {account}, or it was deleted.", "{service}",
            "See the counters of this login: python vitrina.py accounts connect --client …", **facts,
        )
    if answer.status < 500:
        return BadRequest(
            "{service} does not take the request: {said}", WHERE, "Nothing of it was loaded. Update Vitrina, or report this text.", **facts
        )
    return down(answer, call)


def _not_allowed(kind: str, facts: Mapping[str, Any]) -> Problem:
    if kind == "invalid_token" and "expired" in str(facts["said"]).lower():
        return ExpiredToken("The token in {setting} has expired.", WHERE, GET_TOKEN, **facts)
    if kind in ("invalid_token", "unauthorized"):
        return WrongToken("{service} does not accept the token in {setting}.", WHERE, GET_TOKEN, **facts)
    return NoGrant(
        "The login of this token may not read the counter {account}: {said}", "{service}",
        "Ask its owner to give the login access under “Settings → Access” of the counter, or connect it under another login.", **facts,
    )


def _quota(kind: str, now: datetime, facts: Mapping[str, Any]) -> Again | Problem:
    """Which quota it is, and when there is more of it. Quotas of a day start anew at midnight GMT."""
    if kind in ("quota_requests_by_uid", "quota_requests_by_counter_id"):
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        whose = "account" if kind.endswith("counter_id") else "login"
        text = (
            "The day's requests for this counter are used up." if whose == "account" else "The day's requests of this login are used up."
        )
        return QuotaSpent(text, WHERE, midnight, of=whose, **facts)
    wait = {"quota_parallel_requests": 2.0, "quota_requests_by_ip": 5.0}.get(kind, 30.0)
    return Again(QuotaSpent("{service} asks for slower requests: {said}", WHERE, now + _A_WHILE, **facts), wait, tries=8, harmless=True)


def _kind(answer: Answer) -> str:
    found = _errors(answer)
    return str(found[0].get("error_type", "")) if found else ""


def _message(answer: Answer, call: Call) -> str:
    text = "; ".join(str(one["message"]) for one in _errors(answer) if one.get("message"))[:300]
    return call.secret.mask(text) if call.secret else text


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    document = answer.document()
    errors = document.get("errors") if isinstance(document, dict) else None
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []


API = Api("metrica", "Yandex.Metrica", "METRIKA_API_URL", "https://api-metrika.yandex.net", RATES, judge, parallel=3)
