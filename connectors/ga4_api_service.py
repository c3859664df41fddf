"""Google Analytics' Data and Admin API as services: where they are, how fast they may be asked, and what their refusals mean.

Source: developers.google.com/analytics, Data API v1beta: quotas; google.rpc.Status. Codes differ between transports, so only `status` is
compared. Tokens of an hour start anew with the hour, those of a day at midnight Pacific time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.pace import Rate
from connectors.refusals import WHERE, BadRequest, NoGrant, NoSuchAccount, QuotaSpent, Refused, WrongToken
from connectors.web import Again, Answer, Api, Call, down, said
from data.errors import Problem

CREDENTIALS = "GA4_CREDENTIALS"
GET_CREDENTIALS = (
    "In Google Cloud make a service account and a key for it (JSON); put the key, or the path of its file, into {setting}, in the "
    "environment or in .streamlit/secrets.toml."
)
SHARE = (
    "In Google Analytics open Admin, “Property access management”, and add the address of the service account (client_email in {setting}) "
    "as a viewer."
)
TRIES = 3
"""NB: ten failures of the server in an hour lock a project out of a property, so a failure is not tried often."""
_A_WHILE = timedelta(minutes=15)
_PACIFIC = ZoneInfo("America/Los_Angeles")


class Incompatible(BadRequest):
    """Fields that Google does not combine; `fields` are those it names."""

    def __init__(self, what: str, where: str, fix: str, /, fields: tuple[str, ...], **facts: Any) -> None:
        self.fields = fields
        super().__init__(what, where, fix, fields=", ".join(fields), **facts)


class SwitchedOff(Refused):
    """The API is not enabled in the project of the credentials."""


def judge(answer: Answer, call: Call) -> Again | Problem | None:
    """What a refusal means, by its `status` and its words."""
    error = _error(answer)
    status, text = str(error.get("status", "")), call.secret.mask(str(error.get("message", ""))) if call.secret else ""
    facts: dict[str, Any] = {
        **call.facts, "said": text[:300] or said(answer, call), "setting": call.secret.name if call.secret else CREDENTIALS
    }
    if answer.status == 429 or status == "RESOURCE_EXHAUSTED":
        return _quota(text.lower(), datetime.fromtimestamp(answer.at, UTC), facts)
    if answer.status >= 500:
        return replace(down(answer, call), tries=TRIES)
    if answer.status == 401 or status == "UNAUTHENTICATED":
        return WrongToken("{service} does not accept the credentials in {setting}.", WHERE, GET_CREDENTIALS, **facts)
    if answer.status == 403 or status == "PERMISSION_DENIED":
        return _not_allowed(error, facts)
    if answer.status == 404 or status == "NOT_FOUND":
        return NoSuchAccount(
            "There is no property {account}, or it was deleted.", "{service}",
            "See the properties of these credentials: python vitrina.py accounts connect --client …", **facts,
        )
    return _bad(text, facts)


def _bad(text: str, facts: Mapping[str, Any]) -> Problem:
    if found := re.search(r"remove (.+?) to make the request compatible", text, re.IGNORECASE):
        words = re.findall(r"[A-Za-z][A-Za-z0-9:_]+", re.sub(r"\b(and|or|the|dimensions?|metrics?)\b", " ", found[1]))
        fields = tuple(dict.fromkeys(words))
        return Incompatible(
            "Google Analytics does not combine {fields} with the rest of this report: {said}", WHERE,
            "Nothing of it was loaded. Update Vitrina, or report this text.", fields=fields, **facts,
        )
    return BadRequest(
        "{service} does not take the request: {said}", WHERE, "Nothing of it was loaded. Update Vitrina, or report this text.", **facts
    )


def _not_allowed(error: Mapping[str, Any], facts: Mapping[str, Any]) -> Problem:
    text = f"{error.get('message', '')} {error.get('details', '')}"
    if re.search(r"SERVICE_DISABLED|has not been used in project|it is disabled", text):
        return SwitchedOff(
            "{service} is not switched on in the Google Cloud project of these credentials.", "{service}",
            "Switch on “Google Analytics Data API” and “Google Analytics Admin API” of that project at console.cloud.google.com, wait some "
            "minutes, and pull again.", **facts,
        )
    return NoGrant("These credentials may not read the property {account}: {said}", "{service}", SHARE, **facts)


def _quota(text: str, now: datetime, facts: Mapping[str, Any]) -> Again | Problem:
    """Which quota it is, and when there is more of it."""
    if "concurrent" in text:
        slower = QuotaSpent("{service} asks for slower requests: {said}", WHERE, now + _A_WHILE, of="account", **facts)
        return Again(slower, 5.0, tries=8, harmless=True)
    if "per day" in text:
        return QuotaSpent("The day's tokens of this property are used up.", WHERE, next_day(now), of="account", **facts)
    return QuotaSpent("This hour's quota of the property is used up: {said}", WHERE, next_hour(now), of="account", **facts)


def next_hour(now: datetime) -> datetime:
    """When tokens of an hour start anew, UTC."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_day(now: datetime) -> datetime:
    """When tokens of a day start anew, UTC."""
    tomorrow = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_PACIFIC).astimezone(UTC)


def _error(answer: Answer) -> Mapping[str, Any]:
    document = answer.document()
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, dict) else {}


RATES = (Rate(10, 1, "login"),)
"""Manners: what is documented is tokens, and requests at once."""
API = Api("ga4", "Google Analytics", "GA4_API_URL", "https://analyticsdata.googleapis.com", RATES, judge, parallel=3)
ADMIN = Api("ga4_admin", "Google Analytics", "GA4_ADMIN_URL", "https://analyticsadmin.googleapis.com", RATES, judge, parallel=3)
