"""What a visitor without a login may do: how often, how much, and from where. Pure."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from time import monotonic
from urllib.parse import urlsplit

BODY = 32 * 1024
"""Unit: bytes of a comment as it is sent."""
POSTS, WINDOW = 30, 600.0
"""Comments through one link within so many seconds."""
_MOST_KEYS = 10_000


class Pace:
    """How often something may happen under one key."""

    def __init__(self, most: int = POSTS, window: float = WINDOW) -> None:
        self._most, self._window = most, window
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._guard = threading.Lock()

    def allows(self, key: str, now: float | None = None) -> bool:
        """Whether it may happen once more; that it does is counted."""
        moment = monotonic() if now is None else now
        with self._guard:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while len(self._times) > _MOST_KEYS:
                self._times.popitem(last=False)
            while times and times[0] <= moment - self._window:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(moment)
            return True


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a form was sent from one of our own pages. Browsers say so themselves; what says nothing is refused."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host")


def headers(policy: str) -> dict[str, str]:
    """What every answer carries: nothing is kept, found by search engines, framed or told to other hosts.

    NB: not `no-referrer`. With that a browser sends forms with the origin `null`, and ours could not be told from anybody's.
    """
    return {
        "content-security-policy": policy, "cache-control": "no-store", "x-robots-tag": "noindex, nofollow, noarchive",
        "referrer-policy": "same-origin", "x-content-type-options": "nosniff", "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }


def policy(scripts: Iterable[str]) -> str:
    """A Content-Security-Policy: only these scripts run, nothing is fetched, forms go to us and nowhere else."""
    rules = {
        "default-src": "'none'", "script-src": " ".join(dict.fromkeys(scripts)) or "'none'", "style-src": "'unsafe-inline'",
        "img-src": "data:", "font-src": "data:", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
