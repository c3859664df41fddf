"""Yandex Direct's API as a service: where it is, how fast it may be asked, and what its refusals mean.

Refusals stand in the body (`error.error_code`), also of answers with status 200. Points (header `Units`: spent, left, of the day) come
back hour by hour over a sliding day.

Source: yandex.ru/dev/direct, Reports: restrictions and response codes; errors and warnings of version 5; points. Read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.live import Answers
from connectors.pace import Rate
from connectors.refusals import WHERE, BadRequest, NoGrant, NoSuchAccount, QuotaSpent, Refused, SourceDown, WrongToken
from connectors.web import Again, Answer, Api, Call, Web, down, said
from data.errors import Problem
from data.secret import Secret, secret

TOKEN = "DIRECT_TOKEN"
GET_TOKEN = (
    "Get a token at oauth.yandex.ru for an application with access to the Direct API and put it into {setting}, in the environment or in "
    ".streamlit/secrets.toml."
)
REPORTS = "/json/v5/reports"
RATES = (Rate(20, 10, "login", under=REPORTS), Rate(5, 1, "login"))
_OWN_FAULT = frozenset(("52", "1000", "1001", "1002", "1020"))
_A_WHILE = timedelta(minutes=15)


class NotApproved(Refused):
    """The application has no access to the API yet."""


class TooHeavy(SourceDown):
    """The server gives up on the report: a shorter period may do."""


def token(answers: Answers) -> Secret:
    """The token of the login under which an account is read: `DIRECT_TOKEN`, or the secret that was named when it was connected."""
    return secret(answers.get("token") or TOKEN, GET_TOKEN)


def judge(answer: Answer, call: Call) -> Again | Problem | None:
    """What a refusal means, by its `error_code` and, failing that, its status. NB: reports are no JSON, and large."""
    if answer.status in call.accepts and (call.path == REPORTS or not _error(answer)):
        return None
    error = _error(answer)
    code = str(error.get("error_code", ""))
    facts: dict[str, Any] = {**call.facts, "said": _words(error, answer, call), "setting": call.secret.name if call.secret else TOKEN}
    if code in ("152", "56", "506", "9000"):
        return _quota(code, datetime.fromtimestamp(answer.at, UTC), facts)
    if answer.status in (502, 504):
        heavy = TooHeavy("{service} cannot prepare the report in time.", WHERE, "Ask for fewer days with --since and --until.", **facts)
        return Again(heavy, tries=3)
    if answer.status >= 500 or code in _OWN_FAULT:
        return down(answer, call)
    return _refusal(code, facts)


def _refusal(code: str, facts: Mapping[str, Any]) -> Problem:
    if code == "53":
        return WrongToken("{service} does not accept the token in {setting}.", WHERE, GET_TOKEN, **facts)
    if code == "58":
        return NotApproved(
            "The application of this token has no access to the Direct API yet: {said}", "{service}",
            "Ask for access in Direct under “API”, “My requests”, and pull again when it is granted.", **facts,
        )
    if code in ("54", "3000"):
        return NoGrant(
            "The login of this token may not read the ads of {account}: {said}", "{service}",
            "Ask the owner to name this login a representative, or connect the account under the agency's token.", **facts,
        )
    if code in ("513", "8800"):
        return NoSuchAccount(
            "There is no login {account} in Yandex Direct: {said}", "{service}",
            "See the logins of this token: python vitrina.py accounts connect --client …", **facts,
        )
    return BadRequest(
        "{service} does not take the request: {said}", WHERE, "Nothing of it was loaded. Update Vitrina, or report this text.", **facts
    )


def _quota(code: str, now: datetime, facts: Mapping[str, Any]) -> Again | Problem:
    """152: points are spent; the others pass by themselves: calls, connections, reports in the queue."""
    if code == "152":
        return QuotaSpent("The points of the Direct API are used up: {said}", WHERE, next_hour(now), **facts)
    wait = {"56": 10.0, "506": 5.0}.get(code, 30.0)
    return Again(QuotaSpent("{service} asks for slower requests: {said}", WHERE, now + _A_WHILE, **facts), wait, tries=8, harmless=True)


def next_hour(now: datetime) -> datetime:
    """When a part of the points is there again, UTC."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def watch(web: Web, call: Call, answer: Answer) -> None:
    """Ask nothing more once the points of the day are gone. Header `Units`: spent/left/of the day."""
    parts = answer.headers.get("units", "").split("/")
    if len(parts) == 3 and all(part.strip().isdecimal() for part in parts) and int(parts[2]) and int(parts[1]) < int(parts[0]):
        web.pace.close(call.whose("login"), next_hour(datetime.fromtimestamp(web.clock.now(), UTC)).timestamp())


def _error(answer: Answer) -> Mapping[str, Any]:
    document = answer.document()
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, dict) else {}


def _words(error: Mapping[str, Any], answer: Answer, call: Call) -> str:
    found = ": ".join(str(error[name]) for name in ("error_string", "error_detail") if error.get(name))
    text = f"{found} ({error.get('error_code')})" if found else said(answer, call)
    return call.secret.mask(text[:300]) if call.secret else text


API = Api("direct", "Yandex Direct", "DIRECT_API_URL", "https://api.direct.yandex.com", RATES, judge, parallel=3, judges_all=True)
