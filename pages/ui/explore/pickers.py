"""What to ask: measures, breakdowns, the step of time, filters. Everything chosen is kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from data.coverage import Span
from metrics.query import Only
from metrics.registry import METRICS
from pages.ui import address, control, escape, show, store
from pages.ui.explore import choices, lines, state
from pages.ui.language import current, t
from pages.ui.view import View

MOST_BREAKDOWNS = 3
LOOKS: Mapping[str, str] = {"table": "Table", "pivot": "Pivot table", "chart": "Chart", "sql": "SQL"}


@dataclass(frozen=True)
class Asked:
    """The page's question. `by` begins with the step of time where there is one; `offered` are the breakdowns that could be added."""

    measures: tuple[str, ...]
    by: tuple[str, ...]
    only: Only
    offered: tuple[str, ...]

    @property
    def step(self) -> str:
        return self.by[0] if self.by and self.by[0] in choices.STEPS else ""


def look(view: View) -> str:
    """Draw the choice of table, pivot, chart or SQL."""
    return control.switch("look", t("View as"), {key: t(LOOKS[key]) for key in _looks(view)}, "table")


def looked(view: View) -> str:
    """What `look` will say once it is drawn."""
    return control.kept("look", _looks(view), "table")


def _looks(view: View) -> tuple[str, ...]:
    """SQL is for those to whom it is open."""
    return tuple(key for key in LOOKS if key != "sql" or view.store.reach.typed)


def draw(view: View) -> Asked:
    """Draw measures, breakdowns and the step; filters are drawn by `filters`."""
    spans = store.ledger(view.store)
    offered = choices.breakdowns(spans)
    left, middle, right = st.columns((11, 8, 4), gap="small", vertical_alignment="top")
    with left:
        measures = _several("measures", t("Measures"), _offered(view, spans), choices.FIRST)
    with right:
        grain = control.pick_labelled("grain", t("Step"), {key: t(title) for key, title in choices.STEPS.items()}, "none")
    with middle:
        titles = {key: lines.title(key, current()) for key in offered}
        default = offered[:1] if grain == "none" else ()
        dimensions = _several("by", t("Breakdowns"), titles, default, MOST_BREAKDOWNS)
    return Asked(measures, ((grain,) if grain != "none" else ()) + dimensions, state.where(), offered)


def _offered(view: View, spans: Sequence[Span]) -> dict[str, str]:
    """The measures that can be asked for by whoever looks. Shape: key -> words."""
    return {key: t(METRICS[key].title) for key in choices.measures(spans, view.store.reach.money)}


def unseen(view: View) -> Asked:
    """The question as it stands while its controls are not drawn."""
    spans = store.ledger(view.store)
    offered = choices.breakdowns(spans)
    grain = control.kept("grain", tuple(choices.STEPS), "none")
    measures, dimensions = (
        tuple(state.held(state.several(name, options, default)))
        for name, options, default in (("measures", tuple(_offered(view, spans)), choices.FIRST), ("by", offered, offered[:1]))
    )
    return Asked(measures, ((grain,) if grain != "none" else ()) + dimensions, state.where(), offered)


def deeper(asked: Asked) -> Callable[[str, int], None]:
    """What a press on a row's name does: it filters by it, and looks one breakdown deeper."""

    def press(row: str, place: int) -> None:
        keys, key = state.keys(row), asked.by[place]
        state.narrow(key, (keys[place],))
        left = [one for one in asked.by if one != key and one not in choices.STEPS]
        following = choices.deeper(asked.by, {key, *(one for one, _ in asked.only)}, asked.offered)
        address.put("by", left or ([following] if following else [key]))
        if key in choices.STEPS:
            address.put("grain", "none")

    return press


def _several(name: str, label: str, options: Mapping[str, str], default: Sequence[str], most: int | None = None) -> tuple[str, ...]:
    key = state.several(name, options, default)
    chosen = st.multiselect(
        label, list(options), format_func=lambda value: options.get(value, value), key=key, max_selections=most, placeholder=t("Choose"),
    )
    address.keep(name, *chosen)
    return tuple(chosen)


# --------------------------------------------------------------------------------------------------------------- filters


def filters(view: View, asked: Asked) -> None:
    """Draw the way to a new filter."""
    with st.popover(t("Add a filter"), icon=":material/filter_alt:", key="adding"):
        _adding(view, asked.offered, dict(asked.only))


def chips(view: View, only: Only) -> None:
    """Draw the page's filters, each lifted by a press."""
    if not only:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for key, values in only:
            names = choices.values(view, key, current())
            said = ", ".join(names.get(value, value) for value in values[:3]) + ("…" if len(values) > 3 else "")
            st.button(
                escape.markdown(f"{lines.title(key, current())}: {said}"), icon=":material/close:", key=f"lift_{key}",
                help=t("Lift this filter"), on_click=state.narrow, args=(key, ()),
            )
        if len(only) > 1:
            st.button(t("Lift all filters"), type="tertiary", on_click=state.widen)


def _adding(view: View, offered: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> None:
    """One breakdown and its values; they hold at once."""
    filterable = [key for key in offered if key not in ("goal", "weekday", "account")]
    key = st.selectbox(t("Breakdown"), filterable, format_func=lambda one: lines.title(one, current()), key="filter_by")
    names = choices.values(view, key, current())
    missing = {value: value for value in chosen.get(key, ()) if value not in names}
    options = {**names, **missing}
    held = f"filter_values_{key}"

    def changed() -> None:
        state.narrow(key, state.held(held))

    st.multiselect(
        t("Only these"), list(options), default=list(chosen.get(key, ())), format_func=lambda one: options.get(one, one) or "–", key=held,
        on_change=changed, placeholder=t("All"),
    )
    if len(names) >= choices.MOST_VALUES:
        show.caption(t("The largest {count} are listed.", count=choices.MOST_VALUES))
