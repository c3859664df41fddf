"""Where a service may be: nowhere that a token would be sent in the open."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from data.errors import MissingSetting


def checked(address: str, setting: str) -> str:
    """Raises MissingSetting when the address is not http(s), holds a password, or would send a token in the open."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password or parts.query or parts.fragment:
        raise MissingSetting(
            "{setting} is not the address of a service.", "{setting}", "Give one such as https://api.example.com, or leave it out.",
            setting=setting,
        )
    if parts.scheme == "http" and not _private(host):
        raise MissingSetting(
            "{setting} would send the token in the open.", "{setting}", "Use https; http is for this machine and for containers beside it.",
            setting=setting,
        )
    return address


def _private(host: str) -> bool:
    """This machine, or a short name of a private network."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return "." not in host or host.endswith(".localhost")
