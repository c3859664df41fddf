"""What every answer of the server carries, so that a browser keeps to it: own scripts only, no frame elsewhere, no guess at types.

Scripts come from this server, from the page's own parts (`blob:`, which only a script that runs already can make), or are named by their
hashes; what stands in data is never run. Styles stand in the elements, as the framework writes them, and may.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from data.settings import ROOT

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
_DOCUMENT = (ROOT / "reports" / "html.js", ROOT / "pages" / "ui" / "report" / "slides.js")
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class Careful:
    """Middleware: adds the headers to every answer. One that says a thing itself, and stricter, is left as it is."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                known = {name.lower() for name, _ in said}
                message["headers"] = [*said, *(pair for pair in headers() if pair[0] not in known)]
            await send(message)

        await self.app(scope, receive, careful)


@cache
def headers() -> tuple[tuple[bytes, bytes], ...]:
    """What an answer carries. `same-origin` and not `no-referrer`: with that our own forms could not be told from anybody's."""
    named = {
        "content-security-policy": policy(_own_scripts()), "x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    return tuple((name.encode(), value.encode()) for name, value in named.items())


def policy(hashes: Iterable[str]) -> str:
    """The Content-Security-Policy: everything from this server or from inside the page; inline scripts by their hashes only."""
    rules = {
        "default-src": "'self'", "script-src": " ".join(("'self'", "blob:", *hashes)),
        "style-src": "'self' 'unsafe-inline'", "img-src": "'self' data: blob:", "font-src": "'self' data:", "connect-src": "'self'",
        "worker-src": "'self' blob:", "frame-src": "'self'", "object-src": "'none'", "base-uri": "'self'", "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _own_scripts() -> list[str]:
    """Hashes of the scripts that stand inside a page: the framework's, read from the installed one so that an upgrade keeps them true, and
    those of a document that is looked at, whose frame keeps to the policy of the page around it."""
    found = find_spec("streamlit")
    folder = Path(next(iter(found.submodule_search_locations or ()))) if found else Path()
    scripts = [*_SCRIPT.findall((folder / "static" / "index.html").read_bytes()), *(path.read_bytes() for path in _DOCUMENT)]
    return [named(script) for script in scripts]


def named(script: bytes) -> str:
    """A script as a policy names it."""
    return f"'sha256-{b64encode(sha256(script).digest()).decode()}'"
