"""Google Analytics' Admin API: which properties the credentials may read, in which zone and currency one reports, what its key events are.

Source: developers.google.com/analytics, Admin API v1beta: accountSummaries, properties, keyEvents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.ga4_api_access import Credentials, ask, credentials
from connectors.ga4_api_service import ADMIN, API
from connectors.live import Account, Answers, Connected
from connectors.refusals import NoSuchAccount, changed
from connectors.shape import Shape
from connectors.web import Call, Web
from data.errors import Problem

_PAGE = 200
_MOST_PAGES = 500
STANDARD, LARGE = "standard", "360"


def properties(web: Web, answers: Answers) -> Sequence[Account]:
    """Every property that the credentials may read, by the names of its account and its own."""
    found = [
        Account(one.text("property").removeprefix("properties/"), f"{account.get('displayName')} · {one.get('displayName')}")
        for page in _pages(web, credentials(answers), "/v1beta/accountSummaries", "")
        for account in _parts(page, "accountSummaries") for one in _parts(account, "propertySummaries")
    ]
    return sorted(found, key=lambda one: (one.name.lower(), one.id))


def says(web: Web, connected: Connected) -> Answers:
    """What a property tells about itself: time zone, currency, and how much it may be asked."""
    answer = _shape(web, credentials(connected.answers), f"/v1beta/properties/{connected.account}", connected.account)
    level = LARGE if answer.get("serviceLevel").endswith("360") else STANDARD
    return {"timezone": answer.text("timeZone"), "currency": answer.text("currencyCode"), "level": level}


def key_events(web: Web, connected: Connected) -> Mapping[str, str]:
    """Names of the events that count. A key event's number and name are one."""
    check(connected.account)
    pages = _pages(web, credentials(connected.answers), f"/v1beta/properties/{connected.account}/keyEvents", connected.account)
    names = [one.text("eventName") for page in pages for one in _parts(page, "keyEvents")]
    return {name: name for name in names}


def check(number: str) -> None:
    """Raises Problem when this cannot be the number of a property."""
    if problem := wrong(number):
        raise problem


def wrong(number: str) -> Problem | None:
    """What somebody has taken for the number of a property."""
    if re.fullmatch(r"\d+", number):
        return None
    texts = {
        "G": "{account} is the id of a data stream (it stands in the tag); a property has a number.",
        "UA": "{account} is a property of the old Universal Analytics, which Google has switched off.",
        "GTM": "{account} is a container of Tag Manager, and no property.",
        "AW": "{account} is the id of a Google Ads tag, and no property.",
    }
    kind = number.upper().partition("-")[0]
    fix = "The number stands in Google Analytics under Admin, “Property details”, at the upper right: “Property ID”, digits only."
    return NoSuchAccount(texts.get(kind, "{account} is not the number of a property."), "--account", fix, account=number)


# ------------------------------------------------------------------------------------------------------- blocked metrics


def blocked(web: Web, who: Credentials, number: str) -> tuple[frozenset[str], Mapping[str, str]]:
    """Metrics that there are, and those the login may not see with the reason. Shape: (names and older names, name -> reason)."""
    answer = Shape(ask(web, who, Call(API, f"/v1beta/properties/{number}/metadata", account=number)), API.title, number)
    known, hidden = set[str](), dict[str, str]()
    for metric in answer.parts("metrics"):
        name = metric.text("apiName")
        known |= {name, *map(str, metric.held.get("deprecatedApiNames") or ())}
        if reasons := metric.held.get("blockedReasons"):
            hidden[name] = ", ".join(map(str, reasons))
    if "sessions" not in known:
        raise changed(API.title, number, "metrics.sessions", "absent")
    return frozenset(known), hidden


# ------------------------------------------------------------------------------------------------------------------ calls


def _pages(web: Web, who: Credentials, path: str, number: str) -> Iterator[Shape]:
    token = ""
    for _ in range(_MOST_PAGES):
        params = {"pageSize": f"{_PAGE}", **({"pageToken": token} if token else {})}
        page = _shape(web, who, path, number, params)
        yield page
        token = page.get("nextPageToken")
        if not token:
            return
    raise changed(ADMIN.title, number or path, "nextPageToken", "endless")


def _shape(web: Web, who: Credentials, path: str, number: str, params: Mapping[str, str] | None = None) -> Shape:
    return Shape(ask(web, who, Call(ADMIN, path, params or {}, account=number)), ADMIN.title, number or path)


def _parts(one: Shape, name: str) -> list[Shape]:
    """NB: an empty list is left out altogether."""
    return one.parts(name) if one.held.get(name) else []
