"""Credit for conversions by every model side by side, and where a decision hangs on the choice of the model.

None of the models is causal: the range over models is what is known, and a verdict that flips between them is called model dependent. All
of this is computed from visits; it is not what a counter reports under a model of the same name.

Source: rules as Yandex.Metrica and Google Analytics describe them; `metrics.credit.markov` and `metrics.credit.shapley` name theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.batches import Note
from metrics.abstain import because
from metrics.credit import markov, shapley
from metrics.credit.paths import Floats, Paths

UNKNOWN_SHARE = 0.25
"""Share of touches of unknown source from which the page warns."""
LONG_SHARE = 0.30
"""Share of journeys with three touches or more from which looking two touches back can tell anything new."""
THIN_SHARE = 0.05
"""Share of visits that may fall to rarely seen states of a chain."""
MINOR = 0.01
"""Share of credit below which a channel's rank is not compared between chains."""


@dataclass(frozen=True)
class Terms:
    """What the rules need to know. Unit: `lookback_days` and `half_life_days` days; the rest are channel names.

    `insignificant` are passed over by last significant, `direct` by last non-direct; `unknown` count as no source.
    """

    lookback_days: int = 90
    half_life_days: float = 7.0
    insignificant: tuple[str, ...] = ("direct", "internal", "saved", "undefined", "external")
    direct: tuple[str, ...] = ("direct",)
    unknown: tuple[str, ...] = ("direct", "internal", "undefined", "unassigned")


@dataclass(frozen=True)
class Credit:
    """What one model gives each channel. Shape: (channels,), None where the model abstains; `why` says why.

    Unit: `conversions` counts, `value` money, `points` shares of conversion rate (only Shapley by rate has them).
    """

    model: str
    conversions: Floats | None = None
    value: Floats | None = None
    why: Note | None = None
    points: Floats | None = None


@dataclass(frozen=True)
class Attribution:
    """All models on the same journeys. Credit of every model adds up to `conversions` and `value`."""

    channels: tuple[str, ...]
    credits: tuple[Credit, ...]
    conversions: float
    value: float
    notes: tuple[Note, ...]

    def of(self, model: str) -> Credit:
        return next(credit for credit in self.credits if credit.model == model)

    def table(self, amount: str = "conversions") -> pd.DataFrame:
        """Shape: a row per channel; a column per model (NaN where it abstains), then low and high over the models. `amount` is
        conversions or value."""
        columns = {credit.model: _amount(credit, amount, len(self.channels)) for credit in self.credits}
        frame = pd.DataFrame(columns, index=pd.Index(self.channels, name="channel"))
        return frame.assign(low=frame.min(axis=1), high=frame.max(axis=1))


@dataclass(frozen=True)
class Verdict:
    """A paid channel under every model. Unit: `spend` money, `cpa` money for a conversion (NaN without any), `romi` share (NaN without a
    margin).

    `good` says by model whether the channel is worth its money; `depends` that models disagree.
    """

    channel: str
    spend: float
    cpa: Mapping[str, float]
    romi: Mapping[str, float]
    good: Mapping[str, bool]
    depends: bool
    note: Note


# ---------------------------------------------------------------------------------------------------------------- rules
# Every rule gives each touch its weight. Shape: (touches,); weights of a path add up to 1.


def first(paths: Paths) -> Floats:
    return _one_touch(paths, paths.first)


def last(paths: Paths) -> Floats:
    return _one_touch(paths, paths.last)


def last_but(paths: Paths, passed_over: tuple[str, ...], lookback_days: int) -> Floats:
    """The last touch that is not passed over and not older than the lookback; without one the last touch."""
    counts = ~np.isin(paths.codes, [code for code, name in enumerate(paths.channels) if name in passed_over])
    if paths.ages is not None:
        counts &= paths.ages <= lookback_days
    place = np.where(counts, np.arange(len(paths.codes)), -1)
    latest = np.maximum.reduceat(place, paths.first) if len(paths) else paths.first
    return _one_touch(paths, np.where(latest >= 0, latest, paths.last))


def linear(paths: Paths) -> Floats:
    return 1.0 / paths.lengths[paths.owner]


def position(paths: Paths) -> Floats:
    """40 % to the first touch, 40 % to the last, 20 % to those between them; halves where there are only two."""
    weights = 0.2 / np.maximum(paths.lengths - 2, 1)[paths.owner]
    ends = np.select([paths.lengths == 1, paths.lengths == 2], [1.0, 0.5], 0.4)
    weights[paths.first] = ends
    weights[paths.last] = ends
    return weights


def time_decay(paths: Paths, half_life_days: float) -> Floats | None:
    """Weights that halve with every half-life before the conversion; None where times are unknown."""
    if paths.ages is None:
        return None
    if not len(paths):
        return np.zeros(0)
    youngest = np.minimum.reduceat(paths.ages, paths.first)
    weights: Floats = 2.0 ** ((youngest[paths.owner] - paths.ages) / half_life_days)
    return weights / np.bincount(paths.owner, weights=weights)[paths.owner]


def credited(paths: Paths, weights: Floats, amounts: Floats) -> Floats:
    """Amounts of paths given to channels by the weights of their touches. Shape: amounts (paths,); answer (channels,)."""
    return np.asarray(np.bincount(paths.codes, weights=weights * amounts[paths.owner], minlength=len(paths.channels)), dtype=np.float64)


def _one_touch(paths: Paths, places: np.ndarray[Any, Any]) -> Floats:
    weights = np.zeros(len(paths.codes))
    weights[places] = 1.0
    return weights


# --------------------------------------------------------------------------------------------------------------- models

# Title by key, in the order in which they are shown.
MODELS: Mapping[str, str] = {
    "first": "First touch",
    "last": "Last touch",
    "last_significant": "Last significant (Metrica)",
    "last_nondirect": "Last non-direct (Google)",
    "linear": "Linear",
    "position": "Position based 40/20/40",
    "time_decay": "Time decay",
    "markov": "Markov chain",
    "markov2": "Markov chain, two touches back",
    "shapley_count": "Shapley: equal parts to distinct channels",
    "shapley_rate": "Shapley: contribution to the conversion rate",
}

HEADS: Mapping[str, str] = {
    "first": "First touch",
    "last": "Last touch",
    "last_significant": "Signif.",
    "last_nondirect": "Non-direct",
    "linear": "Linear",
    "position": "40/20/40",
    "time_decay": "Decay",
    "markov": "Markov",
    "markov2": "Markov 2",
    "shapley_count": "Shapley parts",
    "shapley_rate": "Shapley CR",
}
"""Models as heads of narrow columns."""


def attribute(paths: Paths, terms: Terms | None = None) -> Attribution:
    """Credit of all channels under all models."""
    terms = terms or Terms()
    conversions, value = float(paths.conversions.sum()), float(paths.value.sum())
    credits = _all_models(paths, terms) if conversions > 0 else _none("There are no conversions with a known path.")
    return Attribution(paths.channels, credits, conversions, value, tuple(_warnings(paths, terms)))


def _all_models(paths: Paths, terms: Terms) -> tuple[Credit, ...]:
    won = paths.converting
    chain = markov.removal(paths, 1)
    makers: Mapping[str, Callable[[], Credit]] = {
        "first": lambda: _ruled("first", won, first(won)),
        "last": lambda: _ruled("last", won, last(won)),
        "last_significant": lambda: _ruled("last_significant", won, last_but(won, terms.insignificant, terms.lookback_days)),
        "last_nondirect": lambda: _ruled("last_nondirect", won, last_but(won, terms.direct, terms.lookback_days)),
        "linear": lambda: _ruled("linear", won, linear(won)),
        "position": lambda: _ruled("position", won, position(won)),
        "time_decay": lambda: _ruled("time_decay", won, time_decay(won, terms.half_life_days)),
        "markov": lambda: _chained("markov", paths, chain),
        "markov2": lambda: _looking_back(paths, chain),
        "shapley_count": lambda: Credit("shapley_count", shapley.by_count(won, won.conversions), shapley.by_count(won, won.value)),
        "shapley_rate": lambda: _rated(paths),
    }
    return tuple(makers[model]() for model in MODELS)


def _none(text: str, **facts: object) -> tuple[Credit, ...]:
    return tuple(_abstains(model, text, **facts) for model in MODELS)


def _abstains(model: str, text: str, **facts: object) -> Credit:
    return Credit(model, why=because(text, **facts))


def _ruled(model: str, paths: Paths, weights: Floats | None) -> Credit:
    if weights is None:
        return _abstains(model, "The times of touches are not known.")
    return Credit(model, credited(paths, weights, paths.conversions), credited(paths, weights, paths.value))


def _chained(model: str, paths: Paths, found: markov.Removal | None) -> Credit:
    """Money follows the removal effects of conversions: chains weighted by value hang on a few large orders."""
    if found is None:
        return _abstains(model, "The chain has more than {most} states: choose a coarser grouping of channels.", most=markov.MOST)
    return Credit(model, paths.conversions.sum() * found.shares(), paths.value.sum() * found.shares())


def _looking_back(paths: Paths, near: markov.Removal | None) -> Credit:
    """The second-order chain, if there are journeys long enough, states seen often enough, and the ranks of channels agree."""
    model, long = "markov2", paths.share_longer_than(2)
    if long <= LONG_SHARE:
        text = "Only {percent}% of journeys have three touches or more; {needed}% are needed."
        return _abstains(model, text, percent=_percent(long), needed=_percent(LONG_SHARE))
    far = markov.removal(paths, 2)
    if far is None or near is None:
        return _chained(model, paths, None)
    if far.thin > THIN_SHARE:
        text = "{percent}% of visits fall to pairs of channels seen fewer than {times} times."
        return _abstains(model, text, percent=_percent(far.thin), times=markov.THIN)
    major = (near.shares() >= MINOR) | (far.shares() >= MINOR)
    if (np.argsort(-near.effects[major]) != np.argsort(-far.effects[major])).any():
        return _abstains(model, "It ranks channels differently from the plain chain, so the difference is no evidence.")
    return _chained(model, paths, far)


def _rated(paths: Paths) -> Credit:
    model = "shapley_rate"
    if paths.nulls.sum() <= 0 and paths.still_open > 0:
        return _abstains(model, "No journey without a conversion is settled yet: choose an earlier period or a shorter lookback.")
    if paths.nulls.sum() <= 0:
        return _abstains(model, "There are no journeys without a conversion, so every conversion rate is 100%.")
    found = shapley.by_rate(paths)
    if found is None:
        return _abstains(model, "There are more than {most} channels: choose a coarser grouping of channels.", most=shapley.MOST)
    if (found.values < 0).any():
        lowers = paths.channels[int(found.values.argmin())]
        why = because("{channel} lowers the conversion rate, so money cannot be divided; see points of the rate.", channel=lowers)
        return Credit(model, why=why, points=found.values)
    shares = found.values / found.values.sum()
    return Credit(model, paths.conversions.sum() * shares, paths.value.sum() * shares, points=found.values)


def _amount(credit: Credit, amount: str, channels: int) -> Floats:
    given = credit.conversions if amount == "conversions" else credit.value
    return np.full(channels, np.nan) if given is None else given


def _percent(share: float) -> int:
    return round(100 * share)


def _warnings(paths: Paths, terms: Terms) -> list[Note]:
    notes = [Note("computed", "Computed here from visits; a counter's own model of the same name may differ.")]
    unknown, whole = paths.touch_share(terms.unknown), paths.conversions.sum() + paths.unmatched
    if unknown > UNKNOWN_SHARE:
        text = "{percent}% of touches have no known source: credit of the other channels is understated."
        notes.append(Note("warning", text, {"percent": _percent(unknown)}))
    if len(paths) and paths.nulls.sum() <= 0 and paths.still_open > 0:
        text = "No journey is lost for sure yet: Markov and Shapley models need lost journeys and mislead without."
        notes.append(Note("warning", text))
    elif len(paths) and paths.nulls.sum() <= 0:
        text = "Journeys without a conversion are not loaded: Markov and Shapley models need them and mislead without."
        notes.append(Note("warning", text))
    if paths.unmatched > 0:
        text = "{n} of {of} conversions have no visit within the lookback and are credited to nobody."
        notes.append(Note("unmatched", text, {"n": float(round(paths.unmatched)), "of": float(round(float(whole)))}))
    if paths.still_open > 0:
        notes.append(Note("open", "{n} journeys may still convert and are not counted as lost.", {"n": float(round(paths.still_open))}))
    return notes


def cut_short(first_loaded: date, since: date, lookback_days: int) -> Note | None:
    """What to know where visits are not loaded for the whole lookback before the period: early paths lack their beginnings."""
    if first_loaded <= since - timedelta(days=lookback_days):
        return None
    return Note("warning", "Visits are loaded from {day} on: paths that began earlier lack their first touches.", {"day": first_loaded})


# ------------------------------------------------------------------------------------------------------------- verdicts


def verdicts(
    found: Attribution, spend: Mapping[str, float], target_cpa: float | None = None, margin: float | None = None,
) -> tuple[Verdict, ...]:
    """Is each paid channel worth its money, under every model that does not abstain?

    With a margin (share of value) a channel is good when its ROMI is not negative; else when its CPA is within the target; without a
    target when it is within the CPA of all paid channels together under the same model.
    """
    spoken = [credit for credit in found.credits if credit.conversions is not None]
    paid = [name for name, spent in spend.items() if spent > 0]
    limits = {credit.model: _limit(credit, found, spend, paid, target_cpa) for credit in spoken}
    return tuple(_verdict(name, found, spend[name], spoken, limits, margin) for name in paid) if spoken else ()


def _limit(credit: Credit, found: Attribution, spend: Mapping[str, float], paid: list[str], target: float | None) -> float:
    """Most that a conversion may cost under this model."""
    if target is not None:
        return target
    won = sum(_given(credit.conversions, found, name) for name in paid)
    return sum(spend[name] for name in paid) / won if won > 0 else 0.0


def _verdict(
    name: str, found: Attribution, spent: float, spoken: list[Credit], limits: Mapping[str, float], margin: float | None,
) -> Verdict:
    won = {credit.model: _given(credit.conversions, found, name) for credit in spoken}
    earned = {credit.model: _given(credit.value, found, name) * (np.nan if margin is None else margin) for credit in spoken}
    # NB: compared as products, so that a channel without a conversion is judged too. A ten-billionth is rounding, not money.
    slack = 1 + 1e-10
    good = {model: bool(spent <= (limits[model] * won[model] if margin is None else earned[model]) * slack) for model in won}
    depends = len(set(good.values())) > 1
    return Verdict(
        name, spent, {model: spent / n if n > 0 else np.nan for model, n in won.items()},
        {model: amount / spent - 1 for model, amount in earned.items()}, good, depends, _worded(good, depends),
    )


def _worded(good: Mapping[str, bool], depends: bool) -> Note:
    if depends:
        facts = {"n": sum(good.values()), "of": len(good)}
        return Note("model dependent", "Model dependent: worth its money under {n} of {of} models.", facts)
    return Note("agreed", "Worth its money under every model." if all(good.values()) else "Not worth its money under any model.")


def _given(amounts: Floats | None, found: Attribution, name: str) -> float:
    """Credit of a channel; nothing for one without a single touch."""
    return 0.0 if amounts is None or name not in found.channels else float(amounts[found.channels.index(name)])

