"""An action is judged against what would have come without it, and left alone where that cannot be told."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.desk.actions import Action
from data.warehouse import Warehouse
from metrics.readings import outcomes
from metrics.readings.outcomes import Verdict, judge
from metrics.readings.subject import Subject
from metrics.scope import Settings
from tests.small_store import SEARCH, loaded, visits

FIRST = date(2026, 1, 5)
DAYS = 84


@pytest.mark.parametrize(
    ("fact", "wanted", "better", "verdict"),
    [
        (140, 0.3, "up", Verdict.WORKED),
        (140, None, "up", Verdict.WORKED),
        (60, 0.3, "up", Verdict.AGAINST),
        (60, -0.3, "down", Verdict.WORKED),
        (60, None, "down", Verdict.WORKED),
        (105, 0.3, "up", Verdict.NOT),
        (105, 0.05, "up", Verdict.UNSEEN),
        (105, None, "up", Verdict.UNSEEN),
    ],
)
def test_the_word_follows_from_the_band_and_the_promise(fact: float, wanted: float | None, better: str, verdict: Verdict) -> None:
    assert judge(fact, 100.0, 90.0, 115.0, wanted, better) is verdict


def shop(tmp_path: Path, after: int, days: int = DAYS, changed: int = 56) -> Warehouse:
    """Visits by day: 40 on every day, `after` from the day on which something was done."""
    sent, number = [], 0
    for step in range(days):
        day = FIRST + timedelta(days=step)
        for _ in range(40 if step < changed else after):
            number += 1
            sent.append((day, number, SEARCH))
    return loaded(tmp_path, visits(sent, (FIRST, FIRST + timedelta(days=days - 1))))


def said(store: Warehouse, expected: float) -> outcomes.Outcome:
    done = Action("New titles", metric="visits", state="done", since=FIRST + timedelta(days=56), expected=expected)
    last = FIRST + timedelta(days=DAYS - 1)
    [found] = outcomes.read(store.run, Settings(), Subject(), last, [done])
    return found


def test_a_clear_rise_after_an_action_is_said_to_be_one_with_its_band(tmp_path: Path) -> None:
    found = said(shop(tmp_path, 60), expected=0.5)
    assert found.verdict is Verdict.WORKED
    assert found.fact == 60 * 28 and found.expected == pytest.approx(40 * 28, rel=0.02)
    assert found.low is not None and found.high is not None and found.low <= 40 * 28 <= found.high
    assert found.effect == pytest.approx(0.5, abs=0.03)


def test_no_change_where_a_large_one_was_promised_did_not_work(tmp_path: Path) -> None:
    assert said(shop(tmp_path, 40), expected=0.5).verdict is Verdict.NOT


def test_a_small_promise_is_left_alone_and_says_how_wide_the_noise_is(tmp_path: Path) -> None:
    found = said(shop(tmp_path, 40), expected=0.001)
    assert found.verdict is Verdict.UNSEEN and "varies" in str(found.note)


def test_a_week_is_the_least(tmp_path: Path) -> None:
    found = said(shop(tmp_path, 60, days=60), expected=0.5)
    assert found.verdict is Verdict.EARLY and str(found.note) == "4 days are loaded since then; 7 are needed."


@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        (Action("planned"), Verdict.EARLY),
        (Action("nameless", state="done", since=FIRST), Verdict.UNKNOWN),
        (Action("people", metric="users", state="done", since=FIRST), Verdict.UNKNOWN),
    ],
)
def test_what_cannot_be_judged_says_so(tmp_path: Path, action: Action, verdict: Verdict) -> None:
    store = shop(tmp_path, 40, days=10)
    [found] = outcomes.read(store.run, Settings(), Subject(), FIRST + timedelta(days=9), [action])
    assert found.verdict is verdict and found.effect is None
