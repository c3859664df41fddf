"""Bringing an account up to date: what the ledger lacks is asked for piece by piece, and every piece is published as it comes.

    accounts = connected(client, workspace.accounts(client))      which accounts are kept up to date
    outcomes = bring(accounts, web, Door(…))                      one after the other; what fails stands in its outcome

Nothing else remembers how far a pull has come: the ledger does, and what was ordered stands in the service's own list. So a pull
that was killed at any moment goes on where it was when it is started again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from connectors.live import Answers, Connected, Feed, Live, Order, Settling, service, services
from connectors.refusals import ExpiredToken, NetworkAway, NoGrant, NoSuchAccount, QuotaSpent, WrongToken
from connectors.web import Web
from data.batches import Batch
from data.coverage import Span
from data.errors import MissingSetting, Problem, StoreBusy
from data.loading import Loaded

_ALL_OF_IT = (WrongToken, ExpiredToken, NoGrant, NoSuchAccount, QuotaSpent, NetworkAway, MissingSetting)
"""What fails for one part of an account fails for all of it."""
_FIRST_YEAR = 365
_ONE_REQUEST = 31
"""Unit: days that are asked for at once wherever months begin."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

Days = tuple[date, date]


@dataclass(frozen=True)
class Door:
    """What the caller does for a pull: says what is loaded, publishes batches, lends a folder for files, shows where things are (the share
    that is done, an English template and its facts)."""

    held: Callable[[], Sequence[Span]]
    publish: Callable[[Sequence[Batch]], Sequence[Loaded]]
    folder: Path
    tell: Callable[[float, str, Mapping[str, object]], None] = lambda share, text, facts: None


@dataclass(frozen=True)
class Trouble:
    """A part of an account that could not be brought up to date."""

    feed: str
    problem: Problem


@dataclass
class Outcome:
    """What became of one account."""

    service: Live
    connected: Connected
    loaded: list[Loaded] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    provisional: date | None = None
    goals: Mapping[str, str] = field(default_factory=dict)

    @property
    def resume_at(self) -> datetime | None:
        """When the quota that stopped it starts anew, UTC."""
        return max((one.problem.resume_at for one in self.troubles if isinstance(one.problem, QuotaSpent)), default=None)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.loaded)

    @property
    def days(self) -> Days | None:
        """First and last day of which something was loaded."""
        return (min(one.since for one in self.loaded), max(one.until for one in self.loaded)) if self.loaded else None


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """No two pulls of one client at once. Raises StoreBusy. The system gives the turn back when a process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "pulling.lock", timeout=0):
            yield
    except Timeout as error:
        raise StoreBusy("Another pull of this client is still running.", "{folder}", "Let it finish.", folder=folder.name) from error


def connected(
    client: str, accounts: Iterable[tuple[str, str, Answers]], source: str = "", account: str = ""
) -> list[tuple[Live, Connected]]:
    """The accounts that are kept up to date, of those that the workspace knows: (account, source, answers)."""
    known = {one.name: one for one in ((service(source),) if source else services())}
    return [
        (known[name], Connected(client, number, answers))
        for number, name, answers in accounts
        if name in known and not answers.get("paused") and account in ("", number)
    ]


def fresh_names(outcome: Outcome, known: Mapping[str, object]) -> dict[str, str]:
    """Names of goals that the client has not named yet."""
    return {number: name for number, name in outcome.goals.items() if name and number not in known}


def bring(
    accounts: Sequence[tuple[Live, Connected]], web: Web, door: Door, since: date | None = None, until: date | None = None
) -> list[Outcome]:
    """Bring accounts of one client up to date. Raises StoreBusy when somebody else is at it; all other problems are in the outcomes."""
    with turn(door.folder):
        return [pull(live, one, web, door, since, until) for live, one in accounts]


def pull(live: Live, connected: Connected, web: Web, door: Door, since: date | None = None, until: date | None = None) -> Outcome:
    """Bring one account up to date. Problems end up in the outcome, those of one part apart from the others."""
    outcome = Outcome(live, connected)
    try:
        today = _today(connected, web)
        feeds = live.feeds(web, connected)
        outcome.goals = live.goals(web, connected) if live.goals else {}
    except Problem as problem:
        outcome.troubles.append(Trouble("", _known(problem, connected, door)))
        return outcome
    asked = (since or _since(connected, today), min(until or date.max, today - timedelta(days=1)))
    held = door.held()
    planned = [(feed, piece) for feed in feeds for piece in pieces(feed, held, asked, today, _zone(connected))]
    _carry_out(planned, today, web, door, outcome)
    return outcome


def _carry_out(planned: Sequence[tuple[Feed, Days]], today: date, web: Web, door: Door, outcome: Outcome) -> None:
    """Piece after piece; a feed that fails is left, and so is the account where all of it would fail alike."""
    failed: set[str] = set()
    for done, (feed, piece) in enumerate(planned):
        if feed.name in failed:
            continue
        try:
            _fetch(feed, piece, today, web, replace(door, tell=partial(_told, door, done / len(planned))), outcome)
        except Problem as problem:
            failed.add(feed.name)
            outcome.troubles.append(Trouble(feed.title, problem))
            if isinstance(problem, _ALL_OF_IT):
                return


def _told(door: Door, done: float, share: float, text: str, facts: Mapping[str, object]) -> None:
    door.tell(done + share, text, facts)


def _known(problem: Problem, connected: Connected, door: Door) -> Problem:
    """A token that is not accepted and has brought this account before is one that has expired."""
    if not isinstance(problem, WrongToken) or not any(span.account == connected.account for span in door.held()):
        return problem
    return ExpiredToken("The token in {setting} was accepted before and no longer is.", problem.where, problem.fix, **problem.facts)


def _fetch(feed: Feed, piece: Days, today: date, web: Web, door: Door, outcome: Outcome) -> None:
    """One piece of a feed, published as it comes."""
    folder = door.folder / "pulling"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    facts: dict[str, object] = {"account": outcome.connected.account, "feed": feed.title, "since": piece[0], "until": piece[1]}
    door.tell(0.0, "{account}: {feed}, {since} to {until}", facts)
    provisional = today - timedelta(days=feed.settling.provisional) if feed.settling.provisional else None
    order = Order(web, *piece, today, folder, lambda text: door.tell(0.0, "{account}: {feed}, {step}", {**facts, "step": text}))
    try:
        with closing(_closing(feed.fetch(order))) as fetched:
            for batches in fetched:
                outcome.loaded += door.publish([replace(batch, provisional_since=provisional) for batch in batches])
                if provisional and piece[1] >= provisional:
                    outcome.provisional = min(outcome.provisional or date.max, max(provisional, piece[0]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _closing(fetched: Iterator[Sequence[Batch]]) -> Generator[Sequence[Batch], None, None]:
    """A generator that, when publishing fails, lets the feed clean up."""
    yield from fetched


def _zone(connected: Connected) -> ZoneInfo:
    return ZoneInfo(connected.answers.get("timezone") or "UTC")


def _today(connected: Connected, web: Web) -> date:
    return datetime.fromtimestamp(web.clock.now(), _zone(connected)).date()


def _since(connected: Connected, today: date) -> date:
    """From when on the account is kept: as was settled, else a year back."""
    said = connected.answers.get("since", "")
    return date.fromisoformat(said) if said else today - timedelta(days=_FIRST_YEAR)


# --------------------------------------------------------------------------------------------------------------- planning


def pieces(feed: Feed, held: Sequence[Span], asked: Days, today: date, zone: tzinfo = UTC) -> list[Days]:
    """What has to be asked for, the latest first. `zone`: the account's, in which it is `today`."""
    since = max(asked[0], today - timedelta(days=feed.oldest)) if feed.oldest else asked[0]
    mine = [span for span in held if _belongs(span, feed)]
    lacking = [period for period in _periods(feed.grain, since, asked[1]) if _lacks(period, mine, feed, today, zone)]
    return [piece for run in _runs(lacking) for piece in _cut(run, feed.piece)][::-1]


def _belongs(span: Span, feed: Feed) -> bool:
    same = (span.table, span.account, span.breakdown) == (feed.table.name, feed.account, feed.breakdown)
    return same and feed.attribution in ("", span.attribution)


def _periods(grain: str, since: date, until: date) -> list[Days]:
    """The days, weeks (from Monday) or months that begin between the days; the last one ends with them."""
    if grain == "day":
        return [(day, day) for day in map(date.fromordinal, range(since.toordinal(), until.toordinal() + 1))]
    found = []
    first = since + timedelta(days=-since.weekday() % 7) if grain == "week" else _month(since - timedelta(days=1), 1)
    while first <= until:
        following = first + timedelta(days=7) if grain == "week" else _month(first, 1)
        found.append((first, min(following - timedelta(days=1), until)))
        first = following
    return found


def _month(day: date, ahead: int) -> date:
    """First day of the month `ahead` months later."""
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def _lacks(period: Days, mine: Sequence[Span], feed: Feed, today: date, zone: tzinfo) -> bool:
    """Whether a period is not loaded, or was loaded while it could still change and is due."""
    found = [span for span in mine if _holds(span, period, feed.grain)]
    if not found:
        return True
    loaded = max(span.loaded_at for span in found)
    return due(period[1], loaded.replace(tzinfo=UTC).astimezone(zone).date(), feed.settling, today)


def _holds(span: Span, period: Days, grain: str) -> bool:
    if grain == "day":
        return span.state != "whole" and span.since <= period[0] <= span.until
    return (span.since, span.until) == period


def due(day: date, loaded: date, settling: Settling, today: date) -> bool:
    """Whether a day that was loaded is to be loaded anew: it was too young then, and enough time has passed since.

    NB: what was loaded in the future was loaded while a clock was wrong, and nobody knows how young it was. A day ahead is another zone.
    """
    age, since_then = (loaded - day).days, (today - loaded).days
    return since_then < -1 or (age < settling.daily and since_then >= 1) or (age < settling.weekly and since_then >= 7)


def _runs(periods: Sequence[Days]) -> list[list[Days]]:
    """Periods that follow each other without a gap, together."""
    found: list[list[Days]] = []
    for period in periods:
        if found and found[-1][-1][1] + timedelta(days=1) == period[0]:
            found[-1].append(period)
        else:
            found.append([period])
    return found


def _cut(run: Sequence[Days], piece: str) -> list[Days]:
    """A run in months, quarters or years, so that a pull that goes on asks for the same again; a short one stays whole. A week belongs to
    the year in which it begins."""
    if (run[-1][1] - run[0][0]).days < _ONE_REQUEST:
        return [(run[0][0], run[-1][1])]
    months = _MONTHS[piece]
    grouped = [list(group) for _, group in groupby(run, lambda period: (period[0].year, (period[0].month - 1) // months))]
    return [(group[0][0], group[-1][1]) for group in grouped]
