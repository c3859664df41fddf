"""What a client's settings say of payments, of the brand and of the agency's own time survives the form as it stands."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.readings.tenure import Tenure, read
from metrics.scope import Settings
from metrics.tenure import tenure
from pages.ui import client_tables


@pytest.mark.parametrize("kept", [{}, {"4720": 365}, {"4720": 365, "99.50": 30}])
def test_tariffs_come_back_from_the_table_as_they_were(kept: dict[str, int]) -> None:
    assert client_tables.tariffs(client_tables.tariffs_shown({"tariffs": kept}).to_dict("records")) == kept


def test_a_row_that_is_not_filled_in_is_no_tariff() -> None:
    assert client_tables.tariffs([{"sum": None, "days": 30}, {"sum": 100.0, "days": float("nan")}]) == {}


@pytest.mark.parametrize(("since", "months"), [
    (date(2026, 11, 23), 0), (date(2026, 10, 23), 1), (date(2026, 10, 24), 0), (date(2024, 11, 1), 24), (date(2027, 1, 1), 0),
])
def test_tenure_counts_whole_months(since: date, months: int) -> None:
    assert tenure(since, date(2026, 11, 23)) == months
    assert read({"client_since": since.isoformat()}, date(2026, 11, 23)) == Tenure(since, months)


def test_without_a_day_of_the_contract_there_is_no_tenure() -> None:
    assert read({}, date(2026, 11, 23)) is None


def test_the_goals_of_the_cart_are_taken_from_the_facts() -> None:
    assert Settings.of("RUB", {"cart_goals": ["7", 8]}, 1).stage("cart") == ("7", "8")
    assert Settings.of("RUB", {}, 1).stage("cart") == ()
