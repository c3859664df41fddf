"""The stage of a product's life cycle: how likely each of four stages is, the evidence, and the reason where none can be named.

What enters is demand by month or year (units, orders, qualified leads; revenue only deflated) of complete periods; what leaves is one
`StageReading`. Nothing raises for thin data: a reading without a stage says why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note
from data.errors import CannotAnswer
from metrics.stages.seasonality import YEARS_NEEDED
from metrics.stages.stage_filter import ANNUAL, DECLINE, MONTHLY, STAGES, Floats, StageModel, chance_of_decline, with_band
from metrics.stages.stage_history import StageHistory, stage_history
from metrics.stages.stage_outlook import Evidence, Outlook, Span, evidence, outlook, time_in_stage

LEAST_EVENTS = 20
WATCH, ALERT = 0.5, 0.7
MONTHS_AHEAD = (3, 6, 12)


@dataclass(frozen=True)
class Pace:
    """What depends on how often demand is measured. Nothing is said under `least` periods, and it is preliminary under `short`."""

    model: StageModel
    season: int
    least: int
    short: int
    normal: int
    horizons: tuple[int, ...]
    period: str


PACES = {"M": Pace(MONTHLY, 12, 6, 12, 18, MONTHS_AHEAD, "months"), "Y": Pace(ANNUAL, 1, 5, 8, 12, (1, 2, 3), "years")}


@dataclass(frozen=True)
class Override:
    """A stage set by a person against the filter, with the reason; the reading carries both.

    Raises: CannotAnswer for a stage there is not, or without a reason.
    """

    stage: str
    reason: str
    by: str
    on: date

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise CannotAnswer("There is no stage “{stage}”", fix="Choose one of: {stages}", stage=self.stage, stages=", ".join(STAGES))
        if not self.reason.strip():
            raise CannotAnswer("A stage set by hand needs a reason", fix="Say in one sentence what the figures do not show.")


@dataclass(frozen=True)
class StageReading:
    """What can be said about a product now.

    `chances` by stage, calibrated, or empty when nothing can be said; `stage` is None with a `reason` when none is likely enough.
    `decline_within` by periods ahead, counting a decline already there. `alert`: "", "watch" (P of decline over .5) or "alert" (over .7);
    `confirmed` when the period before said the same.

    Shape: `history` has one row per period (PeriodIndex): demand, adjusted (free of season, same unit), masked, the four chances as known
    at the time, and the four in hindsight as `<stage>_hindsight`.
    """

    stage: str | None
    reason: Note | None
    chances: Mapping[str, float] = field(default_factory=dict)
    evidence: Evidence | None = None
    time_in_stage: Span | None = None
    outlook: Outlook | None = None
    decline_within: Mapping[int, float] = field(default_factory=dict)
    alert: str = ""
    confirmed: bool = False
    notes: tuple[Note, ...] = ()
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    override: Override | None = None

    @property
    def shown(self) -> str | None:
        """The stage to act on: the manager's, if there is one."""
        return self.override.stage if self.override else self.stage


def read_stage(
    demand: pd.Series,
    *,
    launched: bool = False,
    masked: Collection[pd.Period] = (),
    breaks: Collection[pd.Period] = (),
    borrowed: Floats | None = None,
    band: float | None = None,
    override: Override | None = None,
) -> StageReading:
    """Read the stage of one product from its demand.

    `launched`: the first period with demand is the launch. `masked`: known events (stock-out, tracking loss), left out and not imputed.
    `breaks`: first periods after the way of counting changed; only what follows the last one is used. `borrowed`: the category's
    seasonal profile for products under two years. `band`: the change per period that still counts as flat, 0.01 by default.

    Shape: demand by complete months or years (PeriodIndex M or Y), NaN is not loaded, 0 a measured zero; borrowed (12,), natural log.
    Source: Blom & Bar-Shalom 1988 (interacting multiple models) over the four stages of Polli & Cook 1969.
    """
    pace = PACES.get(_frequency(demand))
    if pace is None:
        return StageReading(None, Note("stage", "The stage is read from complete months or years of demand"), override=override)
    whole = _regular(demand)
    usable = _usable(whole, masked, breaks)
    reason = _too_thin(usable, pace, _last_break(breaks))
    if reason:
        return StageReading(None, reason, history=whole.to_frame("demand"), override=override)
    model = with_band(pace.model, band) if band else pace.model
    first_seen = launched and bool(usable.index[0] == whole[whole > 0].index[0])
    past = stage_history(usable.to_numpy(float), _season(usable, pace), model, first_seen, pace.season, borrowed)
    notes = _notes(usable, pace, borrowed is not None)
    return _reading(past, usable, whole, model, pace, first_seen, notes, override)


def _reading(
    past: StageHistory,
    usable: pd.Series,
    whole: pd.Series,
    model: StageModel,
    pace: Pace,
    launched: bool,
    notes: tuple[Note, ...],
    override: Override | None,
) -> StageReading:
    now = past.chance[-1]
    best = int(np.argmax(now))
    clear = bool(now[best] >= model.sure)
    falling = past.chance[-2:, DECLINE]
    return StageReading(
        stage=STAGES[best] if clear else None,
        reason=None if clear else _between(now),
        chances={stage: float(chance) for stage, chance in zip(STAGES, now, strict=True)},
        evidence=evidence(past.last, int(usable.notna().sum())),
        time_in_stage=time_in_stage(past.view, past.hindsight, best, model, launched) if clear else None,
        outlook=outlook(best, model) if clear else None,
        decline_within={ahead: chance_of_decline(now, model, ahead) for ahead in pace.horizons},
        alert=_alert(falling[-1]),
        confirmed=bool(_alert(falling[-1])) and len(falling) == 2 and _alert(falling[0]) == _alert(falling[1]),
        notes=notes,
        history=_history(past, usable, whole),
        override=override,
    )


def _alert(falling: float) -> str:
    return "alert" if falling > ALERT else "watch" if falling > WATCH else ""


def _between(now: Floats) -> Note:
    first, second = np.argsort(-now, kind="stable")[:2]
    return Note(
        "stage",
        "No stage is clear enough: nearest are {first} ({first_chance}%) and {second} ({second_chance}%)",
        {
            "first": STAGES[first],
            "first_chance": round(100 * float(now[first])),
            "second": STAGES[second],
            "second_chance": round(100 * float(now[second])),
        },
    )


# ----------------------------------------------------------------------------------------------------------- input


def _season(usable: pd.Series, pace: Pace) -> NDArray[np.intp]:
    if pace.season == 1:
        return np.zeros(len(usable), dtype=np.intp)
    return np.asarray(pd.PeriodIndex(usable.index).month, dtype=np.intp) - 1


def _frequency(demand: pd.Series) -> str:
    index = demand.index
    return str(index.freqstr)[0] if isinstance(index, pd.PeriodIndex) else ""


def _regular(demand: pd.Series) -> pd.Series:
    """Every period from the first to the last, those without a row as NaN; negative demand is not demand."""
    known = demand.where(demand >= 0).sort_index()
    if not len(known):
        return known
    return known.reindex(pd.period_range(known.index[0], known.index[-1]))


def _usable(whole: pd.Series, masked: Collection[pd.Period], breaks: Collection[pd.Period]) -> pd.Series:
    after = _last_break(breaks)
    kept = whole[whole.index >= after] if after is not None else whole
    kept = kept.mask(kept.index.isin(list(masked)))
    positive = np.flatnonzero(kept.to_numpy(float) > 0)
    return kept.iloc[positive[0] :] if len(positive) else kept.iloc[:0]


def _last_break(breaks: Collection[pd.Period]) -> Any:
    return max(breaks) if breaks else None


def _too_thin(usable: pd.Series, pace: Pace, after: pd.Period | None) -> Note | None:
    """Why nothing can be said, if so."""
    known = int(usable.notna().sum())
    if known < pace.least and after is not None:
        return Note(
            "stage",
            "Counting changed on {after}: since then there are {known} complete months, {least} are needed",
            {"after": after.start_time.date(), "known": known, "least": pace.least},
        )
    if known < pace.least:
        return Note("stage", "Too short a history: {known} complete months, {least} are needed", {"known": known, "least": pace.least})
    mean = float(usable.dropna().iloc[-12:].mean())
    if mean < LEAST_EVENTS:
        return Note(
            "stage",
            "Too few events: {mean} per period of late, {least} are needed to tell a trend from chance",
            {"mean": round(mean, 1), "least": LEAST_EVENTS},
        )
    return None


def _notes(usable: pd.Series, pace: Pace, borrowed: bool) -> tuple[Note, ...]:
    known, masked = int(usable.notna().sum()), int(usable.isna().sum())
    facts = {"known": known, "masked": masked, "normal": pace.normal}
    found = []
    if known < pace.short:
        found.append(Note("stage", "Preliminary: {known} periods known, the reading settles from {normal}", facts))
    elif known < pace.normal:
        found.append(Note("stage", "Short history: {known} periods known, the reading settles from {normal}", facts))
    if pace.season > 1 and len(usable) < YEARS_NEEDED * pace.season:
        own = "The season is borrowed from the category: two full years are needed for the product's own"
        found.append(Note("stage", own if borrowed else "The season is not taken out: two full years are needed to know it", facts))
    if masked:
        found.append(Note("stage", "Periods left out as not loaded or known events: {masked}", facts))
    return tuple(found)


# --------------------------------------------------------------------------------------------------------- history


def _history(past: StageHistory, usable: pd.Series, whole: pd.Series) -> pd.DataFrame:
    columns: dict[str, Any] = {"adjusted": np.exp(past.adjusted), "masked": usable.isna().to_numpy()}
    columns |= {stage: past.chance[:, k] for k, stage in enumerate(STAGES)}
    columns |= {f"{stage}_hindsight": past.hindsight[:, k] for k, stage in enumerate(STAGES)}
    return whole.to_frame("demand").join(pd.DataFrame(columns, index=usable.index))
