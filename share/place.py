"""Where share links live: `SHARE_URL`, the address that clients see; the dashboard's own where none is named."""

from __future__ import annotations

from urllib.parse import urlsplit

from data.secret import stated
from share.routes import PATH


def outside() -> str:
    """The address of the server of share links, without a slash at its end; empty where none is named."""
    found = stated("SHARE_URL")
    return found.strip().rstrip("/") if isinstance(found, str) else ""


def address(token: str, here: str) -> str:
    """The whole address of a link. `here` is the address of the page that is looked at."""
    said = urlsplit(here)
    return f"{outside() or f'{said.scheme}://{said.netloc}'}{PATH}/{token}"
