"""The funnel: what comes in, what passes each step, and where a tenth more would bring the most."""

from __future__ import annotations

from collections.abc import Mapping

from data.batches import Note
from metrics.readings.customers import CustomersReading, StepLine
from metrics.sentences.said import Speech
from pages.ui import figures, show
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t

ORDER = ("acquisition", "activation", "revenue", "retention", "referral")
"""As a customer goes through them."""
OF: Mapping[str, str] = {
    "acquisition": "",
    "activation": "of the visits",
    "revenue": "of the activated",
    "retention": "of the buyers",
    "referral": "of the visits",
}
"""What each step is a part of."""


def headline(found: CustomersReading) -> None:
    """The weakest step, or why none is called so."""
    question = t("Where are they lost on the way?")
    weakest = [line for line in found.steps if line.weakest]
    if not weakest:
        said = current().note(found.funnel_why) if found.funnel_why else t("The funnel")
        return show.heading(said, question)
    money = Speech("money", found.currency, current()).short(weakest[0].worth)
    names = ", ".join(t(line.title).lower() for line in weakest)
    return show.heading(t("Where a tenth more brings the most: {step}, {money}", step=names, money=money), question)


def draw(found: CustomersReading) -> None:
    """A row per step with its bar."""
    if not found.steps:
        return
    columns = [
        Column("count", t("People and visits")),
        Column("rate", t("Passed on"), t("The part of the step that stands under the figure.")),
        Column("worth", t("A tenth more is worth"), t("Money that ten per cent more of this step would bring at today's other rates.")),
    ]
    most = max((line.count or 0.0 for line in found.steps), default=0.0)
    rows = [_row(line, found, most) for line in sorted(found.steps, key=lambda line: ORDER.index(line.step))]
    figures.table(t("Step"), columns, rows, None, "funnel", figures.AS_GIVEN, caption=t("The funnel"))
    show.notes([*found.funnel_notes, *(_about(line.title, line.note) for line in found.steps if line.note is not None)])


def _about(step: str, note: Note) -> Note:
    """A note that speaks of one step, with its name."""
    said = current().note(note)
    return Note(note.kind, "{step}: {said}", {"step": step, "said": said[0].lower() + said[1:]})


def _row(line: StepLine, found: CustomersReading, most: float) -> Row:
    words, money = current(), Speech("money", found.currency, current())
    bar = line.count / most if line.count is not None and most else None
    tone = "bad" if line.weakest else "flat"
    return Row(
        line.step,
        t(line.title),
        (
            Cell(words.number(line.count), line.count, bar=bar),
            Cell(words.share(line.rate, 1), line.rate, t(OF[line.step]) if line.rate is not None else ""),
            Cell(money.short(line.worth), line.worth, t("brings the most") if line.weakest else "", tone),
        ),
    )
