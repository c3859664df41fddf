"""What the next rouble brings: carry-over of advertising into later weeks, and curves that bend.

Curve of one channel: result per week as a function of steady spend per week. Hill with s = 1: v x / (k + x); logistic:
v (1 - e^-ax) / (1 + e^-ax) with a = ln 3 / k; both reach half of v at x = k. The marginal result falls as spend grows, which is why an
average return must not decide about the next rouble.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shape = Literal["logistic", "hill"]
SHAPES: tuple[Shape, ...] = ("logistic", "hill")

WEEKS = 8
_HALF = np.arctanh(0.5)
PRIOR_ELASTICITY = 0.12
"""Of sales by advertising in the short run, mean of 751 published estimates. Source: Sethuraman, Tellis & Briesch 2011."""


def adstock(spend: Floats, alpha: float, weeks: int = WEEKS, normalised: bool = True) -> Floats:
    """Spend as it is felt: each week a share `alpha` of the week before, over a window of `weeks`.

    Shape: (periods,) in and out; before the first period there was none. Normalised weights sum to one, so steady spend stays what it is.
    Source: Jin et al. 2017.
    """
    weights = alpha ** np.arange(weeks)
    if normalised:
        weights = weights / weights.sum()
    felt: Floats = np.convolve(spend, weights)[: len(spend)]
    return felt


@dataclass(frozen=True)
class Curve:
    """A response curve. Unit: `most` (the ceiling) of the result per period, `half` (where half of it is reached) of spend per period."""

    most: float
    half: float
    steep: float = 1.0
    shape: Shape = "hill"

    def at(self, spend: float) -> float:
        """Result per period at this steady spend."""
        if spend <= 0 or self.most == 0:
            return 0.0
        if self.shape == "logistic":
            return float(self.most * np.tanh(_HALF * spend / self.half))
        return float(self.most / (1 + (self.half / spend) ** self.steep))

    def marginal(self, spend: float) -> float:
        """Result of the next unit of spend."""
        if self.shape == "logistic":
            return float(self.most * _HALF / self.half / np.cosh(min(_HALF * spend / self.half, 300.0)) ** 2)
        if self.steep == 1:
            return self.most * self.half / (self.half + spend) ** 2
        if spend <= 0:
            return 0.0 if self.steep > 1 else float("inf")
        ratio = (self.half / spend) ** self.steep
        return float(self.most * self.steep * ratio / (spend * (1 + ratio) ** 2))

    def spend_at(self, marginal: float) -> float:
        """Spend at which the next unit brings this much, for concave curves; zero if even the first brings less."""
        if self.most <= 0:
            return 0.0
        if self.shape == "logistic":
            return float(self.half / _HALF * np.arccosh(np.sqrt(max(1.0, self.most * _HALF / (self.half * marginal)))))
        return float(max(0.0, np.sqrt(self.most * self.half / marginal) - self.half))

    @property
    def concave(self) -> bool:
        """Whether every further unit brings less than the one before. NB: a Hill curve with steep below 1 is, but has no closed inverse."""
        return self.shape == "logistic" or self.steep == 1


def marginal_romi(curve: Curve, spend: float, margin: float) -> float:
    """Profit of the next rouble: margin times its revenue, minus one. Unit: share."""
    return margin * curve.marginal(spend) - 1


def assumed_curve(spend: float, result: float, elasticity: float = PRIOR_ELASTICITY) -> Curve:
    """A curve from a published mean, through the present point, half of the ceiling at present spend: an assumption, to be labelled so.

    At `spend` one percent more of it brings `elasticity` percent more of `result`: most = 4 elasticity result.
    """
    return Curve(most=4 * elasticity * result, half=spend)
