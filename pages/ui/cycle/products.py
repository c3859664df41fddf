"""The stage of each product: how likely, on what evidence, what comes next, what warns, and what to do there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.desk import overrules
from data.text import DASH
from metrics.readings import stage
from metrics.readings.stage import StageView
from metrics.sentences.forms import likely
from pages.ui import address, control, figures, marking, reading, show, stage_chart, store
from pages.ui.cycle import by_hand
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

TONES = {"decline": "bad", "growth": "good"}
CATEGORY = "category"
"""The kind of what is said of the market."""
SIGNS = {"warns": ":material/warning:", "quiet": ":material/check:", "unknown": ":material/help:"}


def read(view: View) -> tuple[StageView, ...]:
    """The client as a whole, then each product, as known on the last day of the period."""
    set_by_hand = overrules.of(store.agency(), view.client.slug)
    return reading.of_facts(
        view,
        stage.read_all,
        view.until,
        asked=stage.Asked(None, view.grouping, view.counter),
        marks=store.marks(view.client),
        overrules=set_by_hand,
    )


def headline(found: Sequence[StageView]) -> None:
    """The answer: the stage of the whole, and the product that differs."""
    whole, *others = found
    said = _said(whole)
    apart = [one for one in others if one.shown and one.shown != whole.shown]
    if apart:
        said += "; " + ", ".join(f"{_name(one)}: {t(str(one.shown))}" for one in apart[:2])
    show.heading(said, t("Which stage is the product in, and what works there?"))


def _said(view: StageView) -> str:
    if view.shown is None:
        return t("The stage is not clear yet")
    if view.by_hand is not None:
        return t("{stage}, set by hand", stage=t(view.shown).capitalize())
    return t("{stage}, {chance} likely", stage=t(view.shown).capitalize(), chance=likely(view.chances[view.shown], current()))


def table(found: Sequence[StageView]) -> StageView:
    """All products; a press chooses the one that is looked at. Returns it."""
    chosen = _chosen(found)
    if len(found) > 1:
        columns = [
            Column("stage", t("Stage"), words=True),
            Column("months", t("Months in it")),
            Column("slope", t("Trend a month"), t("Free of season; under it, its 80 % range.")),
            Column("next", t("What usually comes next"), words=True),
            Column("decline", t("Decline within 6 months")),
            Column("alert", t("Alarm"), words=True),
        ]
        pressed = figures.table(
            t("Product"), columns, [_row(one) for one in found], None, "products", figures.AS_GIVEN, caption=t("Stages of products")
        )
        if pressed:
            address.put("product", pressed.row)
            st.rerun()
    return chosen


def _chosen(found: Sequence[StageView]) -> StageView:
    key = control.free("product")
    return next((one for one in found if one.key == key), found[0])


def _row(view: StageView) -> Row:
    say = current()
    chance = likely(view.chances[view.shown], say) if view.shown and view.shown in view.chances and not view.by_hand else ""
    slope, span, ahead = view.evidence.slope if view.evidence else None, view.time_in_stage, view.outlook
    return Row(
        view.key,
        _name(view),
        (
            Cell(t(view.shown or "not clear"), None, t("set by hand") if view.by_hand else chance, TONES.get(view.shown or "", "flat")),
            Cell(_months(view), span.mid if span else None),
            Cell(
                _percent(slope.mid) if slope else DASH,
                slope.mid if slope else None,
                f"{_percent(slope.low)} – {_percent(slope.high)}" if slope else "",
            ),
            Cell(
                t(ahead.stage) if ahead else DASH,
                None,
                t("in about {months} months", months=say.number(ahead.periods.mid)) if ahead else "",
            ),
            Cell(say.share((view.decline_within or {}).get(6), 0), (view.decline_within or {}).get(6)),
            Cell(t(view.alert) if view.alert else "", None, tone="bad" if view.alert else "flat"),
        ),
        opens=True,
    )


def _months(view: StageView) -> str:
    if view.time_in_stage is None or view.by_hand is not None:
        return DASH
    span = view.time_in_stage
    return f"{'≥ ' if span.at_least else ''}{current().number(span.mid)} ({current().number(span.low)}–{current().number(span.high)})"


def _percent(value: float) -> str:
    return f"{'+' if value > 0 else ''}{current().share(value, 1)}"


# --------------------------------------------------------------------------------------------------------------- one product


def cockpit(view: View, found: StageView) -> None:
    """One product: its course with the stages under it, the evidence, the warnings, the playbook, and the manager's own word."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show.section(_name(found))
        marking.button(view)
    drawn, said = st.columns([3, 2], gap="large") if found.history else (None, st.container())
    if drawn is not None:
        with drawn:
            _course(view, found)
    with said:
        for note in found.lines:
            show.text(current().note(note))
        if found.second is not None:
            show.caption(t("Second opinion, visits from search: {said}", said=current().note(found.second)))
        _market(found)
        by_hand.draw(view, found)
    _signals(found)
    _playbook(found)
    show.notes(note for note in found.notes if note.kind != CATEGORY)


def _market(found: StageView) -> None:
    """What the loaded demand for the category says: a second opinion from outside of the client."""
    said = [note for note in found.notes if note.kind == CATEGORY]
    if said:
        with st.container(border=True, gap="xsmall", key="market"):
            st.markdown(f":material/storefront: **{show.marked(t('The market'))}**")
            for note in said:
                show.caption(current().note(note))


def _course(view: View, found: StageView) -> None:
    alt = t("{product}: demand by month and the stage of each month", product=_name(found))
    told = marking.of(view, found.history[0].month, view.until)
    drawn = stage_chart.draw(found.history, current(), t("orders" if found.what == "orders" else "goal reaches"), told)
    st.plotly_chart(drawn, key="stage_course", config={"displayModeBar": False}, alt=alt)
    said = t("Line: demand by month, thin line: free of season. The band shows how likely each stage is, as known now.")
    show.caption(said if found.shown else t("Line: demand by month."))
    marking.under(view, told)


def _signals(found: StageView) -> None:
    if not found.signals:
        return
    show.section(t("Early signs of decline"))
    for one in found.signals:
        st.markdown(f"{SIGNS[one.state]} {show.marked(current().note(one.note))}")


def _playbook(found: StageView) -> None:
    """What works in this stage, by group of channels."""
    if found.play is None:
        return
    language = current().language
    show.section(t("What to do: {aim}", aim=found.play.aim.text(language)))
    show.caption(t("Leading indicator: {kpi}", kpi=found.play.kpi.text(language)))
    columns = st.columns(2, gap="large")
    for place, one in enumerate(found.advice):
        with columns[place % 2]:
            st.markdown(f"**{show.marked(one.title.text(language))}**  \n{show.marked(one.text.text(language))}")


def _name(view: StageView) -> str:
    return view.name.text(current().language)
