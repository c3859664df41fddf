"""Who may know more than whether we are up: this machine itself, and whoever says the word of `VITRINA_STATUS_TOKEN`."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address

from data.secret import Secret, stated

TOKEN = "VITRINA_STATUS_TOKEN"
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_HERE = ("localhost", "127.0.0.1", "::1")


def trusted(peer: str, headers: Mapping[str, str]) -> bool:
    """Whether a request may see everything. `headers` by small names.

    NB: what comes through a proxy of this machine comes from this machine too. So a passed-on request needs the word, and so does one that
    asks for another host: a page in somebody's browser can be made to ask us under a name of its own.
    """
    if _says_the_word(headers.get("authorization", "")):
        return True
    return _loopback(peer) and _host(headers.get("host", "")) in _HERE and not any(name in headers for name in _PASSED_ON)


def _says_the_word(said: str) -> bool:
    word = stated(TOKEN)
    if not isinstance(word, str) or not word.strip():
        return False
    kind, _, given = said.partition(" ")
    held = Secret(TOKEN, word.strip())
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), held.reveal().encode())


def _loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False


def _host(said: str) -> str:
    """A host without its port."""
    return said[1:].partition("]")[0] if said.startswith("[") else said.partition(":")[0]
