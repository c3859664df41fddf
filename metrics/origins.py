"""Where facts came from, as questions ask it: channels, systems and other words for the distinct origins of a store."""

from __future__ import annotations

from functools import cache

import ibis
import ibis.expr.types as ir

from data.tables import ORIGINS
from metrics import channels, dimensions
from metrics.ledger import table

SYSTEM = "ad_system_or_source"


@cache
def by_origin(
    keys: tuple[str, ...], grouping: str, own: tuple[channels.Rule, ...], together: frozenset[str],
    matched: tuple[tuple[str, str], ...] = (),
) -> ir.Table:
    """Shape: origin_key and the asked dimensions of origins; one row per distinct origin.

    NB: the alias makes it one common table that all selects share; otherwise the rules would be written out once per select.
    """
    return words(keys, grouping, own, together, matched).alias(name(keys))


def name(keys: tuple[str, ...]) -> str:
    """What the table of these words is called within a statement."""
    return f"origins_by_{'_'.join(dict.fromkeys(keys))}"


@cache
def words(
    keys: tuple[str, ...], grouping: str, own: tuple[channels.Rule, ...], together: frozenset[str],
    matched: tuple[tuple[str, str], ...] = (),
) -> ir.Table:
    """As `by_origin`, without a name."""
    rows = table(ORIGINS.name)
    named = {}
    for key in dict.fromkeys(keys):
        if key == SYSTEM:
            named[key] = ibis.ifelse(rows.ad_system != "", rows.ad_system, rows.source.lower())
        elif key == "channel":
            named[key] = channels.channel(rows, grouping, own, together)
        else:
            named[key] = dimensions.of_origin(key, rows, matched)
    return rows.select(origin_key=rows.origin, **named)


def leading_to(wanted: frozenset[str], grouping: str, own: tuple[channels.Rule, ...]) -> ir.Table:
    """Shape: origin_key, channel; right for the wanted channels and their parts only, so that later rules need not be looked at."""
    rows = table(ORIGINS.name)
    return rows.select(origin_key=rows.origin, channel=channels.channel(rows, grouping, own, only=wanted))
