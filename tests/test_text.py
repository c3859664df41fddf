"""Numbers, money and dates as readers of each language write them; every translation keeps the braces of its text."""

from __future__ import annotations

import re
from datetime import date

import pytest

from data.batches import Amounts
from data.errors import Problem
from data.text import catalogue, languages, words


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9\u202f999"),
        (12_345, "12.3K", "12,3\u00a0тыс."),
        (999_950, "1M", "1\u00a0млн"),
        (1_953_757, "1.95M", "1,95\u00a0млн"),
        (-1_234_567, "−1.23M", "−1,23\u00a0млн"),
        (2_500_000_000, "2.5B", "2,5\u00a0млрд"),
        (float("nan"), "–", "–"),
        (None, "–", "–"),
    ],
)
def test_a_large_number_in_few_characters(value: float | None, english: str, russian: str) -> None:
    assert (words("en").compact(value), words("ru").compact(value)) == (english, russian)


def test_money_shares_and_durations() -> None:
    en, ru = words("en"), words("ru")
    assert (en.money(1480.4, "RUB"), ru.money(1480.4, "RUB")) == ("1,480\u00a0₽", "1\u202f480\u00a0₽")
    assert (en.money(35.5, "USD"), ru.money(-0.004, "RUB", 0)) == ("35.50\u00a0$", "0\u00a0₽")
    assert (en.share(0.1234), ru.share(0.1234)) == ("12.3%", "12,3\u00a0%")
    assert (en.multiple(3.4), ru.seconds(185)) == ("3.40×", "3:05")


def test_facts_inside_a_sentence_have_no_digits_that_say_nothing() -> None:
    en, ru = words("en"), words("ru")
    assert [en.t("{n}", n=n) for n in (10.1, 10.0, 0.123, 2026, 11034, float("nan"))] == ["10.1", "10", "0.12", "2026", "11,034", "–"]
    assert ru.t("{amounts}", amounts=Amounts((("RUB", 1500.0), ("USD", 20.5)))) == "1\u202f500\u00a0₽, 20,50\u00a0$"


def test_periods_repeat_as_little_as_can_be() -> None:
    ru = words("ru")
    assert ru.period(date(2026, 3, 1), date(2026, 3, 1)) == "1\u00a0мар\u00a02026"
    assert ru.period(date(2026, 3, 1), date(2026, 3, 31)) == "1–31\u00a0мар\u00a02026"
    assert ru.period(date(2026, 2, 26), date(2026, 3, 4)) == "26\u00a0фев\u00a0– 4\u00a0мар\u00a02026"
    assert words("en").period(date(2025, 12, 29), date(2026, 1, 4)) == "29\u00a0Dec\u00a02025\u00a0– 4\u00a0Jan\u00a02026"


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_translation_keeps_the_braces_of_its_text(language: str) -> None:
    def braces(text: str) -> list[str]:
        return sorted(set(re.findall(r"\{(\w+)[^}]*\}", text)))

    assert {text: said for text, said in catalogue(language).items() if braces(text) != braces(said)} == {}


def test_a_problem_is_said_in_every_language_with_its_facts() -> None:
    problem = Problem("There is no client {slug}.", "--client", "Did you mean {near}?", slug="shp", near="shop")
    assert words("en").problem(problem) == ("There is no client shp.", "--client", "Did you mean shop?")
    what, where, fix = words("ru").problem(problem)
    assert "shp" in what and "shop" in fix and where == "--client"
    assert what != "There is no client shp."
