"""What is known about a client beside its figures: who looks after it, its business, what counts, how its documents look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data.desk import looks
from data.desk.looks import Look
from data.errors import Problem
from data.text import sign
from metrics.readings import tenure
from metrics.readings.subscription import GRACE
from metrics.scope import Settings
from pages.ui import client_tables, design, memory, show, store
from pages.ui.language import current, t
from pages.ui.view import View

MODELS: Mapping[str, str] = {"shop": "Shop", "leads": "Leads and contracts", "subscription": "Subscription"}
UNITS: Mapping[str, str] = {"share": "{name}, %", "money": "{name}, {currency}"}
MOST_DAYS, MOST_TERM, MOST_RATE = 365, 3660, 300.0
_SAID, _ROUND = "client_settings_said", "client_settings_round"
Facts = Mapping[str, Any]


def draw(view: View) -> None:
    """The settings, folded; saved as a whole."""
    with st.expander(t("Client settings"), icon=":material/settings:", expanded=memory.kept(_SAID) is not None):
        memory.tell(_SAID)
        facts, client = view.client.facts, view.client.slug
        with st.form(f"client_{client}_{memory.kept(_ROUND, 0)}", border=False):
            about, money, goals, paid, hand, looked = _tabs(facts)
            with about:
                said = _about(view, facts)
            with money:
                said |= _money(view, facts)
            with goals:
                said |= _goals(view, facts)
            with paid:
                said |= _subscription(view, facts)
            with hand:
                said |= _by_hand(view, facts)
            with looked:
                look = _look(view)
            if st.form_submit_button(t("Save"), type="primary"):
                _save(view, said, look)


# ------------------------------------------------------------------------------------------------------------------- the tabs


def _tabs(facts: Facts) -> Sequence[Any]:
    """NB: terms of payments stand in a tab of their own for those who sell by subscription, else with the money, where nothing is drawn."""
    titles = [t("The client"), t("Money"), t("Goals and products"), t("Subscription"), t("Figures by hand"), t("Look of documents")]
    if _subscribed(facts):
        return list(st.tabs(titles))
    about, money, goals, hand, looked = st.tabs([title for title in titles if title != t("Subscription")])
    return about, money, goals, money, hand, looked


def _subscribed(facts: Facts) -> bool:
    return str(facts.get("model", "")) == "subscription"


def _about(view: View, facts: Facts) -> dict[str, Any]:
    left, right = st.columns(2)
    return {
        "model": _model(left, facts),
        "manager": right.text_input(t("Account manager"), value=current().written(str(facts.get("manager", "")))),
        "name_ru": left.text_input(t("Name in Russian"), value=str(facts.get("name_ru", ""))),
        "next_report": right.date_input(t("Next report is due"), value=_day(facts.get("next_report")), format=_pattern()),
        "fiscal_month_start": left.number_input(
            t("The client's month begins on the day"), value=int(facts.get("fiscal_month_start") or 1), min_value=1, max_value=28,
            help=t("Some clients count their months from another day than the first. Month to date and last month follow it."),
        ),
        "client_since": right.date_input(
            t("Works with the agency since"), value=_day(facts.get("client_since")), format=_pattern(), help=_tenure(view, facts),
        ),
    }


def _tenure(view: View, facts: Facts) -> str | None:
    found = tenure.read(facts, store.today(view.client))
    return t("The agency has worked for the client for {months} months.", months=found.months) if found else None


def _model(place: Any, facts: Facts) -> str:
    kept = str(facts.get("model", ""))
    options = [*MODELS] if kept in MODELS else ["", *MODELS]
    title = {key: t(name) for key, name in MODELS.items()} | {"": t("not chosen")}
    chosen = options.index(kept) if kept in options else 0
    return str(place.selectbox(t("Business model"), options, index=chosen, format_func=title.__getitem__))


def _money(view: View, facts: Facts) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    margin = left.number_input(
        t("Contribution margin, % of revenue"), value=_percent(facts.get("margin")), min_value=0.0, max_value=100.0, step=1.0,
        help=t("What is left of a rouble of revenue after goods, delivery and payment fees. Without it, revenue counts whole."),
    )
    target = middle.number_input(
        t("Target CPA, {currency}", currency=sign(view.client.currency)), value=_number(facts.get("target_cpa")), min_value=0.0,
        help=t("What a conversion may cost. The comparison of attribution models judges channels by it where there is no margin."),
    )
    discount = right.number_input(
        t("Discount rate, % a year"), value=_percent(facts.get("annual_discount")), min_value=0.0, max_value=MOST_RATE, step=1.0,
        help=t("By how much money of next year is worth less than money of today. It lowers what a customer brings later."),
    )
    st.markdown(show.marked(t("What counts as spend")))
    show.caption(t("Without a line, spend is what the media cost, net of VAT. A line holds from its day on, until the next one."))
    columns = {
        "since": st.column_config.DateColumn(t("Since"), format=_pattern(), help=t("Empty: from the beginning.")),
        "gross": st.column_config.CheckboxColumn(
            t("With VAT"), help=t("The client cannot reclaim VAT: it is added at the rate of the day.")
        ),
        "levy": st.column_config.NumberColumn(
            t("Advertising levy, %"), min_value=0.0, max_value=99.0, help=t("Three per cent of the media since 1 April 2025.")
        ),
        "fee": st.column_config.NumberColumn(t("Agency fee, %"), min_value=0.0, max_value=99.0, help=t("Of what the media cost, net.")),
        "counts_levy": st.column_config.CheckboxColumn(t("Spend includes the levy")),
        "counts_fee": st.column_config.CheckboxColumn(t("Spend includes the fee")),
    }
    edited = _table("terms", view, client_tables.terms_shown(facts), columns, t("What counts as spend"))
    return {"margin": _share(margin), "target_cpa": target, "annual_discount": _share(discount), "spend_terms": edited}


def _goals(view: View, facts: Facts) -> dict[str, Any]:
    known = dict(store.choices(view.client, view.store, current().language).goals)
    left, middle, right = st.columns(3)
    found: dict[str, Any] = {
        "key_goals": _several(left, t("Goals that count as conversions"), "key_goals", known, facts, t("All goals")),
        "activation_goals": _several(
            middle, t("Goals of activation"), "activation_goals", known, facts, t("Visits with interest"),
            t("The funnel's second step: what a visitor does who is interested."),
        ),
        "demand_goals": _several(
            right, t("Goals of demand"), "demand_goals", known, facts, t("Orders, or key goals"),
            t("By these the life-cycle stage of the client as a whole is read."),
        ),
    }
    if str(facts.get("model", "")) == "shop":
        found["cart_goals"] = _several(
            middle, t("Goals of the cart"), "cart_goals", known, facts, t("not named"),
            t("By these the conversion into a cart is reckoned."),
        )
    found["brand"] = right.text_input(
        t("Words of the brand"), value=", ".join(map(str, facts.get("brand") or ())),
        help=t("One after another, as people type them: the demand for them is told apart from that for the category."),
    )
    days = left.number_input(
        t("Lookback of attribution, days"), value=_whole(facts.get("lookback_days")), min_value=1, max_value=MOST_DAYS, placeholder="90",
        help=t("How long before a conversion a visit may still have part in it."),
    )
    st.markdown(show.marked(t("Products")))
    show.caption(t("Each product has a life cycle of its own, read from the goals that are the demand for it."))
    columns = {
        "key": None,
        "title": st.column_config.TextColumn(t("Name"), max_chars=80),
        "title_ru": st.column_config.TextColumn(t("Name in Russian"), max_chars=80),
        "goals": st.column_config.MultiselectColumn(
            t("Goals of demand"), options=list(known), format_func=lambda goal: known.get(goal, goal), width="large"
        ),
    }
    edited = _table("products", view, client_tables.products_shown(facts), columns, t("Products"))
    return found | {"lookback_days": days, "products": edited}


def _subscription(view: View, facts: Facts) -> dict[str, Any]:
    """How long payments hold where the files do not say it."""
    if not _subscribed(facts):
        return {}
    left, right = st.columns(2)
    found = {
        "term_days": left.number_input(
            t("Usual term of a payment, days"), value=_whole(facts.get("term_days")), min_value=1, max_value=MOST_TERM, placeholder="30",
            help=t("How long a payment holds where the file does not say it: a month is 30."),
        ),
        "grace_days": right.number_input(
            t("Grace, days"), value=_whole(facts.get("grace_days")), min_value=1, max_value=MOST_DAYS, placeholder=str(GRACE),
            help=t("How late a payment may be before the customer counts as lost."),
        ),
    }
    st.markdown(show.marked(t("Sums that pay for another term")))
    show.caption(t("A yearly tariff, for example: its sum and its days."))
    columns = {
        "sum": st.column_config.NumberColumn(t("Sum, {currency}", currency=sign(view.client.currency)), min_value=0.0),
        "days": st.column_config.NumberColumn(t("Term, days"), min_value=1, max_value=MOST_TERM, step=1),
    }
    edited = _table("tariffs", view, client_tables.tariffs_shown(facts), columns, t("Sums that pay for another term"))
    return found | {"tariffs": edited}


def _by_hand(view: View, facts: Facts) -> dict[str, Any]:
    model = str(facts.get("model", ""))
    every = client_tables.drivers_of(model)
    if not every:
        show.caption(t("Choose the business model and save: the figures of its driver tree stand here then."))
        return {}
    show.caption(t("What no source reports, for the driver tree: a figure given here stands in the place of a computed one."))
    names = {one.key: t(UNITS.get(one.unit, "{name}"), name=t(one.name), currency=sign(view.client.currency)) for one in every}
    columns = {
        "key": None,
        "name": st.column_config.TextColumn(t("Driver"), disabled=True, width="large"),
        "value": st.column_config.NumberColumn(t("By hand"), min_value=0.0),
    }
    edited = _table("drivers", view, client_tables.drivers_shown(facts, model, names), columns, t("Figures by hand"), "fixed")
    return {"drivers": edited}


def _look(view: View) -> Look:
    look = looks.of(store.agency(), view.client.slug)
    left, right = st.columns(2)
    accent = left.color_picker(t("Colour of documents"), value=look.accent or design.NOW)
    upload = right.file_uploader(t("Logo, PNG or JPEG"), type=["png", "jpg", "jpeg"], key=f"logo_{view.client.slug}")
    kept = look.logo
    if look.logo:
        right.image(look.logo, width=120, alt=t("Logo of {client}", client=view.name))
        kept = None if right.checkbox(t("Without a logo")) else look.logo
    return Look("" if accent == design.NOW else accent, upload.getvalue() if upload else kept)


# ---------------------------------------------------------------------------------------------------------------------- saving


def _save(view: View, said: Mapping[str, Any], look: Look) -> None:
    try:
        facts = facts_of(said, view.client.facts)
        Settings.of(view.client.currency, dict(view.client.facts) | facts, 0)
        looks.put(store.agency(), view.client.slug, look)
        if facts:
            store.agency().set_facts(view.client, facts)
    except Problem as problem:
        memory.keep(_SAID, problem)
    else:
        memory.keep(_SAID, t("Saved."))
        memory.keep(_ROUND, memory.kept(_ROUND, 0) + 1)
    st.rerun()


def facts_of(said: Mapping[str, Any], kept: Facts) -> dict[str, Any]:
    """What was changed, as the settings keep it. Raises Problem."""
    rules: Mapping[str, Callable[[Any], Any]] = {
        "next_report": lambda day: day.isoformat() if isinstance(day, date) else "",
        "manager": lambda name: kept.get("manager", "") if current().written(str(kept.get("manager", ""))) == name else name,
        "spend_terms": client_tables.terms,
        "products": client_tables.products,
        "tariffs": client_tables.tariffs,
        "client_since": lambda day: day.isoformat() if isinstance(day, date) else "",
        "brand": lambda text: [word for part in str(text).split(",") if (word := part.strip())],
        "drivers": lambda rows: client_tables.drivers(rows, str(kept.get("model", "")), kept),
        "fiscal_month_start": lambda day: None if day == 1 else day,
    }
    found = {name: rules.get(name, _same)(value) for name, value in said.items()}
    return {name: value for name, value in found.items() if (value or None) != (kept.get(name) or None)}


def _same(value: Any) -> Any:
    return value


# ----------------------------------------------------------------------------------------------------------------------- parts


def _table(
    name: str, view: View, frame: pd.DataFrame, columns: Mapping[str, Any], alt: str, rows: Any = "dynamic"
) -> list[dict[str, Any]]:
    """A small table to edit. Returns its rows."""
    edited = st.data_editor(
        frame, key=f"{name}_{view.client.slug}_{memory.kept(_ROUND, 0)}", hide_index=True, num_rows=rows, column_config=dict(columns),
        height="content", placeholder="", alt=alt,
    )
    return [{str(key): value for key, value in row.items()} for row in edited.to_dict("records")]


def _several(place: Any, label: str, name: str, known: Mapping[str, str], facts: Facts, nothing: str, hint: str | None = None) -> list[str]:
    kept = [goal for goal in facts.get(name) or () if goal in known]
    return list(place.multiselect(
        label, list(known), default=kept, format_func=lambda goal: known.get(goal, goal), placeholder=nothing, help=hint
    ))


def _percent(kept: Any) -> float | None:
    return None if kept is None else float(kept) * 100


def _share(given: float | None) -> float | None:
    return None if given is None else round(given / 100, 6)


def _number(kept: Any) -> float | None:
    return None if kept is None else float(kept)


def _whole(kept: Any) -> int | None:
    return None if not kept else int(kept)


def _day(kept: object) -> date | None:
    return date.fromisoformat(str(kept)) if kept else None


def _pattern() -> Any:
    return "DD.MM.YYYY" if current().russian else "YYYY-MM-DD"
