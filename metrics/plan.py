"""Which table answers for which measure: the feeds of an answer, what is loaded of them, and the windows their sums are taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from data.tables import ALL_GOALS, AUDIENCE, DEMAND, ORDERS, ROLLUP, SPEND, STEPS, TAGGED, TRAFFIC, VISITS
from metrics import dimensions, periods
from metrics.ledger import Covered, Ledger, Profile, Span, covered, covered_by_all
from metrics.periods import Window
from metrics.registry import MEASURES, METRICS
from metrics.rows import Gives, How, Measure
from metrics.scope import Scope

_TIME_WORDS = frozenset({"day", "week", "month", "quarter", "year", "period"})
"""Words by which a breakdown may name the length of its periods; they are not breakdowns."""
_TAGS = frozenset({"source", "medium", "campaign"})
"""Breakdowns that rows told apart by tags answer best."""


@dataclass(frozen=True)
class Feed:
    """Rows of one table that belong together. `model` is the attribution whose origins are used, empty where none is needed.
    `attribution` and `breakdown` choose among daily totals; `lacks` are asked breakdowns the rows do not have, and need not have."""

    table: str
    accounts: tuple[str, ...]
    model: str = ""
    attribution: str = ""
    breakdown: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pick:
    """A measure and the feed that gives it."""

    measure: Measure
    gives: Gives
    feed: Feed


@dataclass(frozen=True)
class Level:
    """One grain of an answer: its rows, or its total. `picks` by measure; a measure that nothing gives at this grain is absent."""

    by: tuple[str, ...]
    picks: Mapping[str, Pick]
    covered: Mapping[tuple[Feed, How, Window], Covered]

    def cover(self, measure: str, window: Window) -> Covered:
        pick = self.picks[measure]
        return self.covered[pick.feed, pick.gives.how, window]


@dataclass(frozen=True)
class Plan:
    """How a question will be answered. `windows` says, per metric and asked window, over which days it is computed."""

    scope: Scope
    rows: Level
    total: Level
    windows: Mapping[tuple[str, Window], Window]

    def used(self, measure: str) -> tuple[Window, ...]:
        """The windows a measure is summed over: those asked for, and the narrower ones of metrics that need common days."""
        special = {self.windows[metric, asked] for metric, asked in self.windows if measure in METRICS[metric].measures}
        return (*self.scope.windows, *sorted(special - set(self.scope.windows), key=lambda w: (w.shift, sorted(w.without))))


def plan(scope: Scope, ledger: Ledger, profiles: Callable[[], tuple[Profile, ...]]) -> Plan:
    """Choose feeds for every measure the metrics need, at the grain of the rows and at that of the total."""
    query = scope.query
    chooser = _Chooser(scope, ledger, profiles)
    wanted = [key for metric in query.metrics for key in METRICS[metric].measures]
    # A change of amounts is judged by the events that carry them.
    events = [MEASURES[key].noise for key in wanted if MEASURES[key].noise in MEASURES] if scope.before else []
    measures = tuple(dict.fromkeys((*wanted, *events)))
    rows = chooser.level(query.by, measures)
    total = chooser.level((), measures, rows if query.by else None)
    return Plan(scope, rows if query.by else total, total, _windows(scope, total))


def level(
    scope: Scope, ledger: Ledger, profiles: Callable[[], tuple[Profile, ...]], by: tuple[str, ...], measures: Iterable[str]
) -> Level:
    """The feeds of some measures at one grain."""
    return _Chooser(scope, ledger, profiles).level(by, measures)


class _Chooser:
    """Chooses feeds; asks for the profile of daily totals only when they are not the warehouse's own roll-up."""

    def __init__(self, scope: Scope, ledger: Ledger, profiles: Callable[[], tuple[Profile, ...]]) -> None:
        self.scope, self.ledger, self._profiles = scope, ledger, profiles
        self._known: tuple[Profile, ...] | None = None

    def level(self, by: tuple[str, ...], measures: Iterable[str], kin: Level | None = None) -> Level:
        """`kin` is the level of the rows: what can be added up is taken for the total from where the rows have it."""
        picks = {key: pick for key in measures if (pick := self._pick(MEASURES[key], by, kin)) is not None}
        return Level(by, picks, {
            (pick.feed, pick.gives.how, window): self._covered(pick.feed, pick.gives.how, window, by)
            for pick in picks.values() for window in self.scope.windows
        })

    def _pick(self, measure: Measure, by: tuple[str, ...], kin: Level | None) -> Pick | None:
        if measure.money and not self.scope.settings.money:
            return None
        same = kin.picks.get(measure.key) if kin else None
        if same and same.gives.how is not How.EXACT:
            return Pick(measure, same.gives, replace(same.feed, lacks=()))
        candidates = [Pick(measure, gives, feed) for gives in measure.gives for feed in self._feeds(gives, by)]
        best, most = None, -1
        for pick in candidates:
            days = len(self._covered(pick.feed, pick.gives.how, self.scope.now, by).full)
            if days > most and (days or pick.gives.how is not How.EXACT):
                best, most = pick, days
        return best

    # -------------------------------------------------------------------------------------------------------- feeds

    def _feeds(self, gives: Gives, by: tuple[str, ...]) -> list[Feed]:
        """Feeds of one table that carry everything asked, the preferred one first."""
        query = self.scope.query
        if gives.stage and not self.scope.settings.stage(gives.stage):
            return []
        asked = dimensions.parts((*by, *(key for key, _ in query.only))) | ({"origin"} if gives.channels else frozenset())
        lacks = ("goal",) if "goal" in asked and not _has_goals(gives) else ()
        asked -= set(lacks)
        if not asked <= dimensions.CARRIES[gives.table]:
            return []
        accounts = self._accounts(gives.table)
        model = self.scope.models.get(gives.table, "") if "origin" in asked else ""
        if gives.table in (TRAFFIC.name, AUDIENCE.name):
            tagged = not _TAGS.isdisjoint((*by, *(key for key, _ in query.only)))
            return [feed for account in accounts for feed in self._totals(gives, account, asked, lacks, tagged)]
        if "origin" in asked and gives.table != SPEND.name and not model:
            return []
        if gives.table == SPEND.name and self.scope.together - self.scope.merged:
            return []
        return [Feed(gives.table, accounts, model, lacks=lacks)] if accounts else []

    def _accounts(self, table: str) -> tuple[str, ...]:
        """The accounts that count, narrowed by a filter on accounts."""
        query, mine = self.scope.query, self.ledger.accounts(table)
        if table in (STEPS.name, DEMAND.name):
            named = any(key == "account" for key, _ in query.only)
            mine = mine if named else mine[:1]
        elif table != SPEND.name:
            chosen = self.scope.orders if table == ORDERS.name else query.counter
            mine = (chosen,) if chosen in mine else ()
        wanted = [values for key, values in query.only if key == "account"]
        return tuple(account for account in mine if all(account in values for values in wanted))

    def _totals(self, gives: Gives, account: str, asked: frozenset[str], lacks: tuple[str, ...], tagged: bool) -> list[Feed]:
        """Breakdowns of daily totals (or of people) that carry what is asked, the preferred one first: the attribution in use, the
        visits' own roll-up, by tags where tags are asked, the leanest. Where goals are told apart, only those that do; without origins
        any attribution will do. People of tagged visits alone answer only for tags."""
        goals = self.scope.query.goals or gives.stage
        model, by_goal = self.scope.models[gives.table], "goal" in asked or (_has_goals(gives) and bool(goals))
        wanted = asked - {"goal"}
        spans = self.ledger.of(gives.table, account)
        sets = {(s.attribution, s.breakdown) for s in spans if s.attribution == model or "origin" not in wanted}
        exact = gives.how is How.EXACT
        enough = [
            one for one in sets
            if (carried(one[1]) == wanted and _by_tags(one[1]) <= tagged if exact else wanted <= carried(one[1]))
        ]
        fitting = [one for one in enough if self._holds(gives, account, *one)]
        apart = [one for one in fitting if "goal" in carried(one[1])] if by_goal else []
        order = sorted(
            apart or fitting, key=lambda one: (one[0] != model, one[1] != ROLLUP, _by_tags(one[1]) != tagged, len(carried(one[1])), one)
        )
        return [Feed(gives.table, (account,), model if "origin" in wanted else "", a, b, lacks) for a, b in order]

    def _holds(self, gives: Gives, account: str, attribution: str, breakdown: str) -> bool:
        if not gives.flag:
            return True
        if breakdown == ROLLUP and self.ledger.of(VISITS.name, account):
            return gives.flag == "visits"
        if self._known is None:
            self._known = self._profiles()
        mine = (account, attribution, breakdown)
        chosen = self.scope.settings.stage(gives.stage) or self.scope.query.goals
        named = gives.flag == "goals" and bool(set(chosen) - {ALL_GOALS})
        flag = "named_goals" if named else gives.flag
        return any((one.account, one.attribution, one.breakdown) == mine and flag in one.flags for one in self._known)

    # ----------------------------------------------------------------------------------------------------- coverage

    def _covered(self, feed: Feed, how: How, window: Window, by: tuple[str, ...]) -> Covered:
        return _once(self._found(feed, how, window, by))

    def _found(self, feed: Feed, how: How, window: Window, by: tuple[str, ...]) -> Covered:
        time = dimensions.of_kind(by, "time")
        spans = [span for span in self.ledger.of(feed.table, *feed.accounts) if _belongs(span, feed)]
        if how is How.EXACT:
            return _exactly(spans, window, time)
        filtered = dimensions.of_kind(tuple(key for key, _ in self.scope.query.only), "time")
        keys = (*time, *filtered)
        count = covered_by_all if feed.table == SPEND.name else covered
        found = count(spans, window, lambda span: periods.one_bucket(keys, span.since, span.until, window))
        return _kept(found, window, self.scope)


@lru_cache(maxsize=1024)
def _once(found: Covered) -> Covered:
    """The same, held once. NB: answers are kept with their plans, and every plan would name all its days anew."""
    return found


def carried(breakdown: str) -> frozenset[str]:
    """What a breakdown names, without words about the length of its periods and about tags."""
    return frozenset(word for word in breakdown.split(",") if word) - _TIME_WORDS - {TAGGED}


def _by_tags(breakdown: str) -> bool:
    return TAGGED in breakdown.split(",")


def _has_goals(gives: Gives) -> bool:
    return gives.flag == "goals" or gives.table == "conversions"


def _belongs(span: Span, feed: Feed) -> bool:
    if feed.table in (TRAFFIC.name, AUDIENCE.name):
        return (span.attribution, span.breakdown) == (feed.attribution, feed.breakdown)
    return not feed.model or feed.table == SPEND.name or feed.model in span.models


def _exactly(spans: list[Span], window: Window, time: tuple[str, ...]) -> Covered:
    """People are known for exactly the periods they were counted for: the window itself, or the buckets of one time dimension."""
    if not time:
        same = [s for s in spans if (s.since, s.until) == (window.since, window.until) and (s.block or s.since == s.until)]
        inside = [s for s in spans if not s.block and window.length == 1 and s.since <= window.since <= s.until]
        days = window.days() if same or inside else frozenset()
        return Covered(days, days)
    if len(time) > 1 or time == ("weekday",) or (window.shift and time[0] != "day"):
        return Covered(frozenset(), frozenset())
    found = [span for span in spans if periods.whole_bucket(time[0], span.since, span.until, window.fiscal) if span.block]
    daily = [span for span in spans if not span.block and time == ("day",)]
    both = covered([*found, *daily], window)
    return Covered(both.full, both.some)


def _kept(found: Covered, window: Window, scope: Scope) -> Covered:
    """Days that a filter on time leaves."""
    return replace(found, full=scope.asked(window, found.full), some=scope.asked(window, found.some))


# ------------------------------------------------------------------------------------------------------------------ windows


def _windows(scope: Scope, total: Level) -> dict[tuple[str, Window], Window]:
    """A metric that needs several feeds is computed over the days on which all of them are loaded."""
    found = {}
    for metric in scope.query.metrics:
        keys = [key for key in METRICS[metric].measures if key in total.picks]
        for asked in scope.windows:
            found[metric, asked] = _common(asked, [total.cover(key, asked) for key in keys])
    return found


def _common(asked: Window, each: Iterable[Covered]) -> Window:
    loaded = [one for one in each if one.some]
    if len({one.full for one in loaded}) < 2:
        return asked
    without = asked.days() - frozenset.intersection(*(one.full for one in loaded))
    blocks = {block for one in loaded for block in one.blocks}
    return replace(asked, without=without | _broken(without, blocks))


def _broken(without: frozenset[int], blocks: Iterable[tuple[date, date]]) -> frozenset[int]:
    """Days of blocks that a gap cuts through: they cannot be counted in part."""
    lost = set[int]()
    for since, until in blocks:
        inside = range(since.toordinal(), until.toordinal() + 1)
        if without.intersection(inside):
            lost.update(inside)
    return frozenset(lost)
