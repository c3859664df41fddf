"""A named period means the same days to everybody, ends yesterday, and starts its weeks on Monday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import periods

TODAY = date(2026, 11, 23)  # a Monday
NAMED = [name for name in periods.TITLES if name not in (periods.ALL, periods.CUSTOM)]


@pytest.mark.parametrize(("name", "since", "until"), [
    ("yesterday", date(2026, 11, 22), date(2026, 11, 22)),
    ("7d", date(2026, 11, 16), date(2026, 11, 22)),
    ("28d", date(2026, 10, 26), date(2026, 11, 22)),
    ("week", date(2026, 11, 16), date(2026, 11, 22)),
    ("month", date(2026, 11, 1), date(2026, 11, 22)),
    ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
    ("quarter", date(2026, 10, 1), date(2026, 11, 22)),
    ("year", date(2026, 1, 1), date(2026, 11, 22)),
])
def test_each_period_on_a_known_day(name: str, since: date, until: date) -> None:
    assert periods.days(name, TODAY, None) == (since, until)


def test_on_a_wednesday_the_last_full_week_is_the_one_before() -> None:
    assert periods.days("week", date(2026, 11, 25), None) == (date(2026, 11, 16), date(2026, 11, 22))


def test_on_the_first_of_a_month_month_to_date_is_the_month_that_has_just_ended() -> None:
    assert periods.days("month", date(2026, 12, 1), None) == (date(2026, 11, 1), date(2026, 11, 30))
    assert periods.days("last_month", date(2026, 12, 1), None) == (date(2026, 11, 1), date(2026, 11, 30))


def test_all_loaded_days_are_the_loaded_ones_and_the_default_while_there_are_none() -> None:
    loaded = (date(2022, 1, 20), date(2022, 4, 30))
    assert periods.days(periods.ALL, TODAY, loaded) == loaded
    assert periods.days(periods.ALL, TODAY, None) == periods.days(periods.DEFAULT, TODAY, None)


@given(st.sampled_from(NAMED), st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_every_period_is_in_order_and_over(name: str, today: date) -> None:
    since, until = periods.days(name, today, None)
    assert since <= until < today


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_a_full_week_is_monday_to_sunday(today: date) -> None:
    since, until = periods.days("week", today, None)
    assert (since.weekday(), until.weekday(), until - since) == (0, 6, timedelta(days=6))


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)), st.integers(0, 3000))
def test_a_trend_has_a_readable_number_of_steps(since: date, length: int) -> None:
    step = {"day": 1, "week": 7, "month": 30.4}[periods.grain(since, since + timedelta(days=length))]
    assert (length + 1) / step <= 100
