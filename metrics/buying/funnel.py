"""The pirate funnel AARRR: acquisition, activation, retention, revenue, referral; and the step whose improvement brings most money.

The weakest step is not the one with the lowest percentage: low percentages are normal at the top. It is the one where a relative gain
of ten percent (or the gain that the client's own history shows to be within reach) adds most margin. A rate cannot pass 100 %, more visits
cost more spend, and better retention moves only the money of repeat orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.batches import Note
from metrics.abstain import because

GAIN = 0.10


class Step(StrEnum):
    ACQUISITION = "acquisition"
    ACTIVATION = "activation"
    RETENTION = "retention"
    REVENUE = "revenue"
    REFERRAL = "referral"


TITLES: Mapping[Step, str] = {
    Step.ACQUISITION: "Acquisition",
    Step.ACTIVATION: "Activation",
    Step.RETENTION: "Retention",
    Step.REVENUE: "Revenue",
    Step.REFERRAL: "Referrals",
}


@dataclass(frozen=True)
class Counts:
    """What the funnel is made of, over one period and one cohort. None is "not loaded", zero is zero.

    Unit: `visits`, `activated` (visits with the first key event), `referred` (brand and direct visits) visits; `buyers`, `repeaters`
    people; `first_margin` of first orders and `repeat_margin` of later ones, `spend` money.
    """

    visits: float | None = None
    activated: float | None = None
    buyers: float | None = None
    repeaters: float | None = None
    referred: float | None = None
    first_margin: float | None = None
    repeat_margin: float | None = None
    spend: float | None = None


@dataclass(frozen=True)
class Stage:
    """One step. Unit: `count` what passes it, `rate` of those before it (None where undefined or not loaded), `lever` the relative gain
    looked at, `worth` margin that it adds (None where not known)."""

    step: Step
    count: float | None
    rate: float | None
    lever: float
    worth: float | None
    note: Note | None = None


@dataclass(frozen=True)
class Funnel:
    """All steps in order. `weakest` are those with the largest worth: several where they tie, none where nothing is known."""

    stages: tuple[Stage, ...]
    weakest: tuple[Step, ...]
    why: Note | None = None


def funnel(counts: Counts, reach: Mapping[Step, float] | None = None) -> Funnel:
    """The five steps and the weakest. `reach` is the relative gain within reach of a step, by default ten percent for all."""
    reach = reach or {}
    stages = tuple(_stage(step, counts, reach.get(step, GAIN)) for step in Step)
    worths = [stage.worth for stage in stages if stage.worth is not None]
    best = max(worths, default=0.0)
    if best <= 0:
        return Funnel(stages, (), because("What a step is worth needs visits, buyers and the margin of their orders."))
    # NB: steps of one product tie to the last digit or two; a thousandth of a percent apart is a tie.
    return Funnel(stages, tuple(stage.step for stage in stages if stage.worth is not None and stage.worth >= best * (1 - 1e-5)))


def _stage(step: Step, counts: Counts, lever: float) -> Stage:
    """Count, rate and worth of a step; the rate's denominator is the step before it in the customer's life."""
    passed, before = {
        Step.ACQUISITION: (counts.visits, None),
        Step.ACTIVATION: (counts.activated, counts.visits),
        Step.RETENTION: (counts.repeaters, counts.buyers),
        Step.REVENUE: (counts.buyers, counts.activated),
        Step.REFERRAL: (counts.referred, counts.visits),
    }[step]
    rate = passed / before if passed is not None and before else None
    note = None
    if passed is None:
        note = Note("missing", "Not loaded.")
    elif step is not Step.ACQUISITION and before == 0:
        note = Note("undefined", "Nobody reached the step before.")
    return Stage(step, passed, rate, lever, _worth(step, counts, rate, lever), note)


def _worth(step: Step, counts: Counts, rate: float | None, lever: float) -> float | None:
    """Margin that a relative gain at this step adds, all else equal. Where repeat orders are not loaded, first orders alone count."""
    first, later = counts.first_margin, counts.repeat_margin or 0.0
    if first is None:
        return None
    if step is Step.ACQUISITION:
        return lever * (first + later - counts.spend) if counts.visits and counts.spend is not None else None
    if rate is None or rate <= 0:
        return None
    # A step above 100 % (several buyers an activated visit) is as full as one at 100 %.
    gain = min(lever, max(1 / rate - 1, 0.0))
    if step is Step.RETENTION:
        return gain * later if counts.repeat_margin is not None else None
    # Referred visits come without spend and bring what the average visit brings.
    return gain * (first + later) * (rate if step is Step.REFERRAL else 1.0)
