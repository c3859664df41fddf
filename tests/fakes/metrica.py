"""Yandex.Metrica's API: Management, Reporting and Logs, from the documentation. Counts every documented limit.

    with Metrica() as fake: METRIKA_API_URL = fake.address; token TOKEN sees every counter, STRANGER none of them
    python -m tests.fakes.metrica --port 8801          the same as a process, for `make demo-live`
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from data import clock
from tests.fakes.metrica_books import GOALS, Books, Visit
from tests.fakes.server import Fake, Limit, Request, Response, as_json

ZONE = "Europe/Moscow"
TOKEN, STRANGER, EXPIRED = "y0_good", "y0_stranger", "y0_expired"
_ENGINES = {"yandex": "Yandex", "google": "Google", "vkontakte": "VKontakte"}
_ADS = {"ya_direct": "Yandex.Direct", "vkontakte": "VKontakte Ads"}
_KIND_OF_DEVICE = {"1": ("desktop", "PC"), "2": ("mobile", "Smartphones"), "3": ("tablet", "Tablets")}
_FIELD = re.compile(r"ym:s:(automatic|last|cross_device_first|cross_device_last_significant)?([A-Za-z]+)")
_STATUSES_WAITING = ("created", "awaiting_retry")


@dataclass
class Log:
    """A log request. It is ready after `polls` looks at it."""

    id: int
    counter: str
    since: date
    until: date
    fields: tuple[str, ...]
    polls: int
    status: str = "created"
    parts: list[bytes] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        parts = [{"part_number": n, "size": len(part)} for n, part in enumerate(self.parts)] if self.status == "processed" else []
        return {
            "request_id": self.id, "counter_id": int(self.counter), "source": "visits", "date1": f"{self.since}", "date2": f"{self.until}",
            "fields": list(self.fields), "status": self.status, "size": sum(map(len, self.parts)), "parts": parts,
            "attribution": "LASTSIGN",
        }


class Metrica(Fake):
    """`scale`: by how much the seconds of limits are divided, so that a test need not wait for them."""

    def __init__(self, books: Sequence[Books] = (), port: int = 0, today: date | None = None, scale: float = 1.0) -> None:
        super().__init__(port)
        self.books = {one.counter: one for one in books or (Books("12345678"),)}
        self.today = today or clock.today(ZONE)
        self.logs: dict[int, Log] = {}
        self.polls, self.part_rows, self.room, self.failing = 2, 150, 400, 0
        self.unknown: frozenset[str] = frozenset()
        self.renamed: Mapping[str, str] = {}
        self.sample, self.hides, self.lag, self.echo, self.goals = 1.0, False, 120, "", GOALS
        self.change: Mapping[str, Any] = {}
        self.page: int = 100_000
        self.limits = (
            Limit(30, 1 / scale), Limit(10, 1 / scale, "/logrequest"), Limit(200, 300 / scale, "/stat/v1/data", self.login),
            Limit(5000, 86_400 / scale, "", self.login),
        )

    # ----------------------------------------------------------------------------------------------------------- answers

    def answer(self, request: Request) -> Response:
        token = request.headers.get("authorization", "")
        if not token.startswith("OAuth "):
            return error(401, "unauthorized", "Authorization header is missing")
        if token.removeprefix("OAuth ") not in (TOKEN, STRANGER):
            return error(403, "invalid_token", "Token has expired" if EXPIRED in token else "Invalid oauth_token")
        if request.path == "/management/v1/counters":
            return self._counters(request, token.endswith(STRANGER))
        counter = request.params.get("ids") or request.path.split("/")[4]
        if counter not in self.books:
            return error(404, "not_found", "Entity not found")
        if token.endswith(STRANGER):
            return error(403, "access_denied", f"Access is denied for counter {counter}")
        if request.path == "/stat/v1/data":
            return self._report(request, self.books[counter])
        return self._managed(request, self.books[counter])

    def failure(self, status: int) -> Response:
        return error(status, "backend_error", "Backend error") if status == 503 else super().failure(status)

    def _counters(self, request: Request, stranger: bool) -> Response:
        books = [] if stranger else sorted(self.books)
        start, size = int(request.params["offset"]) - 1, min(int(request.params["per_page"]), self.page)
        counters = [
            {"id": int(one), "status": "Active", "name": f"Counter {one[-2:]}", "permission": "view", "favorite": 1,
             "time_zone_name": ZONE, "time_zone_offset": 180, "site2": {"site": f"site{one[-2:]}.example"}}
            for one in books[start : start + size]
        ]
        return as_json({"rows": len(books), "counters": counters})

    def _managed(self, request: Request, books: Books) -> Response:
        what = request.path.split("/", 5)[5]
        if what == "goals":
            goals = [{"id": int(n), "name": name, "type": "url", "is_favorite": 0, "default_price": 0.0} for n, name in self.goals.items()]
            return as_json({"goals": goals})
        if what == "logrequests/evaluate":
            return self._refused(request) or self._evaluated(request)
        if what == "logrequests":
            return self._ordered(request, books) if request.method == "POST" else as_json(
                {"requests": [one.shown() for one in self.logs.values() if one.counter == books.counter]}
            )
        found = re.fullmatch(r"logrequest/(\d+)(?:/(clean|cancel|part/(\d+)/download))?", what)
        if not found or int(found[1]) not in self.logs:
            return error(404, "not_found", "Log request not found")
        log = self.logs[int(found[1])]
        return self._polled(log, books) if not found[2] else self._used(log, found[2], found[3])

    # -------------------------------------------------------------------------------------------------------------- logs

    def _refused(self, request: Request) -> Response | None:
        since, until = (date.fromisoformat(request.params[name]) for name in ("date1", "date2"))
        if len(request.params["fields"]) > 3000:
            self.broken.append("fields longer than 3000")
        if until >= self.today or (until - since).days > 366:
            self.broken.append(f"log of {since}..{until}")
            return error(400, "invalid_parameter", "date2 must be before today and the period within a year")
        bad = [name for name in request.params["fields"].split(",") if name in self.unknown or not _FIELD.fullmatch(name)]
        return error(400, "invalid_parameter", f"Unknown field {bad[0]}, code: 4001") if bad else None

    def _evaluated(self, request: Request) -> Response:
        since, until = (date.fromisoformat(request.params[name]) for name in ("date1", "date2"))
        possible = (until - since).days < self.room
        return as_json({"log_request_evaluation": {
            "possible": possible, "max_possible_day_quantity": self.room, "expected_size": 1000, "log_request_sum_size": 0,
            "log_request_sum_max_size": 10_737_418_240,
        }})

    def _ordered(self, request: Request, books: Books) -> Response:
        if refused := self._refused(request):
            return refused
        since, until = (date.fromisoformat(request.params[name]) for name in ("date1", "date2"))
        fields = tuple(request.params["fields"].split(","))
        for log in self.logs.values():
            same = (log.counter, log.since, log.until, log.fields) == (books.counter, since, until, fields)
            if same and log.status in _STATUSES_WAITING:
                return Response(202)
        log = Log(len(self.logs) + 1, books.counter, since, until, fields, self.polls)
        self.logs[log.id] = log
        return as_json({"log_request": log.shown()})

    def _polled(self, log: Log, books: Books) -> Response:
        if log.status in _STATUSES_WAITING:
            log.polls -= 1
            log.status = "awaiting_retry" if log.polls > 0 else "processed"
            if log.status == "processed" and self.failing:
                self.failing -= 1
                log.status = "processing_failed"
            if log.status == "processed":
                log.parts = self._parts(log, books)
        return as_json({"log_request": log.shown()})

    def _used(self, log: Log, what: str, part: str | None) -> Response:
        if what in ("clean", "cancel"):
            if log.status != "processed" and what == "clean":
                return error(400, "invalid_parameter", "Only processed log requests can be cleaned")
            log.status, log.parts = ("cleaned_by_user" if what == "clean" else "canceled"), []
            return as_json({"log_request": log.shown()})
        if log.status != "processed":
            return error(400, "invalid_parameter", "Only log of requests in status 'processed' can be downloaded")
        if int(part or 0) >= len(log.parts):
            return error(400, "invalid_parameter", "Incorrect part number")
        return Response(200, log.parts[int(part or 0)], {"Content-Type": "text/tab-separated-values; charset=utf-8"})

    def _parts(self, log: Log, books: Books) -> list[bytes]:
        """Each part repeats the header."""
        bare = [found[2] if (found := _FIELD.fullmatch(name)) else name for name in log.fields]
        rows = (_written(visit, log.counter) for visit in books.visits(log.since, log.until))
        lines = ["\t".join(row.get(name, "") for name in bare) for row in rows]
        header = "\t".join(self.renamed.get(name, name) for name in log.fields)
        cut = [lines[start : start + self.part_rows] for start in range(0, len(lines), self.part_rows)]
        return ["".join(f"{line}\n" for line in (header, *part)).encode() for part in cut]

    @property
    def occupied(self) -> list[Log]:
        """Requests that still take room."""
        return [log for log in self.logs.values() if log.status in (*_STATUSES_WAITING, "processed")]

    # ----------------------------------------------------------------------------------------------------------- reports

    def _report(self, request: Request, books: Books) -> Response:
        params = request.params
        metrics, dimensions = params["metrics"].split(","), [d for d in params.get("dimensions", "").split(",") if d]
        if len(metrics) > 20 or len(dimensions) > 10 or int(params.get("limit", 100)) > 100_000:
            self.broken.append(f"{len(metrics)} metrics, {len(dimensions)} dimensions")
            return error(400, "limit_exceeded", f"Exceeded number of metrics in request, value: {len(metrics)}, limit: 20, code: 4015")
        since, until = date.fromisoformat(params["date1"]), date.fromisoformat(params["date2"])
        rows = _grouped(books, since, until, metrics, dimensions)
        start, size = int(params.get("offset", 1)) - 1, min(int(params.get("limit", 100)), self.page)
        data = [{"dimensions": [dict(cell) for cell in key], "metrics": figures} for key, figures in rows[start : start + size]]
        totals = _grouped(books, since, until, metrics, [])
        document = {
            "query": {"ids": [int(books.counter)], "dimensions": dimensions, "metrics": metrics, "date1": params["date1"],
                      "date2": params["date2"], "limit": size, "offset": start + 1,
                      "attribution": self.echo or "".join(word.title() for word in params.get("attribution", "lastsign").split("_"))},
            "data": data, "total_rows": len(rows), "total_rows_rounded": False, "sampled": self.sample < 1, "sample_share": self.sample,
            "data_lag": self.lag, "contains_sensitive_data": self.hides, "totals": totals[0][1] if totals else [0.0] * len(metrics),
        }
        return as_json({**document, **self.change})


def error(status: int, kind: str, message: str) -> Response:
    return as_json({"errors": [{"error_type": kind, "message": message}], "code": status, "message": message}, status)


# ------------------------------------------------------------------------------------------------------------------ writing


def _written(visit: Visit, counter: str) -> dict[str, str]:
    """A visit's fields by their bare names; every attribution model credits the same source."""
    source = dict(zip(("traffic", "engine", "ads", "utm_source", "medium", "campaign", "order", "order_name"), visit.source, strict=True))
    quoted = [f"\\'{text}\\'" for text in (f"{visit.at}",) * len(visit.goals)]
    return {
        "visitID": f"{visit.id}", "counterID": counter, "date": f"{visit.day}", "dateTime": f"{visit.at}", "clientID": f"{visit.client}",
        "isNewUser": f"{visit.new:d}", "startURL": "https://site.example/a\\tb?x=\"1\"", "pageViews": f"{visit.pages}",
        "visitDuration": f"{visit.seconds}", "bounce": f"{visit.bounce:d}", "regionCountry": "Russia", "regionCity": "Kazan",
        "deviceCategory": visit.device, "operatingSystemRoot": "windows", "browser": "firefox",
        "goalsID": f"[{','.join(visit.goals)}]", "goalsDateTime": f"[{','.join(quoted)}]",
        "goalsPrice": f"[{','.join('0' for _ in visit.goals)}]", "goalsCurrency": "[\\'\\']",
        "purchaseID": "[" + ",".join(f"'{number}'" for number, _ in visit.orders) + "]",
        "purchaseDateTime": "[" + ",".join(f"\\'{visit.at}\\'" for _ in visit.orders) + "]",
        "purchaseRevenue": f"[{','.join(str(value) for _, value in visit.orders)}]",
        "purchaseCurrency": "[" + ",".join("\\'RUB\\'" for _ in visit.orders) + "]",
        "TrafficSource": source["traffic"], "AdvEngine": source["ads"] or "ya_undefined", "ReferalSource": "",
        "SearchEngineRoot": source["engine"] if source["traffic"] == "organic" else "",
        "SocialNetwork": source["engine"] if source["traffic"] == "social" else "", "DirectClickOrder": source["order"],
        "DirectPlatformType": {"70001": "search", "70002": "context"}.get(source["order"], ""),
        "DirectClickOrderName": source["order_name"] or "0", "UTMSource": source["utm_source"], "UTMMedium": source["medium"],
        "UTMCampaign": source["campaign"],
    }


Cell = tuple[tuple[str, Any], ...]


def _cell(name: Any, number: Any = None) -> Cell:
    return (("name", name), *((("id", number),) if number is not None else ()))


def _grouped(
    books: Books, since: date, until: date, metrics: Sequence[str], dimensions: Sequence[str]
) -> list[tuple[tuple[Cell, ...], list[float | None]]]:
    """Rows in the order of their breakdowns."""
    groups: dict[tuple[Cell, ...], list[Any]] = defaultdict(list)
    if metrics[0].startswith("ym:s:"):
        for visit in books.visits(since, until):
            groups[tuple(_of_visit(visit, name) for name in dimensions)].append(visit)
        rows = [(key, [_metric(metric, found) for metric in metrics]) for key, found in groups.items()]
    else:
        for spent in books.spent(since, until):
            if metrics[0].startswith("ym:ev:") or spent[1] == "yandex":
                groups[tuple(_of_spend(spent, name) for name in dimensions)].append(spent)
        rows = [(key, [_cost(metric, found) for metric in metrics]) for key, found in groups.items()]
    return sorted(rows, key=lambda row: repr(row[0]))


def _of_visit(visit: Visit, dimension: str) -> Cell:
    traffic, engine, ads, utm_source, medium, campaign, order, order_name = visit.source
    name = re.sub(r"^ym:s:(<attribution>)?", "", dimension)
    week, month = visit.day - timedelta(days=visit.day.weekday()), visit.day.replace(day=1)
    return {
        "date": _cell(f"{visit.day}"), "startOfWeek": _cell(f"{week}"), "startOfMonth": _cell(f"{month}"),
        "TrafficSource": _cell(f"{traffic} traffic".capitalize(), traffic),
        "SourceEngine": _cell(_ADS.get(ads) or _ENGINES.get(engine), ads or engine or None),
        "UTMSource": _cell(utm_source or None), "UTMMedium": _cell(medium or None), "UTMCampaign": _cell(campaign or None),
        "DirectClickOrder": _cell(order_name or None, order or None), "deviceCategory": _cell(*reversed(_KIND_OF_DEVICE[visit.device])),
        "ageInterval": _cell(visit.age or None), "gender": _cell(visit.sex, visit.sex),
    }[name]


def _of_spend(spent: tuple[Any, ...], dimension: str) -> Cell:
    day, source, campaign, *_ = spent
    name = re.sub(r"^ym:(ev|ad):(<attribution>)?", "", dimension)
    return {
        "date": _cell(f"{day}"), "TrafficSource": _cell("Ad traffic", "ad"),
        "SourceEngine": _cell("Yandex.Direct" if source == "yandex" else "VKontakte Ads"),
        "ExpenseSource": _cell(source), "ExpenseMedium": _cell("cpc"), "ExpenseCampaign": _cell(campaign),
        "DirectOrder": _cell("Brand", "70001"),
    }[name]


def _metric(metric: str, visits: Sequence[Visit]) -> float | None:
    name = metric.removeprefix("ym:s:")
    if found := re.fullmatch(r"goal(\d+)(reaches|visits)", name):
        reached = [visit.goals.count(found[1]) for visit in visits]
        return float(sum(reached) if found[2] == "reaches" else sum(1 for one in reached if one))
    orders = [value for visit in visits for _, value in visit.orders]
    simple = {
        "visits": len(visits), "users": len({visit.client for visit in visits}),
        "newUsers": len({visit.client for visit in visits if visit.new}), "pageviews": sum(visit.pages for visit in visits),
        "ecommercePurchases": len(orders), "ecommerce<currency>ConvertedRevenue": float(sum(orders)),
        "bounceRate": 100 * sum(visit.bounce for visit in visits) / len(visits) if visits else None,
        "avgVisitDurationSeconds": sum(visit.seconds for visit in visits) / len(visits) if visits else None,
    }[name]
    return None if simple is None else float(simple)


def _cost(metric: str, spent: Sequence[tuple[Any, ...]]) -> float:
    return float(sum(one[4] for one in spent)) if metric.lower().endswith("clicks") else float(sum(one[3] for one in spent))


def main() -> None:
    import argparse
    import threading

    parser = argparse.ArgumentParser(description="Yandex.Metrica's API with an invented counter, for trying.")
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--visits", type=int, default=60, help="a day, about")
    parser.add_argument("--part", type=int, default=50_000, help="rows of a part of a log")
    chosen = parser.parse_args()
    with Metrica((Books("12345678", scale=chosen.visits), Books("87654321", scale=3 * chosen.visits)), chosen.port) as fake:
        fake.part_rows = chosen.part
        print(fake.address, TOKEN, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
