"""Where the running month will end: a line per target, with its band, its chance and what a day must bring from now on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.desk.plans import Target
from data.text import DASH
from metrics.pace import Outlook
from metrics.readings import pace
from metrics.readings.pace import Line, PaceReading
from metrics.sentences.forms import likely, signed
from metrics.sentences.said import Speech
from pages.ui import figures, reading, show
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

TONES = {Outlook.SAFE: "good", Outlook.AT_RISK: "bad"}


def read(view: View, targets: Sequence[Target]) -> PaceReading | None:
    """The month of the last loaded day; None while nothing is loaded. Filters of the bar do not hold: a plan is for the whole client."""
    if view.loaded is None:
        return None
    day, whole = view.loaded[1], reading.subject(view)
    month = day.replace(day=1)
    running = tuple(target for target in targets if target.month == month)
    about = type(whole)(whole.model, whole.goals, whole.grouping, whole.counter, whole.attribution)
    return reading.read(view, pace.read, month, day, running, about=about)


def headline(found: PaceReading | None) -> None:
    """The answer: which targets of the month are in danger."""
    question = t("What is to be reached, and how do the months keep to it?")
    planned = [line for line in found.lines if line.plan is not None] if found else []
    if found is None or not planned:
        return show.heading(t("No plan is set for this month"), question)
    month = current().month(found.month).capitalize()
    risky = [line for line in planned if line.outlook is Outlook.AT_RISK]
    if risky:
        names = ", ".join(dict.fromkeys(_name(line) for line in risky[:3]))
        return show.heading(t("{month}, at risk: {names}", month=month, names=names), question)
    if all(line.outlook in (Outlook.SAFE, None) for line in planned):
        return show.heading(t("{month}: every target is on its way", month=month), question)
    return show.heading(t("{month}: no target is at risk, some are still open", month=month), question)


def table(found: PaceReading | None) -> None:
    """A row per target of the month."""
    planned = [line for line in found.lines if line.plan is not None] if found else []
    if found is None or not planned:
        return
    show.section(t("The running month"), help=t("Expected ends come with the band that holds eight months of ten."))
    if found.day:
        facts = {"day": current().day(found.day), "left": current().number(found.days_left)}
        show.caption(t("As of the evening of {day}; days left: {left}", **facts))
    rows = [_row(line, found.currency, found.day) for line in planned]
    figures.table(t("Target"), _columns(), rows, None, key="pace", order=figures.AS_GIVEN, caption=t("The running month"))
    show.notes([*found.notes, *(line.note for line in planned if line.note)])


def _columns() -> list[Column]:
    hint = t("Fact against the plan up to this day, by the client's own weekdays and season; 100 % is exactly on plan.")
    return [
        Column("plan", t("Plan")),
        Column("fact", t("Fact")),
        Column("index", t("Pace"), hint),
        Column("money", t("Gap in money"), t("Fact less plan to date, times the margin that a unit brings.")),
        Column("end", t("Expected end")),
        Column("chance", t("Chance to keep it")),
        Column("day", t("Needed a day"), t("What a day of average weight must bring from now on; under it, what it brings now.")),
        Column("word", t("Verdict"), words=True),
    ]


def _row(line: Line, currency: str, day: date | None) -> Row:
    speech, words = Speech(line.unit, currency, current()), current()
    tone = "bad" if line.runs_out else TONES.get(line.outlook, "flat") if line.outlook else "flat"
    band = f"{speech.short(line.low)} – {speech.short(line.high)}" if line.low is not None and line.high is not None else ""
    running = t("now {value}", value=_daily(line, line.running, speech)) if line.running is not None else ""
    return Row(f"{line.metric}|{line.channel}", _name(line), (
        Cell(speech.short(line.plan), line.plan),
        Cell(speech.short(line.fact), line.fact, absent=line.fact is None),
        Cell(words.share(line.index, 0) if line.index is not None else DASH, line.index, tone=tone),
        Cell(DASH if line.gap_money is None else signed(line.gap_money, "money", currency, words), line.gap_money),
        Cell(speech.short(line.expected), line.expected, band),
        Cell(likely(line.chance, words) if line.chance is not None and not line.budget else DASH, line.chance),
        Cell(_daily(line, line.required, speech), line.required, running),
        Cell(_word(line, day), tone=tone, change=_more(line, speech)),
    ))


def _daily(line: Line, value: float | None, speech: Speech) -> str:
    """A day's part; nothing where no day could bring it (a ratio below zero)."""
    if value is None or value < 0:
        return DASH
    return current().number(value, 1 if value else 0) if line.unit == "count" and value < 10 else speech.short(value)


def _word(line: Line, day: date | None) -> str:
    if line.budget and line.runs_out:
        gone = day is not None and line.runs_out <= day
        return t("ran out on {day}" if gone else "runs out on {day}", day=current().day(line.runs_out))
    if line.budget:
        return t("the budget lasts")
    return t(str(line.outlook)) if line.outlook else DASH


def _more(line: Line, speech: Speech) -> str:
    if line.budget and line.remains is not None and not line.runs_out:
        return t("left over {value}", value=speech.short(line.remains))
    return ""


def _name(line: Line) -> str:
    title = t(line.title)
    return f"{title} · {t(line.channel_title)}" if line.channel else title
