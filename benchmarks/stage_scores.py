"""How good stage readings are, month by month, against stages that are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.products import FALL, GROW, HOLD, INTRO, Product
from metrics.product_stage import ALERT
from metrics.stages.seasonality import logs
from metrics.stages.stage_filter import MONTHLY, Floats, StageModel
from metrics.stages.stage_history import StageHistory, as_known, stage_history
from metrics.stages.yardsticks import polli_cook

Ints = NDArray[np.intp]
TOLERANCE = 3


@dataclass(frozen=True)
class Scores:
    """All figures of one method on one set of products. Unit: shares, months, false alarms per year of true maturity."""

    months: int
    accuracy: float
    near: float
    brier: float
    ece: float
    recall: tuple[float, ...]
    coverage: float
    inside: float
    takeoff: float
    too_early: float
    alert: float
    false_alarms: float


def read(products: Sequence[Product], model: StageModel = MONTHLY) -> list[StageHistory]:
    return [stage_history(product.demand, product.month, model, launched=True) for product in products]


def scores(chances: Sequence[Floats], products: Sequence[Product], sure: float = MONTHLY.sure) -> Scores:
    """Score probabilities month by month. Shape: each of chances (months, 4)."""
    truth, chance = np.concatenate([product.stage for product in products]), np.vstack(chances)
    right, most = chance.argmax(axis=1) == truth, chance.max(axis=1)
    clear = most >= sure
    pairs = list(zip(chances, (product.stage for product in products), strict=True))
    takeoffs = [_after(stage, GROW, (one.argmax(axis=1) == GROW) & (one.max(axis=1) >= sure)) for one, stage in pairs]
    declines = [_after(stage, FALL, one[:, FALL] > ALERT) for one, stage in pairs]
    alarms = sum(_rises(one[:, FALL] > ALERT, stage == HOLD) for one, stage in pairs)
    return Scores(
        months=len(truth),
        accuracy=float(right.mean()),
        near=float(np.concatenate([_near(one.argmax(axis=1), stage) for one, stage in pairs]).mean()),
        brier=float(((chance - np.eye(4)[truth]) ** 2).sum(axis=1).mean()),
        ece=calibration_error(most, right),
        recall=tuple(float(right[truth == stage].mean()) for stage in range(4)),
        coverage=float(clear.mean()),
        inside=float(right[clear].mean()) if clear.any() else float("nan"),
        takeoff=_median(takeoffs),
        too_early=float(((chance.argmax(axis=1) == GROW) & clear)[truth == INTRO].mean()),
        alert=_median(declines),
        false_alarms=alarms / (int((truth == HOLD).sum()) / 12),
    )


def calibration_error(said: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Mean distance of what was said from what came true, over bins of what was said."""
    place = np.minimum((said * bins).astype(int), bins - 1)
    gaps = [(place == b).mean() * abs(said[place == b].mean() - right[place == b].mean()) for b in np.unique(place)]
    return float(sum(gaps))


def _near(label: Ints, truth: Ints) -> NDArray[np.bool_]:
    """Right within three months of a boundary."""
    here = np.arange(len(truth))
    shifts = [truth[np.clip(here + shift, 0, len(truth) - 1)] for shift in range(-TOLERANCE, TOLERANCE + 1)]
    return np.asarray(np.any([label == shifted for shifted in shifts], axis=0), dtype=np.bool_)


def _after(truth: Ints, stage: int, seen: NDArray[np.bool_]) -> list[float]:
    """Months from each true beginning of a stage until it is seen; infinite where it ends unseen."""
    begins = np.flatnonzero((truth == stage) & (np.r_[-1, truth[:-1]] != stage))
    delays = []
    for begin in begins:
        ends = begin + int(np.argmin(np.r_[truth[begin:] == stage, False]))
        found = np.flatnonzero(seen[begin:ends])
        delays.append(float(found[0]) if len(found) else float("inf"))
    return delays


def _median(delays: Sequence[Sequence[float]]) -> float:
    return float(np.median(np.concatenate([np.array(one) for one in delays])))


def _rises(seen: NDArray[np.bool_], where: NDArray[np.bool_]) -> int:
    return int((seen & ~np.r_[False, seen[:-1]] & where).sum())


# --------------------------------------------------------------------------------------------------- Polli and Cook


def quarter_on_quarter(products: Sequence[Product]) -> list[Floats]:
    """The usual monthly form, each month from its past: adjusted demand, the last three months against the three before."""
    return _by_bands(products, lambda demand: _last(demand, 3))


def half_year(products: Sequence[Product]) -> list[Floats]:
    """The strongest form we could give it: quarters half a year apart, and flat before any growth is introduction, as in our filter."""
    return _by_bands(products, lambda demand: _last(demand, 6, ordered=True))


def year_on_year(products: Sequence[Product]) -> list[Floats]:
    """Raw demand against the same month last year; the first year, of which it can say nothing, counts as introduction."""
    return [_hard([_last(product.demand[: end + 1] + 0.5, 12) for end in range(len(product.demand))]) for product in products]


def _by_bands(products: Sequence[Product], label: Callable[[Floats], int]) -> list[Floats]:
    return [_hard([label(_quarters(np.exp(seen))) for seen in _adjusted(product)]) for product in products]


def _adjusted(product: Product) -> list[Floats]:
    return [row[: end + 1] for end, row in enumerate(as_known(logs(product.demand), product.month))]


def _quarters(demand: Floats) -> Floats:
    return np.convolve(demand, np.ones(3) / 3, mode="valid") if len(demand) >= 3 else demand[-1:]


def _last(demand: Floats, lag: int, ordered: bool = False) -> int:
    stages = polli_cook(demand, lag) if len(demand) > lag else np.array([INTRO])
    return INTRO if ordered and stages[-1] == HOLD and GROW not in stages else int(stages[-1])


def _hard(labels: Sequence[int]) -> Floats:
    return np.eye(4)[np.array(labels, dtype=np.intp)]
