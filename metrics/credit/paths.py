"""Paths to conversion as flat arrays: distinct paths once, with how often each of them converted and how often it led nowhere.

All attribution models run on this value. Touches of all paths lie one after another; path `i` owns the touches from `starts[i]` to
`starts[i + 1]`. A million journeys are some hundred thousand distinct paths, and every model is a handful of passes over the touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SPLIT = 12
"""A touch travels from the engine as one number: whole days to the conversion, then this many bits of channel code."""
MASK = (1 << SPLIT) - 1


@dataclass(frozen=True)
class Paths:
    """Distinct paths. Every path has at least one touch.

    Shape: `codes` and `ages` (touches,), `starts` (paths + 1,), `conversions`, `nulls` and `value` (paths,).
    Unit: `codes` are places in `channels`; `ages` whole days from the touch to the conversion, None where times are unknown; `value`
    money of the conversions; `nulls` journeys that led nowhere. `unmatched` conversions (and their value) have no touch within the
    lookback and belong to no path; `still_open` journeys may yet convert and are left out.
    """

    channels: tuple[str, ...]
    codes: Ints
    starts: Ints
    conversions: Floats
    nulls: Floats
    value: Floats
    ages: Ints | None = None
    unmatched: float = 0.0
    unmatched_value: float = 0.0
    still_open: float = 0.0

    def __len__(self) -> int:
        return len(self.conversions)

    @cached_property
    def lengths(self) -> Ints:
        """Touches of each path."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Ints:
        """Path of each touch."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def first(self) -> Ints:
        """Place of the first touch of each path."""
        return self.starts[:-1]

    @property
    def last(self) -> Ints:
        """Place of the last touch of each path."""
        return self.starts[1:] - 1

    @property
    def journeys(self) -> Floats:
        """How many journeys took each path."""
        return self.conversions + self.nulls

    def take(self, wanted: Bools) -> Paths:
        """The paths that are wanted. What belongs to no path stays as it is."""
        touches = np.repeat(wanted, self.lengths)
        return Paths(
            self.channels, self.codes[touches], _starts(self.lengths[wanted]),
            self.conversions[wanted], self.nulls[wanted], self.value[wanted],
            None if self.ages is None else self.ages[touches],
            self.unmatched, self.unmatched_value, self.still_open,
        )

    @cached_property
    def converting(self) -> Paths:
        """The paths that carry conversions or value."""
        return self.take((self.conversions > 0) | (self.value != 0))

    @cached_property
    def sets(self) -> tuple[Ints, Ints]:
        """The distinct channels of each path. Shape: (pairs,) path and (pairs,) channel code, by path."""
        width = len(self.channels)
        pair = self.owner * width + self.codes
        if len(self) * width > 1 << 26:
            pairs = np.unique(pair)
        else:
            met = np.zeros(len(self) * width, dtype=bool)
            met[pair] = True
            pairs = np.flatnonzero(met)
        return pairs // max(width, 1), pairs % max(width, 1)

    def share_longer_than(self, touches: int) -> float:
        """Share of journeys with more touches than this."""
        total = self.journeys.sum()
        return float(self.journeys[self.lengths > touches].sum() / total) if total > 0 else 0.0

    def touch_share(self, channels: Sequence[str]) -> float:
        """Share of all touches that fell to these channels."""
        wanted = np.isin(self.codes, [code for code, channel in enumerate(self.channels) if channel in channels])
        weight = self.journeys[self.owner]
        return float(weight[wanted].sum() / weight.sum()) if weight.sum() > 0 else 0.0

    def commonest(self, count: int) -> pd.DataFrame:
        """The paths that convert most, for reading: neighbours of one channel are written once.

        Shape: path, conversions, nulls, value; at most `count` rows, most conversions first.
        """
        fresh = np.ones(len(self.codes), dtype=bool)
        fresh[1:] = (self.codes[1:] != self.codes[:-1]) | (self.owner[1:] != self.owner[:-1])
        shown: list[list[str]] = [[] for _ in range(len(self))]
        for owner, code in zip(self.owner[fresh].tolist(), self.codes[fresh].tolist(), strict=True):
            shown[owner].append(self.channels[code])
        amounts = {"conversions": self.conversions, "nulls": self.nulls, "value": self.value}
        frame = pd.DataFrame({"path": [tuple(path) for path in shown], **amounts})
        merged = frame.groupby("path", as_index=False).sum()
        return merged.sort_values(["conversions", "nulls"], ascending=False).head(count).reset_index(drop=True)


def paths_from_engine(frame: pd.DataFrame, channels: Sequence[str]) -> Paths:
    """The answer of `metrics.credit.journeys.grouped` as paths.

    Shape: `frame` has a row per touch, those of a path together and in order: place, word (packed; null for the empty path, which holds
    what belongs to none), and of the whole path conversions, nulls, still_open, value.
    """
    place = frame["place"].to_numpy(dtype=np.int64)
    first = np.flatnonzero(np.diff(place, prepend=-1) != 0)
    touched = frame["word"].notna().to_numpy()
    whole = touched[first]
    packed = frame["word"].to_numpy(dtype=np.float64)[touched].astype(np.int64)
    amounts = {name: frame[name].to_numpy(dtype=np.float64)[first] for name in ("conversions", "nulls", "still_open", "value")}
    lengths = np.diff(first, append=len(place))[whole]
    return Paths(
        tuple(channels), packed & MASK, _starts(lengths),
        amounts["conversions"][whole], amounts["nulls"][whole], amounts["value"][whole], packed >> SPLIT,
        float(amounts["conversions"][~whole].sum()), float(amounts["value"][~whole].sum()), float(amounts["still_open"].sum()),
    )


def paths_from_lists(
    paths: Sequence[Sequence[str]], conversions: Sequence[float], nulls: Sequence[float], value: Sequence[float] | None = None,
    ages: Sequence[Sequence[int]] | None = None, channels: Sequence[str] | None = None,
) -> Paths:
    """Paths written out as lists of channel names. Without `value` every conversion is worth 1; `channels` fixes their order."""
    known = tuple(channels) if channels is not None else tuple(dict.fromkeys(name for path in paths for name in path))
    code = {name: place for place, name in enumerate(known)}
    kept = [place for place, path in enumerate(paths) if path]
    amounts = conversions if value is None else value
    won, lost, worth = (np.array([given[place] for place in kept], dtype=np.float64) for given in (conversions, nulls, amounts))
    return Paths(
        known,
        np.array([code[name] for place in kept for name in paths[place]], dtype=np.int64),
        _starts(np.array([len(paths[place]) for place in kept], dtype=np.int64)),
        won, lost, worth,
        None if ages is None else np.array([age for place in kept for age in ages[place]], dtype=np.int64),
        float(sum(conversions[place] for place, path in enumerate(paths) if not path)),
        float(sum(amounts[place] for place, path in enumerate(paths) if not path)),
    )


def _starts(lengths: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
