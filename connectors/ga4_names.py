"""What GA4 calls its columns in downloaded reports, and what they are to us. Spellings are compared in lower case.

`(Default Channel Group)` behind a name is dropped.

Source: real downloads of 2021 to 2026 in English; Russian names as the interface shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.files import names
from data.tables import TAGGED

SESSION, FIRST = "session", "first"


@dataclass(frozen=True)
class Dimension:
    """A breakdown. `kind` is what the store calls it (or time, or goal), `fields` what it fills, `scope` its attribution model."""

    kind: str
    fields: tuple[str, ...]
    scope: str = ""


def _origins() -> dict[str, Dimension]:
    """Fields of origin, each scoped to the session or to the user's first one."""
    ours = {
        ("primary channel group", "default channel group", "default channel grouping", "channel group"): ("given_channel",),
        ("source / medium", "source/medium"): ("source", "medium"),
        ("source",): ("source",),
        ("medium",): ("medium",),
        ("campaign", "campaign name"): ("campaign",),
        ("campaign id",): ("campaign_id",),
    }
    prefixes = (("session ", SESSION), ("first user ", FIRST))
    return {
        prefix + spelling: Dimension("origin", fields, scope)
        for spellings, fields in ours.items() for spelling in spellings for prefix, scope in prefixes
    }


DIMENSIONS: Mapping[str, Dimension] = _origins() | {
    "канал сеанса": Dimension("origin", ("given_channel",), SESSION),
    "источник/канал сеанса": Dimension("origin", ("source", "medium"), SESSION),
    "device category": Dimension("device", ("device",)),
    "device": Dimension("device", ("device",)),
    "platform / device category": Dimension("device", ("device",)),
    "категория устройства": Dimension("device", ("device",)),
    "country": Dimension("country", ("country",)),
    "country id": Dimension("country", ("country",)),
    "страна": Dimension("country", ("country",)),
    "city": Dimension("city", ("city",)),
    "город": Dimension("city", ("city",)),
    "landing page": Dimension("landing", ("landing",)),
    "landing page + query string": Dimension("landing", ("landing",)),
    "страница входа": Dimension("landing", ("landing",)),
    "age": Dimension("age", ("age",)),
    "возраст": Dimension("age", ("age",)),
    "gender": Dimension("sex", ("sex",)),
    "пол": Dimension("sex", ("sex",)),
    "event name": Dimension("goal", ("goal",)),
    "название события": Dimension("goal", ("goal",)),
    "date": Dimension("time", ("date",)),
    "дата": Dimension("time", ("date",)),
    "date + hour (yyyymmddhh)": Dimension("time", ("hour",)),
    "nth day": Dimension("time", ("nth day",)),
    "nth week": Dimension("time", ("nth week",)),
}
TAGS = frozenset(("source", "medium", "campaign", "campaign_id"))
"""Fields that tell sources apart without Google's channels; a download of these stands in the store beside one of channels."""
BREAKDOWNS = ("origin", TAGGED, "device", "country", "city", "landing", "age", "sex")
DEVICES = {"desktop": "desktop", "mobile": "phone", "tablet": "tablet", "smart tv": "tv"}

METRICS: Mapping[str, str] = {
    "sessions": "sessions",
    "сеансы": "sessions",
    "engaged sessions": "engaged",
    "сеансы с взаимодействием": "engaged",
    "engagement rate": "engagement_rate",
    "bounce rate": "bounce_rate",
    "average engagement time per session": "engagement_per_session",
    "views": "views",
    "views per session": "views_per_session",
    "key events": "key_events",
    "conversions": "key_events",
    "ключевые события": "key_events",
    "session key event rate": "key_event_rate",
    "session conversion rate": "key_event_rate",
    "purchase revenue": "purchase_revenue",
    "total revenue": "total_revenue",
    "общий доход": "total_revenue",
    "transactions": "transactions",
    "ecommerce purchases": "transactions",
    "purchases": "transactions",
    "active users": "active_users",
    "активные пользователи": "active_users",
    "1 day": "active_users",
    "users": "users",
    "пользователи": "users",
    "total users": "total_users",
    "всего пользователей": "total_users",
    "new users": "new_users",
    "новые пользователи": "new_users",
}
COUNTED = frozenset(("sessions", "engaged", "views", "transactions", "active_users", "users", "total_users", "new_users"))
DURATIONS = frozenset(("engagement_per_session",))
RATES = frozenset(("engagement_rate", "bounce_rate", "key_event_rate"))
MONEY = ("purchase_revenue", "total_revenue")
PEOPLE = ("active_users", "users", "total_users")
"""Which users are the users, best first. Active users are what GA4 itself calls users, and stand in more reports than total users."""

_GROUP = re.compile(r"\s*\((?:default|primary) channel group(?:ing)?\)$")


def spelling(cell: object) -> str:
    """A header as it is looked up."""
    return _GROUP.sub("", names((cell,))[0])


def dimension(cell: object) -> Dimension | None:
    """What a column breaks the table down by; None for a metric and for what we do not know."""
    return DIMENSIONS.get(spelling(cell))


def metric(cell: object) -> str:
    """Which metric a column is; empty for a dimension and for what we do not know."""
    return METRICS.get(spelling(cell), "")
