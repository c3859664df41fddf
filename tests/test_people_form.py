"""The form of a person changes nobody when a part of it did not arrive."""

from __future__ import annotations

from typing import Any

import pytest

from data.errors import Problem
from data.roles import MANAGER
from pages.ui import peopling

KEYS = {name: f"{name}_" for name in (peopling._EMAIL, peopling._NAME, peopling._ROLE, peopling._CLIENTS, peopling._MONEY)}
TYPED: dict[str, Any] = {
    KEYS[peopling._EMAIL]: "olga@agency.example", KEYS[peopling._NAME]: "Ольга", KEYS[peopling._ROLE]: MANAGER,
    KEYS[peopling._CLIENTS]: ["shop"], KEYS[peopling._MONEY]: True,
}


def test_what_was_typed_is_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.session_state", dict(TYPED))
    found = peopling._typed("", KEYS)
    assert (found.email, found.name, found.role, found.clients) == ("olga@agency.example", "Ольга", MANAGER, frozenset({"shop"}))


@pytest.mark.parametrize("lost", sorted(KEYS))
def test_a_press_without_a_field_is_a_plain_sentence_and_changes_nobody(monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    monkeypatch.setattr("streamlit.session_state", {key: value for key, value in TYPED.items() if key != KEYS[lost]})
    kept: list[Any] = []
    monkeypatch.setattr("pages.ui.memory.keep", lambda _, said: kept.append(said))
    monkeypatch.setattr("data.desk.people.put", lambda *_: pytest.fail("somebody was changed"))
    peopling._put("", KEYS)
    assert len(kept) == 1 and isinstance(kept[0], Problem) and "Nothing was changed" in str(kept[0])
