"""Channel rules mean what their examples say, in Python and in the engine alike, and every origin gets exactly one channel."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import CannotAnswer
from data.tables import ORIGIN_NAMES, SPEND
from data.warehouse import Warehouse
from metrics import channels
from metrics.channels import Rule, channel_of, deciding, rule, rules
from metrics.origins import by_origin
from tests.random_store import origin
from tests.small_store import day, spend
from tests.stored import shared

EVERY = [(grouping, place) for grouping in channels.GROUPINGS for place in range(len(rules(grouping)))]


@pytest.mark.parametrize(("grouping", "place"), EVERY, ids=lambda one: str(one))
def test_a_rule_wins_its_own_examples_so_no_rule_is_hidden_by_earlier_ones(grouping: str, place: int) -> None:
    one = rules(grouping)[place]
    assert one.examples and one.cite
    assert one.channel in channels.titles(grouping)
    for example in one.examples:
        assert deciding(origin(dict(example)), grouping) is one


@pytest.mark.parametrize(
    ("source", "medium", "expected"),
    [
        ("vk.com", "cpm", "paid_social"),
        ("someblog", "cpm", "display"),
        ("yandex", "cpm", "paid_search"),
        ("yandex", "cpc", "paid_search"),
        ("vk", "cpc", "paid_other"),
        ("admitad", "cpa", "paid_other"),
        ("t.me", "referral", "organic_social"),
        ("ok.ru", "referral", "referral"),
        ("YouTube", "CPV", "paid_video"),
        ("(direct)", "(none)", "direct"),
        ("google", "organic", "organic_search"),
        ("crm", "sms", "sms"),
        ("mail.yandex.ru", "referral", "organic_search"),
        ("newsletter", "e-mail", "email"),
        ("vk", "post", "unassigned"),
    ],
)
def test_tags_as_google_groups_them(source: str, medium: str, expected: str) -> None:
    assert channel_of({"source": source, "medium": medium}, "google") == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"traffic_source": "ad", "ad_system": "ya_direct", "placement": "network", "source": "yandex", "medium": "cpc"}, "direct_network"),
        ({"source": "yandex", "medium": "cpc"}, "direct_ads"),
        ({"traffic_source": "messenger", "engine": "telegram"}, "messengers"),
        ({"traffic_source": "messenger", "source": "telegram", "medium": "cpc"}, "telegram_ads"),
        ({"traffic_source": "recommend", "engine": "zen_yandex"}, "recommendations"),
        ({"traffic_source": "referral", "source": "chatgpt.com"}, "assistants"),
        ({"traffic_source": "referral", "referrer": "www.perplexity.ai"}, "assistants"),
        ({"traffic_source": "referral", "referrer": "notchatgpt.com"}, "referral"),
        ({"traffic_source": "internal"}, "internal"),
        ({"traffic_source": "organic", "engine": "duckduckgo"}, "search_other"),
        ({"source": "vk", "medium": "smm"}, "social"),
        ({"source": "vk", "medium": "cpc"}, "vk_ads"),
        ({}, "unassigned"),
    ],
)
def test_origins_as_agencies_report_them(fields: Mapping[str, str], expected: str) -> None:
    assert channel_of(fields, "agency") == expected


def test_a_channel_that_the_source_has_assigned_wins_in_googles_grouping() -> None:
    assert channel_of({"source": "yandex", "medium": "cpc", "given_channel": "Paid Social"}, "google") == "paid_social"
    assert channel_of({"given_channel": "Cross-network"}, "google") == "cross_network"
    assert channels.title("google", channel_of({"given_channel": "Our Bloggers"}, "google")) == "Our bloggers"


WORDS = st.sampled_from(
    [
        "",
        "ad",
        "organic",
        "direct",
        "referral",
        "social",
        "messenger",
        "yandex",
        "YANDEX",
        "google",
        "vk",
        "vk.com",
        "m.vk.com",
        "telegram",
        "t.me",
        "cpc",
        "cpm",
        "(direct)",
        "(none)",
        "email",
        "ya_direct",
        "vkontakte",
        "search",
        "network",
        "chatgpt.com",
        "dzen.ru",
        "avito",
        "Shop-sale",
        "workshop",
        "cross-network",
        "Organic Search",
        "push",
        "|",
        "a|b",
        "реклама",
        "Рассылка",
    ]
)
FIELDS = st.fixed_dictionaries({name: WORDS for name in ORIGIN_NAMES})


@given(st.lists(FIELDS, min_size=1, max_size=20, unique_by=lambda one: tuple(one.values())))
@settings(max_examples=25, deadline=None)
def test_the_engine_and_python_agree_and_every_origin_gets_exactly_one_channel(
    tmp_path_factory: pytest.TempPathFactory, found: list[dict[str, str]]
) -> None:
    store = Warehouse(tmp_path_factory.mktemp("origins"))
    store.load([spend([(day(1), fields, 1) for fields in found])])
    assert SPEND.origins == ("origin",)
    sent = {row["origin"]: row for row in store.arrow("SELECT * FROM origins").to_pylist()}
    for grouping in channels.GROUPINGS:
        named = store.run(by_origin(("channel",), grouping, (), frozenset()))
        assert len(named) == len(found)
        for key, channel in zip(named["origin_key"], named["channel"], strict=True):
            assert channel == channel_of({name: sent[key][name] for name in ORIGIN_NAMES}, grouping)


def test_a_clients_own_rules_come_first_and_change_the_hash() -> None:
    own = (rule({"channel": "bloggers", "when": [{"source": "~^blog_", "medium": ["post", "story"]}]}),)
    assert channel_of({"source": "blog_anna", "medium": "story"}, "agency", own) == "bloggers"
    assert channel_of({"source": "blog_anna", "medium": "story"}, "agency") == "social"
    assert channels.rules_hash("agency", own) != channels.rules_hash("agency")
    assert channels.title("agency", "bloggers") == "Bloggers"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"sorce": "vk"}, "unknown field: sorce"),
        ({"source": "@vks"}, "unknown list: vks"),
        ({"source": "~("}, "cannot be read"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(when: dict[str, str], said: str) -> None:
    with pytest.raises(CannotAnswer, match=said):
        rule({"channel": "x", "when": [when]})


def test_parts_of_a_channel_can_be_shown_as_one() -> None:
    for grouping in channels.GROUPINGS:
        for part, whole in channels.under(grouping).items():
            assert {part, whole} <= set(channels.titles(grouping))


def test_our_list_of_sources_contradicts_googles_nowhere() -> None:
    table: Path = shared("ga/source_categories.csv")
    with table.open(encoding="utf-8") as file:
        published = {row["source"].lower(): row["source_category"].removeprefix("SOURCE_CATEGORY_").lower() for row in csv.DictReader(file)}
    wrong = {}
    for category in ("search", "shopping", "social", "video"):
        meant = channels._named()[f"google_{category}"]
        assert isinstance(meant, tuple)
        wrong |= {name: category for name in meant if published.get(name) != category}
    assert wrong == {}
    assert isinstance(rules("google")[0], Rule)
