"""Figures are said as readers of the language expect, changes in words that fit the metric, and formulas with their values."""

from __future__ import annotations

import pytest

from data.text import words
from metrics.registry import METRICS
from metrics.sentences import said, spelled
from metrics.sentences.said import Speech

RU, EN = words("ru"), words("en")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")


@pytest.mark.parametrize(("unit", "value", "russian", "english"), [
    ("money", 1234567.0, "1,23 млн ₽", "1.23M ₽"),
    ("money", 84000.0, "84 000 ₽", "84,000 ₽"),
    ("money", 812.4, "812 ₽", "812 ₽"),
    ("money", 36.5, "36,50 ₽", "36.50 ₽"),
    ("money", 0.0, "0 ₽", "0 ₽"),
    ("count", 45210.0, "45 210", "45,210"),
    ("share", 0.1834, "18,3 %", "18.3%"),
    ("share", 0.0213, "2,13 %", "2.13%"),
    ("multiple", 3.4, "3,40×", "3.40×"),
    ("seconds", 185.0, "3:05", "3:05"),
    ("money", None, "–", "–"),
])
def test_a_value_in_few_characters(unit: str, value: float | None, russian: str, english: str) -> None:
    assert plain(Speech(unit, "RUB", RU).short(value)) == russian
    assert plain(Speech(unit, "RUB", EN).short(value)) == english


def test_shares_change_by_points_and_amounts_by_percent() -> None:
    assert plain(said.change(0.031, 0.024, 0.007, METRICS["cr"], EN).text) == "+0.7 pp"
    assert plain(said.change(90.0, 100.0, -0.1, METRICS["visits"], EN).text) == "-10%"
    assert plain(said.change(90.0, 100.0, -0.1, METRICS["visits"], RU).text) == "-10 %"


def test_the_tone_follows_what_the_metric_wants() -> None:
    assert said.change(110.0, 100.0, 0.1, METRICS["conversions"], EN).tone == "good"
    assert said.change(110.0, 100.0, 0.1, METRICS["cpa"], EN).tone == "bad"
    assert said.change(110.0, 100.0, 0.1, METRICS["spend"], EN).tone == "flat"
    assert said.change(110.0, 100.0, 0.1, METRICS["conversions"], EN, sure=False) == said.Change("+10%", "flat")


def test_growth_from_nothing_is_never_infinite() -> None:
    assert said.change(5.0, 0.0, None, METRICS["conversions"], EN).text == "was zero"
    assert said.change(5.0, None, None, METRICS["conversions"], EN).text == ""
    assert said.change(5.0, 3.0, None, METRICS["conversions"], EN).text == "", "the two cannot be compared"
    assert said.change(0.0, 0.0, None, METRICS["conversions"], EN) == said.Change("unchanged", "flat")


def test_a_change_that_rounds_to_nothing_is_none() -> None:
    assert said.change(0.02890001, 0.0289, 1e-8, METRICS["cr"], EN) == said.Change("unchanged", "flat")
    assert said.change(100_001.0, 100_000.0, 1e-5, METRICS["visits"], EN).text == "unchanged"


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_can_be_spelled_out_in_words_and_by_its_example(key: str) -> None:
    for language in (RU, EN):
        assert spelled.in_words(METRICS[key], language)
        assert "–" not in spelled.example(METRICS[key], language, "RUB"), "a value of the example is missing"


def test_a_formula_with_values_reads_as_people_write_it() -> None:
    assert plain(spelled.example(METRICS["cpa"], EN, "RUB")) == "60,000 ₽ ÷ 8 = 7,500 ₽"
    assert plain(spelled.with_values(METRICS["romi"], {"revenue": 1e6, "cost": 2e5, "margin": 0.3}, RU, "RUB")) == (
        "(30 % × 1 000 000 ₽ - 200 000 ₽) ÷ 200 000 ₽"
    )
