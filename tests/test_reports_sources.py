"""Documents name accounts as their readers know them: by the service, never by the name under which rows are kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from data.batches import Note
from data.text import words
from reports.blocks import plan
from reports.sources import told

KNOWN = {"94560218": "Yandex.Metrica", "Evening Class - GA4": "Google Analytics 4", "dir-main": "Yandex Direct", "dir-two": "Yandex Direct"}
VISITS = "Visits of {counter} are counted; {others} are not added to them."


@pytest.mark.parametrize(("language", "wanted"), [
    ("en", "Visits come from Yandex.Metrica, counter 94560218. Those of other sources are not added: Google Analytics 4."),
    ("ru", "Визиты: Яндекс Метрика, счётчик 94560218. Визиты из других источников не прибавлены: Google Analytics 4."),
])
def test_a_note_names_the_service_and_not_the_account(language: str, wanted: str) -> None:
    note = Note("counter", VISITS, {"counter": "94560218", "others": "Evening Class - GA4"})
    assert told(note, KNOWN, words(language)) == wanted


def test_two_accounts_of_one_service_keep_their_own_names() -> None:
    note = Note("missing", "Spend of {account}: not loaded for {n} of {of} days.", {"account": "dir-two", "n": 2, "of": 31})
    assert told(note, KNOWN, words("en")) == "Spend, Yandex Direct (dir-two): not loaded for 2 of 31 days."


def test_a_note_without_accounts_and_an_unknown_account_stay_as_they_are() -> None:
    assert told(Note("plan", "No plan."), KNOWN, words("en")) == "No plan."
    assert told(Note("x", "{account}: the source may have hidden small rows.", {"account": "?"}), KNOWN, words("en")).startswith("?: ")


@pytest.mark.parametrize(("model", "unit", "told_so"), [("leads", "count", True), ("leads", "money", False), ("shop", "count", False)])
def test_levers_that_add_leads_say_that_they_are_paid_ones(model: str, unit: str, told_so: bool) -> None:
    found: Any = SimpleNamespace(subject=SimpleNamespace(model=model), levers=SimpleNamespace(outcome_unit=unit), say=words("ru"))
    assert bool(plan._whose(found)) is told_so
    assert all("платных каналов" in text for text in plan._whose(found))
