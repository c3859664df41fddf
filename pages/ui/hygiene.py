"""UTM hygiene: the money that finds its visits, what is wrong with the rest, and matching a campaign by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.desk import campaigns
from data.desk.campaigns import Match
from data.errors import CannotAnswer
from data.tables import SPEND
from data.warehouse import Warehouse
from metrics.hygiene import FAULTS, MACRO, NO_SPEND, NO_VISITS, UNTAGGED, Fault, Hygiene, read
from metrics.query import Query
from metrics.registry import DIMENSIONS
from metrics.scope import Settings
from pages.ui import show, store
from pages.ui.escape import Value
from pages.ui.figures import Cell, Column, Row, table
from pages.ui.language import current, t
from pages.ui.view import View

ADVICE: Mapping[str, str] = {
    NO_VISITS: "No visit carries the number or the tags of these campaigns. Tag their links, or match them with a tag below.",
    MACRO: "The ad system did not fill the macro in: its name is misspelt, or the link was tagged for another system.",
    UNTAGGED: "Nothing tells which campaign this is. Turn on tagging of links in the ad account.",
    NO_SPEND: "The visits are tagged as paid, and no loaded spend knows the tag. Load the missing account, or match the tag below.",
}
_MOST, _TALL = 12, 420
_SYSTEMS = dict(DIMENSIONS["ad_system"].titles)


def draw(view: View) -> None:
    """The whole view; nothing while no spend is loaded."""
    if not any(span.table == SPEND.name for span in store.ledger(view.store)) or not view.covered:
        return
    try:
        found = _asked(view)
    except CannotAnswer as problem:
        show.problem(problem)
        return
    help = t("Does the money find the visits it bought? By the campaign's number, then by tags, then as matched by hand.")
    show.section(t("UTM hygiene"), help)
    _headline(found)
    if found.faults:
        _faults(found, view)
    if found.of(NO_VISITS) and found.sent:
        _matching(found, view)
    _matched(view)
    show.notes(found.notes)


def _headline(found: Hygiene) -> None:
    words = current()
    if found.share_met is None:
        show.text(t("No spend is loaded for these days."))
        return
    lost = found.cost - sum(found.met.values())
    text = t("{share} of the spend finds its visits.", share=words.share(found.share_met))
    if lost > 0.005:
        text += " " + t("{money} does not.", money=words.money(lost, found.currency))
    show.text(text)


def _faults(found: Hygiene, view: View) -> None:
    """The table: what is wrong, and the money and visits behind it."""
    words = current()
    columns = [Column("cost", t("Spend"), ""), Column("share", t("Share of spend"), ""), Column("visits", t("Visits"), ""),
               Column("system", t("System"), words=True)]
    for kind in FAULTS:
        faults = found.of(kind)
        if not faults:
            continue
        show.caption(f"{t(FAULTS[kind])}: {words.number(len(faults))}. {t(ADVICE[kind])}")
        rows = [Row(f"{kind}_{place}", _title(fault), _cells(fault, found), False) for place, fault in enumerate(faults)]
        table(t("Campaign"), columns, rows, None, key=f"hygiene_{kind}", height=_TALL if len(rows) > _MOST else 0, caption=t(FAULTS[kind]))
    header = [t(name) for name in ("What is wrong", "System", "Source", "Medium", "Campaign", "Number", "Spend", "Visits")]
    show.download(f"{view.client.slug}_utm_{view.since}_{view.until}", header, lambda: _sheet(found.faults), key="csv_hygiene")


def _title(fault: Fault) -> str:
    tags = " / ".join(part for part in (fault.source, fault.medium) if part)
    return " · ".join(part for part in (fault.title, tags) if part) or t("(not set)")


def _cells(fault: Fault, found: Hygiene) -> tuple[Cell, ...]:
    words = current()
    share = fault.cost / found.cost if fault.cost is not None and found.cost else None
    cost = Cell(words.money(fault.cost, found.currency), fault.cost) if fault.cost is not None else Cell("–", absent=True)
    visits = Cell(words.number(fault.visits), fault.visits) if fault.visits is not None else Cell("–", absent=True)
    shared = Cell(words.share(share), share) if share is not None else Cell("–", absent=True)
    return cost, shared, visits, Cell(t(_SYSTEMS.get(fault.system, fault.system)) or "–", absent=not fault.system)


def _sheet(faults: Sequence[Fault]) -> list[list[Value]]:
    return [
        [FAULTS[one.kind], one.system, one.source, one.medium, one.title, one.campaign_id, one.cost, one.visits] for one in faults
    ]


# --------------------------------------------------------------------------------------------------------------- matching


def _matching(found: Hygiene, view: View) -> None:
    """A campaign without visits, and the tag that its visits carry: matched here, remembered, and counted at once."""
    lost = found.of(NO_VISITS)
    words = current()
    with st.container(border=True):
        show.text(t("Match a campaign with the tag that its visits carry. It is remembered, and every figure by campaign uses it at once."))
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            place = st.selectbox(
                t("Campaign with spend"), range(len(lost)), key=f"hygiene_campaign_{len(lost)}",
                format_func=lambda at: f"{lost[at].title} · {words.money(lost[at].cost or 0.0, found.currency)}",
            )
        near = [*lost[place].near, *(tag for tag in found.sent if tag not in lost[place].near)]
        with right:
            sent = st.selectbox(t("Tag of the visits (utm_campaign)"), near, key=f"hygiene_sent_{place}")
        st.button(t("Match"), on_click=_match, args=(view, lost[place], sent), icon=":material/link:")


def _match(view: View, fault: Fault, sent: str) -> None:
    campaigns.put(store.agency(), view.client.slug, Match(sent, fault.system, fault.campaign_id, fault.title))


def _matched(view: View) -> None:
    """What was matched by hand, each with a way back."""
    matches = store.matches(view.client)
    if not matches:
        return
    with st.expander(t("Matched by hand: {count}", count=len(matches)), icon=":material/link:"):
        for match in matches:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                show.text(f"{match.sent} → {match.campaign or match.campaign_id}")
                st.space("stretch")
                st.button(t("Forget"), key=f"forget_{match.sent}", type="tertiary", on_click=_forget, args=(view, match.sent))


def _forget(view: View, sent: str) -> None:
    campaigns.forget(store.agency(), view.client.slug, sent)


def _asked(view: View) -> Hygiene:
    query = view.query(("visits",))
    settings = Settings.of(view.client.currency, view.client.facts, view.version)
    matches = store.matches(view.client)
    found: Hygiene = _read(view.store.key, view.version, repr((query, settings, matches)), view.store, query, settings, matches)
    return found


@st.cache_resource(max_entries=100, show_spinner=False)
def _read(
    folder: str, version: int, asked: str, _store: Warehouse, _query: Query, _settings: Settings, _matches: tuple[Match, ...]
) -> Any:
    return read(_query, _store.pinned().run, _settings, _matches)
