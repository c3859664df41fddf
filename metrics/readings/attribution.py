"""Attribution of a client's conversions: every model side by side, what a conversion costs under each, and where a decision hangs on the
choice of the model.

All of it is computed from single visits and is not what a counter reports under a model of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from data.batches import Note
from data.errors import CannotAnswer
from data.tables import VISITS
from metrics import attribution as models
from metrics.attribution import MODELS, Attribution, Terms, Verdict
from metrics.credit import journeys
from metrics.credit.paths import Paths
from metrics.readings.ground import BREAKDOWNS, REST, Ground, Paid, spend, stand, title
from metrics.readings.subject import known
from metrics.readings.touches import closing, ends_of, paths_of, why_nothing
from metrics.scope import Settings
from metrics.statements import Run

LOOKBACK = 90
PATHS = 10
NOT_TOLD = ("direct", "internal", "unassigned")
"""Channels that say nothing about what brought a visit: passed over by last significant, counted as unknown."""


@dataclass(frozen=True)
class Asked:
    """What somebody chose. `ends`: orders or goals, "" for what fits the client; `lookback_days` 0 for the client's setting, else 90."""

    by: str = "channel"
    ends: str = ""
    goals: tuple[str, ...] = ()
    lookback_days: int = 0
    half_life_days: float = 7.0
    target_cpa: float | None = None
    grouping: str = "agency"
    counter: str = ""

    def __post_init__(self) -> None:
        if self.by not in BREAKDOWNS:
            raise CannotAnswer("Credit is not divided by {by}.", "by", "Choose one of: {known}.", by=self.by, known=", ".join(BREAKDOWNS))


@dataclass(frozen=True)
class ModelLine:
    """One model and, where it says nothing, the reason."""

    model: str
    title: str
    why: Note | None


@dataclass(frozen=True)
class Line:
    """One channel, source or campaign. Shape: mappings by model, without those that abstain.

    Unit: `conversions` counts, `value`, `spend` and `cpa` money, `romi` share, `points` points of conversion rate; None not known.
    """

    name: str
    title: str
    conversions: Mapping[str, float]
    value: Mapping[str, float]
    low: float
    high: float
    value_low: float
    value_high: float
    spend: float | None
    cpa: Mapping[str, float | None]
    romi: Mapping[str, float | None]
    good: Mapping[str, bool]
    depends: bool
    verdict: Note | None
    points: float | None = None


@dataclass(frozen=True)
class PathLine:
    """A path that many journeys took, by titles."""

    path: tuple[str, ...]
    conversions: float
    lost: float
    value: float


@dataclass(frozen=True)
class AttributionReading:
    """Everything a screen needs about who earned the conversions. `why` says why there is nothing; then the rest is empty.

    Unit: `value` and spend in `currency`. `ends` is what a journey ends with; `basis` by what a channel is judged.
    """

    by: str
    ends: str
    goals: tuple[str, ...]
    since: date
    until: date
    lookback_days: int
    half_life_days: float
    currency: str
    conversions: float = 0.0
    value: float = 0.0
    lost: float = 0.0
    models: tuple[ModelLine, ...] = ()
    lines: tuple[Line, ...] = ()
    paths: tuple[PathLine, ...] = ()
    headline: Note | None = None
    basis: Note | None = None
    notes: tuple[Note, ...] = ()
    why: Note | None = None

    @property
    def spoken(self) -> tuple[str, ...]:
        """Models that do not abstain."""
        return tuple(one.model for one in self.models if one.why is None)


def read(
    run: Run,
    settings: Settings,
    facts: Mapping[str, Any],
    since: date,
    until: date,
    asked: Asked | None = None,
) -> AttributionReading:
    """Credit of every channel for what happened from `since` to `until`. Raises CannotAnswer for what is not loaded or not known."""
    asked = asked or Asked()
    ground = stand(run, settings, since, until, asked.grouping, asked.counter)
    back = asked.lookback_days or int(facts.get("lookback_days") or LOOKBACK)
    goals = asked.goals or tuple(facts.get("key_goals") or ())
    ends, chosen = ends_of(ground, asked.ends, asked.goals, str(facts.get("model") or ""))
    empty = AttributionReading(
        asked.by,
        ends,
        goals if ends == "goals" else (),
        since,
        until,
        back,
        asked.half_life_days,
        settings.currency,
        notes=ground.notes,
    )
    why = why_nothing(ground, ends)
    if why is not None:
        return replace(empty, why=why)
    paid = spend(ground, asked.by)
    rows, currency, foreign = closing(ground, ends, goals)
    paths, rest = paths_of(ground, asked.by, paid, rows, ends, back)
    told = tuple(name for name in paths.channels if name in NOT_TOLD)
    terms = Terms(back, asked.half_life_days, told, tuple(name for name in told if name == "direct"), told)
    found = models.attribute(paths, terms)
    target = asked.target_cpa if asked.target_cpa is not None else facts.get("target_cpa")
    margin = settings.margin if ends == "orders" and paid.currency == currency else None
    judged = _judged(found, paid, target, margin)
    titled = _Titles(ground, asked.by, paid.titles)
    lines = _lines(found, paid, judged, titled, margin)
    notes = (
        *ground.notes,
        *chosen,
        *foreign,
        *_loaded_notes(ground, until, back),
        *(titled.of_note(note) for note in found.notes),
        *rest,
        *paid.notes,
        *_money_notes(paid, currency),
    )
    return replace(
        empty,
        currency=currency,
        conversions=found.conversions,
        value=found.value,
        lost=float(paths.nulls.sum()),
        models=tuple(ModelLine(credit.model, MODELS[credit.model], credit.why and titled.of_note(credit.why)) for credit in found.credits),
        lines=lines,
        paths=_common(paths, titled),
        headline=_headline(lines, found),
        basis=_basis(judged, target, margin),
        notes=notes,
    )


# -------------------------------------------------------------------------------------------------------------------- notes


def _loaded_notes(ground: Ground, until: date, back: int) -> tuple[Note, ...]:
    notes = []
    loaded = ground.loaded(VISITS.name, ground.counter)
    recorded = {model for span in ground.ledger.of(VISITS.name, ground.counter) for model in span.models}
    if loaded:
        notes.append(models.cut_short(loaded[0], ground.since, back))
        settled = loaded[1] - timedelta(days=back)
        if until > settled:
            text = (
                "A journey counts as lost {back} days after its last visit, so lost journeys are known only up to {day}: Markov and "
                "Shapley models see too few of them in this period."
            )
            notes.append(Note("warning", text, {"back": back, "day": settled}))
    notes.append(journeys.touch_note(recorded))
    return tuple(note for note in notes if note is not None)


def _money_notes(paid: Paid, currency: str) -> tuple[Note, ...]:
    if not paid.known or not paid.amounts or paid.currency == currency:
        return ()
    facts = {"spend": paid.currency, "value": currency}
    return (Note("currency", "Spend is in {spend} and value in {value}: they are not set against each other.", facts),)


@dataclass(frozen=True)
class _Titles:
    """English titles of names, and notes with names replaced by titles."""

    ground: Ground
    by: str
    known: Mapping[str, str]

    def of(self, name: str) -> str:
        return "All others" if name == REST else title(self.ground, self.by, name, self.known)

    def of_note(self, note: Note) -> Note:
        return replace(note, facts={**note.facts, "channel": self.of(str(note.facts["channel"]))}) if "channel" in note.facts else note


# ----------------------------------------------------------------------------------------------------------------- verdicts


def _judged(found: Attribution, paid: Paid, target: float | None, margin: float | None) -> dict[str, Verdict]:
    """A target that somebody set goes before the margin."""
    amounts = {name: amount for name, amount in paid.by_name().items() if amount > 0}
    return {one.channel: one for one in models.verdicts(found, amounts, target, margin if target is None else None)}


def _basis(judged: Mapping[str, Verdict], target: float | None, margin: float | None) -> Note | None:
    """By what channels are judged."""
    if not judged:
        return None
    if target is not None:
        return Note("basis", "A channel is worth its money when a conversion costs at most {target}.", {"target": float(target)})
    if margin is not None:
        text = "A channel is worth its money when the margin ({percent}% of its orders) covers its spend. Later orders are not in it."
        return Note("basis", text, {"percent": round(100 * margin)})
    text = "A channel is worth its money when its conversion costs no more than the mean of all paid channels: no target is set."
    return Note("basis", text)


def _lines(
    found: Attribution,
    paid: Paid,
    judged: Mapping[str, Verdict],
    titled: _Titles,
    margin: float | None,
) -> tuple[Line, ...]:
    spoken = [credit for credit in found.credits if credit.conversions is not None]
    points = found.of("shapley_rate").points
    amounts = paid.by_name()
    every = [*found.channels, *(name for name, amount in amounts.items() if amount > 0 and name not in found.channels)]
    lines = []
    for name in every:
        place = found.channels.index(name) if name in found.channels else None
        counts = {one.model: _at(one.conversions, place) for one in spoken}
        values = {one.model: _at(one.value, place) for one in spoken}
        verdict = judged.get(name)
        if not any(counts.values()) and name not in amounts:
            continue
        lines.append(
            Line(
                name,
                titled.of(name),
                counts,
                values,
                min(counts.values(), default=0.0),
                max(counts.values(), default=0.0),
                min(values.values(), default=0.0),
                max(values.values(), default=0.0),
                amounts.get(name, 0.0) if paid.known else None,
                {model: known(cost) for model, cost in verdict.cpa.items()} if verdict else {},
                {model: value * margin / verdict.spend - 1 for model, value in values.items()} if verdict and margin is not None else {},
                dict(verdict.good) if verdict else {},
                bool(verdict and verdict.depends),
                verdict.note if verdict else None,
                None if points is None or place is None else float(points[place]),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.conversions.get("linear", 0.0), -(line.spend or 0.0), line.name)))


def _at(amounts: np.ndarray[Any, Any] | None, place: int | None) -> float:
    return 0.0 if amounts is None or place is None else float(amounts[place])


def _common(paths: Paths, titled: _Titles) -> tuple[PathLine, ...]:
    frame = paths.commonest(PATHS)
    return tuple(
        PathLine(tuple(titled.of(name) for name in path), float(won), float(lost), float(value))
        for path, won, lost, value in zip(*(frame[name] for name in ("path", "conversions", "nulls", "value")), strict=True)
        if won > 0
    )


def _headline(lines: tuple[Line, ...], found: Attribution) -> Note | None:
    """The sentence that a manager reads first."""
    if found.conversions <= 0:
        return None
    paid = [line for line in lines if line.good]
    depends = [line.title for line in paid if line.depends]
    if depends:
        text = "The decision depends on the model for {n} of {of} paid channels: {names}."
        return Note("headline", text, {"n": len(depends), "of": len(paid), "names": tuple(depends)})
    if paid:
        bad = tuple(line.title for line in paid if not all(line.good.values()))
        if bad:
            return Note("headline", "No model changes a decision. Not worth their money under any of them: {names}.", {"names": bad})
        return Note("headline", "No model changes a decision: all paid channels are worth their money.")
    widest = max(lines, key=lambda line: line.high - line.low)
    facts = {"channel": widest.title, "low": round(widest.low, 1), "high": round(widest.high, 1)}
    return Note("headline", "The choice of the model matters most for {channel}: from {low} to {high} conversions.", facts)
