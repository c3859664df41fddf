"""Costs meet visits: by number, by tags, by hand; what does not meet is named with its money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from data.desk.campaigns import Match
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from metrics.hygiene import MACRO, NO_SPEND, NO_VISITS, UNTAGGED, Hygiene, read
from tests.small_store import MARCH, day, loaded, spend, visits

AD = {"traffic_source": "ad"}
BY_NUMBER = {**AD, "ad_system": "ya_direct", "campaign_id": "101", "campaign_name": "Brand"}
IN_TAG = {**AD, "ad_system": "ya_direct", "campaign_id": "202", "campaign_name": "Search"}
TAGGED = {**AD, "source": "vk", "medium": "cpc", "campaign": "Spring"}
NAMED = {**AD, "campaign": "seeding"}
LOST = {**AD, "ad_system": "vkontakte", "campaign_id": "909", "campaign_name": "Autumn, look-alike"}
SEEN: Sequence[Mapping[str, str]] = (
    {**AD, "ad_system": "ya_direct", "campaign_id": "101"}, {"source": "yandex", "medium": "cpc", "campaign": "202"}, TAGGED,
    {"source": "tg", "medium": "cpc", "campaign": "seeding"}, {"source": "vk", "medium": "cpc", "campaign": "autumn_lookalike"},
    {"traffic_source": "organic", "engine": "yandex"},
)


def store(folder: Path, spent: Mapping[str, tuple[Mapping[str, str], float]], seen: Sequence[Mapping[str, str]] = SEEN) -> Warehouse:
    paid = spend([(day(3), origin, cost) for origin, cost in spent.values()])
    return loaded(folder / "store", visits([(day(3), number, origin) for number, origin in enumerate(seen, 1)]), paid)


def look(found: Warehouse, *matches: Match) -> Hygiene:
    return read(Query(("visits",), *MARCH), found.run, Settings(), matches)


ALL = {"number": (BY_NUMBER, 10), "tag": (IN_TAG, 20), "utm": (TAGGED, 30), "name": (NAMED, 40), "lost": (LOST, 100)}


def test_spend_meets_visits_by_number_then_by_tags_then_by_hand(tmp_path: Path) -> None:
    found = look(store(tmp_path, ALL))
    assert found.met == {"number": 10, "number in the tag": 20, "tags": 30, "campaign": 40, "by hand": 0}
    assert (found.cost, found.share_met) == (200, 0.5)
    [lost] = found.of(NO_VISITS)
    assert (lost.title, lost.campaign_id, lost.cost, lost.visits) == ("Autumn, look-alike", "909", 100, None)
    assert [(fault.campaign, fault.visits) for fault in found.of(NO_SPEND)] == [("autumn_lookalike", 1)]
    assert found.sent[0] == "autumn_lookalike", "the tag that no spend knows comes first"


def test_a_match_by_hand_counts_here_and_in_every_figure_by_campaign(tmp_path: Path) -> None:
    match = Match("autumn_lookalike", "vkontakte", "909", "Autumn, look-alike")
    kept = store(tmp_path, ALL)
    found = look(kept, match)
    assert found.met["by hand"] == 100 and found.share_met == 1
    assert found.of(NO_VISITS) == found.of(NO_SPEND) == ()
    query = Query(("spend", "visits"), *MARCH, by=("campaign",))
    apart, together = (ask(query, kept.run, settings) for settings in (Settings(), Settings().matching([match])))
    assert {row["campaign"]: row["visits"] for row in apart.rows()}["909"] == 0
    assert [(row["spend"], row["visits"]) for row in together.rows() if row["campaign"] == "909"] == [(100, 1)]


def test_tags_meet_only_letter_by_letter(tmp_path: Path) -> None:
    found = look(store(tmp_path, {"utm": ({**TAGGED, "campaign": "spring"}, 30)}))
    assert found.share_met == 0
    assert found.of(NO_VISITS)[0].near[:1] == ("Spring",)


@pytest.mark.parametrize("sent", ["{campaign_id}", "%7Bcampaign%7D", "%7bcampaign_id%7d", "{{campaign.id}}", "__CAMPAIGN_ID__", "a_{gbid}"])
def test_a_macro_that_was_not_filled_in_is_told(tmp_path: Path, sent: str) -> None:
    found = look(store(tmp_path, {"number": (BY_NUMBER, 10)}, (*SEEN, {"source": "yandex", "medium": "cpc", "campaign": sent})))
    assert [(fault.campaign, fault.visits) for fault in found.of(MACRO)] == [(sent, 1)]
    assert sent not in found.sent


@pytest.mark.parametrize("sent", ["spring_2026", "50%_off", "весна", "__brand__"])
def test_what_only_looks_like_one_is_none(tmp_path: Path, sent: str) -> None:
    found = look(store(tmp_path, {"number": (BY_NUMBER, 10)}, (*SEEN, {"source": "yandex", "medium": "cpc", "campaign": sent})))
    assert found.of(MACRO) == ()


def test_an_ad_without_any_tag_is_told_with_its_money_and_its_visits(tmp_path: Path) -> None:
    found = look(store(tmp_path, {"nothing": ({**AD, "ad_system": "ya_direct"}, 70)}, (*SEEN, {**AD, "ad_system": "ya_direct"})))
    assert [(fault.cost, fault.visits) for fault in found.of(UNTAGGED)] == [(70, None), (None, 1)]


def test_spend_without_a_counter_is_all_without_visits(tmp_path: Path) -> None:
    found = look(loaded(tmp_path / "store", spend([(day(3), BY_NUMBER, 10)])))
    assert (found.cost, found.share_met, found.paid_visits) == (10, 0, 0)


def test_other_currencies_are_said_and_left_out(tmp_path: Path) -> None:
    dollars = spend([(day(3), LOST, 5)], account="abroad", currency="USD")
    found = look(loaded(tmp_path / "store", visits([(day(3), 1, SEEN[0])]), spend([(day(3), BY_NUMBER, 10)]), dollars))
    assert found.cost == 10
    assert any("USD" in str(note) for note in found.notes)
