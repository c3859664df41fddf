"""Yandex Direct's API: Reports, Clients, AgencyClients, from the documentation. Counts every documented limit.

    with Direct() as fake: DIRECT_API_URL = fake.address; token AGENCY sees every login, OWNER the first one without naming it
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.fakes.ga4_books import days
from tests.fakes.server import Fake, Limit, Request, Response, as_json

AGENCY, OWNER, STRANGER, UNAPPROVED = "y0_agency", "y0_owner", "y0_stranger", "y0_unapproved"
CAMPAIGNS = (("70001", 'Brand "Plates"', "SEARCH"), ("70002", "Goods", "AD_NETWORK"), ("70002", "Goods", "SEARCH"))
MOST_QUEUED = 5


@dataclass
class Books:
    """One advertiser. Money is net."""

    login: str
    currency: str = "RUB"
    empty: set[date] = field(default_factory=set)
    late: dict[date, Decimal] = field(default_factory=dict)

    def spent(self, since: date, until: date) -> list[tuple[date, str, str, str, int, int, Decimal, int | None]]:
        """Shape: (day, number, name, network, impressions, clicks, cost, conversions or nothing)."""
        found: list[tuple[date, str, str, str, int, int, Decimal, int | None]] = []
        for day in days(since, until):
            dice = random.Random(f"{self.login} direct {day}")
            for place, campaign in enumerate(CAMPAIGNS if day not in self.empty else ()):
                cost = Decimal(dice.randint(10_000_000, 990_000_000)) / 1_000_000
                extra = self.late.get(day, Decimal(0)) if place == 0 else Decimal(0)
                found.append((day, *campaign, dice.randint(100, 5000), dice.randint(1, 90), cost + extra, dice.choice((None, 1, 2))))
        return found

    def cost(self, since: date, until: date) -> Decimal:
        return sum((row[6] for row in self.spent(since, until)), Decimal(0))


class Direct(Fake):
    """`offline`: how often a report is asked after before it is ready; `heavy`: days from which the server gives up."""

    parallel = 5

    def __init__(self, books: Sequence[Books] = (), port: int = 0, scale: float = 1.0) -> None:
        super().__init__(port)
        self.books = {one.login: one for one in books or (Books("shop-direct"),)}
        self.offline, self.heavy, self.units = 1, 0, 64_000
        self.queue: dict[tuple[str, str], tuple[Mapping[str, Any], int]] = {}
        self.ready: set[tuple[str, str]] = set()
        self.names: dict[tuple[str, str], str] = {}
        self.written: Callable[[str], str] = lambda text: text
        self.page = 10_000
        self.limits = (Limit(20, 10 / scale, "/json/v5/reports", self.login),)

    def answer(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in (AGENCY, OWNER, STRANGER, UNAPPROVED):
            return error(53, "Authorization error", "Invalid OAuth token")
        if token == UNAPPROVED:
            return error(58, "Incomplete registration", "You must submit a request for API access")
        if request.path == "/json/v5/agencyclients":
            return self._clients(request, sorted(self.books)) if token == AGENCY else error(54, "No rights", "Not an agency", 200)
        if request.path == "/json/v5/clients":
            return self._clients(request, sorted(self.books)[:1])
        login = request.headers.get("client-login", "" if token == AGENCY else sorted(self.books)[0])
        if token == STRANGER:
            return error(54, "No rights", "No rights to the specified client")
        if login not in self.books:
            return error(8800, "Object not found", f"Client-Login: {login}")
        return self._report(request, self.books[login])

    def failure(self, status: int) -> Response:
        return error(1000, "Server temporarily unavailable", "", 500)

    def _clients(self, request: Request, logins: Sequence[str]) -> Response:
        page = json.loads(request.body)["params"]["Page"]
        start, size = page["Offset"], min(page["Limit"], self.page)
        some = logins[start : start + size]
        clients = [{"Login": one, "ClientInfo": f"Client {one}", "Currency": self.books[one].currency} for one in some]
        more = {"LimitedBy": start + size} if start + size < len(logins) else {}
        self.units -= 10
        return as_json({"result": {"Clients": clients, **more}}, Units=f"10/{self.units}/64000")

    # ----------------------------------------------------------------------------------------------------------- reports

    def _report(self, request: Request, books: Books) -> Response:
        asked = json.loads(request.body)["params"]
        since, until = (date.fromisoformat(asked["SelectionCriteria"][name]) for name in ("DateFrom", "DateTo"))
        place, said = (books.login, asked["ReportName"]), json.dumps(asked, sort_keys=True)
        if self.names.setdefault(place, said) != said:
            self.broken.append("one name for two reports")
            return error(4000, "Invalid parameters", "A report with this name and other parameters is in the queue")
        if self.heavy and (until - since).days + 1 >= self.heavy:
            return Response(502, b"")
        mode = request.headers.get("processingmode", "auto")
        waiting = 0 if place in self.ready else self.queue.get(place, (asked, self.offline))[1]
        if waiting and mode != "online":
            if place not in self.queue and sum(login == books.login for login, _ in self.queue) >= MOST_QUEUED:
                self.broken.append("more than five reports in the queue")
                return error(9000, "Limit exceeded", "Reports in the queue")
            status = 202 if place in self.queue else 201
            self.queue[place] = (asked, waiting - 1)
            return Response(status, b"", {"retryIn": "5", "reportsInQueue": f"{len(self.queue)}"})
        self.queue.pop(place, None)
        self.ready.add(place)
        text = self.written(_written(books, asked, since, until, "returnmoneyinmicros" not in request.headers))
        return Response(200, text.encode(), {"Content-Type": "text/tab-separated-values; charset=utf-8"})


def error(code: int, text: str, detail: str, status: int = 400) -> Response:
    return as_json({"error": {"request_id": "1", "error_code": str(code), "error_string": text, "error_detail": detail}}, status)


def _written(books: Books, asked: Mapping[str, Any], since: date, until: date, micros: bool) -> str:
    """The report as it is sent: its name, its fields, rows, their number."""
    share = Decimal("1.22") if asked["IncludeVAT"] == "YES" else Decimal(1)
    lines = []
    for day, number, name, network, impressions, clicks, cost, conversions in books.spent(since, until):
        money = cost * share
        said = {
            "Date": f"{day}", "CampaignId": number, "CampaignName": name, "AdNetworkType": network, "Impressions": f"{impressions}",
            "Clicks": f"{clicks}", "Cost": f"{int(money * 1_000_000)}" if micros else f"{money:.2f}",
            "Conversions": "--" if conversions is None else f"{conversions}",
        }
        lines.append("\t".join(said[one] for one in asked["FieldNames"]))
    title = f"{asked['ReportName']} ({since} - {until})"
    return "".join(f"{line}\n" for line in (title, "\t".join(asked["FieldNames"]), *lines, f"Total rows: {len(lines)}"))
