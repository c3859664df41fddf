"""Loading files on the page: drop, see what was understood, answer what the files leave open, see what would change, load or discard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from zoneinfo import available_timezones

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from connectors.intake import Refused, Resolved
from data import rejected
from data.desk.marks import Mark
from data.errors import Ask, Problem
from data.loading import Loaded
from data.tables import ALL_GOALS, ATTRIBUTIONS
from metrics.registry import MEASURES
from pages.ui import dropped, mapping, newcomer, show, store, trial, unread
from pages.ui.language import current, t
from pages.ui.loaded import TITLES
from pages.ui.shelf import Shelf
from pages.ui.trial import Stated, Trial, Understood
from pages.ui.view import View

CHOICES: Mapping[str, str] = {
    "net": "without VAT", "gross": "with VAT", **{a.key: a.title for a in ATTRIBUTIONS}, **mapping.HOLDS, **mapping.EVENTS,
    "micros": "in millionths of it", "plain": "in the currency itself", ALL_GOALS: "all goals together",
}
OPTIONS: Mapping[str, str] = {
    "account": "Counter or account", "timezone": "Time zone", "currency": "Currency", "vat": "Amounts", "attribution": "Attribution model",
    "period": "Period", "goal": "Goal", "goals": "Key events", "money": "Units of the cost", **mapping.OPTIONS,
}
FIELD = 520
"""Unit: pixels. A question is read in one line, its answer is short."""
_BESIDE = 3
_SHELF, _TRIAL, _FOR, _ROUND, _SAID, _STATED = "drop_shelf", "drop_trial", "drop_for", "drop_round", "drop_said", "drop_stated"


def draw(view: View) -> None:
    """The whole flow for one client."""
    round_: int = st.session_state.setdefault(_ROUND, 0)
    _last_word()
    uploads = st.file_uploader(
        t("Drop export files here: Metrica, Google Analytics, Direct, cost sheets (CSV, TSV, XLSX)"), accept_multiple_files=True,
        key=f"drop_{round_}",
    )
    if not uploads:
        return _forget(view)
    stated = _stated()
    files = _shelf().put(uploads)
    understood = trial.understand(files, stated, view.client, store.agency())
    dropped.draw(understood, _facts)
    if understood.open:
        _forget(view)
        _questions(understood)
    elif understood.resolved:
        _preview(_tried(understood, (view.client.slug, view.version, tuple(files), repr(stated)), view), view)


def _last_word() -> None:
    """What came of the last press of a button."""
    said: str | Problem | None = st.session_state.pop(_SAID, None)
    if isinstance(said, Problem):
        show.problem(said)
    elif said:
        st.success(show.marked(said), icon=":material/check_circle:")


def _shelf() -> Shelf:
    if _SHELF not in st.session_state:
        st.session_state[_SHELF] = Shelf()
    found: Shelf = st.session_state[_SHELF]
    return found


# ------------------------------------------------------------------------------------------------------ what was understood


def _refused(refused: Refused) -> None:
    with st.container(gap="xsmall"):
        show.caption(refused.name)
        show.problem(refused.problem)


def _questions(understood: Understood) -> None:
    """What the files do not say: all files together in one form, and sheets of one's own each in a form of their own."""
    sheets = [one for one in understood.resolved if mapping.wanted(one)]
    others = [one for one in understood.resolved if one.missing and one not in sheets]
    if others:
        with st.form("drop_questions"):
            for one in others:
                _asked(one)
            st.form_submit_button(t("Check the files"), type="primary", on_click=_answer, args=(understood,))
    for one in sheets:
        mapping.draw(one, _field, _state)


def _asked(one: Resolved) -> None:
    """The questions about one export, side by side."""
    st.markdown(f"**{show.marked(one.series.name)}** · {show.marked(t(one.series.source.title))}")
    for start in range(0, len(one.missing), _BESIDE):
        row = one.missing[start : start + _BESIDE]
        for column, ask in zip(st.columns(_BESIDE, vertical_alignment="bottom"), row, strict=False):
            with column:
                _field(ask, _control(one, ask))


def _facts(one: Resolved) -> list[str]:
    """What an export says about itself, and what has been answered."""
    return [f"{t(OPTIONS.get(option, option))}: {t(CHOICES.get(answer, answer))}" for option, answer in one.answers.items()]


def _field(ask: Ask, key: str) -> None:
    options: Sequence[str] = ask.choices
    if ask.option == "timezone":
        options = (*newcomer.FIRST_ZONES, *sorted(available_timezones() - set(newcomer.FIRST_ZONES)))
    elif ask.option == "currency":
        options = tuple(dict.fromkeys((*([ask.default] if ask.default else []), *newcomer.CURRENCIES)))
    if options:
        start = options.index(ask.default) if ask.default in options else 0
        st.selectbox(t(ask.text), options, index=start, format_func=lambda value: t(CHOICES.get(value, value)), key=key, width=FIELD)
    else:
        st.text_input(t(ask.text), value=ask.default, key=key, width=FIELD)


def _control(one: Resolved, ask: Ask) -> str:
    return f"drop_answer_{one.series.name}_{ask.option}"


def _answer(understood: Understood) -> None:
    """The form was sent: keep what it says."""
    for one in understood.resolved:
        if not mapping.wanted(one):
            _state(one.series.name, {ask.option: str(st.session_state.get(_control(one, ask)) or "").strip() for ask in one.missing})


def _state(series: str, given: Mapping[str, str]) -> None:
    """Keep answers about one series."""
    st.session_state[_STATED] = {**_stated(), series: {**_stated().get(series, {}), **given}}


def _stated() -> Stated:
    found: Stated = st.session_state.setdefault(_STATED, {})
    return found


# -------------------------------------------------------------------------------------------------------- what would change


def _tried(understood: Understood, token: tuple[object, ...], view: View) -> Trial:
    """The version on trial; built once for these files, these answers and this state of the store."""
    if st.session_state.get(_FOR) != token:
        _forget(view)
        bar = st.progress(0.0, t("Reading the files"))
        session = get_script_run_ctx()
        st.session_state[_TRIAL] = trial.prepare(understood, view.store.live(), lambda share, what: _tick(bar, share, what, session))
        st.session_state[_FOR] = token
        bar.empty()
    found: Trial = st.session_state[_TRIAL]
    return found


def _tick(bar: st.delta_generator.DeltaGenerator, share: float, what: str, session: ScriptRunContext | None) -> None:
    """NB: while the engine runs, a thread of the warehouse calls this, which belongs to no session by itself."""
    add_script_run_ctx(ctx=session)
    bar.progress(min(1.0, max(0.0, share)), show.marked(t(what)))


def _preview(tried: Trial, view: View) -> None:
    """Before anything is committed: per export what it is, how much of it there is, and what the store holds before and after."""
    for fault in tried.faults:
        _refused(fault)
    if tried.candidate is None and not tried.marks:
        return
    loaded = tried.candidate.loaded if tried.candidate else ()
    with st.container(border=True):
        show.section(t("What will change"))
        if loaded:
            _sums(loaded)
        if tried.marks:
            _marks(tried.marks)
        notes = (*tried.notes, *(note for one in loaded for note in one.notes))
        by_file = trial.notes_by_file(loaded)
        lines = Counter(line for said in by_file.values() for line in {current().note(note) for note in said})
        show.notes((*tried.notes, *(note for said in by_file.values() for note in said if lines[current().note(note)] > 1)))
        for name, said in by_file.items():
            show.notes([note for note in said if lines[current().note(note)] == 1], name)
        unread.offer(view.client.slug, rejected.among(notes), "drop_rejected")
        with st.container(horizontal=True):
            st.button(t("Load"), type="primary", on_click=_load, args=(view,))
            st.button(t("Discard"), on_click=_discard, args=(view,))


def _marks(found: Sequence[Mark]) -> None:
    """Events that will stand on the time line."""
    st.table({
        t("Dates"): [show.dates(mark.since, mark.until) for mark in found],
        t("Event"): [show.marked(mark.text) for mark in found],
        t("Kind"): [t(mapping.EVENTS[mark.kind]) for mark in found],
    }, border="horizontal", hide_index=True, alt=t("Events that will stand on the time line"))


def _sums(loaded: Sequence[Loaded]) -> None:
    words, parts = current(), [one for one in trial.together(loaded) if one.rows or one.before.get("rows")]
    st.table({
        t("What"): [show.marked(f"{t(TITLES.get(one.table, one.table))} · {one.account}") for one in parts],
        t("Dates"): [words.period(one.since, one.until) for one in parts],
        t("Rows in the files"): [_rows(one) for one in parts],
        t("In the store now, for these days"): [_said(one.before) for one in parts],
        t("After loading"): [_said(one.after) for one in parts],
    }, border="horizontal", hide_index=True, alt=t("What will change"))


def _rows(one: trial.Change) -> str:
    said = current().number(one.rows)
    return show.marked(t("{rows}, repeated ones folded: {folded}", rows=said, folded=current().number(one.folded)) if one.folded else said)


def _said(sums: Mapping[str, Decimal]) -> str:
    """`Visits 439 · Revenue 12 300`; nothing where there are no rows."""
    if not sums.get("rows"):
        return t("nothing")
    shown = {name: value for name, value in sums.items() if name in MEASURES and value} or {"rows": sums["rows"]}
    titles = {name: t(MEASURES[name].title) if name in MEASURES else t("rows") for name in shown}
    return show.marked(" · ".join(f"{titles[name]} {_figure(value)}" for name, value in shown.items()))


def _figure(value: Decimal) -> str:
    return current().number(value, 0 if value == value.to_integral_value() else 2)


# --------------------------------------------------------------------------------------------------------------- callbacks


def _load(view: View) -> None:
    tried: Trial = st.session_state[_TRIAL]
    try:
        done = trial.publish(tried, view.store.live(), view.client, store.agency())
    except Problem as problem:
        st.session_state[_SAID] = problem
        return
    if not done:
        st.session_state[_FOR] = None
        st.session_state[_SAID] = t("Somebody else has loaded into this client meanwhile. Look again at what will change, then load.")
        return
    held = tried.candidate.loaded if tried.candidate else tried.marks
    days = [day for one in held for day in (one.since, one.until)]
    st.session_state[_SAID] = t("Loaded: {days}.", days=show.dates(min(days), max(days)))
    _again()


def _discard(view: View) -> None:
    trial.discard(st.session_state[_TRIAL], view.store.live())
    st.session_state[_SAID] = t("Forgotten. Nothing was changed.")
    _again()


def _again() -> None:
    """An empty place to drop files on."""
    st.session_state[_TRIAL] = st.session_state[_FOR] = None
    st.session_state[_STATED] = {}
    st.session_state[_ROUND] += 1


def _forget(view: View) -> None:
    tried: Trial | None = st.session_state.get(_TRIAL)
    if tried:
        trial.discard(tried, view.store.live())
    st.session_state[_TRIAL] = st.session_state[_FOR] = None
