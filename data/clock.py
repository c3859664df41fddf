"""What time it is. Nobody else asks the machine, so that a test can set the clock and no day depends on where the server stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FURTHEST_EAST = "Pacific/Kiritimati"


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def today(zone: str = FURTHEST_EAST) -> date:
    """The day it is in a time zone; without one, the latest that has begun anywhere on Earth."""
    return now().astimezone(ZoneInfo(zone)).date()
