"""Costs meet visits: which spend finds the visits it bought, by what, and what is wrong with the tags of the rest.

Spend and visits are told apart by their origins as sent, of which there are some hundred, so everything here runs over those. Spend
meets visits by the first of these that holds: the campaign's number in the ad system; that number in the tag; source, medium and
campaign of the tag, case as sent; the campaign alone, where the spend says nothing else; what a person has matched by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from data.batches import Note
from data.tables import ORIGIN_NAMES, ORIGINS, SPEND, TRAFFIC, origin_column
from metrics import channels, ledger
from metrics.ledger import table
from metrics.periods import Stretch, stretches
from metrics.plan import Feed, plan
from metrics.query import Query
from metrics.scope import Settings, settle
from metrics.statements import Run, StandIns, Statement

if TYPE_CHECKING:
    from data.desk.campaigns import Match

WAYS = ("number", "number in the tag", "tags", "campaign", "by hand")
"""By what spend finds its visits, in this order."""
NO_VISITS, MACRO, UNTAGGED, NO_SPEND = "no visits", "macro", "untagged", "no spend"
FAULTS = {
    NO_VISITS: "Spend without visits", MACRO: "Macro that was not filled in", UNTAGGED: "Paid, but not tagged",
    NO_SPEND: "Paid visits without spend",
}
"""What can be wrong, worst first. Shape: key -> English title."""
_UNFILLED = "[{][^{}]*[}]|%7[bB]|__[A-Z][A-Z_]+__|%%[A-Za-z_]+%%"
"""A macro of an ad system that came as it was written: {campaign_id}, %7Bcampaign%7D, {{campaign.id}}, __CAMPAIGN_ID__."""
_TAGS = ("source", "medium", "campaign")


@dataclass(frozen=True)
class Fault:
    """One origin that is not in order. `cost` is None for visits, `visits` for spend; `near` are sent tags that may be meant."""

    kind: str
    system: str
    source: str
    medium: str
    campaign: str
    campaign_id: str
    name: str
    cost: float | None
    visits: float | None
    near: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The campaign as people call it."""
        return self.name or self.campaign or self.campaign_id


@dataclass(frozen=True)
class Hygiene:
    """What meets and what does not. Shape: `met` is spend by way, in the order of WAYS; `sent` the campaign tags of paid visits, those that
    no spend knows first, and of them those with most visits."""

    cost: float
    met: dict[str, float]
    paid_visits: float
    visits_met: float
    faults: tuple[Fault, ...]
    sent: tuple[str, ...]
    currency: str
    notes: tuple[Note, ...]

    @property
    def share_met(self) -> float | None:
        """Share of the spend that finds its visits; None without spend."""
        return min(1.0, sum(self.met.values()) / self.cost) if self.cost else None

    def of(self, kind: str) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.kind == kind)


def read(query: Query, run: Run, settings: Settings, matches: Sequence[Match] = ()) -> Hygiene:
    """Set spend and visits of the query's days side by side. The query's metrics and breakdowns do not matter.

    Raises: CannotAnswer for a counter or an attribution that is not loaded.
    """
    book = ledger.read(run)
    scope, notes = settle(replace(query, metrics=("visits",), by=("campaign",), compare="", only=(), top=0), book, settings)
    planned = plan(scope, book, lambda: ledger.profiles(run))
    pick = planned.rows.picks.get("visits")
    days = StandIns()
    period = tuple((days.of(since), days.of(until)) for since, until in stretches(scope.now.days()))
    seen = _seen(pick.feed, period, query.grouping, settings) if pick else _nothing()
    spent = _spent(period)
    meant = _named(seen, matches)
    found = Statement(_met(spent, meant), days.meant).answer(run)
    visits = Statement(_wanted(meant, spent), days.meant).answer(run)
    foreign = sorted(set(found["currency"]) - {settings.currency})
    if foreign:
        text = "Spend in {currencies} is not in this view; it is in {currency}."
        notes = (*notes, Note("currency", text, {"currencies": ", ".join(foreign), "currency": settings.currency}))
    return _told(found[found["currency"] == settings.currency], visits, settings.currency, notes)


# ----------------------------------------------------------------------------------------------------------- the two sides


def _seen(feed: Feed, period: tuple[Stretch, ...], grouping: str, settings: Settings) -> ir.Table:
    """Shape: visits, paid and the fields of ORIGINS; one row per origin with visits."""
    facts = table(feed.table)
    key = "origin" if feed.table == TRAFFIC.name else origin_column(feed.model)
    kept = [facts.account.isin(feed.accounts), _inside(facts, period)]
    if feed.table == TRAFFIC.name:
        kept += [facts.attribution == feed.attribution, facts.breakdown == feed.breakdown, facts.goal == ""]
    chosen = facts.filter(kept)
    sums = chosen.group_by(key=chosen[key]).aggregate(visits=chosen.visits.sum().cast("float64"))
    origins = table(ORIGINS.name)
    channel = channels.channel(origins, grouping, settings.rules)
    paid = channel.isin(channels.named(grouping, "paid")) | (origins.traffic_source == "ad")
    known = origins.select("origin", *ORIGIN_NAMES, paid=paid)
    return sums.join(known, sums.key == known.origin).select("visits", "paid", *ORIGIN_NAMES)


def _nothing() -> ir.Table:
    """The same where no visits are loaded."""
    origins = table(ORIGINS.name)
    return origins.select(*ORIGIN_NAMES, visits=ibis.literal(0.0), paid=ibis.literal(False)).filter(ibis.literal(False))


def _spent(period: tuple[Stretch, ...]) -> ir.Table:
    """Shape: cost, currency, place and the fields of ORIGINS; one row per origin with spend."""
    spend, origins = table(SPEND.name), table(ORIGINS.name)
    chosen = spend.filter(_inside(spend, period))
    sums = chosen.group_by("origin", "currency").aggregate(cost=chosen.cost.sum().cast("float64"))
    known = origins.select("origin", *ORIGIN_NAMES)
    return sums.join(known, "origin").select("cost", "currency", "origin", *ORIGIN_NAMES)


def _inside(facts: ir.Table, period: tuple[Stretch, ...]) -> ir.BooleanValue:
    last = facts.until if "until" in facts.columns else facts.day
    return ibis.or_(*((facts.day >= ibis.literal(since, "date")) & (last <= ibis.literal(until, "date")) for since, until in period))


# ---------------------------------------------------------------------------------------------------------------- matching


def _named(seen: ir.Table, matches: Sequence[Match]) -> ir.Table:
    """The visits with `meant`: the campaign that a person has said their tag means; empty for the rest."""
    said = [(seen.campaign == match.sent, ibis.literal(match.campaign_id or match.campaign)) for match in matches if match.sent]
    return seen.mutate(meant=ibis.cases(*said, else_=ibis.literal("")) if said else ibis.literal(""))


def _met(spent: ir.Table, seen: ir.Table) -> ir.Table:
    """Shape: the spend, `way` by which it meets visits (empty: it does not), and `macro`."""
    joined = spent.mutate(identity=_identity(spent), tags=_tags(spent))
    conditions = {
        "number": (joined.campaign_id, seen.campaign_id), "number in the tag": (joined.campaign_id, seen.campaign),
        "tags": (joined.tags, _tags(seen)), "campaign": (_alone(joined), seen.campaign), "by hand": (joined.identity, seen.meant),
    }
    known = {way: _known(seen, key) for way, (_, key) in conditions.items()}
    held = [(_in(key, known[way]), ibis.literal(way)) for way, (key, _) in conditions.items()]
    return joined.mutate(way=ibis.cases(*held, else_=ibis.literal("")), macro=_macro(joined)).drop("identity", "tags")


def _known(seen: ir.Table, key: ir.StringValue) -> ir.Table:
    return seen.select(known=key).filter(ibis._.known != "").distinct()


def _in(key: ir.StringValue, known: ir.Table) -> ir.BooleanValue:
    return (key != "") & key.isin(known.known)


def _identity(spent: ir.Table) -> ir.StringValue:
    """The campaign as a match names it: its number, else its tag."""
    return ibis.ifelse(spent.campaign_id != "", spent.campaign_id, ibis.ifelse(spent.campaign != "", spent.campaign, spent.campaign_name))


def _tags(rows: ir.Table) -> ir.StringValue:
    """Source, medium and campaign as one text; empty where there is no source or no campaign."""
    joined = rows.source + "\n" + rows.medium + "\n" + rows.campaign
    return ibis.ifelse((rows.source != "") & (rows.campaign != ""), joined, "")


def _alone(spent: ir.Table) -> ir.StringValue:
    """The campaign of spend that has neither a number nor a source: nothing else could contradict it."""
    return ibis.ifelse((spent.campaign_id == "") & (spent.source == ""), spent.campaign, "")


def _wanted(seen: ir.Table, spent: ir.Table) -> ir.Table:
    """Shape: paid visits, `met` (some spend knows them) and `macro`."""
    ads = seen.filter(seen.paid)
    sides = (
        (ads.campaign_id, spent.campaign_id), (ads.campaign, spent.campaign_id), (_tags(ads), _tags(spent)),
        (ads.campaign, _alone(spent)), (ads.meant, _identity(spent)),
    )
    held = [_in(key, spent.select(known=known).filter(ibis._.known != "").distinct()) for key, known in sides]
    return ads.mutate(met=ibis.or_(*held), macro=_macro(ads))


def _macro(rows: ir.Table) -> ir.BooleanValue:
    return reduce(lambda one, other: one | other, [rows[name].re_search(_UNFILLED) for name in (*_TAGS, "campaign_id")])


# ---------------------------------------------------------------------------------------------------------------- telling


def _told(spent: pd.DataFrame, seen: pd.DataFrame, currency: str, notes: tuple[Note, ...]) -> Hygiene:
    lost = seen[~seen["met"].astype(bool)]
    tagged = seen[(seen["campaign"] != "") & ~seen["macro"].astype(bool)]
    tags = tagged.groupby("campaign").agg(met=("met", "min"), visits=("visits", "sum"))
    sent = tuple(map(str, tags.sort_values(["met", "visits"], ascending=[True, False]).index))
    faults = [*_of_spend(spent[(spent["way"] == "") | spent["macro"].astype(bool)], sent), *_of_visits(lost)]
    order = list(FAULTS)
    return Hygiene(
        cost=float(spent["cost"].sum()), met={way: float(spent.loc[spent["way"] == way, "cost"].sum()) for way in WAYS},
        paid_visits=float(seen["visits"].sum()), visits_met=float(seen.loc[seen["met"].astype(bool), "visits"].sum()),
        faults=tuple(sorted(faults, key=lambda one: (order.index(one.kind), -(one.cost or 0), -(one.visits or 0), one.title))),
        sent=sent, currency=currency, notes=notes,
    )


def _of_spend(rows: pd.DataFrame, sent: Sequence[str]) -> Iterable[Fault]:
    for row in _rows(rows):
        nameless = not any(row[name] for name in ("campaign", "campaign_id", "campaign_name", "source"))
        kind = MACRO if row["macro"] else UNTAGGED if nameless else NO_VISITS
        fault = _fault(row, kind, row["cost"], None)
        yield replace(fault, near=tuple(get_close_matches(fault.title, sent, n=3, cutoff=0.5)))


def _of_visits(rows: pd.DataFrame) -> Iterable[Fault]:
    for row in _rows(rows):
        kind = MACRO if row["macro"] else NO_SPEND if row["campaign"] or row["campaign_id"] else UNTAGGED
        yield _fault(row, kind, None, row["visits"])


def _rows(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    return ({str(name): value for name, value in row.items()} for row in frame.to_dict("records"))


def _fault(row: dict[str, Any], kind: str, cost: float | None, visits: float | None) -> Fault:
    text = {name: str(row[name] or "") for name in ORIGIN_NAMES}
    system = text["ad_system"] or text["source"]
    return Fault(
        kind, system, text["source"], text["medium"], text["campaign"], text["campaign_id"], text["campaign_name"], cost, visits
    )
