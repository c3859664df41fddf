"""What a reader of an answer has to know about it: what is missing, what could not be split, added or told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from data.batches import Amounts, Note
from data.tables import ATTRIBUTIONS, AUDIENCE, ORDERS, SPEND
from metrics import channels, dimensions
from metrics.frames import Money, Sums
from metrics.ledger import Ledger, alive, covered
from metrics.periods import Window, stretches
from metrics.plan import Plan
from metrics.registry import DIMENSIONS, MEASURES, METRICS
from metrics.result import Loaded
from metrics.rows import How
from metrics.scope import Scope
from metrics.top import Cut

WHOSE = {"agency": "of the agency", "google": "of Google"}
"""Whose channel rules they are, by grouping."""
_MODEL_TITLES = {attribution.key: attribution.title for attribution in ATTRIBUTIONS}


def of_coverage(plan: Plan, ledger: Ledger) -> list[Note]:
    """Days that are not loaded, periods that cannot be split, metrics computed over fewer days."""
    notes: list[Note] = []
    for key in _one_per_feed(plan):
        notes += _gaps(plan, key, plan.scope.now, "{what}: not loaded for {n} of {of} days.")
        if plan.scope.before is not None:
            notes += _gaps(plan, key, plan.scope.before, "{what}: the period compared with is not loaded for {n} of {of} days.")
        notes += _blocks(plan, key)
    notes += [note for key in plan.total.picks if key == "cost" for note in _ad_accounts(plan, ledger)]
    notes += _absent(plan, ledger)
    return [*notes, *_common_days(plan)]


def _one_per_feed(plan: Plan) -> list[str]:
    """The first measure of every set of accounts with the same gaps, so that a gap is told once."""
    first: dict[object, str] = {}
    for key, pick in plan.total.picks.items():
        gaps = tuple(plan.total.cover(key, window) for window in plan.scope.windows)
        first.setdefault((pick.feed.accounts, gaps), key)
    return list(first.values())


def _gaps(plan: Plan, key: str, window: Window, text: str) -> list[Note]:
    asked = plan.scope.asked(window)
    lost = len(asked - plan.total.cover(key, window).full)
    return [Note("missing", text, {"what": MEASURES[key].title, "n": lost, "of": len(asked)})] if lost else []


def _ad_accounts(plan: Plan, ledger: Ledger) -> list[Note]:
    """Which ad accounts lack days, where there are several and they do not all lack the same."""
    feed, now = plan.total.picks["cost"].feed, plan.scope.now
    asked = plan.scope.asked(now)
    spans = {account: ledger.of(SPEND.name, account) for account in feed.accounts}
    lost = {account: asked - covered(known, now).full for account, known in spans.items() if alive(known, now)}
    if len(set(lost.values())) < 2:
        return []
    return [
        Note("missing", "Spend of {account}: not loaded for {n} of {of} days.", {"account": account, "n": len(days), "of": len(asked)})
        for account, days in lost.items() if days
    ]


def _blocks(plan: Plan, key: str) -> list[Note]:
    what, notes = MEASURES[key].title, []
    rows = plan.rows.cover(key, plan.scope.now) if key in plan.rows.picks else plan.total.cover(key, plan.scope.now)
    for since, until in rows.cut:
        notes.append(Note("period", "{what}: the period {since} – {until} cannot be split and lies only partly inside; it is left out.",
                          {"what": what, "since": since, "until": until}))
    for since, until in rows.apart:
        notes.append(Note("period", "{what}: the period {since} – {until} cannot be split; it is in the total, but not in the rows.",
                          {"what": what, "since": since, "until": until}))
    for since, until in rows.blocks:
        if (since, until) not in rows.apart:
            notes.append(Note("period", "{what}: {since} – {until} is known only as a whole, not by day.",
                              {"what": what, "since": since, "until": until}))
    return notes


def _absent(plan: Plan, ledger: Ledger) -> list[Note]:
    """Measures that nothing gives at the grain of the rows, of the total, or at all."""
    notes: dict[tuple[str, ...], Note] = {}
    wanted = dict.fromkeys(key for metric in plan.scope.query.metrics for key in METRICS[metric].measures)
    for key in wanted:
        what, tables = {"what": MEASURES[key].title}, tuple(gives.table for gives in MEASURES[key].gives)
        if key in plan.total.picks and key in plan.rows.picks:
            continue
        if key in plan.total.picks:
            facts = {**what, "by": _lacking(key, plan)}
            notes.setdefault((*tables, facts["by"]), Note("breakdown", "{what}: not recorded by {by}.", facts))
        elif key in plan.rows.picks:
            notes.setdefault((*tables, "total"), Note("missing", "{what}: counted by row, but not in total.", what))
        elif MEASURES[key].money and not plan.scope.settings.money:
            notes.setdefault(("money",), Note("hidden", "Money is not shown to you: figures made of it stay empty."))
        else:
            notes.setdefault((*tables, MEASURES[key].needs), _nowhere(plan, ledger, key))
    return list(notes.values())


def _nowhere(plan: Plan, ledger: Ledger, key: str) -> Note:
    """That nothing gives a measure, and what would."""
    what, needs = {"what": MEASURES[key].title}, MEASURES[key].needs
    known = any(ledger.of(gives.table) for gives in MEASURES[key].gives)
    if needs and known and not plan.scope.query.only:
        return Note("missing", "{what}: not known; {needs}.", {**what, "needs": needs})
    return Note("missing", _reason(plan, ledger, key), what)


def _reason(plan: Plan, ledger: Ledger, key: str) -> str:
    """Why a measure cannot be given at all."""
    tables = {gives.table for gives in MEASURES[key].gives if ledger.of(gives.table)}
    if not tables:
        return "{what}: nothing is loaded."
    if plan.scope.query.only:
        return "{what}: not recorded with these filters."
    return "{what}: not counted for exactly this period." if AUDIENCE.name in tables else "{what}: not recorded."


def _lacking(key: str, plan: Plan) -> str:
    """Title of the breakdown that no table with the measure has."""
    for dimension in plan.rows.by:
        parts = dimensions.parts((dimension,))
        if parts and not any(parts <= dimensions.CARRIES[gives.table] for gives in MEASURES[key].gives):
            return DIMENSIONS[dimension].title
    return DIMENSIONS[plan.rows.by[0]].title if len(plan.rows.by) == 1 else "this combination of breakdowns"


def _common_days(plan: Plan) -> list[Note]:
    notes, asked = [], plan.scope.asked(plan.scope.now)
    for metric in plan.scope.query.metrics:
        window = plan.windows[metric, plan.scope.now]
        if window.without:
            left = asked & window.days()
            notes.append(Note("common days", "{metric}: computed over {n} of {of} days, those for which everything it needs is loaded.",
                              {"metric": METRICS[metric].title, "n": len(left), "of": len(asked)}))
    return notes


def of_meaning(plan: Plan, ledger: Ledger) -> list[Note]:
    """Rules, attribution and settings that the figures depend on."""
    scope, query = plan.scope, plan.scope.query
    used = dimensions.of_kind((*query.by, *(key for key, _ in query.only)), "origin")
    notes = []
    if "channel" in used:
        whose, edition = WHOSE[query.grouping], rules(scope).rpartition("-")[2]
        notes.append(Note("rules", "Channels by the rules {whose}, edition {code}.", {"whose": whose, "code": edition}))
    if used and query.attribution:
        notes.append(Note("attribution", "Sources are credited by the attribution {model}.", {"model": _MODEL_TITLES[query.attribution]}))
    own = scope.models[ORDERS.name]
    if used and any(pick.feed.table == ORDERS.name for pick in plan.rows.picks.values()) and own not in ("", query.attribution):
        notes.append(Note("attribution", "Orders record another attribution: {model}.", {"model": _MODEL_TITLES.get(own, own)}))
    if scope.settings.margin is None:
        notes += [Note("margin", "The margin is not set: {metric} is reckoned on the whole revenue.", {"metric": METRICS[key].title})
                  for key in query.metrics if any(term.setting == "margin" for term in METRICS[key].formula.terms)]
    for whole in sorted(scope.merged) if "channel" in query.by else ():
        notes.append(Note("together", "The spend of {channel} is known only as a whole, so its parts are shown together.",
                          {"channel": channels.title(query.grouping, whole)}))
    if any(pick.gives.way for pick in plan.total.picks.values()):
        notes += scope.settings.basis.notes(scope.now.since, scope.now.until)
    notes += _cohort(plan, ledger)
    if "goal" in query.by and any(pick.feed.lacks for pick in plan.rows.picks.values()):
        notes.append(Note("goals", "Visits and money are not known by goal: rates of a goal are reckoned against all of them."))
    return notes


def _cohort(plan: Plan, ledger: Ledger) -> list[Note]:
    """That orders are dated by their customers, and which customers are too young to be judged."""
    query = plan.scope.query
    if query.view != "cohort" or not any(pick.feed.table == ORDERS.name for pick in plan.total.picks.values()):
        return []
    if not query.within:
        return [Note("cohort", "Cohort view: orders are dated and credited by the first one of their customer; "
                     "young customers had less time.")]
    facts: dict[str, object] = {"within": query.within}
    notes = [Note("cohort", "Cohort view: orders are dated and credited by the first one of their customer, "
                  "up to {within} days after it.", facts)]
    last = max((span.until for span in ledger.of(ORDERS.name, plan.scope.orders)), default=plan.scope.now.until)
    ripe = last - timedelta(days=query.within)
    if plan.scope.now.until > ripe:
        notes.append(Note("maturity", "Customers who came after {day} have not had their {within} days yet: their figures will still grow.",
                          facts | {"day": ripe}))
    return notes


def rules(scope: Scope) -> str:
    """Name of the channel rules in force: the grouping and eight characters that change with every edit."""
    return f"{scope.query.grouping}-{channels.rules_hash(scope.query.grouping, scope.settings.rules)}"


def of_values(plan: Plan, total: Sums, paid: Money, cut: Cut | None) -> list[Note]:
    """What only the sums can tell: currencies, unrecorded parts, several goals or systems, rows below the cut."""
    notes = []
    if paid.mixed:
        for key, amounts in paid.amounts.items():
            facts = {"what": MEASURES[key].title, "amounts": Amounts(tuple(sorted(amounts.items())))}
            notes.append(Note("currency", "{what}: several currencies are not added up: {amounts}.", facts))
    elif paid.amounts and paid.currency != plan.scope.settings.currency:
        notes.append(Note("currency", "Money is in {currency}.", {"currency": paid.currency}))
    notes += [note for key in plan.total.picks if (note := _hole(plan, key, total, paid))]
    if cut is not None and cut.rest is not None:
        notes.append(Note("top", "{n} of {of} rows are shown; the others are one row.", {"n": cut.kept, "of": cut.groups}))
    return notes


def _hole(plan: Plan, key: str, total: Sums, paid: Money) -> Note | None:
    """Why a measure whose days are loaded has no total."""
    pick, now = plan.total.picks[key], plan.scope.now
    if not plan.total.cover(key, now).some or not np.isnan(total.of(key, now)[0]) or (pick.measure.money and paid.mixed):
        return None
    if pick.gives.one_goal:
        return Note("goals", "Daily totals of several goals cannot be united into visits: choose one goal.")
    if pick.gives.alone:
        return Note("steps", "Steps of a funnel are not added up: break the figure down by step, or choose one.")
    if pick.gives.how is How.SURVIVAL:
        return Note("not recorded", "{what}: not known: too many deals are open still, or the days of closing are not loaded.",
                    {"what": pick.measure.title})
    if pick.measure.needs:
        return Note("not recorded", "{what}: not known; {needs}.", {"what": pick.measure.title, "needs": pick.measure.needs})
    if pick.gives.how is How.MEDIAN:
        return Note("not recorded", "{what}: there is none in these days.", {"what": pick.measure.title})
    if pick.measure.one_system:
        return Note("systems", "Claims of several ad systems are not added up.")
    return Note("not recorded", "{what}: the source does not send it for every row, so it is not shown.", {"what": pick.measure.title})


def of_loads(loads: Sequence[Loaded]) -> list[Note]:
    """What sources said about their own figures."""
    sampled: dict[str, float] = {}
    provisional: dict[str, date] = {}
    for one in loads:
        if one.sample_share is not None and one.sample_share < 1:
            sampled[one.account] = min(one.sample_share, sampled.get(one.account, 1.0))
        if one.provisional:
            provisional[one.account] = min(one.since, provisional.get(one.account, date.max))
    notes = [
        Note("sampled", "{account}: the source looked at {percent} % of the data only.",
             {"account": account, "percent": f"{share * 100:.3g}"})
        for account, share in sorted(sampled.items())
    ]
    for account in sorted({one.account for one in loads if one.thresholded}):
        notes.append(Note("thresholded", "{account}: the source may have hidden small rows.", {"account": account}))
    for account, since in sorted(provisional.items()):
        notes.append(Note("provisional", "{account}: figures since {since} may still change.", {"account": account, "since": since}))
    return notes


def missing(plan: Plan) -> dict[str, tuple[tuple[date, date], ...]]:
    """Shape: metric -> stretches of the asked days on which something it needs is not loaded."""
    return {metric: stretches(_lost(plan, METRICS[metric].measures)) for metric in plan.scope.query.metrics}


def _lost(plan: Plan, measures: Iterable[str]) -> frozenset[int]:
    asked = plan.scope.asked(plan.scope.now)
    full = [plan.total.cover(key, plan.scope.now).full if key in plan.total.picks else frozenset() for key in measures]
    return asked - frozenset.intersection(*full)
