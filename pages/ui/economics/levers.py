"""Levers by money: how far each is from the better end of its own range, and what a tenth more of it brings."""

from __future__ import annotations

from data.text import DASH, NBSP
from metrics.readings.drivers import DriversReading, Reach
from metrics.sentences.forms import figure
from pages.ui import figures, show
from pages.ui.economics.boxes import effect
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t


def table(found: DriversReading) -> None:
    """A row per lever, the one with most within reach first."""
    show.section(
        t("Levers and what is within reach"), help=t("Within reach is the better end of what the lever has been in eight months of ten.")
    )
    if not found.levers:
        return show.caption(t("No driver of this tree can be moved."))
    show.caption(t("What moving each one would do to: {outcome}, a month.", outcome=t(found.outcome_name)))
    columns = [
        Column("now", t("Now")),
        Column("range", t("Its own range"), t("Between the tenth and the ninetieth percent of its own months.")),
        Column("gain", t("Within reach")),
        Column("tenth", t("A tenth more brings")),
        Column("who", t("Who moves it, and by what"), words=True),
    ]
    most = max((one.gain or 0.0 for one in found.levers), default=0.0)
    rows = [_row(one, found, most) for one in found.levers]
    figures.table(
        t("Lever"), columns, rows, None, key="levers", order=figures.AS_GIVEN, caption=t("Levers and what is within reach"), wrap=True
    )
    return None


def _row(one: Reach, found: DriversReading, most: float) -> Row:
    say = current()
    low, high = (figure(value, one.unit, found.currency, say) for value in (one.low, one.high))
    gain = Cell(_why_not(one), absent=True)
    if one.gain:
        bar = one.gain / most if most else None
        gain = Cell(effect(one.gain, found, say), one.gain, t("at {goal}", goal=_goal(one, found)), bar=bar)
    return Row(
        one.key,
        t(one.name),
        (
            Cell(figure(one.now, one.unit, found.currency, say), one.now),
            Cell(f"{low} {DASH} {high}".replace(" ", NBSP) if one.low is not None else DASH, one.low),
            gain,
            Cell(effect(one.by_tenth, found, say), one.by_tenth),
            Cell(t(one.owner), None, t(one.levers) if one.levers else ""),
        ),
    )


def _goal(one: Reach, found: DriversReading) -> str:
    return figure(one.goal, one.unit, found.currency, current())


def _why_not(one: Reach) -> str:
    """In two words why nothing is within reach."""
    return t("at its best already") if one.low is not None else t("too few months: {n}", n=current().number(one.periods))
