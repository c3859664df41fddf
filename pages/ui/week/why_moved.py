"""Why a figure moved: the sentence, the waterfall that adds up, and the parts, each of which opens into its campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data.text import NBSP
from metrics.readings import why
from metrics.readings.parts import CAUSES as ORDER
from metrics.readings.parts import Part
from metrics.readings.why import WhyReading
from metrics.registry import METRICS
from metrics.sentences import why as sentences
from metrics.sentences.forms import figure, signed
from metrics.sentences.said import Speech
from pages.ui import address, asking, control, figures, reading, show, shown, waterfall
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

ASKED: Mapping[str, tuple[str, ...]] = {
    "shop": ("revenue", "orders", "drr", "spend", "visits", "cpo", "cr_order", "aov"),
    "leads": ("conversions", "cpa", "spend", "visits", "cr"),
    "subscription": ("conversions", "revenue", "cpa", "spend", "visits", "cr"),
}
"""Which figures can be asked about, the first one first."""
MOST = 8


def chosen(view: View) -> str:
    """The figure that is asked about; its control is drawn by `draw`."""
    metrics = _metrics(view)
    return control.kept("why", metrics, metrics[0])


def read(view: View, metric: str) -> WhyReading:
    """The change of a figure taken apart by channel and campaign; against the days before where the bar compares with nothing."""
    return reading.read(view, why.read, metric, view.since, view.counted, view.against or "previous")


def headline(found: WhyReading) -> None:
    """The answer: how much the figure moved."""
    show.heading(sentences.head(found, current()), t("What moved, why, and what do we do?"))


def draw(view: View, found: WhyReading) -> None:
    """The choice of the figure, the sentence, the waterfall, the parts."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show.section(t("Why it moved"))
        control.pick("why", t("Metric"), {key: t(METRICS[key].title) for key in _metrics(view)}, _metrics(view)[0], width=220)
    said = sentences.sentences(found, current())
    if said != sentences.head(found, current()):
        show.text(said)
    if found.note is not None or found.steps is None:
        return
    opened = _opened(found)
    if opened is None:
        if found.before or found.after or found.steps.steps:
            _fall(found)
        _parts(found, found.parts, t("Channel"), "why_parts")
    else:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(t("All channels"), icon=":material/arrow_back:", type="tertiary", on_click=_open, args=("",), key="why_back")
            show.section(f"{t(opened.title)} · {_signed(opened.printed, found)}")
            _only(view, opened)
        _parts(found, opened.children, t("Campaign"), f"why_{opened.key}")
    show.notes(found.notes)


def _metrics(view: View) -> tuple[str, ...]:
    return shown.seen(view, ASKED.get(str(view.client.facts.get("model", "")), ASKED["leads"]))


def _fall(found: WhyReading) -> None:
    assert found.steps is not None
    words, speech = current(), Speech(found.unit, found.currency, current())
    parts = {part.title: part for part in found.parts}
    bars = [
        waterfall.Bar(t(step.label), step.amount, _signed(step.amount, found), _tone(parts.get(step.label), found))
        for step in found.steps.steps
    ]
    then, now = show.dates(found.compared_since, found.compared_until), show.dates(found.since, found.until)
    start = waterfall.Level(then.replace(NBSP, " "), found.steps.start, speech.short(found.steps.start))
    end = waterfall.Level(now.replace(NBSP, " "), found.steps.end, speech.short(found.steps.end))
    alt = t("{metric}: from {before} to {now} by channel", metric=t(found.title), before=start.text, now=end.text)
    drawn = waterfall.draw(start, bars, end, words, speech.tick)
    keys = ("", *(parts[step.label].key if step.label in parts else "" for step in found.steps.steps), "")
    said = st.plotly_chart(
        drawn, key="waterfall", config={"displayModeBar": False}, alt=alt, on_select="rerun", selection_mode="points"
    )
    meaning = t("Coloured is what goes beyond noise; grey is within it. The bars add up to the change.")
    show.caption(f"{meaning} {t('A press on a bar opens it.')}")
    pressed = next((keys[place] for place in said.selection.point_indices), "")
    if pressed:
        _open(pressed)
        st.rerun()


def _only(view: View, opened: Part) -> None:
    """A button that leaves this channel alone on all pages."""
    known = asking.channels(view.client, view.store, view.grouping, view.loaded) if view.loaded else {}
    if opened.key in known and view.only != (("channel", (opened.key,)),):
        label = t("Only this channel")
        st.button(label, icon=":material/filter_alt:", type="tertiary", on_click=_leave, args=(opened.key,), key="why_only")


def _leave(key: str) -> None:
    address.put("channel", [key])
    _open("")


def _tone(part: Part | None, found: WhyReading) -> str:
    """Colour only where chance does not explain it, and only where up or down is better."""
    if part is None or not part.real or found.better not in ("up", "down") or not part.amount:
        return "flat"
    return "good" if (part.amount > 0) == (found.better == "up") else "bad"


# ------------------------------------------------------------------------------------------------------------------ parts


def _parts(found: WhyReading, parts: Sequence[Part], name: str, key: str) -> None:
    """The parts as a table: what each was, is, did to the change, and by which cause."""
    causes = [cause for cause in ORDER if any(one.key == cause and one.printed for part in parts for one in part.causes)]
    columns = [
        Column("before", t("Before")), Column("after", t("Now")), Column("part", t("Its part in the change")),
        *(Column(cause, t(sentences.CAUSES[cause]).capitalize()) for cause in causes),
    ]
    rows = [_row(part, found, causes) for part in parts if part.printed or part.before or part.after]
    pressed = figures.table(name, columns, rows, _total(found, parts, causes), key=key, order=figures.AS_GIVEN, caption=t("Why it moved"))
    if pressed and not pressed.column:
        _open(pressed.row)
        st.rerun()


def _row(part: Part, found: WhyReading, causes: Sequence[str]) -> Row:
    say = current()
    tone = _tone(part, found)
    printed = {cause.key: cause.printed for cause in part.causes}
    cells = (
        Cell(figure(part.before, found.unit, found.currency, say), part.before),
        Cell(figure(part.after, found.unit, found.currency, say), part.after),
        Cell(_signed(part.printed, found), part.printed, tone=tone),
        *(Cell(_signed(printed[cause], found) if printed.get(cause) else "", printed.get(cause)) for cause in causes),
    )
    return Row(part.key, t(part.title), cells, opens=bool(part.children))


def _total(found: WhyReading, parts: Sequence[Part], causes: Sequence[str]) -> Row | None:
    if parts != found.parts or found.change is None:
        return None
    say = current()
    by_cause = {cause.key: cause.printed for cause in found.causes}
    return Row("", t("Total"), (
        Cell(figure(found.before, found.unit, found.currency, say), found.before),
        Cell(figure(found.after, found.unit, found.currency, say), found.after),
        Cell(_signed(round(found.change, found.digits), found), found.change),
        *(Cell(_signed(by_cause[cause], found) if by_cause.get(cause) else "", by_cause.get(cause)) for cause in causes),
    ))


def _signed(value: float, found: WhyReading) -> str:
    return signed(value, found.unit, found.currency, current(), max(found.digits, 0))


def _opened(found: WhyReading) -> Part | None:
    key = control.free("inside")
    return next((part for part in found.parts if part.key == key and part.children), None)


def _open(key: str) -> None:
    address.put("inside", key)
