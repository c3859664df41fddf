"""What must never be added is not: counters, breakdowns, people, currencies, systems, goals. What is left over is exact."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from data.errors import CannotAnswer
from data.tables import AUDIENCE, CONVERSIONS, ORDERS, SPEND
from metrics import OTHER, Settings
from metrics.basis import Basis
from tests.random_store import build
from tests.small_store import MARCH, SEARCH, VK, YANDEX, answer, batch, column, daily, day, loaded, period, said, spend, visits


def test_two_counters_are_never_added(tmp_path: Path) -> None:
    ga = daily([{"day": day(2), "origin": {"source": "vk", "medium": "cpc"}, "visits": 90}], "origin", account="ga", attribution="session")
    store = loaded(tmp_path, visits([(day(2), 1, VK), (day(3), 2, SEARCH)]), ga)
    result = answer(store, "visits")
    assert result.total == {"visits": 2} and result.query.counter == "counter"
    assert str(said(result)["counter"][0]) == "Visits of counter are counted; ga are not added to them."
    other = answer(store, "visits", counter="ga")
    assert (other.total, other.query.attribution) == ({"visits": 90}, "session")
    assert answer(store, "visits", settings=Settings(counter="ga")).total == {"visits": 90}
    with pytest.raises(CannotAnswer, match="Did you mean counter"):
        answer(store, "visits", counter="countr")


def test_two_breakdowns_of_the_same_visits_are_never_added(tmp_path: Path) -> None:
    by_origin = daily([{"day": day(2), "origin": VK, "visits": 30}, {"day": day(2), "origin": SEARCH, "visits": 70}], "origin")
    by_device = daily(
        [{"day": day(2), "device": "phone", "visits": 60}, {"day": day(2), "device": "desktop", "visits": 40}], "device", attribution=""
    )
    plain = daily([{"day": day(2), "visits": 100}], "", attribution="")
    store = loaded(tmp_path, by_origin, by_device, plain)
    assert answer(store, "visits").total == {"visits": 100}
    assert column(answer(store, "visits", by=("channel",)), "channel", "visits") == {"search_yandex": 70, "vk_ads": 30}
    assert column(answer(store, "visits", by=("device",)), "device", "visits") == {"phone": 60, "desktop": 40}
    both = answer(store, "visits", by=("channel", "device"))
    assert both.total == {"visits": 100} and both.rows() == []
    assert str(said(both)["breakdown"][0]) == "Visits: not recorded by this combination of breakdowns."


def test_visits_and_daily_totals_of_one_counter_are_never_added(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(2), 1, VK), (day(3), 2, VK)]), daily([{"day": day(2), "origin": VK, "visits": 50}], "origin"))
    assert answer(store, "visits", by=("channel",)).total == {"visits": 2}


def test_attributions_are_never_added_and_the_preferred_one_is_used_and_named(tmp_path: Path) -> None:
    first = daily([{"day": day(2), "origin": SEARCH, "visits": 5}], "origin", attribution="first")
    last = daily([{"day": day(2), "origin": VK, "visits": 5}], "origin", attribution="last")
    store = loaded(tmp_path, first, last)
    result = answer(store, "visits", by=("channel",))
    assert column(result, "channel", "visits") == {"vk_ads": 5} and result.query.attribution == "last"
    assert str(said(result)["attribution"][0]) == "Sources are credited by the attribution Last."
    assert column(answer(store, "visits", by=("channel",), attribution="first"), "channel", "visits") == {"search_yandex": 5}
    with pytest.raises(CannotAnswer, match="does not record the attribution automatic"):
        answer(store, "visits", attribution="automatic")


def test_people_are_counted_anew_in_every_grain(tmp_path: Path) -> None:
    rows = [(day(2), 7, VK), (day(3), 7, SEARCH), (day(3), 8, VK), (day(9), 7, VK), (day(9), 0, VK)]
    store = loaded(tmp_path, visits(rows))
    assert answer(store, "users").total == {"users": 2}
    assert column(answer(store, "users", by=("week",)), "week", "users")["2026-03-02"] == 2
    assert column(answer(store, "users", by=("channel",)), "channel", "users") == {"vk_ads": 2, "search_yandex": 1}
    assert sum(row["users"] for row in answer(store, "users", by=("day",), days=(day(2), day(9))).rows()) == 4


def test_people_of_reports_are_shown_for_exactly_their_period_and_never_added(tmp_path: Path) -> None:
    def people(rows: list[dict[str, object]], breakdown: str) -> object:
        return period(batch(AUDIENCE, rows, MARCH, breakdown=breakdown))

    march = {"day": day(1), "until": day(31)}
    store = loaded(
        tmp_path,
        daily([{"day": day(2), "visits": 9}], "", attribution=""),
        people([{**march, "users": 1000}], ""),  # type: ignore[arg-type]
        people([{**march, "users": 700, "device": "phone"}, {**march, "users": 500, "device": "desktop"}], "device"),  # type: ignore[arg-type]
    )
    assert answer(store, "users").total == {"users": 1000}
    assert column(answer(store, "users", by=("device",)), "device", "users") == {"phone": 700, "desktop": 500}
    assert column(answer(store, "users", by=("month",)), "month", "users") == {"2026-03-01": 1000}
    assert answer(store, "users", days=(day(1), day(30))).total == {"users": None}
    assert answer(store, "users", by=("day",)).rows()[0]["users"] is None
    assert str(said(answer(store, "users", days=(day(1), day(30))))["missing"][0]) == "Visitors: not counted for exactly this period."


def test_several_goals_of_daily_totals_are_not_united_and_one_is(tmp_path: Path) -> None:
    rows = [
        {"day": day(2), "origin": VK, "visits": 50},
        *({"day": day(2), "origin": VK, "visits": None, "goal": goal, "reaches": 5, "goal_visits": 4} for goal in ("order", "call")),
    ]
    store = loaded(tmp_path, daily(rows, "origin"))
    result = answer(store, "conversions", "cr")
    assert result.total == {"conversions": 10, "cr": None}
    assert str(said(result)["goals"][0]) == "Daily totals of several goals cannot be united into visits: choose one goal."
    assert answer(store, "conversions", "cr", goals=("order",)).total == {"conversions": 5, "cr": 0.08}
    by_goal = answer(store, "visits", "conversions", "cr", by=("goal",))
    assert by_goal.rows() == [{"goal": goal, "visits": None, "conversions": 5, "cr": 0.08} for goal in ("call", "order")]
    assert by_goal.total["visits"] == 50


def test_goals_come_from_the_totals_that_tell_them_apart(tmp_path: Path) -> None:
    """A report of all key events together may stand beside one by event."""
    together = daily([{"day": day(2), "visits": 50}, {"day": day(2), "goal": "all", "reaches": 9}], "", attribution="session")
    apart = daily([{"day": day(2), "goal": goal, "reaches": n} for goal, n in (("order", 5), ("call", 4))], "goal", attribution="session")
    store = loaded(tmp_path, together, apart)
    assert answer(store, "conversions", "visits").total == {"conversions": 9, "visits": 50}
    assert column(answer(store, "conversions", by=("goal",)), "goal", "conversions") == {"order": 5, "call": 4}
    assert answer(store, "conversions", goals=("call",)).total == {"conversions": 4}


def test_a_goal_is_missing_where_only_all_of_them_together_are_known(tmp_path: Path) -> None:
    rows = [{"day": day(2), "origin": VK, "visits": 50}, {"day": day(2), "origin": VK, "goal": "*", "reaches": 9}]
    store = loaded(tmp_path, daily(rows, "origin", attribution="session"))
    assert answer(store, "conversions", by=("channel",)).total == {"conversions": 9}
    assert answer(store, "conversions", goals=("call",)).total == {"conversions": None}
    assert answer(store, "conversions", by=("goal",)).title("goal", "*") == "All key events"


def test_without_origins_any_attribution_will_do(tmp_path: Path) -> None:
    by_origin = daily([{"day": day(2), "origin": VK, "visits": 50}], "origin", attribution="session")
    by_device = daily([{"day": day(2), "device": "phone", "visits": 50}], "device", attribution="first")
    result = answer(loaded(tmp_path, by_origin, by_device), "visits", by=("device",), attribution="session")
    assert column(result, "device", "visits") == {"phone": 50}


def test_a_visit_with_two_goals_is_one_converted_visit(tmp_path: Path) -> None:
    one, other = ({"day": day(2), "visit": 1, "origin": VK, "goal": goal, "ordinal": n, "reaches": 1} for n, goal in enumerate("ab", 1))
    store = loaded(tmp_path, visits([(day(2), 1, VK), (day(2), 2, VK)]), batch(CONVERSIONS, [one, other]))
    result = answer(store, "conversions", "goal_visits", "cr", by=("goal",))
    assert result.total == {"conversions": 2, "goal_visits": 1, "cr": 0.5}
    assert [row["cr"] for row in result.rows()] == [0.5, 0.5]


def test_spend_of_several_accounts_is_added_and_a_gap_in_one_of_them_is_named(tmp_path: Path) -> None:
    one = spend([(day(n), YANDEX, 100) for n in range(1, 32)])
    other = spend([(day(n), VK, 10) for n in range(1, 30)], (day(1), day(29)), "vk")
    result = answer(loaded(tmp_path, one, other), "spend", by=("ad_system",))
    assert result.total == {"spend": 3390} and column(result, "ad_system", "spend") == {"ya_direct": 3100, "vkontakte": 290}
    assert [str(note) for note in said(result)["missing"]] == [
        "Spend: not loaded for 2 of 31 days.",
        "Spend of vk: not loaded for 2 of 31 days.",
    ]
    assert answer(loaded(tmp_path / "b", one, other), "spend", only=(("account", ("vk",)),)).total == {"spend": 290}


def test_currencies_are_never_added(tmp_path: Path) -> None:
    store = loaded(
        tmp_path, spend([(day(2), VK, 500)]), spend([(day(2), {"ad_system": "google_adwords"}, 20)], account="google", currency="USD")
    )
    result = answer(store, "spend", "clicks", "cpc", by=("channel",))
    assert result.total == {"spend": None, "clicks": 20, "cpc": None} and result.currency == "RUB"
    assert column(result, "channel", "spend") == {"vk_ads": 500, "google_ads": None}
    assert str(said(result)["currency"][0]) == "Spend: several currencies are not added up: RUB 500.00, USD 20.00."
    dollars = answer(store, "spend", "clicks", only=(("currency", ("USD",)),))
    assert dollars.total == {"spend": 20, "clicks": 10} and dollars.currency == "USD"


def test_claims_of_two_systems_are_never_added(tmp_path: Path) -> None:
    rows = [{"day": day(2), "origin": where, "cost": 1, "claimed": 5.0, "currency": "RUB"} for where in (YANDEX, VK)]
    result = answer(loaded(tmp_path, batch(SPEND, rows, account="sheet")), "claimed", "spend", by=("ad_system",))
    assert result.total == {"claimed": None, "spend": 2} and column(result, "ad_system", "claimed") == {"vkontakte": 5, "ya_direct": 5}
    assert str(said(result)["systems"][0]) == "Claims of several ad systems are not added up."


def test_cancelled_orders_do_not_count_and_refunds_are_taken_off(tmp_path: Path) -> None:
    rows = [
        {
            "day": day(2),
            "order_id": "1",
            "origin": VK,
            "customer": "a",
            "status": "paid",
            "orders": 1,
            "revenue": 1000,
            "refund": 200,
            "currency": "RUB",
        },
        {"day": day(2), "order_id": "2", "origin": VK, "customer": "a", "status": "", "orders": 1, "revenue": 500, "currency": "RUB"},
        {
            "day": day(2),
            "order_id": "3",
            "origin": VK,
            "customer": "b",
            "status": "cancelled",
            "orders": 1,
            "revenue": 700,
            "currency": "RUB",
        },
        {"day": day(2), "order_id": "4", "origin": VK, "customer": "c", "status": "spam", "orders": 1, "revenue": 9000, "currency": "RUB"},
    ]
    result = answer(
        loaded(tmp_path, visits([(day(2), 1, VK)]), batch(ORDERS, rows)), "orders", "buyers", "revenue", "gross_revenue", "lost_share"
    )
    assert result.total == {"orders": 2, "buyers": 1, "revenue": 1300, "gross_revenue": 2200, "lost_share": pytest.approx(900 / 2200)}


def test_orders_of_a_crm_and_of_the_counter_are_never_added(tmp_path: Path) -> None:
    counter = batch(ORDERS, [{"day": day(2), "order_id": "1", "origin": VK, "orders": 1, "revenue": 10, "currency": "RUB"}])
    crm = batch(ORDERS, [{"day": day(2), "order_id": "1", "orders": 1, "revenue": 12, "currency": "RUB"}], account="crm", attribution="")
    store = loaded(tmp_path, visits([(day(2), 1, VK)]), counter, crm)
    result = answer(store, "orders", "revenue")
    assert result.total == {"orders": 1, "revenue": 10}
    assert str(said(result)["orders"][0]) == "Orders of counter are counted; orders of crm are not added to them."
    from_crm = answer(store, "revenue", "aov", by=("channel",), settings=Settings(orders="crm"))
    assert from_crm.total == {"revenue": 12, "aov": 12} and str(said(from_crm)["breakdown"][0]) == "Revenue: not recorded by Channel."


# ------------------------------------------------------------------------------------------------------------- shares and the rest


IDENTITIES: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "cpa": lambda row: row["spend"] / row["conversions"],
    "cost_per_visit": lambda row: row["spend"] / row["visits"],
    "cpl": lambda row: row["cost_per_visit"] / row["cr_lead"],
    "cpo": lambda row: row["cost_per_visit"] / row["cr_order"],
    "cac": lambda row: row["spend_full"] / row["new_customers"],
    "roas": lambda row: 1 / row["drr"],
    "romi": lambda row: row["roas"] * MARGIN - 1,
    "contribution": lambda row: row["cm"] - row["spend"],
    "roi": lambda row: (row["cm"] - row["spend_full"]) / row["spend_full"],
    "mer": lambda row: row["revenue"] / row["spend_full"],
    "revenue": lambda row: row["visits"] * row["cr_order"] * row["aov"],
    "revenue_per_visit": lambda row: row["cr_order"] * row["aov"],
    "contribution_per_visit": lambda row: MARGIN * row["revenue_per_visit"] - row["cost_per_visit"],
    "cr_e2e": lambda row: row["cr_lead"] * row["win_rate"],
    "cart_cr": lambda row: row["cr_order"] / row["checkout_cr"],
    "cpql": lambda row: row["cpl"] / row["lead_quality"],
    "visits_per_click": lambda row: row["cpc"] / row["cost_per_visit"],
    "cpb": lambda row: row["cpo"] * row["frequency"],
    "revenue_per_customer": lambda row: row["cac"] * row["mer"],
    "arpu": lambda row: row["revenue"] / row["users"],
    "lost_share": lambda row: 1 - row["revenue"] / row["gross_revenue"],
    "cpo_paid": lambda row: row["cpl"] / row["win_rate"],
    "orders": lambda row: row["new_customers"] + row["repeat_orders"],
    "repeat_order_share": lambda row: row["repeat_orders"] / row["orders"],
    "gross_profit": lambda row: row["gross_margin"] * row["revenue"],
    "arppu": lambda row: row["frequency"] * row["aov"],
    "cpa_max": lambda row: MARGIN * row["aov"],
    "returning_share": lambda row: 1 - row["new_share"],
    "engagement_rate": lambda row: 1 - row["bounce_rate"],
    "cpc": lambda row: row["cpm"] / 1000 / row["ctr"],
}
"""metric -> what it has to be, from the others of its row."""
MARGIN = 0.3
SHARES = ("cost_share", "conversion_share", "revenue_share")
SETTLED = (date(2026, 3, 15), date(2026, 4, 5))
NEEDED = (
    "visits", "conversions", "spend", "spend_full", "cm", "orders", "new_customers", "repeat_orders", "cr_order", "cr_lead", "win_rate",
    "aov", "drr", "frequency", "checkout_cr", "lead_quality", "gross_revenue", "users", "gross_margin", "new_share", "bounce_rate",
    "cpm", "ctr", "efficiency_index", *SHARES,
)


@pytest.mark.parametrize("by", [(), ("channel",), ("campaign",), ("device",), ("week",), ("weekday", "channel")], ids=str)
def test_identities_hold_on_every_slice(tmp_path: Path, by: tuple[str, ...]) -> None:
    terms = Basis.of({"spend_terms": {"levy": True, "fee": 0.1, "counts": ["fee"]}})
    asked = dict.fromkeys((*IDENTITIES, *NEEDED))
    kept = Settings(margin=MARGIN, basis=terms, cart_goals=("12",))
    result = answer(build(tmp_path, 5).warehouse, *asked, by=by, days=SETTLED, settings=kept)
    held = set()
    for row in (*(result.rows() if by else ()), dict(result.total)):
        for metric, other in IDENTITIES.items():
            try:
                expected = other(row)  # type: ignore[arg-type]
            except (TypeError, ZeroDivisionError):
                continue  # Something that it is made of has no value here.
            if row[metric] is not None:
                assert row[metric] == pytest.approx(expected, rel=1e-9), metric
                held.add(metric)
    assert set(IDENTITIES) - held <= {"cr_e2e", "cpo_paid"}, "orders without a status have no win rate"


@pytest.mark.parametrize("by", ["channel", "campaign", "ad_system"])
def test_shares_make_one_contributions_make_the_total_and_indexes_average_to_one(tmp_path: Path, by: str) -> None:
    metrics = ("spend", "contribution", "efficiency_index", *SHARES)
    result = answer(build(tmp_path, 5).warehouse, *metrics, by=(by,), days=SETTLED, settings=Settings(margin=MARGIN))
    rows = result.rows()
    for share in SHARES:
        assert math.fsum(row[share] or 0.0 for row in rows) == pytest.approx(1)
    if all(row["contribution"] is not None for row in rows):
        assert math.fsum(row["contribution"] for row in rows) == pytest.approx(result.total["contribution"])
    paid = [row for row in rows if row["spend"]]
    assert math.fsum(row["cost_share"] * row["efficiency_index"] for row in paid) == pytest.approx(1)
    assert all(row["efficiency_index"] is None for row in rows if not row["spend"])


def test_a_deal_goes_the_whole_way_in_the_steps_of_its_requests(tmp_path: Path) -> None:
    statuses = ("paid", "paid", "open", "cancelled", "spam")
    same = {"origin": VK, "orders": 1, "revenue": 100, "currency": "RUB"}
    deals = [{**same, "day": day(2 + n), "order_id": str(n), "customer": f"c{n}", "status": one} for n, one in enumerate(statuses)]
    store = loaded(tmp_path, visits([(day(2), n, VK) for n in range(1, 41)]), batch(ORDERS, deals), spend([(day(2), VK, 800)]))
    expected = {
        "leads": 4, "win_rate": 0.5, "cr_lead": 0.1, "cr_e2e": 0.05, "cpl": 200, "cpo_paid": 400, "spam_share": 0.2,
        "cancelled_share": 0.25, "open_deals": 1, "pipeline": 100,
    }
    assert answer(store, *expected).total == expected
    nameless = batch(ORDERS, [{**deals[0], "order_id": "x", "status": ""}])
    unknown = answer(loaded(tmp_path / "b", visits([(day(2), 1, VK)]), batch(ORDERS, deals), nameless), "leads", "win_rate")
    assert unknown.total == {"leads": 5, "win_rate": None}


@pytest.mark.parametrize("by", [("channel",), ("campaign", "device"), ("week", "channel")])
def test_the_first_rows_and_the_rest_make_the_total(tmp_path: Path, by: tuple[str, ...]) -> None:
    store = build(tmp_path, 6).warehouse
    every = answer(store, "visits", "conversions", "cr", "users", by=by, days=(date(2026, 2, 2), date(2026, 4, 5)))
    cut = answer(store, "visits", "conversions", "cr", "users", by=by, days=(date(2026, 2, 2), date(2026, 4, 5)), top=2)
    rest = [row for row in cut.rows() if OTHER in row.values()]
    for metric in ("visits", "conversions"):
        assert sum(row[metric] for row in cut.rows()) == every.total[metric] == cut.total[metric]
    for row in rest:
        assert row["users"] is None and row["cr"] is not None
    assert len({tuple(row[key] for key in by if key != "week") for row in cut.rows()}) == 3
    kept = {tuple(row[key] for key in by): row for row in every.rows()}
    assert all(kept[tuple(row[key] for key in by)] == row for row in cut.rows() if row not in rest)
    assert said(cut)["top"][0].facts["n"] == 2


def test_the_others_of_the_source_go_into_the_rest(tmp_path: Path) -> None:
    rows = [{"day": day(2), "landing": page, "visits": n} for page, n in (("(other)", 90), ("/a", 5), ("/b", 3), ("/c", 1))]
    result = answer(loaded(tmp_path, daily(rows, "landing", attribution="")), "visits", by=("landing",), top=2)
    assert column(result, "landing", "visits") == {"/a": 5, "/b": 3, OTHER: 91}


def test_spend_known_only_as_a_whole_brings_its_channels_together(tmp_path: Path) -> None:
    search, network = {**YANDEX, "placement": "search"}, {**YANDEX, "placement": "network"}
    store = loaded(tmp_path, visits([(day(2), 1, search), (day(2), 2, network)]), spend([(day(2), {"ad_system": "ya_direct"}, 300)]))
    assert column(answer(store, "visits", by=("channel",)), "channel", "visits") == {"direct_network": 1, "direct_search": 1}
    result = answer(store, "visits", "users", "cost_per_visit", by=("channel",))
    assert result.rows() == [{"channel": "direct_ads", "visits": 2, "users": 2, "cost_per_visit": 150}]
    assert "Yandex Direct" in str(said(result)["together"][0])
    part = answer(store, "visits", "spend", only=(("channel", ("direct_search",)),))
    assert part.total == {"visits": 1, "spend": None}


def test_one_campaign_is_one_row_whether_it_is_known_by_number_or_by_tag(tmp_path: Path) -> None:
    seen = {**YANDEX, "campaign": "69762552", "campaign_id": "69762552", "campaign_name": "Autumn"}
    tagged = {**YANDEX, "campaign": "69762552"}
    twin = {**YANDEX, "campaign_id": "70000000", "campaign_name": "Autumn"}
    paid = {"ad_system": "ya_direct", "campaign_id": "69762552", "campaign_name": "Autumn"}
    store = loaded(tmp_path, visits([(day(2), 1, seen), (day(2), 2, tagged), (day(2), 3, twin)]), spend([(day(2), paid, 300)]))
    result = answer(store, "visits", "spend", by=("campaign",))
    assert column(result, "campaign", "visits") == {"69762552": 2, "70000000": 1}
    assert column(result, "campaign", "spend") == {"69762552": 300, "70000000": 0}
    assert [result.title("campaign", key) for key in ("69762552", "70000000", "")] == [
        "Autumn (69762552)",
        "Autumn (70000000)",
        "(not set)",
    ]


def test_accounts_stand_side_by_side_and_lend_each_other_nothing(tmp_path: Path) -> None:
    result = answer(loaded(tmp_path, visits([(day(2), 1, VK)]), spend([(day(2), VK, 300)])), "visits", "spend", by=("account",))
    assert {row["account"]: (row["visits"], row["spend"]) for row in result.rows()} == {"counter": (1, None), "direct": (None, 300)}


def test_too_many_rows_are_refused_before_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.frames.MOST_CELLS", 20)
    with pytest.raises(CannotAnswer, match="That would be 31 rows"):
        answer(loaded(tmp_path, visits([(day(2), 1, VK)])), "visits", by=("day", "channel"))


# ------------------------------------------------------------------------------------------------------------------- the receipt


def test_an_answer_is_plain_values_and_its_receipt_defends_it(tmp_path: Path) -> None:
    reaches = batch(CONVERSIONS, [{"day": day(2), "visit": 1, "goal": "g", "ordinal": 1, "reaches": 1, "origin": VK}])
    store = loaded(tmp_path, visits([(day(2), 1, VK)]), reaches, spend([(day(2), VK, 250)]))
    result = answer(store, "visits", "cpa", "romi", by=("day", "channel"), compare="year", settings=Settings(version=7), goals=("g",))
    assert json.loads(json.dumps(result.as_dict()))["rows"][0]["day"] == "2026-03-01"
    receipt = result.receipt
    assert [str(line) for line in receipt.lines] == [
        "visits = 1 = 1",
        "cost / reaches = 250 / 1 = 250",
        "(margin * revenue - cost) / cost = (? - 250) / 250 = ?",
    ]
    assert receipt.filters == (("goal", ("g",)),) and receipt.version == 7 and receipt.vat == "net" and receipt.currency == "RUB"
    assert receipt.accounts == {"traffic": ("counter",), "conversions": ("counter",), "spend": ("direct",)}
    assert {load.origin for load in receipt.loads} == {"visits of counter", "conversions of counter", "spend of direct"}
    assert receipt.rules.startswith("agency-") and receipt.attribution == "last_significant"
    assert len(receipt.sql) == 2 and "MAKE_DATE(2026, 3, 1)" in receipt.sql[0] and "1001" not in "".join(receipt.sql)
    assert str(said(result)["margin"][0]) == "The margin is not set: ROMI is reckoned on the whole revenue."


def test_what_sources_say_about_their_figures_is_said_again(tmp_path: Path) -> None:
    sampled = daily([{"day": day(2), "visits": 10}], "", sample_share=0.1, thresholded=True)
    result = answer(loaded(tmp_path, sampled), "visits")
    assert result.receipt.sampled
    assert [str(note) for kind in ("sampled", "thresholded") for note in said(result)[kind]] == [
        "counter: the source looked at 10 % of the data only.",
        "counter: the source may have hidden small rows.",
    ]
