"""Where a service may be: nowhere that a token would be sent in the open, and nowhere that only this machine's own network can see into."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from data.errors import MissingSetting

_WRITTEN = re.compile(r"[A-Za-z0-9._~:/\[\]%-]+")
_NUMBERS = re.compile(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*", re.IGNORECASE)
_INSIDE = frozenset(("metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"))
"""Names under which a cloud hands its own keys to whoever asks from inside."""


def checked(address: str, setting: str) -> str:
    """Raises MissingSetting when the address is not http(s), holds a password, or would send a token in the open."""
    parts, host = _parts(address)
    plain = _WRITTEN.fullmatch(address) and not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not host or not plain or _closed(host):
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


def _parts(address: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(address)
        return parts, (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return urlsplit(""), ""


def _closed(host: str) -> bool:
    """Addresses that are no service's: the cloud's own, everybody's, nobody's; and addresses in disguise (`2852039166`)."""
    ip = _ip(host)
    if ip is None:
        return host.rstrip(".").lower() in _INSIDE or bool(_NUMBERS.fullmatch(host.rstrip(".")))
    plain = ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip
    return plain.is_link_local or plain.is_multicast or plain.is_unspecified


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _private(host: str) -> bool:
    """This machine, or a short name of a private network."""
    ip = _ip(host)
    return ip.is_loopback if ip is not None else "." not in host or host.endswith(".localhost")
