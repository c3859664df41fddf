"""What figures can be broken down by, and the expression that gives each one: from the day, from the origin, or from a column."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from data.tables import ALL_GOALS, TABLES
from metrics.rows import Dimension

TIME_UNITS = {"day": "D", "week": "W", "month": "M", "fiscal_month": "M", "quarter": "Q", "year": "Y"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TRAFFIC_SOURCES = (
    ("organic", "Search engines"), ("ad", "Ads"), ("direct", "Direct visits"), ("referral", "Links on sites"), ("internal", "Internal"),
    ("social", "Social networks"), ("messenger", "Messengers"), ("recommend", "Recommendation systems"), ("email", "E-mail"),
    ("qrcode", "QR codes"), ("saved", "Saved pages"), ("undefined", "Not determined"), ("external", "External links"),
)
_AD_SYSTEMS = (
    ("ya_direct", "Yandex Direct"), ("google_adwords", "Google Ads"), ("vkontakte", "VK Ads"), ("vk_ads", "VK Ads"),
    ("mytarget", "myTarget"), ("telegram", "Telegram Ads"), ("avito", "Avito"), ("facebook", "Meta Ads"),
)

DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("day", "Day", "Day in the account's time zone", "time"),
    Dimension("week", "Week", "ISO week, Monday to Sunday, named by its Monday", "time"),
    Dimension("month", "Month", "Calendar month", "time"),
    Dimension("fiscal_month", "Client's month", "The client's own month, named by its first day, which the client's settings give", "time"),
    Dimension("quarter", "Quarter", "Calendar quarter", "time"),
    Dimension("year", "Year", "Calendar year", "time"),
    Dimension("weekday", "Weekday", "Day of the week, Monday is 1", "time", "", tuple((str(n), day) for n, day in enumerate(WEEKDAYS, 1))),
    Dimension("channel", "Channel", "The agency's or Google's grouping of origins, by the rules in force", "origin", "origin"),
    Dimension("ad_system", "Ad system", "Advertising system, as the source names it", "origin", "origin", _AD_SYSTEMS),
    Dimension("source", "Source", "utm_source, or the counter's source, as sent", "origin", "origin"),
    Dimension("medium", "Medium", "utm_medium, or the counter's medium, as sent", "origin", "origin"),
    Dimension("campaign", "Campaign", "Campaign by its number in the ad system, or by its tag where it has none", "origin", "origin"),
    Dimension("traffic_source", "Traffic source", "Metrica's own kind of source", "origin", "origin", _TRAFFIC_SOURCES),
    Dimension("engine", "Engine or network", "Search engine, social network, messenger or recommender", "origin", "origin"),
    Dimension("referrer", "Referring site", "Host of the site that linked here", "origin", "origin"),
    Dimension("placement", "Placement", "Where the ad was shown", "origin", "origin", (("search", "Search"), ("network", "Ad network"))),
    Dimension(
        "device", "Device", "Kind of device", "column", "device",
        (("desktop", "Desktop"), ("phone", "Phone"), ("tablet", "Tablet"), ("tv", "TV")),
    ),
    Dimension("country", "Country", "Country, as sent", "column", "country"),
    Dimension("city", "City", "City, as sent", "column", "city"),
    Dimension("landing", "Landing page", "First page of the visit, without its query", "column", "landing"),
    Dimension("age", "Age", "Age band, as sent", "column", "age"),
    Dimension("sex", "Sex", "Sex, as sent", "column", "sex", (("male", "Men"), ("female", "Women"))),
    Dimension("content", "Ad content", "utm_content", "column", "content"),
    Dimension("term", "Ad term", "utm_term", "column", "term"),
    Dimension("os", "Operating system", "Operating system family", "column", "os"),
    Dimension("browser", "Browser", "Browser", "column", "browser"),
    Dimension("step", "Funnel step", "Step of a funnel that the client counts itself", "column", "step"),
    Dimension("phrase", "Phrase", "Search phrase, brand or index", "column", "phrase"),
    Dimension("region", "Region", "Region of the demand, as sent", "column", "region"),
    Dimension("goal", "Goal", "Goal or key event", "goal", "goal", ((ALL_GOALS, "All key events"),)),
    Dimension("account", "Account", "Counter, property or ad account", "account"),
    Dimension("currency", "Currency", "Currency of the money; filters money only", "money"),
)
BY_KEY: Mapping[str, Dimension] = {dimension.key: dimension for dimension in DIMENSIONS}
TIME = tuple(d.key for d in DIMENSIONS if d.kind == "time")
CARRIES: Mapping[str, frozenset[str]] = {
    name: frozenset(d.part for d in DIMENSIONS if d.kind == "column" and d.part in TABLES[name].names)
    | frozenset({"goal"} & set(TABLES[name].names))
    | (frozenset({"origin"}) if TABLES[name].origins else frozenset())
    for name in ("visits", "conversions", "orders", "traffic", "audience", "spend", "steps", "demand")
}
"""Breakdowns that each fact table has columns for. TRAFFIC and AUDIENCE rows carry only those that their `breakdown` names."""


def parts(keys: tuple[str, ...]) -> frozenset[str]:
    """What a table must carry to be broken down by these dimensions."""
    return frozenset(BY_KEY[key].part for key in keys if BY_KEY[key].part)


def of_kind(keys: tuple[str, ...], *kinds: str) -> tuple[str, ...]:
    return tuple(key for key in keys if BY_KEY[key].kind in kinds)


def of_day(key: str, day: ir.DateValue, shift: int = 0, fiscal: int = 1) -> ir.Value:
    """The bucket of a day. `shift` moves a comparison period onto the asked one; a weekday is always the day's own.

    `fiscal` is the day on which the client's months begin.
    """
    if key == "weekday":
        return (day.day_of_week.index() + 1).cast("int64")
    moved = (day + ibis.interval(days=shift)).cast("date") if shift else day
    if key == "day":
        return moved
    if key == "fiscal_month" and fiscal > 1:
        lead = ibis.interval(days=fiscal - 1)
        month = (moved - lead).cast("date").truncate("M").cast("date")
        return (month + lead).cast("date")
    return moved.truncate(TIME_UNITS[key]).cast("date")


def whole_bucket(key: str, day: ir.DateValue, until: ir.DateValue, fiscal: int = 1) -> ir.BooleanValue:
    """Whether the period from `day` to `until` is exactly one bucket."""
    if key in ("day", "weekday"):
        return day == until
    after = (until + ibis.interval(days=1)).cast("date")
    first, last, following = (of_day(key, one, 0, fiscal) for one in (day, until, after))
    return (first == day) & (following == after) & (first == last)


def of_origin(key: str, origins: ir.Table, matched: tuple[tuple[str, str], ...] = ()) -> ir.StringValue:
    """The dimension as an expression over ORIGINS; the channel has rules of its own.

    `matched` are pairs of a campaign's tag and the number or name of the campaign that a person has said it means.
    """
    if key == "campaign" and matched:
        own = ibis.ifelse(origins.campaign_id != "", origins.campaign_id, origins.campaign)
        said = [((origins.campaign_id == "") & (origins.campaign == sent), ibis.literal(meant)) for sent, meant in matched]
        return ibis.cases(*said, else_=own)
    if key == "campaign":
        # A tag that is the number of a campaign names that campaign: both are the same text.
        return ibis.ifelse(origins.campaign_id != "", origins.campaign_id, origins.campaign)
    return origins[key]
