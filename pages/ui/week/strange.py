"""What is unusual lately, dearest first: what it was, what is usual, what it is worth, and what may explain it."""

from __future__ import annotations

from metrics.readings import unusual
from metrics.readings.stretches import Finding
from metrics.readings.unusual import UnusualReading
from metrics.sentences import unusual as sentences
from metrics.sentences.forms import figure, signed
from pages.ui import figures, reading, show, store
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

MOST = 6


def read(view: View) -> UnusualReading:
    """The last twelve weeks up to the end of the period, with the client's marks."""
    return reading.read(view, unusual.read, view.until, marks=store.marks(view.client))


def draw(found: UnusualReading) -> None:
    """A row per finding; or the sentence that there is none."""
    show.section(t("Unusual"))
    shown = found.findings[:MOST]
    if found.note is not None or not shown:
        return show.text(sentences.sentences(found, current()))
    columns = [
        Column("days", t("When"), words=True), Column("fact", t("Fact")), Column("usual", t("Usual")), Column("money", t("Worth")),
        Column("why", t("What may explain it"), words=True),
    ]
    rows = [_row(one, found) for one in shown]
    figures.table(t("What"), columns, rows, None, "unusual", figures.AS_GIVEN, caption=t("Unusual"), wrap=True)
    if len(found.findings) > MOST:
        show.caption(t("Further findings: {count}", count=current().number(len(found.findings) - MOST)))
    show.notes(found.notes)
    return None


def _row(one: Finding, found: UnusualReading) -> Row:
    say = current()
    effect = "" if one.effect is None else f"{'+' if one.effect > 0 else ''}{say.share(one.effect, 0)}"
    tone = {True: "good", False: "bad", None: "flat"}[one.good]
    title = f"{t(one.title)} · {t(one.channel_title)}" if one.channel else t(one.title)
    return Row(f"{one.metric}|{one.channel}|{one.since}", title, (
        Cell(say.period(one.since, one.until)),
        Cell(figure(one.value, one.unit, found.currency, say), one.value, effect, tone),
        Cell(figure(one.expected, one.unit, found.currency, say), one.expected),
        Cell(signed(one.money, "money", found.currency, say), one.money),
        Cell(_why(one)),
    ))


def _why(one: Finding) -> str:
    """The marks and holidays beside it; that it has become the usual level."""
    said = [*map(current().written, one.marks), *map(t, one.occasions)]
    return ", ".join(said) or (t("a new level") if one.shift and one.holds else "")
