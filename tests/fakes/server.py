"""A small HTTP server in a thread, with faults that come by dice and limits that are counted.

A fake service is a `Fake` with an `answer(request)`; everything that goes wrong between it and the caller happens here: errors of the
server, bodies cut off, slow bodies, and a note of every limit that a caller has broken (`broken`, which a test wants to see empty).
"""

from __future__ import annotations

import gzip
import json
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    number: int


@dataclass(frozen=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(document: Any, status: int = 200, **headers: str) -> Response:
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **headers})


@dataclass
class Faults:
    """Shares of requests (0 to 1) that meet a fault. `before` may answer a request itself; it is asked first."""

    errors: float = 0.0
    cuts: float = 0.0
    slow: float = 0.0
    seed: int = 1
    before: Callable[[Request], Response | None] = lambda request: None


@dataclass(frozen=True)
class Limit:
    """At most `calls` in `seconds` for each value of `of`, over paths that contain `under`."""

    calls: int
    seconds: float
    under: str = ""
    of: Callable[[Request], str] = lambda request: ""


class Fake:
    """A service on a free port of this machine. `with Fake() as fake: fake.address`."""

    limits: tuple[Limit, ...] = ()
    parallel: int = 3

    def __init__(self, port: int = 0) -> None:
        self.faults = Faults()
        self.requests: list[Request] = []
        self.broken: list[str] = []
        self.tell: Callable[[Request], None] = lambda request: None
        self._times: dict[tuple[Limit, str], deque[float]] = defaultdict(deque)
        self._running: dict[str, int] = defaultdict(int)
        self._guard = threading.Lock()
        self._dice: random.Random | None = None
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Any:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # ------------------------------------------------------------------------------------------------- for the service

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def login(self, request: Request) -> str:
        """Whose calls count together."""
        return request.headers.get("authorization", "")

    def failure(self, status: int) -> Response:
        """How the service words a failure of its own."""
        return Response(status, b"<html>Bad gateway</html>")

    # --------------------------------------------------------------------------------------------------- for the server

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[Response, str]:
        """Shape: (answer, fault of the transport: cut, slow or nothing)."""
        parts = urlsplit(target)
        with self._guard:
            self._dice = self._dice or random.Random(self.faults.seed)
            request = Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body, len(self.requests) + 1)
            self.requests.append(request)
            self._count(request)
            dice = self._dice.random()
            way = self._dice.random()
        self.tell(request)
        found = self.faults.before(request)
        if found is not None:
            return found, ""
        if dice < self.faults.errors:
            return self.failure(self._pick(way)), ""
        answer = self.answer(request)
        if dice < self.faults.errors + self.faults.cuts:
            return answer, "cut" if way < 0.5 else "cut gzip"
        return answer, "slow" if dice < self.faults.errors + self.faults.cuts + self.faults.slow else ""

    @staticmethod
    def _pick(way: float) -> int:
        return (500, 502, 503)[int(way * 3)]

    def _count(self, request: Request) -> None:
        now = time.monotonic()
        for limit in self.limits:
            if limit.under not in request.path:
                continue
            times = self._times[limit, limit.of(request)]
            times.append(now)
            while times and times[0] <= now - limit.seconds:
                times.popleft()
            if len(times) > limit.calls:
                self.broken.append(f"{len(times)} calls in {limit.seconds} s: {request.path}")

    def started(self, login: str) -> None:
        with self._guard:
            self._running[login] += 1
            if self._running[login] > self.parallel:
                self.broken.append(f"{self._running[login]} calls at once")

    def ended(self, login: str) -> None:
        with self._guard:
            self._running[login] -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that go away in the middle are what we are for."""


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            login = headers.get("authorization", "")
            fake.started(login)
            try:
                answer, fault = fake.handle(self.command, self.path, headers, body)
            finally:
                # NB: counted down before the answer leaves, or a quick caller would be counted twice.
                fake.ended(login)
            try:
                self._send(answer, fault, "gzip" in headers.get("accept-encoding", ""))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_POST = do_GET

        def _send(self, answer: Response, fault: str, packs: bool) -> None:
            body, headers = answer.body, dict(answer.headers)
            if packs and len(body) > 200:
                body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
            if fault == "cut gzip" and "Content-Encoding" in headers:
                # No length at all: only the missing trailer tells that the body is not whole.
                self._head(answer.status, {**headers, "Connection": "close"})
                self._cut(body)
                return
            self._head(answer.status, {**headers, "Content-Length": str(len(body))})
            if fault.startswith("cut") and body:
                self._cut(body)
                return
            if fault == "slow":
                for start in range(0, len(body), 1 + len(body) // 5):
                    self.wfile.write(body[start : start + 1 + len(body) // 5])
                    self.wfile.flush()
                    time.sleep(0.005)
                return
            self.wfile.write(body)

        def _head(self, status: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def _cut(self, body: bytes) -> None:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
