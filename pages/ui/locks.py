"""Who may reach this server at all: this machine alone, or people who sign in; anything else has to be said in plain words."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from data.errors import MissingSetting, Problem

OPEN_TO_ALL = "VITRINA_OPEN_TO_ALL"
SAID = "everyone who reaches this address may see everything"
"""What `VITRINA_OPEN_TO_ALL` has to say, word for word."""
DEFAULT = "default"
_SHARED, _OWN = ("redirect_uri", "cookie_secret"), ("client_id", "client_secret", "server_metadata_url")
_LEAST_SECRET = 32
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip")
_OUTSIDE = ("/_stcore/health", "/health/live", "/health/ready", "/metrics", "/share")
"""What is answered whoever asks: documents by their links, and how the server is; each looks for itself who asks."""
_REFUSAL = (
    "This dashboard is open to its own machine only. Set up sign-in: docs/sign-in.md.\n"
    "Этот дашборд открыт только со своего компьютера. Настройте вход: docs/sign-in.md.\n"
)
Message = MutableMapping[str, Any]
Application = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


@cache
def on() -> bool:
    """Whether people sign in here. Settled once for the life of the server: what was locked stays locked."""
    return bool(providers())


def providers() -> tuple[str, ...]:
    """The providers of sign-in that the secrets name, `default` for one without a name; none where there is no section `[auth]`.

    Raises MissingSetting for a section that is not whole: half a lock is none.
    """
    auth = _auth()
    if auth is None:
        return ()
    named = {name: section for name, section in auth.items() if isinstance(section, Mapping) and name != "client_kwargs"}
    sections: Mapping[str, Mapping[str, Any]] = named or {DEFAULT: auth}
    for name, section in sections.items():
        lacking = [key for key in _SHARED if not auth.get(key)] + [key for key in _OWN if not section.get(key)]
        if lacking:
            raise _unfinished(name, ", ".join(lacking))
    if len(str(auth["cookie_secret"])) < _LEAST_SECRET:
        raise Problem(
            "The cookie_secret is too short to keep anybody out.", "[auth] in .streamlit/secrets.toml",
            'Make one: python -c "import secrets; print(secrets.token_hex(32))"',
        )
    return tuple(sections)


def check(address: str | None) -> None:
    """Raises MissingSetting where the server would show everything to whoever reaches this address."""
    if on() or alone(address) or told():
        return
    raise MissingSetting(
        "The dashboard would show every client to whoever reaches {address}, and nobody signs in yet.", "--server.address",
        'Set up sign-in (docs/sign-in.md), listen at 127.0.0.1, or say in plain words: {setting}="{said}"',
        address=address or "any address of this machine", setting=OPEN_TO_ALL, said=SAID,
    )


def alone(address: str | None) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return address == "localhost" or ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def told() -> bool:
    """Whether somebody has said that everybody may see everything."""
    return " ".join(os.environ.get(OPEN_TO_ALL, "").split()).rstrip(".").lower() == SAID


class Locked:
    """Answers nobody from outside where nobody signs in, whatever the server was told to listen at and whatever stands before it."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
        if scope["type"] not in ("http", "websocket") or on() or told() or _from_here(scope) or _outside(scope["path"]):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 1008})
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        return await send({"type": "http.response.body", "body": _REFUSAL.encode()})


def _outside(path: str) -> bool:
    return path in _OUTSIDE or path.startswith("/share/")


def _from_here(scope: Message) -> bool:
    """Whether the call has come to an address of this machine alone, by a name of this machine, and not through a proxy before it.

    NB: a name of somebody else's may be bent to this machine (DNS rebinding): his page would then be of one origin with ours.
    """
    server, headers = scope.get("server"), {name.lower(): value for name, value in scope.get("headers", ())}
    forwarded = any(name in headers for name in _FORWARDED)
    return not forwarded and (server is None or alone(str(server[0]))) and alone(_name(headers.get(b"host", b"")))


def _name(host: bytes) -> str | None:
    """The host of a call without its port; None for what is no host."""
    try:
        parts = urlsplit(f"//{host.decode('ascii')}")
    except ValueError:
        return None
    return parts.hostname if parts.username is None else None


def _auth() -> Mapping[str, Any] | None:
    """The section of sign-in as it stands in the files that the framework reads. NB: a file that cannot be read must not mean no lock."""
    found: Mapping[str, Any] | None = None
    for path in map(Path, st.get_option("secrets.files")):
        if path.exists():
            try:
                held = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError):
                raise Problem(
                    "The file of secrets cannot be read: it is not TOML.", "{file}", 'Write one line for each secret: NAME = "value".',
                    file=".streamlit/secrets.toml",
                ) from None
            found = held.get("auth", found)
    return found


def _unfinished(provider: str, lacking: str) -> Problem:
    return MissingSetting(
        "Sign-in is set up in part: there is no {lacking}.", "[auth] in .streamlit/secrets.toml",
        "Complete the section as docs/sign-in.md shows it, or remove it.", lacking=lacking, provider=provider,
    )
