"""The stage of a client's products: what the filter says, on what evidence, what warns ahead, what to do in that stage, and what the
manager has set by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.batches import Note
from metrics.playbook import Advice, Said, StagePlay, play
from metrics.product_stage import Override, StageReading, read_stage
from metrics.readings.category import Category, category
from metrics.readings.demand import (
    SEARCH,
    WHOLE,
    Demand,
    Product,
    demand,
    leading,
    masked,
    monthly,
    product,
    products,
    whole,
    written,
)
from metrics.readings.ground import Ground, stand
from metrics.readings.subject import known
from metrics.scope import Settings
from metrics.stages.early_warning import Signal, early_warnings
from metrics.stages.seasonality import YEARS_NEEDED
from metrics.stages.stage_filter import STAGES, Floats
from metrics.stages.stage_outlook import Evidence, Outlook, Span
from metrics.stages.stage_words import second_opinion, stage_lines
from metrics.statements import Run

if TYPE_CHECKING:
    from data.desk.marks import Mark
    from data.desk.overrules import Overrule


@dataclass(frozen=True)
class Asked:
    """What somebody chose. `band` is the change per month that still counts as flat, None for the usual 1 %."""

    band: float | None = None
    grouping: str = "agency"
    counter: str = ""


@dataclass(frozen=True)
class Month:
    """One month of the history. Unit: `demand` and `adjusted` (free of season) counts; `chances` by stage as known then, `hindsight` as
    known now; None where nothing is known."""

    month: date
    demand: float | None
    adjusted: float | None
    masked: bool
    chances: Mapping[str, float] | None
    hindsight: Mapping[str, float] | None


@dataclass(frozen=True)
class SetByHand:
    """The manager's stage, which goes before the computed one."""

    stage: str
    reason: str
    since: date
    who: str


@dataclass(frozen=True)
class StageView:
    """Everything a screen needs about one product, or the client as a whole (key ""). `stage` is what was computed, `shown` what to act on.

    `what` is the demand: orders, or reaches of `goals`. `lines` say it in sentences, most important first. `advice` is empty while no stage
    is shown, and `why` says why none was computed. `decline_within` by months ahead.
    """

    key: str
    name: Said
    what: str
    goals: tuple[str, ...]
    until: date
    stage: str | None
    shown: str | None
    chances: Mapping[str, float]
    lines: tuple[Note, ...]
    evidence: Evidence | None = None
    time_in_stage: Span | None = None
    outlook: Outlook | None = None
    decline_within: Mapping[int, float] | None = None
    alert: str = ""
    confirmed: bool = False
    second: Note | None = None
    signals: tuple[Signal, ...] = ()
    play: StagePlay | None = None
    advice: tuple[Advice, ...] = ()
    by_hand: SetByHand | None = None
    history: tuple[Month, ...] = ()
    notes: tuple[Note, ...] = ()
    why: Note | None = None


def read(
    run: Run,
    settings: Settings,
    facts: Mapping[str, Any],
    until: date,
    asked: Asked | None = None,
    wanted: str = "",
    marks: Collection[Mark] = (),
    overrules: Collection[Overrule] = (),
) -> StageView:
    """The stage of one product, by its name or goal; of the client as a whole without one. `overrules` are those in
    force. Raises CannotAnswer for an unknown product."""
    asked = asked or Asked()
    ground = stand(run, settings, until, until, asked.grouping, asked.counter)
    market = category(ground, facts, ground.until)
    return _view(ground, facts, product(facts, wanted) if wanted else whole(facts), asked, marks, overrules, market)


def read_all(
    run: Run,
    settings: Settings,
    facts: Mapping[str, Any],
    until: date,
    asked: Asked | None = None,
    marks: Collection[Mark] = (),
    overrules: Collection[Overrule] = (),
) -> tuple[StageView, ...]:
    """The client as a whole, then each of its products."""
    asked = asked or Asked()
    ground = stand(run, settings, until, until, asked.grouping, asked.counter)
    market = category(ground, facts, ground.until)
    return tuple(_view(ground, facts, one, asked, marks, overrules, market) for one in (whole(facts), *products(facts)))


def _view(
    ground: Ground,
    facts: Mapping[str, Any],
    wanted: Product,
    asked: Asked,
    marks: Collection[Mark],
    overrules: Collection[Overrule],
    market: Category | None,
) -> StageView:
    by_hand = _by_hand(wanted, overrules)
    found = demand(ground, wanted, facts, ground.until)
    override = None if by_hand is None else Override(by_hand.stage, by_hand.reason, by_hand.who, by_hand.since)
    if isinstance(found, Note):
        return _told(ground, wanted, "goals", StageReading(None, found, override=override), by_hand)
    reading = read_stage(
        found.series, launched=found.launched, masked=masked(marks), borrowed=_borrowed(found, market), band=asked.band, override=override,
    )
    second, signals = _around(ground, wanted, reading, market)
    told = _told(ground, wanted, found.what, reading, by_hand)
    notes = (*told.notes, *found.notes, *_events(marks, found), *_of_market(reading, market, wanted), *_only_whole(wanted))
    return replace(told, second=second, signals=signals, notes=notes)


def _told(ground: Ground, wanted: Product, what: str, reading: StageReading, by_hand: SetByHand | None) -> StageView:
    """What the reading itself says."""
    todo = play(reading)
    return StageView(
        wanted.key,
        wanted.name,
        what,
        wanted.goals if what == "goals" else (),
        ground.until,
        reading.stage,
        reading.shown,
        dict(reading.chances),
        stage_lines(replace(reading, notes=())),
        reading.evidence,
        reading.time_in_stage,
        reading.outlook,
        dict(reading.decline_within),
        reading.alert,
        reading.confirmed,
        play=todo.stage,
        advice=todo.advice,
        by_hand=by_hand,
        history=_history(reading),
        notes=(*ground.notes, *reading.notes),
        why=reading.reason if reading.stage is None else None,
    )


def _by_hand(wanted: Product, overrules: Collection[Overrule]) -> SetByHand | None:
    """The stage set for this product."""
    mine = next((one for one in overrules if one.subject == wanted.key), None)
    return None if mine is None else SetByHand(mine.stage, mine.reason, mine.since, mine.who)


def _borrowed(found: Demand, market: Category | None) -> Floats | None:
    """The category's season, for demand too young to have one of its own."""
    young = int(found.series.notna().sum()) < YEARS_NEEDED * 12
    return market.season if market is not None and young else None


def _of_market(reading: StageReading, market: Category | None, wanted: Product) -> tuple[Note, ...]:
    """What the category itself does, and how its share was told."""
    if market is None:
        return ()
    opinion = market.opinion(reading)
    return (*((opinion,) if opinion else ()), *(market.notes if wanted.key == WHOLE else ()))


def _around(
    ground: Ground, wanted: Product, reading: StageReading, market: Category | None
) -> tuple[Note | None, tuple[Signal, ...]]:
    """Search visits as a second opinion, and the early warnings; both are known for the client as a whole only."""
    if wanted.key != WHOLE:
        return None, ()
    searched = monthly(ground, "visits", ground.until, account=ground.counter, channels=SEARCH)
    second = None if searched is None or not reading.chances else second_opinion(reading, read_stage(searched))
    return second, early_warnings(leading(ground, ground.until, market, searched))


def _only_whole(wanted: Product) -> tuple[Note, ...]:
    if wanted.key == WHOLE:
        return ()
    return (Note("warning", "Early signs are known for the client as a whole only: counters do not tell buyers of one product apart."),)


def _events(marks: Collection[Mark], found: Demand) -> tuple[Note, ...]:
    """Which months are left out because of which events."""
    months = sorted(masked(marks) & set(found.series.index))
    if not months:
        return ()
    texts = tuple(mark.text for mark in marks if mark.masks and not mark.channel)
    facts = {"months": ", ".join(map(written, months)), "events": "; ".join(texts)}
    return (Note("masked", "Months left out because of known events: {months} ({events}).", facts),)


def _history(reading: StageReading) -> tuple[Month, ...]:
    history = reading.history
    days = [month.start_time.date() for month in pd.PeriodIndex(history.index)] if len(history) else []
    return tuple(
        Month(
            day,
            known(row["demand"]),
            known(row.get("adjusted")),
            bool(row.get("masked") == 1),
            _by_stage(row, ""),
            _by_stage(row, "_hindsight"),
        )
        for day, row in zip(days, history.to_dict("records"), strict=True)
    )


def _by_stage(row: Any, suffix: str) -> dict[str, float] | None:
    values = {stage: known(row.get(f"{stage}{suffix}")) for stage in STAGES}
    return None if any(value is None for value in values.values()) else {stage: float(value or 0.0) for stage, value in values.items()}
