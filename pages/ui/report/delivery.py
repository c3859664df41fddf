"""What goes out by itself: the parcels that wait for a press, and the deliveries: which document, to whom, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data import clock
from data.desk import deliveries, frozen, parcels
from data.desk.deliveries import Delivery
from data.desk.parcels import DROPPED, FAILED, MAKING, SENDING, SENT, WAITING, Parcel
from data.errors import Problem
from data.text import languages
from pages.ui import figures, listing, memory, show, store
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.report import taking
from pages.ui.report.document import LANGUAGES, TITLES
from pages.ui.view import View
from reports.exporters import exporters
from share import post, sending

STATES = {
    MAKING: "being made", WAITING: "waits for your press", SENDING: "on its way, unconfirmed", SENT: "sent", FAILED: "the post failed",
    DROPPED: "not sent",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SAID, _OPEN = "delivery_said", "delivery_open"
_SHOWN = 10


def draw(view: View) -> None:
    """The part of the page."""
    found = parcels.of(store.agency(), view.client.slug)
    waiting = [one for one in found if one.state in (WAITING, FAILED, SENDING)]
    title = t("Documents that wait: {count}", count=current().number(len(waiting))) if waiting else t("Nothing waits to be sent")
    show.heading(title, t("What goes out by itself, when and to whom?"))
    memory.tell(_SAID)
    for parcel in waiting:
        _waits(view, parcel)
    _list(view)
    _past([one for one in found if one.state in (SENT, DROPPED)])


# ----------------------------------------------------------------------------------------------------------------- parcels


def _waits(view: View, parcel: Parcel) -> None:
    """A parcel with what holds it, and the press that sends it."""
    copy = next((one for one in frozen.of(store.agency(), view.client.slug) if one.id == parcel.frozen), None)
    if copy is None:
        return
    with st.container(border=True, gap="xsmall", key=f"parcel_{parcel.id}"):
        show.section(copy.title)
        facts = (t(STATES[parcel.state]), ", ".join(parcel.recipients), _formats(parcel.formats))
        show.caption(" · ".join(facts))
        for reason in parcel.reasons:
            st.markdown(f":red[:material/block:] {show.marked(reason)}")
        if parcel.state == SENDING:
            show.text(t("The letter was being handed in when something broke. Ask whether it arrived before you send it again."))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                listing.file_of("report"), label=t("Read it"), icon=":material/visibility:",
                query_params={"client": view.client.slug, "part": "sent", "copy": str(copy.id), "lang": current().language},
            )
            st.button(t("Send"), type="primary", icon=":material/send:", key=f"send_{parcel.id}", on_click=_send, args=(parcel,))
            st.button(t("Do not send"), key=f"drop_{parcel.id}", on_click=_drop, args=(parcel,))


def _send(parcel: Parcel) -> None:
    try:
        made = sending.send(store.agency(), parcel)
    except Problem as problem:
        return memory.keep(_SAID, problem)
    if made.state == SENT:
        memory.keep(_SAID, t("Sent to {whom}.", whom=", ".join(parcel.recipients)))
    return None


def _drop(parcel: Parcel) -> None:
    parcels.move(store.agency(), parcel, DROPPED, parcel.reasons)


def _past(found: Sequence[Parcel]) -> None:
    """What became of earlier ones."""
    if not found:
        return
    with st.expander(t("Earlier deliveries"), icon=":material/history:"):
        st.table(
            {
                t("When"): [show.marked(current().day(one.at.date())) for one in found[:_SHOWN]],
                t("Days"): [show.marked(show.dates(one.since, one.until)) for one in found[:_SHOWN]],
                t("To whom"): [show.marked(", ".join(one.recipients)) for one in found[:_SHOWN]],
                t("State"): [show.marked(t(STATES[one.state])) for one in found[:_SHOWN]],
            },
            border="horizontal", hide_index=True, alt=t("Earlier deliveries"),
        )


# -------------------------------------------------------------------------------------------------------------- deliveries


def _list(view: View) -> None:
    """The deliveries; a press on one opens it."""
    show.section(t("Deliveries"), help=t("“python vitrina.py serve” sends them; “python vitrina.py deliver” does it once."))
    if not post.ready():
        show.caption(t("No mail server is set: documents are made and wait here. Set SMTP_URL and SMTP_FROM to send them."))
    found = deliveries.of(store.agency(), view.client.slug)
    if found:
        columns = [Column("when", t("When")), Column("whom", t("To whom")), Column("formats", t("Formats")), Column("next", t("Next"))]
        rows = [_row(view, one) for one in found]
        pressed = figures.table(t("Document"), columns, rows, None, "deliveries", figures.AS_GIVEN, caption=t("Deliveries"), wrap=True)
        if pressed:
            _edit(view, next(one for one in found if str(one.id) == pressed.row))
    else:
        show.caption(t("Nothing goes out by itself yet."))
    st.button(t("New delivery"), icon=":material/add:", on_click=memory.keep, args=(_OPEN, True), key="delivery_new")
    if memory.take(_OPEN):
        _edit(view, Delivery("month", 2, "10:00", ("pptx", "pdf"), (), current().language))


def _row(view: View, one: Delivery) -> Row:
    title = f"{t(TITLES[one.template])} · {one.language.upper()}"
    held = t("waits for a press") if one.hold else t("goes out when checks allow")
    upcoming = one.following(clock.now(), view.client.timezone).date() if one.active else None
    cells = (
        Cell(_when(one), None, held), Cell(", ".join(one.recipients)), Cell(_formats(one.formats)),
        Cell(current().day(upcoming) if upcoming else t("on pause"), upcoming.toordinal() if upcoming else None),
    )
    return Row(str(one.id), title, cells, opens=True)


def _when(one: Delivery) -> str:
    if one.template == "week":
        return t("{weekday}, {time}", weekday=t(WEEKDAYS[one.day - 1]), time=one.at)
    months = t("day {day} of each month, {time}") if one.template == "month" else t("day {day} of each quarter, {time}")
    return months.format(day=one.day, time=one.at)


def _formats(keys: Sequence[str]) -> str:
    return ", ".join(map(_format, keys))


def _format(key: str | None) -> str:
    return t(taking.TITLES.get(key or "", key or ""))


def _edit(view: View, one: Delivery) -> None:
    title = t("Delivery") if one.id is not None else t("New delivery")
    st.dialog(title, width="medium", position="right", icon=":material/schedule_send:")(_form)(view, one)


def _form(view: View, one: Delivery) -> None:
    left, right = st.columns(2)
    keys = list(TITLES)
    template = left.selectbox(t("Template"), keys, index=keys.index(one.template), format_func=lambda key: t(TITLES[key]))
    spoken = list(languages())
    language = right.selectbox(
        t("Language of the document"), spoken, index=spoken.index(one.language), format_func=lambda key: t(LANGUAGES[key])
    )
    day = _day(left, template, one)
    at = right.text_input(t("Time on the client's clock"), value=one.at)
    formats = st.multiselect(
        t("Formats"), list(exporters()), default=[key for key in one.formats if key in exporters()],
        format_func=_format, placeholder=t("Choose at least one"),
    )
    whom = st.text_area(t("E-mail addresses, by comma or line"), value=", ".join(one.recipients), height=80)
    hold = st.checkbox(t("Hold: somebody looks at it and presses Send"), value=one.hold)
    active = st.checkbox(t("Switched on"), value=one.active)
    with st.container(horizontal=True):
        if st.button(t("Save"), type="primary", key="delivery_save"):
            _save(view, replace(
                one, template=template, language=language, day=day, at=at.strip(), formats=tuple(formats),
                recipients=deliveries.addresses(whom), hold=hold, active=active,
            ))
        if one.id is not None and st.button(t("Remove"), key="delivery_remove"):
            deliveries.remove(store.agency(), view.client.slug, one.id)
            st.rerun()


def _day(place: st.delta_generator.DeltaGenerator, template: str, one: Delivery) -> int:
    """A weekday of a weekly delivery, a day of the month of the others."""
    if template == "week":
        numbers = range(1, 8)
        index = one.day - 1 if one.template == "week" else 0
        return int(place.selectbox(t("Weekday"), numbers, index=index, format_func=lambda day: t(WEEKDAYS[day - 1])))
    return int(place.number_input(t("Day of the month"), 1, deliveries.LAST_DAY, one.day))


def _save(view: View, one: Delivery) -> None:
    try:
        deliveries.put(store.agency(), view.client.slug, one)
    except Problem as problem:
        show.problem(problem)
        return
    memory.keep(_SAID, t("Saved."))
    st.rerun()
