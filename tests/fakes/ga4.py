"""Google Analytics 4: the token service, the Admin and the Data API, from the documentation. Counts every documented limit.

    with Ga4() as fake: fake.settings() are the settings that lead to it, with the key of a service account
    account_key(STRANGER) is one that may read nothing, REFRESH a person's refresh token

Tokens cost what rows and days of a request cost. Ten failures of its own in an hour, and the hour is over for everybody who asks.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt

from tests.fakes.ga4_books import CHANNELS, KEY_EVENTS, Books, Session
from tests.fakes.server import Fake, Request, Response, as_json

EMAIL, STRANGER = "vitrina@project.iam.gserviceaccount.com", "stranger@project.iam.gserviceaccount.com"
REFRESH = {"type": "authorized_user", "client_id": "c.apps.example", "client_secret": "GOCSPX-s", "refresh_token": "1//r"}
TOKENS = {"tokensPerDay": 200_000, "tokensPerHour": 40_000, "tokensPerProjectPerHour": 14_000}
MOST_ERRORS = 10
_ADS = ("advertiserAdCost", "advertiserAdClicks", "advertiserAdImpressions")
_PLACES = ("DefaultChannelGroup", "Source", "Medium", "CampaignName", "CampaignId")
_COUNTED = frozenset((
    "keyEvents", "sessions", "engagedSessions", "screenPageViews", "activeUsers", "newUsers", "totalPurchasers", "transactions",
))


@cache
def key() -> tuple[str, str]:
    """One pair of keys for a process: (private, public) as PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    return secret, public


def account_key(email: str = EMAIL) -> str:
    """The JSON that Google gives out with a service account."""
    return json.dumps({"type": "service_account", "client_email": email, "private_key": key()[0], "token_uri": "https://evil.example/token"})


class Ga4(Fake):
    """`clock` is the service's; `consumed` are tokens by hour."""

    parallel = 10

    def __init__(self, books: Sequence[Books] = (), port: int = 0) -> None:
        super().__init__(port)
        self.books = {one.number: one for one in books or (Books("250000001"),)}
        self.clock: Callable[[], float] = time.time
        self.granted: dict[str, str] = {}
        self.consumed: dict[int, int] = defaultdict(int)
        self.errors: dict[int, int] = defaultdict(int)
        self.price, self.page = 1.0, 250_000
        self.blocked: frozenset[str] = frozenset()
        self.sampled_from, self.hides, self.folds, self.whole_cost = 0, False, False, False
        self.refused: Mapping[str, str] = {}
        self.change: Mapping[str, Any] = {}
        self.zone, self.currency, self.large = "Europe/Moscow", "RUB", False

    def settings(self) -> dict[str, str]:
        addresses = dict.fromkeys(("GA4_API_URL", "GA4_ADMIN_URL", "GOOGLE_OAUTH_URL"), self.address)
        return addresses | {"GA4_CREDENTIALS": account_key()}

    @property
    def hour(self) -> int:
        return int(self.clock() // 3600)

    # ----------------------------------------------------------------------------------------------------------- answers

    def failure(self, status: int) -> Response:
        self.errors[self.hour] += 1
        return error(status, "UNAVAILABLE" if status == 503 else "INTERNAL", "Internal error encountered.")

    def answer(self, request: Request) -> Response:
        if request.path == "/token":
            return self._grant(dict(parse_qsl(request.body.decode())))
        who = self.granted.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if who is None:
            return error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if request.path == "/v1beta/accountSummaries":
            return self._summaries(request, who)
        found = re.fullmatch(r"/v1beta/properties/([^:/]+)(?:[:/](\w+))?", request.path)
        if not found:
            return error(404, "NOT_FOUND", "Method not found.")
        number, what = found[1], found[2] or ""
        if number not in self.books or who == STRANGER:
            return error(403, "PERMISSION_DENIED", "User does not have sufficient permissions for this property.")
        return self._of_property(request, self.books[number], what)

    def _grant(self, form: Mapping[str, str]) -> Response:
        if form.get("grant_type") == "refresh_token":
            if {name: form.get(name) for name in REFRESH if name != "type"} != {k: v for k, v in REFRESH.items() if k != "type"}:
                return as_json({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
            who = EMAIL
        else:
            who = _asserted(form.get("assertion", ""))
            if who not in (EMAIL, STRANGER):
                return as_json({"error": "invalid_grant", "error_description": who}, 400)
        token = f"ya29.{len(self.granted)}"
        self.granted[token] = who
        return as_json({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _summaries(self, request: Request, who: str) -> Response:
        numbers = [] if who == STRANGER else sorted(self.books)
        start, size = int(request.params.get("pageToken", 0)), min(int(request.params["pageSize"]), 200, self.page)
        if int(request.params["pageSize"]) > 200:
            self.broken.append("pageSize over 200")
        document: dict[str, Any] = {"accountSummaries": [
            {"name": f"accountSummaries/{one}", "account": f"accounts/{one}", "displayName": f"Shop {one[-1]}", "propertySummaries": [
                {"property": f"properties/{one}", "displayName": f"Site {one[-1]}", "propertyType": "PROPERTY_TYPE_ORDINARY"}]}
            for one in numbers[start : start + size]
        ]}
        if not document["accountSummaries"]:
            document = {}
        if start + size < len(numbers):
            document["nextPageToken"] = f"{start + size}"
        return as_json(document)

    def _of_property(self, request: Request, books: Books, what: str) -> Response:
        if what == "runReport":
            return self._report(json.loads(request.body), books)
        if what == "metadata":
            return as_json({"metrics": [
                {"apiName": name, **({"blockedReasons": [self._reason(name)]} if name in self.blocked else {})}
                for name in sorted({*_COUNTED, "userEngagementDuration", "purchaseRevenue", *_ADS})
            ]})
        if what == "keyEvents":
            return as_json({"keyEvents": [{"name": f"properties/1/keyEvents/{n}", "eventName": one} for n, one in enumerate(KEY_EVENTS)]})
        level = "GOOGLE_ANALYTICS_360" if self.large else "GOOGLE_ANALYTICS_STANDARD"
        return as_json({"name": f"properties/{books.number}", "timeZone": self.zone, "currencyCode": self.currency, "serviceLevel": level})

    @staticmethod
    def _reason(name: str) -> str:
        return "NO_COST_METRICS" if name in _ADS else "NO_REVENUE_METRICS"

    # ----------------------------------------------------------------------------------------------------------- reports

    def _report(self, asked: Mapping[str, Any], books: Books) -> Response:
        metrics, named = [one["name"] for one in asked["metrics"]], [one["name"] for one in asked["dimensions"]]
        ranges = [(date.fromisoformat(one["startDate"]), date.fromisoformat(one["endDate"])) for one in asked["dateRanges"]]
        if self.errors[self.hour] >= MOST_ERRORS:
            return error(429, "RESOURCE_EXHAUSTED", "Exhausted server errors per project per hour quota.")
        if len(metrics) > 10 or len(named) > 9 or len(ranges) > 4 or int(asked["limit"]) > 250_000:
            self.broken.append(f"{len(metrics)} metrics, {len(named)} dimensions, {len(ranges)} ranges")
            return error(400, "INVALID_ARGUMENT", "Requests are limited to 9 dimensions.")
        if refusal := self._incompatible(metrics, named):
            return refusal
        consumed = round(self.price * (1 + sum((until - since).days for since, until in ranges) // 30))
        self.consumed[self.hour] += consumed
        if self.consumed[self.hour] > TOKENS["tokensPerProjectPerHour"] * (10 if self.large else 1):
            self.broken.append("tokens over the hour's")
            return error(429, "RESOURCE_EXHAUSTED", "Exhausted property tokens for a project per hour.")
        rows = self._rows(books, metrics, named, ranges, bool(asked.get("metricFilter")))
        start, size = int(asked["offset"]), min(int(asked["limit"]), self.page)
        document = {
            "dimensionHeaders": [{"name": one} for one in (*named, *(["dateRange"] if len(ranges) > 1 else []))],
            "metricHeaders": [{"name": one, "type": "TYPE_INTEGER" if one in _COUNTED else "TYPE_FLOAT"} for one in metrics],
            "metadata": self._metadata(ranges), "propertyQuota": self._quota(consumed), "kind": "analyticsData#runReport",
        }
        if rows:
            document |= {"rowCount": len(rows), "rows": [
                {**({"dimensionValues": [{"value": one} for one in cells]} if cells else {}),
                 "metricValues": [{"value": one} for one in figures]}
                for cells, figures in rows[start : start + size]
            ]}
        return as_json({**document, **self.change})

    def _incompatible(self, metrics: Sequence[str], named: Sequence[str]) -> Response | None:
        """Cost goes with few fields: with the day only where a campaign stands beside it."""
        for name, text in self.refused.items():
            if name in (*metrics, *named):
                return error(400, "INVALID_ARGUMENT", text)
        if not any(one in _ADS for one in metrics):
            return None
        wrong = [one for one in named if not one.startswith("sessionGoogleAds") and one != "date"]
        wrong += [one for one in metrics if one not in _ADS]
        wrong += ["date"] if "date" in named and not any(one.startswith("sessionGoogleAds") for one in named) else []
        return incompatible(*wrong) if wrong else None

    def _metadata(self, ranges: Sequence[tuple[date, date]]) -> dict[str, Any]:
        found: dict[str, Any] = {"currencyCode": self.currency, "timeZone": self.zone}
        if self.hides:
            found["subjectToThresholding"] = True
        if self.folds:
            found["dataLossFromOtherRow"] = True
        if self.sampled_from and any((until - since).days + 1 >= self.sampled_from for since, until in ranges):
            found["samplingMetadatas"] = [{"samplesReadCount": "250", "samplingSpaceSize": "1000"} for _ in ranges]
        return found

    def _quota(self, consumed: int) -> dict[str, Any]:
        used = self.consumed[self.hour]
        large = 10 if self.large else 1
        found: dict[str, Any] = {name: {"consumed": consumed, "remaining": most * large - used} for name, most in TOKENS.items()}
        left = MOST_ERRORS - self.errors[self.hour]
        return found | {"concurrentRequests": {"remaining": 10}, "serverErrorsPerProjectPerHour": {"remaining": left}}

    def _rows(
        self, books: Books, metrics: Sequence[str], named: Sequence[str], ranges: Sequence[tuple[date, date]], only_reached: bool
    ) -> list[tuple[tuple[str, ...], list[str]]]:
        found: list[tuple[tuple[str, ...], list[str]]] = []
        for place, (since, until) in enumerate(ranges):
            last = (f"{place}",) if len(ranges) > 1 else ()
            if any(one in _ADS for one in metrics):
                grouped = _ads(books, since, until, metrics, named, self.whole_cost)
            else:
                grouped = _grouped(books, since, until, metrics, named, self.folds)
            found += [((*cells, *last), [self._shown(name, value) for name, value in zip(metrics, figures, strict=True)])
                      for cells, figures in grouped if any(figures) or not only_reached]
        return sorted(found)

    def _shown(self, name: str, value: Decimal) -> str:
        """NB: money that a login may not see is zero, and no error."""
        if name in self.blocked:
            return "0"
        return str(int(value)) if name in _COUNTED else repr(float(value))


def error(status: int, name: str, message: str) -> Response:
    return as_json({"error": {"code": status, "message": message, "status": name, "details": []}}, status)


def incompatible(*fields: str) -> Response:
    names = ", ".join(fields)
    text = f"Please remove {names} to make the request compatible. The request's dimensions & metrics are incompatible."
    return error(400, "INVALID_ARGUMENT", text)


def _asserted(text: str) -> str:
    """Whose assertion it is; else what is wrong with it."""
    try:
        head, claims, signature = text.split(".")
        said = json.loads(base64.urlsafe_b64decode(claims + "==="))
        signed = crypt.RSAVerifier.from_string(key()[1]).verify(f"{head}.{claims}".encode(), base64.urlsafe_b64decode(signature + "==="))
    except ValueError:
        return "Invalid JWT"
    if not signed:
        return "Invalid JWT Signature."
    right = said["aud"] == "https://oauth2.googleapis.com/token" and said["scope"].endswith("/analytics.readonly")
    return str(said["iss"]) if right and said["exp"] - said["iat"] <= 3600 else "Invalid JWT: wrong claims"


# ---------------------------------------------------------------------------------------------------------- what rows say


def _grouped(
    books: Books, since: date, until: date, metrics: Sequence[str], named: Sequence[str], folds: bool
) -> list[tuple[tuple[str, ...], list[Decimal]]]:
    groups: dict[tuple[str, ...], list[tuple[Session, str]]] = defaultdict(list)
    by_event = "eventName" in named
    for session in books.sessions(since, until):
        for event in session.events if by_event else ("",):
            cells = tuple(_cell(session, name, event, folds and any("Campaign" in one for one in named)) for name in named)
            groups[cells].append((session, event))
    if not groups and not named:
        return []
    return [(cells, [_metric(name, members, by_event) for name in metrics]) for cells, members in groups.items()]


def _cell(session: Session, name: str, event: str, folded: bool) -> str:
    if name in ("date", "deviceCategory", "eventName"):
        return {"date": f"{session.day:%Y%m%d}", "deviceCategory": session.device, "eventName": event}[name]
    whose, scope = (session.first, "firstUser") if name.startswith("firstUser") else (session.source, "session")
    if folded and whose == CHANNELS[5]:
        return "(other)"
    return whose[_PLACES.index(name.removeprefix(scope))]


def _metric(name: str, members: Sequence[tuple[Session, str]], by_event: bool) -> Decimal:
    sessions = [session for session, _ in members]
    return Decimal({
        "sessions": lambda: len(sessions), "engagedSessions": lambda: sum(one.engaged for one in sessions),
        "screenPageViews": lambda: sum(one.views for one in sessions),
        "userEngagementDuration": lambda: sum(one.seconds for one in sessions),
        "transactions": lambda: sum(one.events.count("purchase") for one in sessions),
        "purchaseRevenue": lambda: sum((one.revenue for one in sessions), Decimal(0)),
        "keyEvents": lambda: len(members) if by_event else sum(len(one.events) for one in sessions),
        "activeUsers": lambda: len({one.user for one in sessions}), "newUsers": lambda: len({one.user for one in sessions if one.new}),
        "totalPurchasers": lambda: len({one.user for one in sessions if "purchase" in one.events}),
    }[name]())


def _ads(
    books: Books, since: date, until: date, metrics: Sequence[str], named: Sequence[str], whole: bool
) -> list[tuple[tuple[str, ...], list[Decimal]]]:
    """`whole`: every row of a day holds the sum of the whole range, as has been seen."""
    groups: dict[tuple[str, ...], list[Decimal]] = {}
    for day, name, number, *figures in books.spent(since, until):
        said = {"date": f"{day:%Y%m%d}", "sessionGoogleAdsCampaignName": name, "sessionGoogleAdsCampaignId": number}
        sums = groups.setdefault(tuple(said[one] for one in named), [Decimal(0)] * len(_ADS))
        groups[tuple(said[one] for one in named)] = [a + Decimal(b) for a, b in zip(sums, figures, strict=True)]
    if whole and "date" in named:
        total = [sum(column) for column in zip(*groups.values(), strict=True)]
        groups = {cells: [Decimal(one) for one in total] for cells in groups}
    return [(cells, [sums[_ADS.index(name)] for name in metrics]) for cells, sums in groups.items()]
