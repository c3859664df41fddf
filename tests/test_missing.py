"""Zero, undefined and not loaded are three different things, in rows, totals and changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.tables import CONVERSIONS, SPEND
from tests.small_store import MARCH, SEARCH, VK, YANDEX, answer, batch, column, daily, day, loaded, period, said, spend, visits

WEEK = (day(2), day(8))


def test_a_loaded_day_without_rows_is_zero_and_a_day_that_is_not_loaded_is_missing(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(2), 1, SEARCH), (day(4), 2, SEARCH)], (day(2), day(5))))
    result = answer(store, "visits", "users", "bounce_rate", by=("day",), days=WEEK)
    assert column(result, "day", "visits") == {
        "2026-03-02": 1,
        "2026-03-03": 0,
        "2026-03-04": 1,
        "2026-03-05": 0,
        "2026-03-06": None,
        "2026-03-07": None,
        "2026-03-08": None,
    }
    assert [row["users"] for row in result.rows()] == [1, 0, 1, 0, None, None, None]
    assert [row["bounce_rate"] for row in result.rows()] == [1.0, None, 0.0, None, None, None, None]
    assert result.missing["visits"] == ((day(6), day(8)),)
    assert [str(note) for note in said(result)["missing"]] == ["Visits: not loaded for 3 of 7 days."]


def test_a_source_that_was_never_loaded_is_missing_and_says_so(tmp_path: Path) -> None:
    result = answer(loaded(tmp_path, visits([(day(2), 1, SEARCH)])), "visits", "spend", "cpa", by=("channel",))
    assert result.total == {"visits": 1, "spend": None, "cpa": None}
    assert column(result, "channel", "spend") == {"search_yandex": None}
    assert "Spend: nothing is loaded." in [str(note) for note in said(result)["missing"]]


def test_an_empty_store_answers_with_nothing_and_no_error(tmp_path: Path) -> None:
    result = answer(loaded(tmp_path), "visits", "cpa", by=("channel",), compare="previous")
    assert result.rows() == [] and result.total == {"visits": None, "cpa": None} and result.loaded_until is None


def test_a_channel_without_spend_has_zero_spend_and_no_cpa_and_one_without_conversions_none_either(tmp_path: Path) -> None:
    reaches = batch(CONVERSIONS, [{"day": day(2), "visit": 1, "goal": "g", "ordinal": 1, "reaches": 1, "origin": SEARCH}])
    store = loaded(tmp_path, visits([(day(2), 1, SEARCH), (day(2), 2, VK)]), reaches, spend([(day(2), VK, 500)]))
    result = answer(store, "spend", "conversions", "cpa", "roas", by=("channel",))
    assert column(result, "channel", "spend") == {"vk_ads": 500, "search_yandex": 0}
    assert column(result, "channel", "cpa") == {"vk_ads": None, "search_yandex": None}
    assert result.total["cpa"] == 500


def test_a_paid_channel_whose_spend_was_never_loaded_has_an_unknown_cost_and_not_a_free_one(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(2), 1, SEARCH), (day(2), 2, VK), (day(3), 3, YANDEX)]), spend([(day(2), YANDEX, 500)]))
    result = answer(store, "visits", "spend", "cost_per_visit", "romi", by=("channel",))
    assert column(result, "channel", "spend") == {"direct_ads": 500, "vk_ads": None, "search_yandex": 0}
    assert column(result, "channel", "cost_per_visit") == {"direct_ads": 500, "vk_ads": None, "search_yandex": None}
    assert str(said(result)["unpaid"][0]).startswith("No spend is loaded for the paid channel VK Ads: ")
    only = answer(store, "visits", "spend", only=(("channel", ("vk_ads",)),))
    assert only.total == {"visits": 1, "spend": None} and "unpaid" in said(only)


def test_a_paid_channel_that_paused_has_spent_nothing(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(2), 1, VK), (day(9), 2, VK)]), spend([(day(2), VK, 500)]))
    result = answer(store, "visits", "spend", "cost_per_visit", by=("channel",), days=(day(9), day(15)))
    assert result.rows() == [{"channel": "vk_ads", "visits": 1, "spend": 0, "cost_per_visit": None}]
    assert "unpaid" not in said(result)


def test_a_rate_is_computed_over_the_days_on_which_everything_it_needs_is_loaded(tmp_path: Path) -> None:
    reaches = batch(
        CONVERSIONS, [{"day": day(n), "visit": n, "goal": "g", "ordinal": 1, "reaches": 1, "origin": VK} for n in range(2, 9)], WEEK
    )
    store = loaded(tmp_path, visits([], WEEK), reaches, spend([(day(n), VK, 100) for n in range(2, 7)], (day(2), day(6))))
    result = answer(store, "conversions", "spend", "cpa", days=WEEK)
    assert result.total == {"conversions": 7, "spend": 500, "cpa": 100}
    assert str(said(result)["common days"][0]) == "CPA: computed over 5 of 7 days, those for which everything it needs is loaded."
    assert result.receipt.lines[2].days == ((day(2), day(6)),) and str(result.receipt.lines[2]) == "cost / reaches = 500 / 5 = 100"


def test_a_sum_is_compared_only_where_both_periods_are_loaded_whole(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(n), n, SEARCH) for n in range(2, 14)], (day(2), day(13))))
    result = answer(store, "visits", "depth", days=(day(9), day(15)), compare="previous")
    assert (result.total["visits"], result.before and result.before["visits"]) == (5, 7)
    assert result.change == {"visits": None, "depth": 0.0}
    whole = answer(store, "visits", days=(day(9), day(13)), compare="previous")
    assert whole.change == {"visits": 0.0}


def test_growth_from_nothing_has_no_rate_and_shares_change_in_points(tmp_path: Path) -> None:
    rows = [(day(2), 1, SEARCH), (day(9), 2, VK), (day(9), 3, VK), (day(10), 4, SEARCH)]
    result = answer(loaded(tmp_path, visits(rows)), "visits", "bounce_rate", by=("channel",), days=(day(9), day(15)), compare="previous")
    assert column(result, "channel", "visits__change") == {"vk_ads": None, "search_yandex": 0.0}
    assert column(result, "channel", "bounce_rate__change")["search_yandex"] == -1.0
    assert result.change is not None and result.change["visits"] == 2.0


def test_a_channel_that_has_disappeared_stays_as_a_zero(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(2), 1, VK), (day(9), 2, SEARCH)]))
    result = answer(store, "visits", by=("channel",), days=(day(9), day(15)), compare="previous")
    assert column(result, "channel", "visits") == {"search_yandex": 1, "vk_ads": 0}
    assert column(result, "channel", "visits__change") == {"search_yandex": None, "vk_ads": -1.0}


def test_what_a_source_did_not_record_is_missing_and_never_too_small(tmp_path: Path) -> None:
    rows = [
        {"day": day(2), "origin": SEARCH, "visits": 10, "bounces": 4, "page_views": 20},
        {"day": day(3), "origin": SEARCH, "visits": 10, "bounces": None, "page_views": 30},
    ]
    result = answer(loaded(tmp_path, daily(rows, "origin")), "visits", "bounce_rate", "depth", by=("day",), days=(day(2), day(3)))
    assert result.total == {"visits": 20, "bounce_rate": None, "depth": 2.5}
    assert [row["bounce_rate"] for row in result.rows()] == [0.4, None]
    assert str(said(result)["not recorded"][0]) == "Bounces: the source does not send it for every row, so it is not shown."


def test_spend_is_missing_by_device_because_it_is_not_recorded_so_and_its_total_stays(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(2), 1, VK)]), spend([(day(2), VK, 500)]))
    result = answer(store, "visits", "spend", "cost_per_visit", by=("device",))
    assert result.rows() == [{"device": "", "visits": 1, "spend": None, "cost_per_visit": None}]
    assert result.total == {"visits": 1, "spend": 500, "cost_per_visit": 500}
    assert str(said(result)["breakdown"][0]) == "Spend: not recorded by Device."
    assert answer(store, "spend", only=(("device", ("phone",)),)).total == {"spend": None}


# --------------------------------------------------------------------------------------------------- periods that cannot be split


def test_a_period_that_cannot_be_split_counts_only_inside_and_in_no_day(tmp_path: Path) -> None:
    rows = batch(SPEND, [{"day": day(1), "until": day(31), "origin": VK, "cost": 3100, "currency": "RUB"}], MARCH, "sheet")
    store = loaded(tmp_path, visits([(day(2), 1, VK)], (date(2026, 2, 1), date(2026, 4, 30))), period(rows))
    whole = answer(store, "spend", by=("day",))
    assert whole.total == {"spend": 3100} and {row["spend"] for row in whole.rows()} == {None}
    assert str(said(whole)["period"][0]).startswith("Spend: the period 2026-03-01 – 2026-03-31 cannot be split; it is in the total")
    assert column(answer(store, "spend", by=("month",)), "month", "spend") == {"2026-03-01": 3100}
    assert column(answer(store, "spend", by=("channel",)), "channel", "spend") == {"vk_ads": 3100}
    part = answer(store, "spend", days=(day(1), day(30)))
    assert part.total == {"spend": None}
    assert "lies only partly inside; it is left out" in str(said(part)["period"][0])


def test_a_rate_does_not_count_a_part_of_a_period_that_cannot_be_split(tmp_path: Path) -> None:
    rows = batch(SPEND, [{"day": day(1), "until": day(10), "origin": VK, "cost": 1000, "currency": "RUB"}], (day(1), day(10)), "sheet")
    later = batch(SPEND, [{"day": day(n), "origin": VK, "cost": 10, "currency": "RUB"} for n in range(11, 21)], (day(11), day(20)), "sheet")
    store = loaded(
        tmp_path,
        visits([(day(n), n, VK) for n in range(1, 6)], (day(1), day(5))),
        visits([(day(n), n, VK) for n in range(7, 21)], (day(7), day(20))),
        period(rows),
        later,
    )
    result = answer(store, "spend", "visits", "cost_per_visit", days=(day(1), day(20)))
    assert result.total == {"spend": 1100, "visits": 19, "cost_per_visit": 10}
