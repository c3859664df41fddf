"""The one way to a service: asks within its limits, tries again where that helps, and says in plain words why not.

How a service is built on this (`metrica_api_service.py` is the example):

    API = Api("metrica", "Yandex.Metrica", "METRIKA_API_URL", "https://api-metrika.yandex.net", RATES, judge)
    web = Web(folder_of_paces)                                   one per pull; threads may share it
    web.json(Call(API, "/management/v1/counters", secret=token)) a document, checked to be whole and to be JSON
    web.save(Call(…), path)                                      a body of any size, straight to a file

`judge(answer, call)` looks at every answer that is not 200 (and may look at 200s: `judges_all`). It returns None when the answer is fine, a
Problem when asking again is useless (`refusals` has them), or `Again(problem)` when it may help: the problem is raised once the tries are
spent. A `QuotaSpent` closes what it counts for until its `resume_at`, in this process and in others, so nothing hammers.

What a call sends: `params` go into the address, so never a secret; `secret` goes into the header (`scheme` is OAuth or Bearer); `form` and
`body` (JSON) are sent as they are. A call that creates something has `repeatable=False`: when the connection breaks under it, `Lost` is
raised and the caller looks what has become of it. Statuses that are no failure (201, 202) are named in `accepts`.

Safety: only http and https, only the service's own address (redirects are refused), plain http only to this machine or a private network's
short name, no cookies, no password files. Bodies are read raw and unpacked here: one that is shorter than its length, or whose gzip
trailer is missing, is asked for anew.
"""

from __future__ import annotations

import io
import json
import logging
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError

from connectors import bodies
from connectors.addresses import checked
from connectors.pace import Clock, Pace, Rate
from connectors.refusals import WHERE, Lost, NetworkAway, QuotaSpent, SourceDown, changed
from data.errors import Problem
from data.secret import Secret, stated

LOG = logging.getLogger("vitrina.web")
CONNECT, READ = 10.0, 120.0
"""Unit: seconds without a connection, and without a single byte."""
MOST_DOCUMENT = 256 * 1024 * 1024
"""Unit: bytes of a document that is read into memory."""
PATIENCE = 600.0
"""Unit: seconds that one call waits for its turn; what takes longer is a stop with a time of resumption."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True)
class Answer:
    """What came back, and when (seconds since 1970). `body` is empty where it went to a file; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    size: int = 0
    at: float = 0.0

    def document(self) -> Any:
        """The body as JSON; None where it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Again:
    """A failure that may pass. `after`: seconds to wait at least; `tries`: instead of the service's own number of them; `harmless`: the
    service has done nothing, so even a call that creates something may be repeated."""

    problem: Problem
    after: float = 0.0
    tries: int = 0
    harmless: bool = False


@dataclass(frozen=True)
class Api:
    """One service: where it is, how fast it may be asked, what its refusals mean. `parallel`: calls at once under one login."""

    name: str
    title: str
    setting: str
    address: str
    rates: Sequence[Rate]
    judge: Callable[[Answer, Call], Again | Problem | None]
    parallel: int = 3
    tries: int = 6
    judges_all: bool = False

    def base(self) -> str:
        """The address that is set, or the service's own. Raises MissingSetting when it is not one that may be used."""
        said = stated(self.setting)
        return checked(str(said or self.address).rstrip("/"), self.setting)


@dataclass(frozen=True)
class Call:
    """One request. `account` is whose data are asked for; it stands in problems and counts for rates of accounts. `login` names whose
    rates count where the secret itself changes (an access token of an hour)."""

    api: Api
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None
    account: str = ""
    method: str = "GET"
    scheme: str = "OAuth"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    accepts: frozenset[int] = frozenset((200,))
    repeatable: bool = True
    login: str = ""

    def whose(self, of: str) -> str:
        """Under which name a rate or a quota of this kind is counted."""
        login = self.login or (self.secret.mark if self.secret else "")
        return f"{self.api.name} {of} {({'login': login, 'account': self.account}).get(of, '')}".rstrip()

    @property
    def address(self) -> str:
        """Where it goes, without its params."""
        if not self.path.startswith("/") or self.path.startswith("//"):
            raise ValueError("a path begins with one slash")
        return self.api.base() + self.path

    @property
    def facts(self) -> dict[str, str]:
        """What every problem with this call tells."""
        return {"service": self.api.title, "account": self.account or self.path}


@dataclass
class Tally:
    """What was asked so far."""

    calls: int = 0
    repeated: int = 0
    size: int = 0


class Web:
    """One session with all services. Methods may be called from any thread."""

    def __init__(self, paces: Path, clock: Clock | None = None, dice: random.Random | None = None, patience: float = PATIENCE) -> None:
        self.clock = clock or Clock()
        self.dice = dice or random.Random()
        self.patience = patience
        self.pace = Pace(paces, self.clock)
        self.tally = Tally()
        self._at_once: dict[str, threading.BoundedSemaphore] = {}
        self._guard = threading.Lock()
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=8, pool_maxsize=16, max_retries=0))

    # ------------------------------------------------------------------------------------------------------------ asking

    def json(self, call: Call) -> Any:
        """The answer as JSON. Raises Problem; AnswerChanged where it is none after all tries."""
        answer = self.ask(call)
        document = answer.document()
        for _ in range(2):
            if document is not None:
                return document
            document = self.ask(call).document()
        raise changed(call.api.title, call.facts["account"], "JSON", f"{answer.body[:60]!r}")

    def save(self, call: Call, path: Path) -> Answer:
        """The answer's body as a file, which is there only when it is whole."""
        draft = path.with_name(f"{path.name}.draft")
        answer = self.ask(call, draft)
        draft.replace(path)
        return answer

    def ask(self, call: Call, into: Path | None = None) -> Answer:
        """One answer, after as many tries as it takes. Raises Problem."""
        tried = 0
        while True:
            tried += 1
            found = self._once(call, into)
            if isinstance(found, Answer):
                return found
            if tried >= (found.tries or call.api.tries):
                raise found.problem
            if not (call.repeatable or found.harmless):
                raise Lost(
                    "The connection broke while something was ordered; whether it was carried out is not known.", WHERE,
                    "Pull again: what was ordered is looked for first.", **call.facts,
                ) from found.problem
            pause = self._pause(tried, found.after)
            LOG.info("%s %s: again in %.1f s: %s", call.method, call.path, pause, found.problem.what)
            self._count(repeated=1)
            self.clock.sleep(pause)

    def _pause(self, tried: int, after: float) -> float:
        """Grows twofold with each try; a random half of it keeps many from coming back at once."""
        full = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (tried - 1))
        return max(after, 0.0) + full * self.dice.uniform(0.5, 1.0)

    def _admit(self, call: Call) -> None:
        """Wait for the call's turn. Raises QuotaSpent when that takes too long."""
        for of in ("host", "login", "account"):
            if left := self.pace.closed(call.whose(of)):
                raise self._spent(call, of, left)
        left = self.pace.wait([(call.whose(rate.of), rate) for rate in call.api.rates if call.path.startswith(rate.under)], self.patience)
        if left:
            raise self._spent(call, "login", left)

    def _spent(self, call: Call, of: str, left: float) -> QuotaSpent:
        return QuotaSpent("The quota of {service} is used up.", WHERE, self.clock.at(left), of=of, **call.facts)

    def _once(self, call: Call, into: Path | None) -> Answer | Again:
        """One try. Raises what asking again would not change."""
        with self._one_of_many(call):
            self._admit(call)
            found = self._send(call, into)
        if isinstance(found, Again):
            return found
        if found.status in call.accepts and not call.api.judges_all:
            return found
        verdict = _away(found, call) or call.api.judge(found, call)
        if verdict is None and found.status in call.accepts:
            return found
        return self._settled(verdict or unexpected(found, call), found, call)

    def _settled(self, verdict: Again | Problem, answer: Answer, call: Call) -> Again:
        """A failure that may pass, with the wait that the service asks for. Raises a Problem that does not pass."""
        if isinstance(verdict, QuotaSpent):
            self.pace.close(call.whose(verdict.of), verdict.resume_at.timestamp())
        if isinstance(verdict, Problem):
            raise verdict
        asked = _retry_after(answer.headers.get("retry-after", ""), self.clock.now())
        if asked > self.patience:
            self.pace.close(call.whose("login"), self.clock.now() + asked)
            raise self._spent(call, "login", asked)
        return replace(verdict, after=max(verdict.after, asked))

    @contextmanager
    def _one_of_many(self, call: Call) -> Iterator[None]:
        """No more calls at once under one login than the service allows."""
        with self._guard:
            at_once = self._at_once.setdefault(call.whose("login"), threading.BoundedSemaphore(call.api.parallel))
        with at_once:
            yield

    def _count(self, calls: int = 0, repeated: int = 0, size: int = 0) -> None:
        with self._guard:
            self.tally.calls += calls
            self.tally.repeated += repeated
            self.tally.size += size

    # ----------------------------------------------------------------------------------------------------------- sending

    def _send(self, call: Call, into: Path | None) -> Answer | Again:
        """Send once and read the whole body. What breaks on the way is an Again."""
        self._count(calls=1)
        started = self.clock.now()
        try:
            with self._session.request(
                call.method, call.address, params=dict(call.params), headers={"Accept-Encoding": "gzip", **call.headers},
                json=call.body, data=call.form, auth=_Signed(call), timeout=(CONNECT, READ), allow_redirects=False, stream=True,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                status = response.status_code
                answer = Answer(status, headers, at=self.clock.now())
                if into and status == 200:
                    with into.open("wb") as file:
                        answer = replace(answer, size=bodies.read(response, file, self.clock))
                else:
                    body = io.BytesIO()
                    answer = replace(answer, size=bodies.read(response, body, self.clock, MOST_DOCUMENT), body=body.getvalue())
        except (requests.RequestException, HTTPError, bodies.Cut, ConnectionError, TimeoutError) as error:
            return _broken(error, call)
        except bodies.TooLarge:
            raise changed(call.api.title, call.facts["account"], "size", f"> {MOST_DOCUMENT >> 20} MB") from None
        except OSError as error:
            raise Problem(
                "What was downloaded cannot be written: {error}.", "{folder}", "Free space on the disk, then pull again.",
                error=error.strerror or type(error).__name__, folder=str(into.parent if into else ""),
            ) from error
        self._count(size=answer.size)
        LOG.info("%s %s: %d, %d bytes, %.2f s", call.method, call.path, answer.status, answer.size, self.clock.now() - started)
        return answer


class _Signed(requests.auth.AuthBase):
    """Puts the secret into the header, and keeps `requests` from looking for passwords of its own."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.call.secret:
            request.headers["Authorization"] = f"{self.call.scheme} {self.call.secret.reveal()}"
        return request


# --------------------------------------------------------------------------------------------------------------- verdicts


def said(answer: Answer, call: Call, most: int = 300) -> str:
    """The body of a refusal as one short line without the secret in it."""
    text = " ".join(answer.body[: 8 * most].decode("utf-8", "replace").split())[:most]
    return call.secret.mask(text) if call.secret else text


def down(answer: Answer, call: Call) -> Again:
    """The service failed by itself."""
    problem = SourceDown(
        "{service} answers with a failure of its own: {status}.", WHERE, "Pull again later. What was loaded so far stays.",
        status=answer.status, **call.facts,
    )
    return Again(problem, harmless=answer.status == 503)


def unexpected(answer: Answer, call: Call) -> Again | Problem:
    """What an answer means that the service's own judge does not know: a failure of the server, else a changed service."""
    if answer.status >= 500 or answer.status == 408:
        return down(answer, call)
    return changed(call.api.title, call.facts["account"], "HTTP", f"{answer.status} {said(answer, call, 120)}".strip())


def _away(answer: Answer, call: Call) -> Problem | None:
    """A redirect is followed nowhere: it would take the token along."""
    if answer.status not in (301, 302, 303, 307, 308):
        return None
    elsewhere = urlsplit(answer.headers.get("location", "")).netloc
    return changed(call.api.title, call.facts["account"], "HTTP", f"{answer.status} → {elsewhere}")


def _broken(error: Exception, call: Call) -> Again:
    """What broke between us and the service."""
    if isinstance(error, requests.exceptions.SSLError):
        raise NetworkAway(
            "The connection to {service} is not trusted: its certificate does not hold.", WHERE,
            "Check the computer's clock; in a company's network ask for its certificate and name it in REQUESTS_CA_BUNDLE.", **call.facts,
        ) from None
    if _never_left(error):
        text = "{service} cannot be reached: {host} does not answer."
        host = urlsplit(call.api.base()).netloc
        problem: Problem = NetworkAway(text, WHERE, "Check the network and the proxy, then pull again.", host=host, **call.facts)
        return Again(problem, harmless=True)
    # NB: the error is not chained and not quoted: a library's text may hold the whole address.
    LOG.info("%s %s: %s", call.method, call.path, type(error).__name__)
    return Again(SourceDown(
        "The answer of {service} broke off, again and again.", WHERE, "Pull again later. What was loaded so far stays.", **call.facts
    ))


def _never_left(error: Exception) -> bool:
    """Whether the request never reached anybody."""
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _retry_after(text: str, now: float) -> float:
    """Unit: seconds. The header holds a number or a date."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now) if text else 0.0
    except (ValueError, TypeError):
        return 0.0
