"""The main figures of the client's business: value, change, course, and how they keep to the plan."""

from __future__ import annotations

from dataclasses import replace

from metrics import judging
from metrics.readings.pace import Line, PaceReading
from metrics.readings.subject import main_metrics
from metrics.result import Result
from metrics.sentences import answer
from pages.ui import asking, figures, reading, receipt, shown
from pages.ui.figures import Card
from pages.ui.language import current, t
from pages.ui.view import View


def metrics(view: View) -> tuple[str, ...]:
    """What counts in this business model."""
    return main_metrics(reading.subject(view))


def asked(view: View) -> Result:
    """The totals of the period and of the one it is compared with."""
    return asking.ask(view, judging.needs(metrics(view)))


def over_days(view: View) -> Result:
    return asking.ask(view, metrics(view), ("day",))


def cards(view: View, result: Result, course: Result, month: PaceReading | None) -> None:
    """A card per figure; a press opens its receipt."""
    planned = {line.metric: line for line in month.lines if line.plan is not None and not line.channel} if month else {}
    drawn = [_with_plan(card, planned.get(card.key)) for card in shown.cards(result, metrics(view), course, current())]
    pressed = figures.cards(drawn, key="cards")
    if pressed:
        receipt.open(view, result, pressed, answer.total(result, current()))


def _with_plan(card: Card, line: Line | None) -> Card:
    """The pace of the month's plan beside what was before."""
    if line is None or line.index is None:
        return card
    pace = t("plan: {pace}", pace=current().share(line.index, 0))
    hint = f"{card.hint}\n{t('Fact of the month against its plan up to this day.')}"
    return replace(card, was=f"{card.was} · {pace}" if card.was else pace, hint=hint)
