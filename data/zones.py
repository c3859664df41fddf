"""Time zones by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import Problem


def check(zone: str) -> None:
    """Raises Problem when there is no such time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Problem(
            "There is no time zone {zone}.", "--timezone", "Give a name such as Europe/Moscow or Asia/Yekaterinburg.", zone=zone
        ) from error
