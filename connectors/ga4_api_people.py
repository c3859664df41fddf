"""Users from the Data API, each period asked for as such: users of days do not add up to those of a week.

Days are a breakdown of their own. Weeks and months are asked for without any date, four ranges at once, so that a user counts once in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pyarrow as pa

from connectors.ga4_api_reports import MOST_RANGES, Days, Report, Table, fetch
from connectors.ga4_api_traffic import Asked, date_of
from connectors.ga4_names import FIRST, SESSION
from connectors.live import Feed, Order, Settling
from data.batches import Batch, Note
from data.tables import AUDIENCE, ORIGIN_NAMES

COLUMNS = {"activeUsers": "users", "newUsers": "new_users", "totalPurchasers": "buyers"}
CHANNEL = {SESSION: "sessionDefaultChannelGroup", FIRST: "firstUserDefaultChannelGroup"}
_KINDS = (
    (SESSION, "", "day", "users by day"), (SESSION, "", "week", "users by week"), (SESSION, "", "month", "users by month"),
    (SESSION, "origin", "day", "users by day and channel"), (SESSION, "origin", "week", "users by week and channel"),
    (SESSION, "origin", "month", "users by month and channel"), (FIRST, "origin", "month", "users by month and first channel"),
)


def feeds(asked: Asked, settling: Settling) -> list[Feed]:
    """Users of each day, week and month, all of them and by channel."""
    return [
        Feed(
            f"people_{scope}_{by or 'all'}_{grain}", title, AUDIENCE, asked.of.id, partial(people, asked, scope, by, grain), scope,
            _breakdown(by, grain), grain, "year", settling,
        )
        for scope, by, grain, title in _KINDS
    ]


def _breakdown(by: str, grain: str) -> str:
    return ",".join(filter(None, (by, "" if grain == "day" else grain)))


def people(asked: Asked, scope: str, by: str, grain: str, order: Order) -> Iterator[Sequence[Batch]]:
    """One batch of days, or one for each week or month; the last one may still run."""
    asked = replace(asked, of=replace(asked.of, web=order.web))
    metrics, named = asked.seen(*COLUMNS), ((CHANNEL[scope],) if by else ())
    if grain == "day":
        table = fetch(asked.of, Report(metrics, ("date", *named), ((order.since, order.until),), frozenset(("date", metrics[0]))))
        dated = [(date_of(key[0], asked.of.id), key[1:], row) for key, row in table.rows.items()]
        yield [_batch(asked, table, scope, by, grain, (order.since, order.until), [((day, day), key, row) for day, key, row in dated])]
        return
    periods = list(_periods(grain, order))
    made: list[Batch] = []
    for start in range(0, len(periods), MOST_RANGES):
        some = tuple(periods[start : start + MOST_RANGES])
        table = fetch(asked.of, Report(metrics, named, some, frozenset((*named, metrics[0]))))
        for place, days in enumerate(some):
            mine = [(days, key[len(some) > 1 :], row) for key, row in table.rows.items() if len(some) == 1 or key[0] == f"{place}"]
            made.append(_batch(asked, table, scope, by, grain, days, mine, () if made else tuple(table.notes())))
    yield made


def _periods(grain: str, order: Order) -> Iterator[Days]:
    first = order.since
    while first <= order.until:
        following = first + timedelta(days=7) if grain == "week" else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(order.until, following - timedelta(days=1))
        first = following


def _batch(
    asked: Asked, table: Table, scope: str, by: str, grain: str, days: Days, rows: Sequence[tuple[Days, Sequence[str], Sequence[object]]],
    notes: tuple[Note, ...] = (),
) -> Batch:
    columns = {
        "day": pa.array([one[0][0] for one in rows], pa.date32()), "until": pa.array([one[0][1] for one in rows], pa.date32()),
    }
    if by:
        columns["origin"] = pa.array([_origin(one[1][0]) for one in rows], AUDIENCE.arriving().field("origin").type)
    for place, name in enumerate(table.report.metrics):
        columns[COLUMNS[name]] = pa.array([int(str(one[2][place])) for one in rows], pa.int64())
    return Batch(
        AUDIENCE, "ga4_api", asked.of.id, pa.table(columns), table.origin, *days, attribution=scope, breakdown=_breakdown(by, grain),
        whole=grain != "day" and days[0] < days[1], sample_share=table.share, thresholded=table.hidden,
        notes=notes if grain != "day" else tuple(table.notes()),
    )


def _origin(channel: str) -> dict[str, str]:
    return {name: channel if name == "given_channel" else "" for name in ORIGIN_NAMES}
