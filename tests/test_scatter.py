"""A change is judged by how the client's own days scatter: bunches are no growth, and even days need no allowance."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.batches import Batch
from data.tables import TRAFFIC
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from metrics.stats import Kind, Sample, Word, garwood, judge
from tests.random_store import origin, rows_of

UNTIL = date(2026, 10, 25)
SINCE = UNTIL - timedelta(days=27)
EVEN, BUNCHED = {"traffic_source": "organic", "engine": "yandex"}, {"traffic_source": "referral", "referrer": "habr.com"}


def store(folder: Path) -> Warehouse:
    """Eight weeks of two channels that grow by a sixth in the second half: one even, one in bunches of twenty-five."""
    random, days = np.random.default_rng(3), [UNTIL - timedelta(days=55 - step) for step in range(56)]
    level = np.r_[np.full(28, 60.0), np.full(28, 70.0)]
    found = {"even": random.poisson(level), "bunched": 25 * random.poisson(level / 25)}
    columns: dict[str, Any] = {
        "day": days * 2, "until": days * 2, "origin": [origin(EVEN)] * 56 + [origin(BUNCHED)] * 56, "goal": [""] * 112,
        "visits": [*found["even"].tolist(), *found["bunched"].tolist()],
    }
    kept = Warehouse(folder)
    kept.load([Batch(
        TRAFFIC, "test", "c", rows_of(TRAFFIC, columns), "t.csv", days[0], UNTIL, attribution="last_significant", breakdown="origin"
    )])
    return kept


def test_the_same_growth_is_proven_on_even_days_and_noise_in_bunches(tmp_path: Path) -> None:
    result = ask(Query(("visits",), SINCE, UNTIL, ("channel",), "previous"), store(tmp_path).run, Settings())
    words = {row["channel"]: row["visits__verdict"] for row in result.rows()}
    assert words == {"search_yandex": "grew", "referral": "within noise"}
    wide = {key[0]: found["visits"] for key, found in result.scatter.items() if key}
    assert wide["search_yandex"] == pytest.approx(1, abs=0.5) and 12 < wide["referral"] < 40


def test_the_total_has_a_scatter_of_its_own_and_an_answer_without_comparison_none(tmp_path: Path) -> None:
    kept = store(tmp_path)
    both = ask(Query(("visits",), SINCE, UNTIL, ("week",), "previous"), kept.run, Settings())
    assert list(both.scatter) == [()] and both.scatter[()]["visits"] > 5
    assert ask(Query(("visits",), SINCE, UNTIL), kept.run, Settings()).scatter == {}


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.COST, Kind.MONEY])
def test_every_kind_that_counts_events_is_widened(kind: Kind) -> None:
    before, after = {
        Kind.COUNT: (Sample(400), Sample(470)), Kind.COST: (Sample(1000, 400), Sample(1000, 340)),
        Kind.MONEY: (Sample(4e5, 1, 4000), Sample(4.4e5, 1, 4400)),
    }[kind]
    assert judge(before, after, kind).word is not Word.NOISE
    assert judge(before, after, kind, dispersion=30.0).word is Word.NOISE
    assert garwood(40, dispersion=4).high > garwood(40).high
