"""What a period is set against: the days before, the same weekdays, a year ago, days of one's own, and as much of an unfinished one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import CannotAnswer
from metrics import Query, Settings
from metrics.periods import Window, before, bucket, calendar, to_date, whole_bucket
from tests.small_store import MARCH, SEARCH, VK, answer, column, day, loaded, said, spend, visits

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
LONG = (date(2026, 1, 1), date(2026, 4, 30))


def window(since: str, until: str, fiscal: int = 1) -> Window:
    return Window(date.fromisoformat(since), date.fromisoformat(until), fiscal=fiscal)


def days(found: Window | None) -> tuple[str, str]:
    assert found is not None
    return found.since.isoformat(), found.until.isoformat()


@pytest.mark.parametrize(("compare", "since", "until"), [
    ("previous", "2026-01-29", "2026-02-28"),
    ("weekdays", "2026-01-25", "2026-02-24"),
    ("year", "2025-03-02", "2025-04-01"),
    ("2025-12-01/2025-12-15", "2025-12-01", "2025-12-15"),
])
def test_each_comparison_of_a_known_month(compare: str, since: str, until: str) -> None:
    assert days(before(window("2026-03-01", "2026-03-31"), compare)) == (since, until)


@given(DAYS, st.integers(0, 400), st.sampled_from(["weekdays", "year"]))
def test_weekdays_stay_aligned(since: date, length: int, compare: str) -> None:
    now = Window(since, since + timedelta(days=length))
    against = before(now, compare)
    assert against is not None and against.shift % 7 == 0 and against.length == now.length


@pytest.mark.parametrize(("asked", "known", "compare", "expected"), [
    # A month is set against the beginning of the month before, however long that was.
    (("2026-03-01", "2026-03-31"), "2026-03-10", "previous", ("2026-02-01", "2026-02-10")),
    (("2026-03-01", "2026-03-31"), "2026-03-30", "previous", ("2026-02-01", "2026-02-28")),
    (("2026-04-01", "2026-06-30"), "2026-05-15", "previous", ("2026-01-01", "2026-02-14")),
    (("2026-03-03", "2026-03-30"), "2026-03-10", "previous", ("2026-02-03", "2026-02-10")),
    (("2026-03-01", "2026-03-31"), "2026-03-10", "year", ("2025-03-02", "2025-03-11")),
    (("2026-03-01", "2026-03-31"), "2026-03-10", "2025-12-01/2025-12-31", ("2025-12-01", "2025-12-10")),
    (("2026-03-01", "2026-03-31"), "2026-03-10", "2025-12-01/2025-12-05", ("2025-12-01", "2025-12-05")),
])
def test_an_unfinished_period_is_set_against_as_many_days(
    asked: tuple[str, str], known: str, compare: str, expected: tuple[str, str]
) -> None:
    assert days(to_date(window(*asked), window(asked[0], known), compare)) == expected


def test_an_unfinished_month_of_the_client_is_set_against_its_month_before() -> None:
    asked, now = window("2026-02-26", "2026-03-25", 26), window("2026-02-26", "2026-03-01", 26)
    assert days(to_date(asked, now, "previous")) == ("2026-01-26", "2026-01-29")


@given(DAYS, st.integers(1, 28))
def test_a_day_lies_in_its_clients_month(one: date, fiscal: int) -> None:
    start = bucket("fiscal_month", one, 0, fiscal)
    assert isinstance(start, date) and start.day == fiscal and 0 <= (one - start).days <= 30
    assert bucket("fiscal_month", start - timedelta(days=1), 0, fiscal) != start
    assert (fiscal != 1) or start == bucket("month", one)


@given(DAYS, st.integers(1, 28), st.integers(0, 120))
def test_the_calendar_says_the_same_as_each_day(since: date, fiscal: int, length: int) -> None:
    found = calendar(Window(since, since + timedelta(days=length), 7, fiscal=fiscal), ("fiscal_month", "week"))
    first = date.fromordinal(int(found["ordinal"].iloc[0]))
    assert found["fiscal_month"].iloc[0].date() == bucket("fiscal_month", first, 7, fiscal)
    assert found["fiscal_month"].iloc[-1].date() == bucket("fiscal_month", first + timedelta(days=length), 7, fiscal)


def test_a_clients_month_is_whole_from_its_first_day_to_the_eve_of_the_next() -> None:
    assert whole_bucket("fiscal_month", date(2026, 1, 26), date(2026, 2, 25), 26)
    assert not whole_bucket("fiscal_month", date(2026, 1, 26), date(2026, 2, 26), 26)


# ------------------------------------------------------------------------------------------------------------------ asked for real


def test_figures_go_by_the_clients_months(tmp_path: Path) -> None:
    rows = [(date(2026, 1, 25), 1, VK), (date(2026, 1, 26), 2, VK), (date(2026, 2, 25), 3, VK), (date(2026, 2, 26), 4, VK)]
    store = loaded(tmp_path, visits(rows, LONG))
    settings = Settings.of("RUB", {"fiscal_month_start": 26}, 0)
    asked: dict[str, Any] = {"by": ("fiscal_month",), "days": (date(2026, 1, 20), date(2026, 3, 10)), "settings": settings}
    assert column(answer(store, "visits", **asked), "fiscal_month", "visits") == {"2025-12-26": 1, "2026-01-26": 2, "2026-02-26": 1}
    only = answer(store, "visits", only=(("fiscal_month", ("2026-01-26",)),), **asked)
    assert only.total == {"visits": 2}


@pytest.mark.parametrize("start", ["0", 29, "last", "-3"])
def test_a_month_cannot_begin_on_a_day_that_some_months_lack(start: Any) -> None:
    with pytest.raises(CannotAnswer, match="month cannot begin"):
        Settings.of("RUB", {"fiscal_month_start": start}, 0)


def test_days_of_ones_own_of_another_length_are_compared_and_said(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(date(2026, 1, 1) + timedelta(days=n), n, SEARCH) for n in range(120)], LONG))
    result = answer(store, "visits", days=(day(1), day(10)), compare="2026-02-01/2026-02-05")
    assert result.total == {"visits": 10} and result.before == {"visits": 5} and result.change == {"visits": 1.0}
    assert result.compared == (date(2026, 2, 1), date(2026, 2, 5))
    assert str(said(result)["length"][0]) == "The periods are of different length: 10 and 5 days. Sums are judged by the day."
    verdict = result.verdict("visits")
    assert verdict is not None and verdict.word == "within noise"


def test_to_date_counts_the_loaded_days_and_as_many_before(tmp_path: Path) -> None:
    span = (date(2026, 1, 1), day(10))
    store = loaded(
        tmp_path, visits([(date(2026, 1, 1) + timedelta(days=n), n, SEARCH) for n in range(69)], span),
        spend([(day(n), VK, 10) for n in range(1, 9)], (date(2026, 1, 1), day(8))),
    )
    result = answer(store, "visits", compare="previous", to_date=True, days=MARCH)
    assert result.total == {"visits": 10} and result.compared == (date(2026, 2, 1), date(2026, 2, 10)) and result.change == {"visits": 0.0}
    assert result.query.until == day(10) and "to date" in said(result) and "missing" not in said(result)
    both = answer(store, "visits", "spend", compare="previous", to_date=True, days=MARCH)
    assert both.total == {"visits": 8, "spend": 80}, "everything asked for is compared over the same days"
    whole = answer(store, "visits", compare="previous", to_date=True, days=(day(1), day(5)))
    assert "to date" not in said(whole) and whole.compared == (date(2026, 2, 24), date(2026, 2, 28))


@pytest.mark.parametrize("compare", ["2026-02-30/2026-03-01", "2026-03-02/2026-03-01", "a/b", "2026-03-01/"])
def test_days_that_are_none_are_refused(compare: str) -> None:
    with pytest.raises(CannotAnswer, match="is not a period to compare with"):
        Query(("visits",), *MARCH, compare=compare)
