"""Is it safe to send? Checks of a document: green passes, amber adds a footnote by itself, red holds it with the reason and the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from data.tables import ORDERS, SPEND, TRAFFIC, VISITS
from metrics import ledger
from metrics.hygiene import MACRO, NO_VISITS
from metrics.ledger import Span, covered
from metrics.periods import Window
from metrics.sentences import answer
from metrics.sentences.forms import figure
from reports.context import Context, month_of
from reports.story import Block, Check

GREEN, AMBER, RED = "green", "amber", "red"
MUCH, FEW = 0.1, 2
"""Share of the period's days from which gaps hold a document, if they are at least so many."""
SAMPLED = 0.5
"""Share of the data under which a sample holds it."""
UNMAPPED, LOST = 0.02, 0.2
"""Share of spend without visits that is told, and that holds it."""
FIGURES = ("summary", "kpi", "course", "why", "channels")
_RUNNING = timedelta(days=31)


@dataclass(frozen=True)
class _Source:
    """One account of one kind of figures, and the days of the period that it lacks."""

    account: str
    last: date
    lost: int
    tail: int


def read(context: Context, blocks: Sequence[Block]) -> tuple[Check, ...]:
    """Every check, the worst first."""
    every: tuple[Callable[[Context], Check], ...] = (stale, gaps, sampled, unmapped, goals, without_visits, last_day, plan)
    found = [*(check(context) for check in every), edited(blocks, context)]
    order = (RED, AMBER, GREEN)
    return tuple(sorted(found, key=lambda one: order.index(one.light)))


def footnoted(blocks: Iterable[Block], checks: Sequence[Check]) -> tuple[Block, ...]:
    """The blocks with what amber and red checks have to say about them: a document that is sent all the same must say it too."""
    told = [check for check in checks if check.light != GREEN and check.key != "edited"]
    return tuple(
        replace(block, notes=tuple(dict.fromkeys((*block.notes, *(check.said for check in told if block.key in check.blocks)))))
        for block in blocks
    )


# ---------------------------------------------------------------------------------------------------------------- sources


def stale(context: Context) -> Check:
    """Accounts that end before the period does."""
    say, sources = context.say, [one for one in _sources(context) if one.tail]
    if not sources:
        return Check("stale", GREEN, say.t("Every source is loaded up to the last day of the period."))
    listed = "; ".join(say.t("{account} up to {day}", account=context.named(one.account), day=one.last) for one in sources)
    light = _gravity(max(one.tail for one in sources), context)
    said = say.t("Not loaded up to the end of the period: {listed}.", listed=listed)
    return Check("stale", light, said, _load(context), FIGURES)


def gaps(context: Context) -> Check:
    """Days within the period that an account lacks."""
    say, sources = context.say, [one for one in _sources(context) if one.lost > one.tail]
    if not sources:
        return Check("gaps", GREEN, say.t("No day within the period is missing."))
    of = (context.until - context.since).days + 1
    listed = "; ".join(say.t("{account}: {n} of {of}", account=context.named(one.account), n=one.lost - one.tail, of=of) for one in sources)
    light = _gravity(max(one.lost - one.tail for one in sources), context)
    return Check("gaps", light, say.t("Days that are not loaded within the period: {listed}.", listed=listed), _load(context), FIGURES)


def _gravity(days: int, context: Context) -> str:
    length = (context.until - context.since).days + 1
    return RED if days >= FEW and days > MUCH * length else AMBER


def _load(context: Context) -> str:
    return context.say.t("Load these days on the page “Data”, or leave them out of the period.")


def _sources(context: Context) -> list[_Source]:
    """Accounts behind the figures that were alive in the period or shortly before."""
    window = Window(context.since, context.until)
    accounts = context.totals.receipt.accounts
    found = []
    for table in (VISITS.name, TRAFFIC.name, ORDERS.name, SPEND.name):
        for account in accounts.get(table, ()):
            spans = context.book.of(table, account)
            if spans and ledger.alive(spans, window):
                found.append(_source(account, spans, context))
    return found


def _source(account: str, spans: Sequence[Span], context: Context) -> _Source:
    asked = Window(context.since, context.until).days()
    last = max(span.until for span in spans)
    lost = len(asked - covered(spans, Window(context.since, context.until)).full)
    return _Source(account, last, lost, max(0, min((context.until - last).days, len(asked))))


def sampled(context: Context) -> Check:
    """Sources that looked at a part of the data only."""
    say = context.say
    loads = [load for load in context.totals.receipt.loads if load.sample_share is not None and load.sample_share < 1]
    if not loads:
        return Check("sampled", GREEN, say.t("No figure is sampled."))
    worst = min(loads, key=lambda load: load.sample_share or 0.0)
    share = worst.sample_share or 0.0
    account = context.named(worst.account)
    said = say.t("{account}: the source looked at {share} of the data only.", account=account, share=say.share(share, 0))
    fix = say.t("Export shorter periods or the log of visits: they are not sampled.")
    return Check("sampled", RED if share < SAMPLED else AMBER, said, fix, FIGURES)


def last_day(context: Context) -> Check:
    """A last day that was not over when an account of it was loaded."""
    say, day = context.say, context.until
    if day > context.today:
        return Check("last day", RED, say.t("The period is not over: it ends on {day}.", day=day), _end_earlier(context), FIGURES)
    early = sorted({context.named(account) for table, account in _pulled_early(context)})
    if early:
        said = say.t("{day} was not over when it was loaded: its figures will still grow ({listed}).", day=day, listed=", ".join(early))
        return Check("last day", AMBER, said, _end_earlier(context), FIGURES)
    if day == context.today:
        return Check("last day", AMBER, say.t("{day} is not over: its figures will still grow.", day=day), _end_earlier(context), FIGURES)
    return Check("last day", GREEN, say.t("The period is over."))


def _pulled_early(context: Context) -> list[tuple[str, str]]:
    """Shape: (table, account) of the document whose last day was loaded before it ended on the client's clock."""
    accounts, zone = context.totals.receipt.accounts, ZoneInfo(context.zone)
    return [
        (table, account)
        for (table, account), at in ledger.loaded_at(context.run, context.until).items()
        if account in accounts.get(table, ()) and _early(table, at.astimezone(zone).date(), context.until)
    ]


def _early(table: str, pulled: date, day: date) -> bool:
    # NB: a sheet of costs may be agreed ahead of its days; spend pulled on the very day has not been spent to the end.
    return pulled == day if table == SPEND.name else pulled <= day


def _end_earlier(context: Context) -> str:
    return context.say.t("End the period a day earlier, or load it again tomorrow.")


# ------------------------------------------------------------------------------------------------------------------ money


def unmapped(context: Context) -> Check:
    """Spend that does not find the visits it bought."""
    say, found = context.say, context.hygiene
    # NB: spend of no named campaign cannot be looked for; whether its channel has visits at all is a check of its own.
    faults = [fault for fault in (*found.of(NO_VISITS), *found.of(MACRO)) if fault.title]
    lost = sum(fault.cost or 0.0 for fault in faults) / found.cost if found.cost else 0.0
    if lost <= UNMAPPED:
        return Check("unmapped", GREEN, say.t("Spend finds the visits it bought."))
    amount = figure(lost * found.cost, "money", found.currency, say)
    said = say.t("Spend of {amount} ({share}) finds no visits of its campaigns.", amount=amount, share=say.share(lost, 0))
    fix = say.t("Mend the tags, or match the campaigns by hand on the page “Data”.")
    return Check("unmapped", RED if lost > LOST else AMBER, said, fix, ("channels",))


def without_visits(context: Context) -> Check:
    """Channels that cost money and brought no visit."""
    say, found = context.say, context.by_channel
    lines = [line for line in answer.lines(found, "channel", say) if (line.now.get("spend") or 0) > 0 and line.now.get("visits") == 0]
    if not lines:
        return Check("without visits", GREEN, say.t("Every channel with spend has visits."))
    total = found.total.get("spend") or 0.0
    spent = sum(line.now.get("spend") or 0.0 for line in lines)
    listed = ", ".join(f"{line.name} ({figure(line.now.get('spend'), 'money', found.currency, say)})" for line in lines)
    fix = say.t("Look whether the visits of this channel are tagged, and whether the counter stands on its pages.")
    light = RED if spent > LOST * total else AMBER
    return Check("without visits", light, say.t("Spend without a single visit: {channels}.", channels=listed), fix, ("channels",))


# ----------------------------------------------------------------------------------------------------------- goals, plan, words


def goals(context: Context) -> Check:
    """Goals that count and were not reached once."""
    say, wanted = context.say, context.subject.goals
    reached = _reached(context) if wanted else {}
    silent = [goal for goal in wanted if not reached.get(goal)] if context.totals.total.get("conversions") is not None else []
    if not silent:
        return Check("goals", GREEN, say.t("Every goal that counts was reached."))
    named = ", ".join(goal_names(context, silent))
    said = say.t("Not reached once in the period: {goals}.", goals=named)
    fix = say.t("Look whether the goal still fires on the site, or take it from the goals that count.")
    return Check("goals", RED if len(silent) == len(wanted) else AMBER, said, fix, FIGURES)


def _reached(context: Context) -> dict[str, float]:
    found = context.ask(("conversions",), ("goal",), compare="")
    return {str(goal): float(value) for goal, value in zip(found.frame["goal"], found.frame["conversions"], strict=True) if value == value}


def goal_names(context: Context, keys: Iterable[str]) -> list[str]:
    """Goals as the client calls them, in the reader's language."""
    titles = context.facts.get("goals") or {}

    def named(goal: str) -> str:
        found = titles.get(goal) or [goal]
        return str(found[min(int(context.say.russian), len(found) - 1)]) if isinstance(found, (list, tuple)) else str(found)

    return [named(key) for key in keys]


def plan(context: Context) -> Check:
    """Months of the period, and the one ahead, without a target."""
    say = context.say
    planned = {target.month for target in context.desk.targets if target.value is not None}
    first, wanted = context.since.replace(day=1), []
    while first <= context.until:
        wanted.append(first)
        first = month_of(first, -1)
    if not context.weekly:
        wanted.append((context.until + timedelta(days=1)).replace(day=1))
    lacking = [month for month in dict.fromkeys(wanted) if month not in planned]
    if not lacking:
        return Check("plan", GREEN, say.t("Every month has a plan."))
    said = say.t("No plan is set for: {months}.", months=", ".join(map(say.month, lacking)))
    return Check("plan", AMBER, said, say.t("Type the targets in, or import them, on the page “Plan”."), ("kpi", "plan"))


def edited(blocks: Sequence[Block], context: Context) -> Check:
    """Words that somebody wrote over figures that have changed since."""
    say, old = context.say, [block for block in blocks if block.stale]
    if not old:
        return Check("edited", GREEN, say.t("No edited text is older than its figures."))
    said = say.t("Figures have changed under an edited text: {blocks}.", blocks="; ".join(block.title for block in old))
    fix = say.t("Read the text again and save it, or take the edit back.")
    return Check("edited", RED, said, fix, tuple(block.key for block in old))
