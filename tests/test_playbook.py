"""The playbook has advice for every stage and group of channels in both languages, and none where the stage is not clear."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from data.batches import Note
from data.text import catalogue
from metrics.playbook import advice, cells, groups, play, stage_play
from metrics.product_stage import Override, StageReading
from metrics.registry import METRICS
from metrics.stages.stage_filter import STAGES

METRICS_ROOM = Path(__file__).parent.parent / "metrics"
SPEAKERS = (
    "stage_filter", "product_stage", "stage_outlook", "stage_words", "early_warning", "playbook",
    "drivers", "levers", "what_if", "response_gate", "reallocation",
)  # fmt: skip


@pytest.mark.parametrize(("group", "stage"), cells())
def test_every_cell_is_filled_in_both_languages(group: str, stage: str) -> None:
    cell = advice(stage, group)
    for said in (cell.title, cell.text):
        assert said.en.isascii() and len(said.en) > 1
        assert said.ru != said.en and any("а" <= letter <= "я" for letter in said.ru.lower())
        assert said.text("ru") == said.ru and said.text("en") == said.en
    assert len(cell.text.en) < 260 and not cell.text.en.endswith(".")


def test_no_two_cells_say_the_same() -> None:
    texts = [advice(stage, group).text for group, stage in cells()]
    assert len({text.en for text in texts}) == len({text.ru for text in texts}) == len(texts) == 32


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_an_aim_and_the_indicator_that_leads(stage: str) -> None:
    found = stage_play(stage)
    assert all((found.aim.en, found.aim.ru, found.kpi.en, found.kpi.ru))
    assert found.metrics and set(found.metrics) <= set(METRICS)


def test_return_on_spend_does_not_judge_an_introduction() -> None:
    assert "romi" not in stage_play("introduction").metrics
    assert stage_play("decline").metrics[0] == "contribution"


def test_advice_carries_the_probability_of_the_stage() -> None:
    found = play(StageReading("growth", None, {"introduction": 0.0, "growth": 0.84, "maturity": 0.15, "decline": 0.01}))
    assert found.stage is not None
    assert (found.stage.stage, found.chance, found.reason) == ("growth", 0.84, None)
    assert [one.group for one in found.advice] == list(groups())


def test_an_unclear_stage_gives_a_reason_in_place_of_advice() -> None:
    reason = Note("stage", "Too short a history: {known} complete months, {least} are needed", {"known": 3, "least": 6})
    found = play(StageReading(None, reason))
    assert found.advice == () and found.stage is None and found.reason is reason


def test_a_stage_set_by_hand_gives_advice_without_a_probability() -> None:
    by_hand = Override("decline", "The factory closes", "Vera", date(2026, 3, 2))
    found = play(StageReading(None, Note("stage", "The stage is not clear"), override=by_hand))
    assert found.stage is not None
    assert (found.stage.stage, found.chance) == ("decline", None)
    assert len(found.advice) == len(groups())


def texts(module: str) -> list[str]:
    """Strings of a module that people may see: they begin with a capital or a brace and are no docstring."""
    tree = ast.parse(next(METRICS_ROOM.rglob(f"{module}.py")).read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent]
    said = [node.value for node in constants if isinstance(node.value, str)]
    return [text for text in said if (text[:1].isupper() or text.startswith("{")) and text != "SLSQP" and len(text) > 2]


@pytest.mark.parametrize("module", SPEAKERS)
def test_every_text_of_stages_drivers_and_curves_is_said_in_russian(module: str) -> None:
    russian = catalogue("ru")
    assert [text for text in texts(module) if text not in russian] == []
