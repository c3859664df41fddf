"""The Russian calendar is the one that was decreed: moved days off, working Saturdays, occasions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from metrics.expecting import calendar
from metrics.expecting.calendar import Occasion


@pytest.mark.parametrize(("year", "expected"), [(2024, 248), (2025, 247), (2026, 247)])
def test_working_days_equal_the_production_calendar(year: int, expected: int) -> None:
    assert calendar.working_days(date(year, 1, 1), date(year, 12, 31)) == expected


def test_working_saturdays_and_moved_days_off_are_known() -> None:
    for day in (date(2024, 4, 27), date(2024, 11, 2), date(2024, 12, 28), date(2025, 11, 1)):
        assert calendar.working(day)
        assert calendar.weekday(day) == calendar.FRIDAY
    assert not calendar.working(date(2026, 1, 9))
    assert calendar.weekday(date(2026, 1, 9)) == 6


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 30), Occasion.NEW_YEAR),
        (date(2026, 1, 9), Occasion.NEW_YEAR),
        (date(2024, 4, 29), Occasion.MAY),
        (date(2025, 6, 13), Occasion.RUSSIA),
        (date(2026, 3, 9), Occasion.WOMEN),
        (date(2025, 11, 3), Occasion.UNITY),
        (date(2025, 11, 28), Occasion.BLACK_FRIDAY),
        (date(2025, 11, 30), Occasion.BLACK_FRIDAY),
        (date(2025, 11, 11), Occasion.SINGLES),
        (date(2025, 11, 27), None),
        (date(2025, 7, 12), None),
    ],
)
def test_a_day_has_its_occasion(day: date, expected: Occasion | None) -> None:
    assert calendar.occasion(day) is expected


def test_codes_are_the_same_calendar_in_one_go() -> None:
    since, until = date(2024, 12, 20), date(2026, 1, 12)
    weekdays, occasions = calendar.codes(since, until)
    days = calendar.days(since, until)
    assert weekdays.tolist() == [calendar.weekday(day) for day in days]
    names = [*Occasion, None]
    assert [names[place] for place in occasions] == [calendar.occasion(day) for day in days]


def test_every_weekday_off_has_an_occasion() -> None:
    for day in calendar.days(date(2023, 1, 1), date(2026, 12, 31)):
        assert calendar.working(day) or day.weekday() >= calendar.SATURDAY or calendar.occasion(day)


def test_a_different_number_of_working_days_is_flagged() -> None:
    since, until = date(2026, 1, 5), date(2026, 1, 18)
    back = timedelta(days=14)
    note = calendar.working_days_note(since, until, since - back, until - back)
    assert note is not None
    assert str(note) == "Working days differ: 5 in this period, 7 in the one it is compared with."
    summer = date(2026, 7, 6), date(2026, 7, 12)
    assert calendar.working_days_note(*summer, summer[0] - back, summer[1] - back) is None
