"""What does not depend on days is asked once per version: never across a load, and nobody can spoil it for the next one."""

from __future__ import annotations

from pathlib import Path

from metrics import ledger
from metrics.provenance import files
from tests.small_store import VK, answer, day, loaded, spend


def test_a_load_is_seen_at_once(tmp_path: Path) -> None:
    store = loaded(tmp_path, spend([(day(2), VK, 100)], (day(1), day(5))))
    assert answer(store, "spend").total == {"spend": 100}
    store.load([spend([(day(8), VK, 50)], (day(6), day(9)))])
    result = answer(store, "spend")
    assert result.total == {"spend": 150} and result.loaded_until == day(9)


def test_a_pinned_store_keeps_its_own_past(tmp_path: Path) -> None:
    store = loaded(tmp_path, spend([(day(2), VK, 100)], (day(1), day(5))))
    held = store.pinned()
    store.load([spend([(day(8), VK, 50)], (day(6), day(9)))])
    assert answer(held, "spend").loaded_until == day(5) and answer(store, "spend").loaded_until == day(9)


def test_changing_an_answer_changes_no_other(tmp_path: Path) -> None:
    store = loaded(tmp_path, spend([(day(2), VK, 100)], (day(1), day(5))))
    first = store.run(ledger.spans())
    first["account"] = "spoiled"
    assert store.run(ledger.spans())["account"].tolist() == ["direct"]


def test_files_are_told_with_the_days_of_the_answer_only(tmp_path: Path) -> None:
    store = loaded(tmp_path, spend([(day(2), VK, 100)], (day(1), day(20))), spend([(day(22), VK, 1)], (day(21), day(25)), "vk"))
    loads = answer(store, "spend", days=(day(5), day(10))).receipt.loads
    assert [(one.account, one.since, one.until) for one in loads] == [("direct", day(5), day(10))]
    assert len(store.run(files())) == 2
