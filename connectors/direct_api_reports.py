"""Direct's Reports service: spend of campaigns by day. Small reports come at once, large ones are queued, asked after, and fetched.

A report's name is made of all that it asks for and of the day on which it is asked, so that a pull that goes on finds the report that was
queued before, and never one of yesterday. Money is asked for in millionths, which loses nothing, and without VAT.

Source: yandex.ru/dev/direct, Reports: specification, modes, HTTP headers, restrictions. Read 2026-11.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors import direct_reports
from connectors.direct_api_service import API, REPORTS, TooHeavy, watch
from connectors.direct_reports import counted
from connectors.files import peek
from connectors.live import Order
from connectors.refusals import WHERE, SourceDown, changed
from connectors.web import Call
from data.batches import Batch
from data.errors import BadFile
from data.secret import Secret
from data.tables import SPEND

FIELDS = ("Date", "CampaignId", "CampaignName", "AdNetworkType", "Impressions", "Clicks", "Cost", "Conversions")
_FIRST_POLL, _LONGEST_POLL, _LONGEST_WAIT = 1.0, 120.0, 2 * 3600.0
_TRIES = 3


@dataclass(frozen=True)
class Advertiser:
    """Whose ads, and who asks. Only an agency names its client."""

    key: Secret
    login: str
    agency: bool
    currency: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Accept-Language": "en", **({"Client-Login": self.login} if self.agency else {})}


def body(since: date, until: date, today: date) -> Mapping[str, Any]:
    """What a report is ordered with."""
    asked = {
        "SelectionCriteria": {"DateFrom": f"{since}", "DateTo": f"{until}"}, "FieldNames": list(FIELDS),
        "OrderBy": [{"Field": "Date"}, {"Field": "CampaignId"}], "ReportType": "CAMPAIGN_PERFORMANCE_REPORT",
        "DateRangeType": "CUSTOM_DATE", "Format": "TSV", "IncludeVAT": "NO",
    }
    mark = hashlib.sha256(json.dumps({**asked, "today": f"{today}"}, sort_keys=True).encode()).hexdigest()[:16]
    return {"params": {**asked, "ReportName": f"vitrina {mark}"}}


def spent(whose: Advertiser, order: Order) -> Iterator[Sequence[Batch]]:
    """Spend of the days. A period that is too heavy for the server is halved."""
    try:
        yield _batches(whose, order, _whole(whose, order))
    except TooHeavy:
        if order.since == order.until:
            raise
        middle = order.since + timedelta(days=(order.until - order.since).days // 2)
        yield from spent(whose, replace(order, until=middle))
        yield from spent(whose, replace(order, since=middle + timedelta(days=1)))


def _whole(whose: Advertiser, order: Order) -> Path:
    """The report as a file that states as many rows as it has."""
    path = order.folder / f"{order.since}-{order.until}.tsv"
    for _ in range(_TRIES):
        _fetch(whose, order, path)
        lines = path.read_text(encoding="utf-8").splitlines()
        if lines and counted([lines[-1]]):
            return path
    raise SourceDown(
        "The answer of {service} broke off, again and again.", WHERE, "Pull again later. What was loaded so far stays.",
        service=API.title, account=whose.login,
    )


def _fetch(whose: Advertiser, order: Order, path: Path) -> None:
    """Ask until the report is there. Raises Problem when preparing takes for ever (the report stays in the queue)."""
    call = Call(
        API, REPORTS, secret=whose.key, account=whose.login, method="POST", scheme="Bearer",
        body=body(order.since, order.until, order.today), headers={**whose.headers, "processingMode": "auto"},
        accepts=frozenset((200, 201, 202)),
    )
    waited = 0.0
    while waited <= _LONGEST_WAIT:
        answer = order.web.ask(call, path)
        watch(order.web, call, answer)
        if answer.status == 200:
            return
        order.tell("Direct prepares the report")
        asked = answer.headers.get("retryin", "")
        pause = min(_LONGEST_POLL, max(_FIRST_POLL, float(asked) if asked.isdecimal() else 10.0))
        order.web.clock.sleep(pause)
        waited += pause
    raise SourceDown(
        "Direct is still preparing the report of {since} to {until}.", WHERE, "Pull again later: the order stays and is taken up.",
        service=API.title, account=whose.login, since=order.since, until=order.until,
    )


def _batches(whose: Advertiser, order: Order, path: Path) -> list[Batch]:
    """The rows as those of a saved report would be. Raises AnswerChanged when the report is not what was asked for."""
    origin, days = f"Direct report {', '.join(FIELDS)}; {whose.currency}, without VAT", (order.since, order.until)
    lines = path.read_text(encoding="utf-8").splitlines()
    _check(whose, lines)
    if counted([lines[-1]]) == "0":
        return [Batch(SPEND, "direct_api", whose.login, _nothing(), origin, *days)]
    answers = {"account": whose.login, "currency": whose.currency, "vat": "net", "money": "micros", "period": f"{days[0]}/{days[1]}"}
    try:
        found = direct_reports.read([peek(path)], answers)
    except BadFile as problem:
        raise changed(API.title, whose.login, "report", str(problem).splitlines()[0]) from problem
    finally:
        path.unlink(missing_ok=True)
    return [replace(batch, source="direct_api", origin=origin) for batch in found]


def _check(whose: Advertiser, lines: Sequence[str]) -> None:
    header = next((line.split("\t") for line in lines[:2] if "\t" in line), [])
    missing = [name for name in FIELDS if name not in header]
    if missing:
        raise changed(API.title, whose.login, ", ".join(missing), "absent")


def _nothing() -> pa.Table:
    return pa.table({"day": pa.array([], pa.date32()), "cost": pa.array([], pa.decimal128(18, 6)), "currency": pa.array([], pa.string())})
