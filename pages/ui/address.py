"""What the viewer has chosen, kept in the page's address: a copied link reopens the same view, and Back goes one choice back.

NB: Streamlit's own binding of a control to the address is not used. It writes the label as it is shown, so a link made in Russian
would not open in English, and it drops a value that equals the default, so a link without a client would open another one later.

A control asks `single`, `several` or `day` for its key in the session, draws itself under that key, and calls `keep` with what it
holds. `open` and `close` frame every run of the app.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

_WRITTEN, _COMING, _HELD, _NOW, _UNKNOWN = "address_written", "address_coming", "address_held", "address_now", "address_unknown"
Parameters = dict[str, list[str]]


def open() -> None:
    """Read the address. It counts when a session begins or when it is not what we wrote: then somebody went Back or pasted a link."""
    st.session_state.setdefault(_HELD, {})
    st.session_state[_NOW] = {}
    st.session_state[_UNKNOWN] = []
    found = _address()
    # NB: a quick second click may arrive with the address of before the first; a control that has moved rules over it.
    news = bool(found) and found != st.session_state.get(_WRITTEN) and not _moved()
    st.session_state[_COMING] = found if news else None


def close() -> None:
    """Write what was chosen, if it is not what the address says."""
    now: Parameters = st.session_state[_NOW]
    if now != _address():
        st.query_params.from_dict({name: values if len(values) > 1 else values[0] for name, values in now.items()})
    st.session_state[_WRITTEN] = now


def single(name: str, options: Collection[str], default: str) -> str:
    """Make the session hold one of the options. Returns the session's key for the control."""
    wanted = _wanted(name)
    found = wanted[0] if wanted else default
    if found not in options:
        _missed(name, found)
        found = default
    st.session_state[_key(name)] = found
    return _key(name)


def several(name: str, options: Collection[str]) -> str:
    """Make the session hold some of the options, none meaning all. Returns the session's key for the control."""
    wanted = _wanted(name)
    for value in wanted:
        if value not in options:
            _missed(name, value)
    st.session_state[_key(name)] = [value for value in wanted if value in options]
    return _key(name)


def day(name: str, default: date, earliest: date, latest: date) -> str:
    """Make the session hold a date between two. Returns the session's key for the control."""
    wanted = _wanted(name)
    try:
        found = date.fromisoformat(wanted[0]) if wanted else default
    except ValueError:
        _missed(name, wanted[0])
        found = default
    st.session_state[_key(name)] = min(max(found, earliest), latest)
    return _key(name)


def free(name: str) -> str:
    """Make the session hold a text. Returns the session's key for the control."""
    wanted = _wanted(name)
    st.session_state[_key(name)] = wanted[0] if wanted else ""
    return _key(name)


def keep(name: str, *values: str, shown: bool = True) -> None:
    """This is what the control holds now. Not shown, or without values, it is left out of the address."""
    st.session_state[_HELD][name] = list(values)
    if values and shown:
        st.session_state[_NOW][name] = list(values)


def put(name: str, value: str | date | Sequence[str]) -> None:
    """Change a choice from a callback, before its control is drawn again."""
    st.session_state[_key(name)] = value


def unknown() -> list[tuple[str, str]]:
    """Parameters of the link that name nothing there is. Shape: (name, value)."""
    found: list[tuple[str, str]] = list(st.session_state[_UNKNOWN])
    return found


def parameters() -> Parameters:
    """What the address will say when this run has ended."""
    return dict(st.session_state[_NOW])


def link(page: str, said: Mapping[str, Sequence[str]]) -> str:
    """The address of a page with parameters."""
    written = urlencode([(name, value) for name, values in said.items() for value in values])
    return f"{page if page.count('/') > 2 else page + '/'}?{written}"


def _address() -> Parameters:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _wanted(name: str) -> list[str]:
    """What the parameter should be: the new address rules; else what the control holds, or held when it was last drawn."""
    coming: Parameters | None = st.session_state[_COMING]
    if coming is not None:
        return coming.get(name, [])
    held: list[str] = st.session_state[_HELD].get(name, [])
    return _listed(st.session_state[_key(name)]) if _key(name) in st.session_state else held


def _moved() -> bool:
    """Whether a control holds something else than when it was last drawn."""
    held: Parameters = st.session_state[_HELD]
    return any(_key(name) in st.session_state and _listed(st.session_state[_key(name)]) != values for name, values in held.items())


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [] if value is None or value == "" else [str(value)]


def _missed(name: str, value: str) -> None:
    """Only a link can name something that is not there in a way worth a word; a choice that another client lacks just goes."""
    if st.session_state[_COMING] is not None:
        st.session_state[_UNKNOWN].append((name, value))


def _key(name: str) -> str:
    return f"chosen_{name}"
