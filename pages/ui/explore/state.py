"""What the viewer asks of Explore, read from the address and written to it. The only file of this folder that touches the session."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from data.errors import CannotAnswer
from metrics.query import Only, Query, parse
from pages.ui import address, show

WHERE = "where"
_SOME_DAY = {"metrics": "visits", "since": "2026-01-01", "until": "2026-01-01"}


def several(name: str, options: Collection[str], default: Sequence[str]) -> str:
    """Make the session hold some of the options, and the default where there would be none. Returns the session's key for the control."""
    key = address.several(name, options)
    if not st.session_state[key]:
        st.session_state[key] = [value for value in default if value in options]
    return key


def held(key: str) -> Any:
    """What the session holds under a key."""
    return st.session_state[key]


def pressed(key: str, trigger: str) -> Any:
    """What a component has just reported; for its callback."""
    return st.session_state[key][trigger]


def text(name: str) -> str:
    """A text of the address that no control draws."""
    said: str = st.session_state[address.free(name)]
    address.keep(name, *([said] if said else []))
    return said


def remember(name: str, value: str) -> None:
    """Keep a text for this session only."""
    st.session_state[f"explore_{name}"] = value


def remembered(name: str) -> str:
    return str(st.session_state.get(f"explore_{name}", ""))


def follow(parameters: Mapping[str, Sequence[str]]) -> None:
    """Go to another address of this page, from a callback: the next run reads it as a link that somebody has pasted."""
    st.query_params.from_dict({name: list(values) for name, values in parameters.items()})


# --------------------------------------------------------------------------------------------------------------- filters


def where() -> Only:
    """The page's own filters. A link that names what is not there is said to, and those filters are left out."""
    try:
        return _read(text(WHERE))
    except CannotAnswer as problem:
        show.problem(problem)
        address.put(WHERE, "")
        return ()


def narrow(key: str, values: Sequence[str]) -> None:
    """Filter by one breakdown, from a callback; no values lift the filter."""
    kept = {one: tuple(of) for one, of in _read(str(st.session_state.get(f"chosen_{WHERE}", "")))}
    kept.pop(key, None)
    if values:
        kept[key] = tuple(values)
    address.put(WHERE, _written(kept))


def widen() -> None:
    """Lift all filters, from a callback."""
    address.put(WHERE, "")


def _read(said: str) -> Only:
    return tuple((key, values) for key, values in parse(_SOME_DAY | {"only": said}).only if values)


def _written(filters: Mapping[str, tuple[str, ...]]) -> str:
    day = date(2026, 1, 1)
    return Query(("visits",), day, day, only=tuple(filters.items())).as_params().get("only", "")


def keys(row: str) -> tuple[str, ...]:
    """The keys in a row's id."""
    return tuple(str(key) for key in json.loads(row))
