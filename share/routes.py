"""The routes of share links: read one frozen document, and say something about its blocks. Nothing else is behind them."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from functools import lru_cache
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from data import door
from data.desk import frozen, links, reactions
from data.desk.links import Link
from data.desk.reactions import Reaction
from data.errors import Problem
from data.workspace import Workspace
from reports.story import story
from share import guard, page, refusal

log = logging.getLogger("vitrina")
PATH = "/share"
_KEPT = 16
"""Documents that are held ready; each is some hundred kilobytes."""
_pace = guard.Pace()


def routes() -> list[Route]:
    """For the server. Whatever else stands under the same path is answered like a wrong token."""
    return [
        Route(f"{PATH}/{{token}}", read, methods=["GET", "HEAD"]),
        Route(f"{PATH}/{{token}}", say, methods=["POST"]),
        Route(PATH, nothing), Route(f"{PATH}/{{rest:path}}", nothing),
    ]


def everything() -> list[Route]:
    """For a server of share links alone: all other addresses are answered like a wrong token too."""
    return [*routes(), Route("/{rest:path}", nothing)]


def nothing(request: Request) -> Response:
    return refusal.not_here(_accepted(request))


def read(request: Request) -> Response:
    """The document, and what was said about it through this link. Every opening is counted; coming back from a comment is none."""
    desk = door.links()
    link = links.found(desk, request.path_params["token"])
    if link is None:
        return refusal.not_here(_accepted(request))
    thanked = _returns.take(request.query_params.get("done", ""))
    try:
        made = _document(desk.url, link.client, link.frozen)
    except Problem as problem:
        log.error("share link %s: %s", link.id, problem)
        return refusal.not_here(_accepted(request))
    if request.method == "GET" and not thanked:
        links.count(desk, link)
    body = made.with_words(reactions.through(desk, link), link.expires.date(), thanked)
    return HTMLResponse(body, headers=guard.headers(made.policy))


async def say(request: Request) -> Response:
    """A comment. From another site, through a link that does not hold, too long or too often: refused."""
    accepted = _accepted(request)
    if not guard.same_origin(request.headers):
        return refusal.not_so(accepted, 403)
    body = await _body(request)
    if body is None:
        return refusal.not_so(accepted, 413)
    return await run_in_threadpool(_keep, request.path_params["token"], body, accepted)


def _keep(token: str, body: bytes, accepted: str) -> Response:
    desk = door.links()
    link = links.found(desk, token)
    if link is None:
        return refusal.not_here(accepted)
    if not _pace.allows(link.drawn):
        return refusal.not_so(accepted, 429, Problem("Too many comments at once.", "", "Wait some minutes and send it again."))
    try:
        said = _said(desk, link, body)
        reactions.add(desk, link, said)
    except Problem as problem:
        return refusal.not_so(accepted, 400, problem)
    return RedirectResponse(f"?done={_returns.give()}#{page.anchor(said.block)}", 303, headers=guard.headers(guard.policy(())))


def _said(desk: Workspace, link: Link, body: bytes) -> Reaction:
    """What a form says. Raises Problem for one that is not ours."""
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=8, strict_parsing=False)
    except (UnicodeDecodeError, ValueError):
        raise Problem("This form cannot be read.", "", "Open the document anew from your link and try again.") from None
    first = {name: values[0] for name, values in fields.items()}
    block = first.get("block", "")
    if block not in _document(desk.url, link.client, link.frozen).blocks:
        raise Problem("The document has no such part.", "", "Open the document anew from your link and try again.")
    return Reaction(block, first.get("mark", ""), first.get("name", ""), first.get("text", ""))


async def _body(request: Request) -> bytes | None:
    """What was sent; None where it is more than a comment can be."""
    found = b""
    async for part in request.stream():
        found += part
        if len(found) > guard.BODY:
            return None
    return found


@lru_cache(maxsize=_KEPT)
def _document(url: str, client: str, copy: int) -> page.Document:
    """Made once: a frozen document never changes. Raises Problem."""
    return page.document(story(frozen.story(door.links(), client, copy)))


def _accepted(request: Request) -> str:
    return str(request.headers.get("accept-language", ""))


class _Returns:
    """Tickets for the way back from a comment: each is good once."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, None] = OrderedDict()
        self._guard = threading.Lock()

    def give(self) -> str:
        ticket = secrets.token_urlsafe(9)
        with self._guard:
            self._given[ticket] = None
            while len(self._given) > 1000:
                self._given.popitem(last=False)
        return ticket

    def take(self, ticket: str) -> bool:
        with self._guard:
            return self._given.pop(ticket, self) is None


_returns = _Returns()
