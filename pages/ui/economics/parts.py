"""The three parts of the page. Only the open one is reckoned: curves and lifetimes take seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pages.ui import control
from pages.ui.economics import budget, moving, sheet
from pages.ui.language import t
from pages.ui.view import View

TITLES: Mapping[str, str] = {"drivers": "Tree and what-if", "unit": "Unit economics", "budget": "The next rouble"}
_DRAWN: Mapping[str, Callable[[View, Callable[[], None]], None]] = {"drivers": moving.draw, "unit": sheet.draw, "budget": budget.draw}


def draw(view: View) -> None:
    """The open part: its answer, the switch between parts, its body."""
    _DRAWN[control.kept("part", TITLES, "drivers")](view, _switch)


def _switch() -> None:
    control.switch("part", t("Part of the page"), {key: t(title) for key, title in TITLES.items()}, "drivers")
