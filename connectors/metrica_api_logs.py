"""Metrica's Logs API: visits one by one. A log is ordered, prepared, downloaded in parts, loaded as any downloaded log, and cleaned up.

Nothing of its own is remembered between runs: what was ordered stands in the counter's list of requests, what was loaded in the ledger. An
order that is already there with the same fields and days is taken over, whoever left it; a finished one that nobody needs is cleaned.

Source: yandex.com/dev/metrika, Logs API: requests, fields, restrictions, read 2026-11.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from connectors import metrica_logs
from connectors.files import Head, cut_off, peek
from connectors.live import Answers, Order
from connectors.metrica_api_service import API
from connectors.refusals import WHERE, AnswerChanged, BadRequest, Lost, SourceDown, changed
from connectors.shape import Shape
from connectors.web import Call, Web
from data.batches import Batch, Note
from data.errors import Problem
from data.secret import Secret
from data.tables import ATTRIBUTIONS

LOG = logging.getLogger("vitrina.metrica")
SURVIVORS = ("automatic", "last", "cross_device_first", "cross_device_last_significant")
"""Our keys of the attribution models that Metrica still computes, most wanted first; the others answer with the nearest of these."""
MOST_FIELDS = 3000
"""Unit: characters of the list of fields."""
MOST_DAYS = 365
PARTS_AT_ONCE = 3
_FIRST_POLL, _LONGEST_POLL, _LONGEST_WAIT = 3.0, 60.0, 3 * 3600.0
_DOWNLOADS = 4
_OF_THE_VISIT = (
    "visitID", "counterID", "date", "dateTime", "clientID", "isNewUser", "startURL", "pageViews", "visitDuration", "bounce",
    "regionCountry", "regionCity", "deviceCategory", "operatingSystemRoot", "browser",
    "goalsID", "goalsDateTime", "goalsPrice", "goalsCurrency",
    "purchaseID", "purchaseDateTime", "purchaseRevenue", "purchaseCurrency",
)
_OF_THE_SOURCE = (
    "TrafficSource", "AdvEngine", "ReferalSource", "SearchEngineRoot", "SocialNetwork", "Messenger", "RecommendationSystem",
    "DirectClickOrder", "DirectClickOrderName", "DirectPlatformType", "UTMSource", "UTMMedium", "UTMCampaign",
)
_ONCE = ("UTMContent", "UTMTerm")
_WAITING, _READY = frozenset(("created", "awaiting_retry")), "processed"
_SPELLED = {attribution.key: attribution.metrica[0] for attribution in ATTRIBUTIONS if attribution.metrica}


def fields(without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The fields to order: the visit, and its source under as many attribution models as the limit has room for."""
    found = [f"ym:s:{name}" for name in _OF_THE_VISIT]
    for number, model in enumerate(SURVIVORS):
        names = (*_OF_THE_SOURCE, *(_ONCE if number == 0 else ()))
        more = [f"ym:s:{_SPELLED[model]}{name}" for name in names]
        if len(",".join((*found, *more))) <= MOST_FIELDS:
            found += more
    return tuple(name for name in found if name not in without)


@dataclass(frozen=True)
class Request:
    """One request as the service lists it. `parts` are the numbers of its parts."""

    id: str
    since: date
    until: date
    status: str
    ours: bool
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Job:
    """All that is said to the Logs API about one counter's visits. `fields` are in the order in which they are asked for."""

    web: Web
    key: Secret
    counter: str
    fields: tuple[str, ...]
    folder: Path

    # ---------------------------------------------------------------------------------------------------------- ordering

    def split(self, since: date, until: date) -> Iterator[tuple[date, date]]:
        """The days in pieces that the service can prepare. Raises Problem when not even one day has room."""
        while since <= until:
            last = min(until, since + timedelta(days=MOST_DAYS - 1))
            answer = self._get("logrequests/evaluate", self._ordered(since, last)).part("log_request_evaluation")
            if not answer.flag("possible"):
                most = answer.whole("max_possible_day_quantity")
                if most < 1:
                    raise SourceDown(
                        "Metrica has no room to prepare a log of this counter: orders that nobody cleaned up fill it.", WHERE,
                        "Clean up finished orders of the Logs API (in the service that made them), then pull again.",
                        service=API.title, account=self.counter,
                    )
                last = min(last, since + timedelta(days=most - 1))
            yield since, last
            since = last + timedelta(days=1)

    def order(self, since: date, until: date) -> Request:
        """The request for these days: one that is already there, else a new one."""
        for _ in range(3):
            if found := self._standing(since, until):
                return found
            try:
                self._post("logrequests", self._ordered(since, until))
            except Lost:
                LOG.info("counter %s: the answer to an order was lost; looking for it", self.counter)
        if found := self._standing(since, until):
            return found
        raise changed(API.title, self.counter, "logrequests", f"{since}..{until}: absent")

    def _standing(self, since: date, until: date) -> Request | None:
        same = [one for one in self.requests() if one.ours and (one.since, one.until) == (since, until)]
        living = [one for one in same if one.status in _WAITING or one.status == _READY]
        return max(living, key=lambda one: (one.status == _READY, int(one.id)), default=None)

    def requests(self) -> list[Request]:
        """Every request of the counter, whoever made it."""
        return [self._request(one) for one in self._get("logrequests").parts("requests")]

    def _request(self, one: Shape) -> Request:
        """NB: `source` is documented as a list and comes as a text."""
        wanted = [str(name) for name in one.list("fields")]
        ours = "visits" in one.get("source") and [*map(str.lower, sorted(wanted))] == [*map(str.lower, sorted(self.fields))]
        parts = [part.whole("part_number") for part in one.parts("parts")] if one.held.get("parts") else []
        try:
            since, until = date.fromisoformat(one.text("date1")), date.fromisoformat(one.text("date2"))
        except ValueError:
            raise changed(API.title, self.counter, f"{one.path}.date1", one.get("date1")) from None
        return Request(one.text("request_id"), since, until, one.text("status"), ours, tuple(sorted(parts)))

    def _ordered(self, since: date, until: date) -> dict[str, str]:
        return {"date1": f"{since}", "date2": f"{until}", "source": "visits", "fields": ",".join(self.fields)}

    # ----------------------------------------------------------------------------------------------------------- waiting

    def ready(self, request: Request) -> Request:
        """The request once it is prepared. Raises Problem when it fails, or when preparing takes for ever (the order stays)."""
        pause, waited = _FIRST_POLL, 0.0
        while request.status in _WAITING:
            if waited > _LONGEST_WAIT:
                raise SourceDown(
                    "Metrica is still preparing the log of {since} to {until}.", WHERE,
                    "Pull again later: the order stays and is taken up.", service=API.title, account=self.counter, since=request.since,
                    until=request.until,
                )
            self.web.clock.sleep(pause)
            waited, pause = waited + pause, min(_LONGEST_POLL, pause * 1.5)
            request = self._request(self._get(f"logrequest/{request.id}").part("log_request"))
        return request

    def prepared(self, since: date, until: date) -> Request:
        """A finished request for these days; one that failed is ordered once more."""
        for _ in range(2):
            request = self.ready(self.order(since, until))
            if request.status == _READY:
                return request
            LOG.info("counter %s: request %s is %s; ordering anew", self.counter, request.id, request.status)
        raise SourceDown(
            "Metrica could not prepare the log of {since} to {until}: {status}.", WHERE, "Pull again later. What was loaded so far stays.",
            service=API.title, account=self.counter, since=since, until=until, status=request.status,
        )

    # ------------------------------------------------------------------------------------------------------- downloading

    def download(self, request: Request) -> list[Path]:
        """All parts as files, some at a time. A log without visits has no parts: then a file with the header alone."""
        if not request.parts:
            empty = self.folder / f"{request.id}.tsv"
            empty.write_text("\t".join(self.fields) + "\n", encoding="utf-8")
            return [empty]
        with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
            return list(pool.map(lambda part: self._part(request, part), request.parts))

    def _part(self, request: Request, part: int) -> Path:
        """One part, downloaded until its last line is whole and its header has every field."""
        path = self.folder / f"{request.id}-{part}.tsv"
        call = Call(API, self._path(f"logrequest/{request.id}/part/{part}/download"), {}, self.key, self.counter)
        for _ in range(_DOWNLOADS):
            self.web.save(call, path)
            if path.stat().st_size and not cut_off(self._head(path)):
                self._check(path)
                return path
        raise SourceDown(
            "The answer of {service} broke off, again and again.", WHERE, "Pull again later. What was loaded so far stays.", **call.facts
        )

    def _head(self, path: Path) -> Head:
        return Head(path, path.name, path.stat().st_size, "text", "utf-8", "\t", ())

    def _check(self, path: Path) -> None:
        """Raises AnswerChanged when a field that was asked for is not there."""
        with path.open(encoding="utf-8") as file:
            header = {name.strip().lower() for name in file.readline().split("\t")}
        missing = [name for name in self.fields if name.lower() not in header]
        if missing:
            raise changed(API.title, self.counter, ", ".join(missing), "absent")

    # ---------------------------------------------------------------------------------------------------------- cleaning

    def clean(self, request: Request) -> None:
        """Give the room back. What cannot be cleaned now is cleaned by the next pull."""
        try:
            self._post(f"logrequest/{request.id}/clean", {}, repeatable=True)
        except BadRequest:
            LOG.info("counter %s: request %s was cleaned up already", self.counter, request.id)
        except Problem as problem:
            LOG.warning("counter %s: request %s was not cleaned up: %s", self.counter, request.id, problem.what)

    def clean_up(self, wanted: tuple[date, date]) -> None:
        """Clean what an earlier pull has left behind: finished requests of ours for days that are not asked for now."""
        for request in self.requests():
            if request.ours and request.status == _READY and not (wanted[0] <= request.since and request.until <= wanted[1]):
                self.clean(request)

    # ------------------------------------------------------------------------------------------------------------- calls

    def _get(self, what: str, params: dict[str, str] | None = None) -> Shape:
        return Shape(self.web.json(Call(API, self._path(what), params or {}, self.key, self.counter)), API.title, self.counter)

    def _post(self, what: str, params: dict[str, str], repeatable: bool = False) -> None:
        """NB: an order that is already being carried out is answered with 202 and nothing else."""
        accepts = frozenset((200, 202))
        self.web.ask(Call(API, self._path(what), params, self.key, self.counter, "POST", accepts=accepts, repeatable=repeatable))

    def _path(self, what: str) -> str:
        return f"/management/v1/counter/{self.counter}/{what}"


# -------------------------------------------------------------------------------------------------------------- fetching


def fetch(key: Secret, counter: str, answers: Answers, order: Order) -> Iterator[Sequence[Batch]]:
    """Visits, goal reaches and orders of the days, a load for each request. What the counter does not record is left out and noted."""
    job, refused = _accepted(Job(order.web, key, counter, fields(), order.folder), order)
    notes = (Note("not loaded", "Metrica does not give these fields: {fields}", {"fields": ", ".join(refused)}),) if refused else ()
    job.clean_up((order.since, order.until))
    for since, until in job.split(order.since, order.until):
        if (since, until) != (order.since, order.until):
            order.tell(f"{since} – {until}")
        order.tell("Metrica prepares the log")
        request = job.prepared(since, until)
        order.tell("downloading")
        files = _downloaded(job, request)
        try:
            yield _batches(job, request, files, answers, notes)
        finally:
            for file in files:
                file.unlink(missing_ok=True)
            job.clean(request)


def _downloaded(job: Job, request: Request) -> list[Path]:
    """The parts. What only broke off stays at the service for the next pull; what is not what was ordered is cleaned up."""
    try:
        return job.download(request)
    except AnswerChanged:
        job.clean(request)
        raise


def _accepted(job: Job, order: Order) -> tuple[Job, list[str]]:
    """The job without the source fields that the service no longer knows. Raises BadRequest when it refuses anything else."""
    refused: list[str] = []
    while True:
        try:
            job._get("logrequests/evaluate", job._ordered(order.since, order.since))
            return job, refused
        except BadRequest as problem:
            said = str(problem.facts.get("said", ""))
            unknown = [name for name in job.fields if name in said and name not in {f"ym:s:{one}" for one in _OF_THE_VISIT}]
            if not unknown:
                raise
            refused += unknown
            job = replace(job, fields=tuple(name for name in job.fields if name not in unknown))


def _batches(job: Job, request: Request, files: Sequence[Path], answers: Answers, notes: Sequence[Note]) -> list[Batch]:
    """NB: the days are stated, not learned from the rows: a day without visits is a day that is known."""
    heads = [peek(path) for path in files]
    said = {"vat": "net", "currency": "", **answers, "account": job.counter}
    origin = f"Metrica Logs API #{request.id}, {request.since}..{request.until}"
    made = [
        replace(batch, origin=origin, since=request.since, until=request.until, sample_share=1.0)
        for batch in metrica_logs.read(heads, said)
    ]
    return [replace(made[0], notes=(*notes, *made[0].notes)), *made[1:]]
