"""What is known about a client beside its figures: who looks after it, its business, what counts, how its documents look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from data.desk import looks
from data.desk.looks import Look
from data.errors import Problem
from pages.ui import design, show, store
from pages.ui.language import current, t
from pages.ui.view import View

MODELS: Mapping[str, str] = {"shop": "Shop", "leads": "Leads and contracts", "subscription": "Subscription"}
_SAID = "client_settings_said"


def draw(view: View) -> None:
    """The settings, folded; saved as a whole."""
    with st.expander(t("Client settings"), icon=":material/settings:"):
        _tell()
        look, facts, client = looks.of(store.agency(), view.client.slug), view.client.facts, view.client.slug
        with st.form(f"client_{client}", border=False):
            left, middle, right = st.columns(3)
            said = {
                "model": _model(left, facts),
                "margin": _margin(left, facts),
                "manager": middle.text_input(t("Account manager"), value=current().written(str(facts.get("manager", "")))),
                "next_report": middle.date_input(t("Next report is due"), value=_day(facts.get("next_report")), format=_pattern()),
                "name_ru": middle.text_input(t("Name in Russian"), value=str(facts.get("name_ru", ""))),
                "key_goals": _goals(left, view),
            }
            accent = right.color_picker(t("Colour of documents"), value=look.accent or design.NOW)
            upload = right.file_uploader(t("Logo, PNG or JPEG"), type=["png", "jpg", "jpeg"], key=f"logo_{client}")
            if look.logo:
                right.image(look.logo, width=120)
            if st.form_submit_button(t("Save"), type="primary"):
                logo = upload.getvalue() if upload else look.logo
                _save(view, said, Look("" if accent == design.NOW else accent, logo))


def _model(place: Any, facts: Mapping[str, Any]) -> str:
    kept = str(facts.get("model", ""))
    options = [*MODELS] if kept in MODELS else ["", *MODELS]
    title = {key: t(name) for key, name in MODELS.items()} | {"": t("not chosen")}
    chosen = options.index(kept) if kept in options else 0
    return str(place.selectbox(t("Business model"), options, index=chosen, format_func=title.__getitem__))


def _margin(place: Any, facts: Mapping[str, Any]) -> float | None:
    kept = facts.get("margin")
    given = place.number_input(
        t("Contribution margin, % of revenue"), value=None if kept is None else float(kept) * 100, min_value=0.0, max_value=100.0, step=1.0,
        help=t("What is left of a rouble of revenue after goods, delivery and payment fees. Without it, revenue counts whole."),
    )
    return None if given is None else given / 100


def _goals(place: Any, view: View) -> list[str]:
    known = store.choices(view.client, view.store, current().language).goals
    kept = [goal for goal in view.client.facts.get("key_goals", ()) if goal in known]
    return list(place.multiselect(
        t("Goals that count as conversions"), list(known), default=kept, format_func=lambda goal: known.get(goal, goal),
        placeholder=t("All goals"),
    ))


def _save(view: View, said: Mapping[str, Any], look: Look) -> None:
    day = said["next_report"]
    facts = dict(said) | {"next_report": day.isoformat() if isinstance(day, date) else ""}
    kept = str(view.client.facts.get("manager", ""))
    if current().written(kept) == facts["manager"]:
        facts["manager"] = kept
    try:
        looks.put(store.agency(), view.client.slug, look)
        store.agency().set_facts(view.client, facts)
    except Problem as problem:
        st.session_state[_SAID] = problem
    else:
        st.session_state[_SAID] = t("Saved.")
    st.rerun()


def _tell() -> None:
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, Problem):
        show.problem(said)
    elif said:
        st.success(show.marked(said))


def _day(kept: object) -> date | None:
    return date.fromisoformat(str(kept)) if kept else None


def _pattern() -> Any:
    return "DD.MM.YYYY" if current().russian else "YYYY-MM-DD"
