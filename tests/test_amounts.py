"""Amounts in what people have written are not shown to people without money, and nothing that such people save destroys them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import door
from data.amounts import HIDDEN, without_amounts
from data.desk import actions, history, marks, overrules, views
from data.desk.actions import Action
from data.desk.marks import Mark
from data.desk.overrules import Overrule
from data.desk.views import View
from data.errors import Problem
from data.roles import MANAGER, SPECIALIST, Person
from data.text import words

DAY = date(2026, 3, 2)
MARIA = Person("maria@agency.example", "Maria", MANAGER, frozenset({"shop"}))
BLIND = Person("sergey@agency.example", "Sergey", SPECIALIST, frozenset({"shop"}), money=False)
SECRET = "734 512"
AMOUNTS = {
    "Бюджет поднят до 500 000 ₽ с 3 марта": "Бюджет поднят до ••• с 3 марта",
    "Подняли ставки с 300 до 500 тыс. ₽ в неделю": "Подняли ставки с ••• в неделю",
    "Расход 1,2 млн, дальше $3 000–$4,500.50 и €200": "Расход •••, дальше •••",
    "500к на Директ; 20 р. за клик; 1500р за лид": "••• на Директ; ••• за клик; ••• за лид",
    "CPA 1200 вместо 900, ДРР 12 %": "CPA ••• вместо •••, ДРР 12 %",
    "Бюджет 2026 года: 300000": "Бюджет 2026 года: •••",
    "RUB 45000, then 1 200 usd": "•••, then •••",
    "Budget raised by 300,000 from 1 May": "Budget raised by ••• from 1 May",
}
OTHER = (
    "с 5 к 10 марта, 24.11.2026 15:30, 12 345 визитов", "Акция 1+1, 3 товара, Black Friday 2025", "Центр 500 визитов",
    "Бюджет увеличен с 1 марта на 10 %", "посадочная /sale-5000 обновлена; ТЗ 1234 закрыто", "5 брендов, 10 regions, Rubrics 15",
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> door.Desk:
    """The whole workspace, with an amount in everything that people have written."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path))
    monkeypatch.delenv("VITRINA_AS", raising=False)
    whole = door.workspace()
    whole.add_client("shop", "Shop", "RUB", "Europe/Moscow")
    marks.add(whole, "shop", [Mark(DAY, DAY, f"Budget {SECRET} ₽")])
    actions.put(whole, "shop", Action(f"Spend {SECRET} ₽", "Ann", said=f"Went to {SECRET} RUB"))
    overrules.put(whole, "shop", Overrule("", "growth", f"Revenue of {SECRET} ₽ is to come", DAY))
    views.put(whole, "shop", View(f"Above {SECRET} ₽", "explore", "by=channel"))
    return whole


def everything(desk: door.Desk) -> str:
    return repr([noun.of(desk, "shop") for noun in (marks, actions, overrules, views)])


@pytest.mark.parametrize(("written", "shown"), AMOUNTS.items())
def test_an_amount_is_hidden_however_it_is_written(written: str, shown: str) -> None:
    assert without_amounts(written) == shown


@pytest.mark.parametrize("written", OTHER)
def test_other_numbers_stay(written: str) -> None:
    assert without_amounts(written) == written


@given(
    amount=st.integers(100, 10**12), language=st.sampled_from(["ru", "en"]), currency=st.sampled_from(["RUB", "USD", "EUR", "KZT", "BYN"]),
    before=st.sampled_from(["", "с ", "(", "x", "3 товара, ", "5 "]), after=st.sampled_from(["", ".", ")", " до 5", ", 10 %", " 2026"]),
)
def test_no_amount_as_this_app_writes_it_comes_through(amount: int, language: str, currency: str, before: str, after: str) -> None:
    said = words(language).money(amount, currency)
    shown = without_amounts(f"{before}{said}{after}")
    assert said not in shown and HIDDEN in shown


def test_who_sees_money_reads_what_was_written(shop: door.Desk) -> None:
    assert everything(door.workspace_of(MARIA)).count(SECRET) == 5


def test_who_does_not_reads_all_of_it_but_the_amounts(shop: door.Desk) -> None:
    seen = everything(door.workspace_of(BLIND))
    assert SECRET not in seen and seen.count(HIDDEN) == 5 and "Budget" in seen


def test_an_action_marked_as_done_without_money_keeps_its_amounts(shop: door.Desk) -> None:
    blind = door.workspace_of(BLIND)
    [read] = actions.of(blind, "shop")
    kept = actions.put(blind, "shop", replace(read, state="done", since=DAY))
    [whole] = actions.of(shop, "shop")
    assert SECRET not in repr(kept) and whole.state == "done" and SECRET in whole.what and SECRET in whole.said


def test_words_that_hide_an_amount_cannot_be_written_over(shop: door.Desk) -> None:
    blind = door.workspace_of(BLIND)
    [read] = actions.of(blind, "shop")
    with pytest.raises(Problem) as refused:
        actions.put(blind, "shop", replace(read, what=f"{read.what} and more"))
    assert SECRET not in repr(refused.value.facts) + str(refused.value)
    assert SECRET in actions.of(shop, "shop")[0].what


def test_a_mark_that_is_there_is_not_added_again_by_who_sees_no_amounts(shop: door.Desk) -> None:
    assert marks.add(door.workspace_of(BLIND), "shop", [Mark(DAY, DAY, f"Budget {SECRET} ₽")]) == ()


def test_the_history_with_what_stood_before_is_closed_to_who_sees_no_amounts(shop: door.Desk) -> None:
    assert history.of(shop, "shop") != () and history.of(door.workspace_of(BLIND), "shop") == ()
