"""What counts as spend follows the client's terms, day by day and in the money of each row, and every receipt says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.errors import CannotAnswer
from data.tables import ORDERS, SPEND
from metrics import Settings
from metrics.basis import Basis
from tests.small_store import VK, YANDEX, answer, batch, column, day, loaded, said, spend

TURN = (date(2025, 12, 1), date(2026, 1, 31))


def kept(*terms: dict[str, Any], **more: Any) -> Settings:
    return Settings.of("RUB", {"spend_terms": list(terms), **more}, 0)


def test_without_terms_spend_is_what_media_cost_net_of_vat(tmp_path: Path) -> None:
    result = answer(loaded(tmp_path, spend([(day(2), VK, 100)])), "spend", "spend_full", "levy", "fee", settings=kept())
    assert result.total == {"spend": 100, "spend_full": 100, "levy": 0, "fee": 0}
    assert result.receipt.vat == "net" and result.receipt.basis == () and "spend" not in said(result)


def test_vat_is_that_of_the_day_unless_the_row_names_its_own(tmp_path: Path) -> None:
    rows = [
        {"day": date(2025, 12, 31), "origin": VK, "cost": 100, "currency": "RUB"},
        {"day": date(2026, 1, 1), "origin": VK, "cost": 100, "currency": "RUB"},
        {"day": date(2026, 1, 2), "origin": VK, "cost": 100, "vat_rate": 0.05, "currency": "RUB"},
    ]
    result = answer(loaded(tmp_path, batch(SPEND, rows, TURN, "ads")), "spend", by=("day",), days=TURN, settings=kept({"vat": "gross"}))
    spent = {day: cost for day, cost in column(result, "day", "spend").items() if cost}
    assert spent == {"2025-12-31": 120, "2026-01-01": 122, "2026-01-02": 105} and result.total == {"spend": 347}
    assert result.receipt.vat == "gross"
    assert [str(note) for note in said(result)["spend"]] == ["Spend and the cost of goods include VAT."]


def test_the_levy_is_owed_from_the_first_of_april_2025_and_counted_only_where_it_is_agreed(tmp_path: Path) -> None:
    days = (date(2025, 3, 31), date(2025, 4, 1))
    store = loaded(tmp_path, spend([(day, VK, 100) for day in days], days))
    counted = answer(store, "spend", "levy", "spend_full", days=days, settings=kept({"levy": True, "counts": ["levy"]}))
    assert counted.total == {"spend": 203, "levy": 3, "spend_full": 203}
    apart = answer(store, "spend", "levy", "spend_full", days=days, settings=kept({"levy": True}))
    assert apart.total == {"spend": 200, "levy": 3, "spend_full": 203} and "spend" not in said(apart)


def test_a_fee_begins_and_changes_on_its_day_and_prices_follow(tmp_path: Path) -> None:
    settings = kept({"fee": 0.1, "counts": ["fee"]}, {"since": "2026-03-10", "fee": 0.2, "counts": ["fee"]})
    store = loaded(tmp_path, spend([(day(9), VK, 100), (day(10), VK, 100)]))
    result = answer(store, "spend", "cpc", "fee", by=("day",), days=(day(9), day(10)), settings=settings)
    assert column(result, "day", "spend") == {"2026-03-09": 110, "2026-03-10": 120}
    assert column(result, "day", "cpc") == {"2026-03-09": 11, "2026-03-10": 12} and result.total["fee"] == 30
    assert [str(note) for note in result.receipt.basis] == [
        "Spend includes the agency's fee: 10 %.", "Since 2026-03-10 spend includes the agency's fee: 20 %.",
    ]


def test_rows_keep_their_own_currency(tmp_path: Path) -> None:
    store = loaded(tmp_path, spend([(day(2), YANDEX, 100)]), spend([(day(2), VK, 10)], account="vk", currency="USD"))
    settings = kept({"fee": 0.1, "counts": ["fee"]})
    assert answer(store, "spend", settings=settings).total == {"spend": None}
    dollars = answer(store, "spend", only=(("currency", ("USD",)),), settings=settings)
    assert (dollars.total, dollars.currency) == ({"spend": 11}, "USD")


def test_vat_that_cannot_be_reclaimed_weighs_on_the_cost_of_goods_too(tmp_path: Path) -> None:
    order = {"day": day(2), "order_id": "1", "origin": VK, "orders": 1, "revenue": 500, "goods_cost": 100, "currency": "RUB"}
    store = loaded(tmp_path, batch(ORDERS, [order]))
    assert answer(store, "gross_profit", settings=kept({"vat": "gross"})).total == {"gross_profit": 378}


@pytest.mark.parametrize("terms", [{"vat": "with"}, {"fee": 12}, {"fee": "ten"}, {"since": "spring"}, {"counts": ["rent"]}, {"levy": -1}])
def test_terms_that_cannot_be_read_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(CannotAnswer, match="The terms of spend cannot be read"):
        Basis.of({"spend_terms": terms})
