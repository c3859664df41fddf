"""From visits and conversions to grouped paths, as one expression: the engine links, cuts and groups; only distinct paths come back.

A journey ends with a conversion or leads nowhere. A touch belongs to the visitor's next conversion at or after it; touches older than
the lookback are dropped. A second conversion in a visit that has converted already keeps that visit as its only touch. What follows the
last conversion is a null journey once the lookback has passed since its last touch; before that it may still convert, so it is open and
not counted (right-censoring). Conversions are looked for up to the last loaded day, also beyond the period, so that a journey that
converts after the period does not count as null.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from data.batches import Note
from data.tables import ATTRIBUTIONS, origin_column
from metrics.credit.paths import MASK, SPLIT

DAY = 86_400
OWN_SOURCE = ("last", "session", "cross_device_last", "automatic", "last_significant", "cross_device_last_significant")
"""Attribution models by nearness to the visit's own source, which is what a touch is. Models that look back are the last resort."""
LOOKING_BACK = OWN_SOURCE[3:]
DEAD = ("cancelled", "spam")


def touch_note(recorded: Collection[str]) -> Note | None:
    """What to know where no visit carries its own source, only one that the counter found by looking back. `recorded` are the keys of
    the attribution models that the account has."""
    nearest = next((model for model in OWN_SOURCE if model in recorded), None)
    if nearest is None or nearest not in LOOKING_BACK:
        return None
    title = next(attribution.title for attribution in ATTRIBUTIONS if attribution.key == nearest)
    text = "Visits carry only the source under the attribution {model}, which looks back itself: paths differ less than they did in truth."
    return Note("warning", text, {"model": title})


def coded(channel: ir.StringValue, channels: Sequence[str]) -> ir.IntegerValue:
    """Code of a channel: its place in `channels`. What is not listed gets the last code, so list a channel for the rest last."""
    pairs = [(ibis.literal(name), ibis.literal(code, "int64")) for code, name in enumerate(channels)]
    return channel.cases(*pairs, else_=ibis.literal(len(channels) - 1, "int64"))


def touchpoints(visits: ir.Table, channels: ir.Table, rest: int) -> ir.Table:
    """The touches of visitors: one row per visit with a cookie and an instant.

    Shape: `visits` as VISITS, of one account; `channels` has origin and channel (a code below 4096); `rest` is the code of visits whose
    origin is not listed. Answer: visitor, day, second (UTC), channel.
    """
    origin = ibis.coalesce(*(visits[origin_column(model)] for model in OWN_SOURCE))
    seen = visits.filter(visits.visitor != 0, visits.started_at.notnull())
    seen = seen.select("visitor", "day", second=_second(seen.started_at), source=origin)
    linked = seen.left_join(channels, seen["source"] == channels["origin"])
    return linked.select("visitor", "day", "second", channel=ibis.coalesce(channels["channel"].cast("int64"), ibis.literal(rest, "int64")))


def reaches(conversions: ir.Table) -> ir.Table:
    """Goal reaches as ends of journeys. Shape: `conversions` as CONVERSIONS, of one account, goals and currency. Answer: visitor, day,
    second, conversions, value."""
    second, worth = _instant(conversions.reached_at, conversions.day), conversions.value.cast("float64").fill_null(0.0)
    reached = conversions.mutate(second=second, worth=worth)
    return _merged(reached, reached.reaches)


def purchases(orders: ir.Table) -> ir.Table:
    """Orders as ends of journeys, worth their revenue less refunds; cancelled ones and spam are left out. Shape: as `reaches`."""
    live = orders.filter(~orders.status.isin(DEAD))
    worth = live.revenue.cast("float64") - live.refund.cast("float64").fill_null(0.0)
    return _merged(live.mutate(second=_instant(live.placed_at, live.day), worth=worth), live.orders)


def grouped(touches: ir.Table, ends: ir.Table, since: date, until: date, loaded_until: date, lookback_days: int = 90) -> ir.Table:
    """Distinct paths of the journeys that end from `since` to `until`, both inclusive.

    Shape: a row per touch of a path, oldest first: place (number of the path), word (the packed touch; days to the conversion are kept for
    converting paths only), and of the whole path conversions, nulls, still_open, value. The empty path holds conversions without a touch,
    and the open journeys; its only word is null. Read it with `paths_from_engine`.
    """
    back = timedelta(days=lookback_days)
    # Rows are kept narrow, visitor and word: they are linked and sorted by the million.
    near = touches.filter(touches.day >= since - back, touches.day <= loaded_until)
    near = near.select("visitor", "day", word=(near.second << SPLIT) + near.channel)
    asked = ends.filter(ends.day >= since - back, ends.day <= loaded_until)
    closing = asked.select("visitor", end=(asked.second << SPLIT) + MASK)
    linked = near.asof_join(closing, on=near.word <= closing.end, predicates="visitor").select("visitor", "day", "word", "end")
    won = _won(linked.filter(linked.end.notnull()), asked, lookback_days * DAY)
    lost = _lost(linked.filter(linked.end.isnull()), loaded_until - back, lookback_days * DAY)
    journeys = won.filter(won.day >= since, won.day <= until).union(lost.filter(lost.day >= since, lost.day <= until))
    journeys = journeys.mutate(path=ibis.ifelse(journeys.conversions > 0, _aged(journeys), _plain(journeys)))
    amounts = {name: journeys[name].sum().cast("float64") for name in ("conversions", "nulls", "still_open", "value")}
    paths = journeys.group_by("path").agg(**amounts)
    # NB: touches travel flat, since a list in every row costs more to hand over than everything else.
    flat = ibis.ifelse(paths.path.length() == 0, ibis.literal([None], type="array<int64>"), paths.path)
    return paths.mutate(place=ibis.row_number(), path=flat).select("place", *amounts, word=ibis._.path.unnest())


def _won(linked: ir.Table, ends: ir.Table, back: int) -> ir.Table:
    """One row per visitor and instant of conversion, with the words of its touches."""
    fresh = linked.filter(linked.word >> SPLIT >= (linked.end >> SPLIT) - back)
    led = fresh.group_by("visitor", "end").agg(words=fresh.word.collect(), newest=fresh.word.max())
    led = led.select("visitor", "words", "newest", second=led.end >> SPLIT)
    known = ends.left_join(led, ["visitor", "second"]).select(*(ends[name] for name in ends.columns), led.words, led.newest)
    # NB: a conversion without touches of its own takes the newest touch before it, which an earlier conversion has used already.
    so_far = ibis.window(group_by=known.visitor, order_by=known.second, following=0)
    known = known.mutate(newest=known.newest.max().over(so_far))
    newest = ibis.ifelse(known.newest >> SPLIT >= known.second - back, ibis.array([known.newest]), _nothing())
    words = ibis.coalesce(known.words, newest, _nothing())
    return known.select("day", "second", words=words, conversions="conversions", nulls=_zero(), still_open=_zero(), value="value")


def _lost(linked: ir.Table, settled: date, back: int) -> ir.Table:
    """One row per visitor whose last touches no conversion followed. Open are those whose last touch is later than `settled`."""
    left = linked.group_by("visitor").agg(words=linked.word.collect(), day=linked.day.max(), second=linked.word.max() >> SPLIT)
    over = left.day <= settled
    words = ibis.ifelse(over, left.words.filter(lambda word: word >> SPLIT >= left.second - back), _nothing())
    counts = {"conversions": _zero(), "nulls": over.cast("int64"), "still_open": (~over).cast("int64"), "value": ibis.literal(0.0)}
    return left.select("day", "second", words=words, **counts)


def _aged(journeys: ir.Table) -> ir.ArrayValue:
    """Whole days to the conversion, and the channel, of each touch in order."""
    return journeys.words.sort().map(lambda word: (((journeys.second - (word >> SPLIT)) // DAY) << SPLIT) + (word & MASK))


def _plain(journeys: ir.Table) -> ir.ArrayValue:
    return journeys.words.sort().map(lambda word: word & MASK)


def _merged(ends: ir.Table, count: ir.IntegerColumn) -> ir.Table:
    """Conversions of one visitor at one instant are one end of a journey."""
    named = ends.mutate(counted=count.cast("int64"))
    sums = {"conversions": named.counted.sum(), "value": named.worth.sum(), "day": named.day.min()}
    return named.group_by("visitor", "second").agg(**sums).select("visitor", "day", "second", "conversions", "value")


def _second(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Whole seconds since 1970. NB: rounded down by hand, since DuckDB's own answer is a float."""
    return instant.epoch_seconds().floor().cast("int64")


def _instant(instant: ir.TimestampValue, day: ir.DateValue) -> ir.IntegerValue:
    """The instant, or the last second of the day where only the day is known."""
    return ibis.coalesce(_second(instant), _second(day.cast("timestamp")) + (DAY - 1))


def _nothing() -> ir.ArrayValue:
    return ibis.literal([], type="array<int64>")


def _zero() -> ir.IntegerValue:
    return ibis.literal(0, "int64")
