"""The routes: alive, ready, and what a scraper wants. Strangers learn whether we are up, and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data import clock, health
from data.health import DOWN, Health
from server import scrape
from server.stopping import stopping
from server.trusted import trusted

LIVE, READY, METRICS = "/health/live", "/health/ready", "/metrics"
INSIDE = ("/_stcore/metrics",)
"""The framework's own, which it answers to everybody."""
STOPPING = "stopping"
_FRESH = 3.0
"""Unit: seconds for which a look holds: asking often costs nothing."""
_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}
Scope = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]


def routes() -> list[Route]:
    """For the server."""
    return [Route(LIVE, live), Route(READY, ready), Route(METRICS, metrics)]


async def live(request: Request) -> Response:
    """The process answers. Whoever watches it restarts it when this does not."""
    return PlainTextResponse("ok", headers=_HEADERS)


def ready(request: Request) -> Response:
    """Whether people can be served; who may know more is told what stands behind the word."""
    found = _look.now()
    said: dict[str, Any] = {"state": STOPPING if stopping() else found.state}
    if _trusted(request.scope):
        said |= _details(found)
    return JSONResponse(said, 503 if said["state"] in (DOWN, STOPPING) else 200, headers=_HEADERS)


def metrics(request: Request) -> Response:
    """For a scraper."""
    if not _trusted(request.scope):
        return _nothing()
    return PlainTextResponse(scrape.text(_look.now()), media_type=scrape.KIND, headers=_HEADERS)


class Inside:
    """Keeps from strangers what the framework tells everybody about itself."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        hidden = scope["type"] == "http" and scope["path"].rstrip("/").endswith(INSIDE) and not _trusted(scope)
        await (_nothing() if hidden else self.app)(scope, receive, send)


def _details(found: Health) -> dict[str, Any]:
    now = clock.now()
    clients = {
        slug: {
            "version": one.version, "readable": one.readable, "damaged": one.damaged,
            "age_seconds": round((now - one.made_at).total_seconds()) if one.made_at else None,
        }
        for slug, one in found.stores.items()
    }
    due = found.schedule.due.isoformat() if found.schedule else None
    return {"workspace": found.workspace, "disk_free_bytes": found.free, "disk_has_room": found.room, "next_pull": due, "clients": clients}


def _trusted(scope: Scope) -> bool:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return trusted((scope.get("client") or ("", 0))[0], headers)


def _nothing() -> Response:
    return PlainTextResponse("Not found", 404, headers=_HEADERS)


class _Look:
    """The last look at everything; one at a time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._found: Health | None = None
        self._at = 0.0

    def now(self) -> Health:
        with self._guard:
            if self._found is None or time.monotonic() > self._at + _FRESH:
                self._found, self._at = health.look(), time.monotonic()
            return self._found


_look = _Look()
