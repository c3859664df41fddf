"""What works in which stage, by group of channels. The texts are data in playbook.toml, both languages side by side.

Advice follows the stage that is shown and carries its probability; where the stage is not clear there is no advice, and the reason stands
in its place. Why it differs by stage: before take-off people lack knowledge and fear the risk, so buy reach and make trying cheap; in
growth people imitate, so feed word of mouth; at maturity most of those who would ever buy have bought, so value comes from frequency, price
and extension; in decline each rouble is judged by the cash it brings back.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.batches import Note
from metrics.product_stage import StageReading
from metrics.stages.stage_filter import STAGES

PATH = Path(__file__).with_name("playbook.toml")


@dataclass(frozen=True)
class Said:
    """One text in both languages."""

    en: str
    ru: str

    def text(self, language: str) -> str:
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True)
class StagePlay:
    """A stage's aim, the indicator that leads in it, and the ids of the metrics to look at, first one first."""

    stage: str
    aim: Said
    kpi: Said
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """What to do in one group of channels."""

    group: str
    title: Said
    text: Said


@dataclass(frozen=True)
class Play:
    """The playbook for one reading. `chance` is that of the stage, None when a person set it; `reason` says why `advice` is empty."""

    stage: StagePlay | None
    chance: float | None
    advice: tuple[Advice, ...]
    reason: Note | None = None


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


def groups() -> dict[str, Said]:
    """Groups of channels and their names, in the order of the playbook."""
    return {key: Said(**names) for key, names in _book()["group"].items()}


def stage_play(stage: str) -> StagePlay:
    row = _book()["stage"][stage]
    return StagePlay(stage, Said(row["en"], row["ru"]), Said(row["kpi_en"], row["kpi_ru"]), tuple(row["metrics"]))


def advice(stage: str, group: str) -> Advice:
    return Advice(group, groups()[group], Said(**_book()["advice"][group][stage]))


def play(reading: StageReading) -> Play:
    """The advice for a reading, by group of channels; none, with the reason, while the stage is not clear."""
    stage = reading.shown
    if stage is None:
        reason = reading.reason or Note("playbook", "No advice while the stage is not clear")
        return Play(None, None, (), reason)
    chance = None if reading.override else reading.chances[stage]
    return Play(stage_play(stage), chance, tuple(advice(stage, group) for group in groups()))


def cells() -> tuple[tuple[str, str], ...]:
    """Every pair of group and stage that the playbook must fill."""
    return tuple((group, stage) for group in groups() for stage in STAGES)
