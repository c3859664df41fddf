"""The page as a whole: the answer, the parts in brief, and one part in full."""

from __future__ import annotations

import streamlit as st

from metrics import stats
from metrics.readings import segments
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from metrics.sentences.said import Speech
from pages.ui import address, bar, control, figures, listing, receipt, show
from pages.ui.audience import forest, parts, shown
from pages.ui.audience.parts import PARTS, Part
from pages.ui.explore import grid, taking
from pages.ui.language import current, t
from pages.ui.view import View

FIRST = "device"


def draw(view: View) -> None:
    """Draw Audience."""
    title = st.container()
    with show.waiting():
        whole = parts.total(view)
    kpis = parts.offered(whole)
    if not kpis:
        with title:
            show.heading(t("Audience"), t("Who brings the result?"))
        show.empty(
            t("There is nothing to judge segments by"), t("Neither conversions nor orders nor bounces are loaded for these days."),
            listing.file_of("data"), t("Load files"),
        )
        show.notes(whole.notes)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kpi = control.pick("kpi", t("Judge by"), {key: t(METRICS[key].title) for key in kpis}, kpis[0], 250)
        show.caption(t("Each segment against all visits outside of it"))
    speech = answer.speech(kpi, whole, current())
    found = {key: parts.part(view, whole, key, kpi) for key in PARTS}
    _cards(found, kpi, speech)
    chosen = control.switch("part", t("Segments by"), {key: t(name) for key, name in PARTS.items()}, FIRST)
    part = found[chosen]
    strongest = segments.strongest(part.segments)
    values = (speech.short(strongest.value), speech.short(strongest.rest)) if strongest else ("", "")
    with title:
        show.heading(parts.headline(part, kpi, values, current()), t("Who brings the result?"))
    if part.known:
        _part(view, part, kpi, whole, speech)
    else:
        show.empty(t("{part}: not loaded", part=t(PARTS[chosen])), t(parts.BRINGS[chosen]), listing.file_of("data"), t("Load files"))


def _cards(found: dict[str, Part], kpi: str, speech: Speech) -> None:
    """The parts that something is known of; a press opens one below."""
    words = current()
    pressed = figures.cards([shown.card(part, kpi, speech, words) for part in found.values() if part.known], key="audience_cards")
    if pressed:
        address.put("part", pressed)


def _part(view: View, part: Part, kpi: str, whole: Result, speech: Speech) -> None:
    words = current()
    points = shown.points(part, speech, words)
    left, right = st.columns((2, 1), gap="medium")
    with left:
        pressed = grid.draw(shown.sheet(part, kpi, whole, speech, words), key=f"segments_{part.key}")
        _below(view, part, kpi, whole)
    with right:
        if points:
            value = whole.total.get(kpi) or 0.0
            named = t("all visits: {value}", value=speech.short(value))
            title = t("{metric} by segment, with its range at {level}", metric=t(METRICS[kpi].title), level=words.share(stats.LEVEL, 0))
            show.caption(title)
            st.plotly_chart(
                forest.draw(points, value, named, speech.tick), key="forest", config={"displayModeBar": False},
                alt=f"{title}. {'; '.join(f'{point.name}: {speech.short(point.value)}' for point in points[:5])}",
            )
    if pressed and (part.result is not None or not pressed.row):
        receipt.open(view, part.result if pressed.row and part.result else whole, pressed.column, _line(part, pressed.row, whole))


def _line(part: Part, row: str, whole: Result) -> Line:
    words = current()
    if part.result is None:
        return answer.total(whole, words)
    known = answer.lines(part.result, part.key, words)
    return next((line for line in known if row == shown.row_of(line.key)), answer.total(whole, words))


def _below(view: View, part: Part, kpi: str, whole: Result) -> None:
    words = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.space("stretch")
        said = {t("Client"): view.name, t("View"): bar.summary(view), t("Store version"): str(view.version)}
        fields = shown.taken(part, kpi, words).fields
        name = f"{view.client.slug}_{part.key}_{view.since}_{view.until}"
        taking.downloads(name, fields, lambda: shown.taken(part, kpi, words), said, whole.currency)
    show.caption(_method(part))
    if part.sql:
        with st.expander(t("The query"), icon=":material/database:"):
            st.code(part.sql, language="sql", wrap_lines=True)
    show.notes(part.result.notes if part.result is not None else whole.notes)


def _method(part: Part) -> str:
    """How the words came about."""
    if shown.told(part.segments):
        return t("Many segments are looked at, and some differ by chance: the bar for calling one better or worse rises with their number.")
    return t("A segment is called better or worse only if the interval of the difference excludes zero.")
