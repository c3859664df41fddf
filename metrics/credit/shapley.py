"""Shapley attribution: a channel's average contribution over all orders in which channels could have been added.

What a set of channels is worth decides the answer, so there are two. By *count*, a set is worth the conversions of the paths that lie
inside it; this has a closed form: every distinct channel of a path gets an equal part of it. By *rate*, a set is worth the conversion
rate of the paths inside it; a channel that only lengthens journeys can get less than nothing.

Source: Shapley 1953; Zhao, Mahboobi, Bagheri 2018, "Shapley value methods for attribution modeling in online advertising".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from metrics.credit.paths import Floats, Ints, Paths

EXACT = 12
"""Channels up to which all sets are looked at."""
MOST = 62
"""Channels that fit into one number."""
PRECISE = 0.01
"""Standard error of a sampled value, as a share of the total, at which sampling stops."""
ROUND, ROUNDS = 500, 40


@dataclass(frozen=True)
class RateValues:
    """Shapley values of the conversion rate. Shape: `values` and `errors` (channels,).

    Unit: shares (points of conversion rate); they add up to `total`, the rate of all journeys. `orders` is how many random orders were
    sampled, zero where all sets were looked at.
    """

    values: Floats
    errors: Floats
    total: float
    orders: int = 0


def by_count(paths: Paths, amounts: Floats) -> Floats:
    """Credit of each channel when a set is worth the amounts of the paths inside it. Shape: amounts (paths,); answer (channels,)."""
    owner, channel = paths.sets
    width = np.bincount(owner, minlength=len(paths))
    return _sums(channel, (amounts / np.maximum(width, 1))[owner], len(paths.channels))


def by_rate(paths: Paths, seed: int = 0) -> RateValues | None:
    """Shapley values of the conversion rate: exact up to `EXACT` channels, sampled beyond, None beyond `MOST`."""
    present = np.flatnonzero(np.bincount(paths.codes, minlength=len(paths.channels)))
    if len(present) > MOST:
        return None
    if not len(paths):
        return RateValues(np.zeros(len(paths.channels)), np.zeros(len(paths.channels)), 0.0)
    masks = np.bitwise_or.reduceat(np.int64(1) << np.searchsorted(present, paths.codes), paths.first)
    found, same = np.unique(masks, return_inverse=True)
    won = _sums(same, paths.conversions, len(found))
    all_ = _sums(same, paths.journeys, len(found))
    if len(present) <= EXACT:
        values, errors, orders = _exact(found, won, all_, len(present))
    else:
        values, errors, orders = _sampled(found, won, all_, len(present), seed)
    spread = np.zeros((2, len(paths.channels)))
    spread[0, present], spread[1, present] = values, errors
    total = float(won.sum() / all_.sum()) if all_.sum() > 0 else 0.0
    return RateValues(spread[0], spread[1], total, orders)


def values_of_game(worth: Floats) -> Floats:
    """Shapley values of any game. Shape: worth (2^n,), the worth of the set whose bits are its place; answer (n,)."""
    players = len(worth).bit_length() - 1
    sets = np.arange(len(worth))
    size = np.bitwise_count(sets.astype(np.uint64)).astype(np.int64)
    share = np.array([factorial(k) * factorial(players - k - 1) / factorial(players) for k in range(players)])
    answer = np.zeros(players)
    for player in range(players):
        without = sets[(sets >> player) & 1 == 0]
        answer[player] = (share[size[without]] * (worth[without | (1 << player)] - worth[without])).sum()
    return answer


def _exact(masks: Ints, won: Floats, all_: Floats, players: int) -> tuple[Floats, Floats, int]:
    sums = np.zeros((2, 1 << players))
    sums[0, masks], sums[1, masks] = won, all_
    for player in range(players):
        # Sums over subsets, one player at a time: the half of the sets with the player takes the half without it.
        halves = sums.reshape(2, -1, 2, 1 << player)
        halves[:, :, 1] += halves[:, :, 0]
    return values_of_game(_rate(sums[0], sums[1])), np.zeros(players), 0


def _sampled(masks: Ints, won: Floats, all_: Floats, players: int, seed: int) -> tuple[Floats, Floats, int]:
    """Average contribution over random orders, in rounds, until the standard error is small."""
    random = np.random.default_rng(seed)
    members = (masks[:, None] >> np.arange(players)) & 1 == 1
    first, second, orders = np.zeros(players), np.zeros(players), 0
    for _ in range(ROUNDS):
        for _ in range(ROUND):
            gained = _one_order(random.permutation(players), members, won, all_)
            first, second = first + gained, second + gained**2
        orders += ROUND
        mean = first / orders
        error = np.sqrt(np.maximum(second / orders - mean**2, 0) / orders)
        if error.max() < PRECISE * won.sum() / all_.sum():
            break
    return mean, error, orders


def _one_order(order: Ints, members: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], won: Floats, all_: Floats) -> Floats:
    """What each player adds when players join in this order: a set of channels is complete when its last one has joined."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    complete = np.where(members, rank, -1).max(axis=1)
    so_far = [np.cumsum(_sums(complete, amount, len(order))) for amount in (won, all_)]
    gained = np.empty(len(order))
    gained[order] = np.diff(_rate(so_far[0], so_far[1]), prepend=0.0)
    return gained


def _sums(places: Ints, amounts: Floats, count: int) -> Floats:
    """Sum of the amounts at each place. Shape: (count,)."""
    return np.asarray(np.bincount(places, weights=amounts, minlength=count), dtype=np.float64)


def _rate(won: Floats, all_: Floats) -> Floats:
    """Conversion rate; zero where nobody came."""
    rate: Floats = np.divide(won, all_, out=np.zeros_like(won), where=all_ > 0)
    return rate
