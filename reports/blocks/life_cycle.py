"""The product's life cycle: its stage with the evidence, early signs, and what works in that stage."""

from __future__ import annotations

from dataclasses import replace

from metrics.readings.stage import StageView
from metrics.sentences import stage as said
from metrics.stages.early_warning import Move
from reports.context import Context
from reports.story import Block, Chart, Series
from reports.titles import months as axis

TITLE = "Life cycle"
MONTHS, ADVICE = 36, 4


def make(context: Context) -> Block | None:
    """None while no stage is clear."""
    view = context.stage
    if view.shown is None:
        return None
    say = context.say
    lead = tuple(filter(None, (said.sentences(view, say), _aim(view, context))))
    bullets = tuple(_ended(f"{one.title.text(say.language)}: {_within(one.text.text(say.language))}") for one in view.advice[:ADVICE])
    chart = _demand(view, context)
    # NB: a sure trend can still be none to speak of.
    warns = tuple(say.note(one.note) for one in view.signals if one.state == "warns" and any(map(_moved, one.moves.values())))
    signs = tuple(_ended(say.t("Early sign of decline: {said}", said=_within(text))) for text in warns)
    return Block(
        "life_cycle", "life_cycle", said.head(view, say).rstrip("."), (*lead, *signs), charts=(chart,) if chart else (), bullets=bullets,
        notes=_notes(view, context), speaker=_speaker(view, context),
    )


def _moved(one: Move) -> bool:
    """Whether a change is seen when it is printed."""
    return round(100 * one.change) != 0


def _aim(view: StageView, context: Context) -> str:
    if view.play is None:
        return ""
    language = context.say.language
    return context.say.t("What to do in this stage: {aim}.", aim=_within(view.play.aim.text(language)).rstrip("."))


def _ended(sentence: str) -> str:
    """With one full stop."""
    return f"{sentence.rstrip('. ')}."


def _within(sentence: str) -> str:
    """A sentence after a colon: with a small letter, unless it opens with an abbreviation."""
    return sentence if sentence[:2].isupper() else f"{sentence[:1].lower()}{sentence[1:]}"


def _demand(view: StageView, context: Context) -> Chart | None:
    """Demand by month, and the same free of season."""
    months = view.history[-MONTHS:]
    if len(months) < 6:
        return None
    say = context.say
    labels = axis(tuple(one.month for one in months), say)

    def series(name: str, values: tuple[float | None, ...], role: str) -> Series:
        return Series(name, values, role, tuple(say.number(value) if value is not None else "" for value in values))

    what = say.t("Orders" if view.what == "orders" else "Conversions")
    fact = series(what, tuple(one.demand for one in months), "now")
    smooth = series(say.t("Free of season"), tuple(one.adjusted for one in months), "now")
    drawn = (fact,) if smooth.texts == fact.texts or not any(smooth.texts) else (replace(fact, role="before"), smooth)
    alt = "; ".join(f"{label}: {text}" for label, text in zip(labels, drawn[0].texts, strict=True) if text)
    return Chart("line", say.t("{what} by month", what=what), labels, drawn, "count", alt)


def _notes(view: StageView, context: Context) -> tuple[str, ...]:
    kinds = {"masked", "warning", "stage"}
    return tuple(dict.fromkeys(_ended(context.note(note)) for note in view.notes if note.kind in kinds))[:3]


def _speaker(view: StageView, context: Context) -> tuple[str, ...]:
    if view.play is None:
        return ()
    return (context.say.t("Leading indicator of the stage: {kpi}", kpi=view.play.kpi.text(context.say.language)),)
