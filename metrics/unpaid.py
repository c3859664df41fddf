"""Channels that are bought, and of which no spend has ever been loaded: what they cost is unknown there, not zero.

Nobody pays for search results, so their spend of loaded days is zero. A channel of paid clicks without a single rouble in the store is
something else: its spend stands in a cabinet that nobody has loaded.
"""

from __future__ import annotations

from functools import lru_cache

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from data.batches import Note
from data.tables import SPEND
from metrics import channels
from metrics.frames import Sums
from metrics.ledger import table
from metrics.origins import by_origin
from metrics.plan import Level, Plan
from metrics.statements import Run, Statement

Flags = npt.NDArray[np.bool_]


def channels_without_spend(plan: Plan, rows: Sums, total: Sums, run: Run) -> frozenset[str]:
    """Paid channels among the rows (or the filters) whose spend has never been loaded. Asks the engine only where it may matter."""
    query = plan.scope.query
    doubtful = _named(plan) if _free(plan, plan.total, total).any() else frozenset()
    if "channel" in query.by:
        free = _free(plan, plan.rows, rows)
        doubtful |= frozenset(rows.keys["channel"][free]) - frozenset(rows.keys["channel"][~free])
    doubtful &= frozenset(channels.named(query.grouping, "paid"))
    if not doubtful:
        return doubtful
    known = Statement(_ever(query.grouping, plan.scope.settings.rules, plan.scope.merged)).answer(run)
    return doubtful - frozenset(known["channel"])


def _free(plan: Plan, level: Level, found: Sums) -> Flags:
    """Where spend is asked for, and every period has none."""
    sums = [found.of(key, window) for key in level.picks if _spends(level, key) for window in plan.scope.windows]
    return np.all([np.nan_to_num(array) == 0 for array in sums], axis=0) if sums else np.zeros(len(found.keys), dtype=bool)


def _named(plan: Plan) -> frozenset[str]:
    """Channels that the question's filters name."""
    return frozenset(value for key, values in plan.scope.query.only if key == "channel" for value in values)


@lru_cache(maxsize=16)
def _ever(grouping: str, own: tuple[channels.Rule, ...], together: frozenset[str]) -> ir.Table:
    """Shape: `channel`; every channel with spend on any day."""
    spend = table(SPEND.name)
    origins = spend.filter(spend.cost > 0).select("origin").distinct()
    named = by_origin(("channel",), grouping, own, together)
    return origins.join(named, origins.origin == named.origin_key).select("channel").distinct()


def cleared(plan: Plan, found: Sums, free: frozenset[str]) -> Sums:
    """The sums with spend missing, where it is zero only because it was never loaded."""
    if not free:
        return found
    by_channel = "channel" in found.keys
    unknown: Flags = found.keys["channel"].isin(free).to_numpy() if by_channel else np.full(len(found.keys), bool(_named(plan) & free))
    level = plan.rows if len(found.keys.columns) else plan.total
    return Sums(found.keys, {
        (key, window): np.where(unknown & (array == 0), np.nan, array) if _spends(level, key) else array
        for (key, window), array in found.values.items()
    })


def _spends(level: Level, key: str) -> bool:
    return key in level.picks and level.picks[key].feed.table == SPEND.name


def notes(plan: Plan, free: frozenset[str]) -> list[Note]:
    """Which paid channels have no spend. A whole whose parts have theirs is not told: its visits only lack the part."""
    parts = channels.under(plan.scope.query.grouping)
    alone = sorted(free - frozenset(whole for part, whole in parts.items() if part not in free))
    return [
        Note("unpaid", "No spend is loaded for the paid channel {channel}: what it costs is unknown, not zero, and totals lack it.",
             {"channel": channels.title(plan.scope.query.grouping, key)})
        for key in alone
    ]
