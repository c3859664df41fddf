"""What a page remembers from one run to the next: a word to say once, a choice that is not worth a place in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.errors import Problem
from pages.ui import show


def keep(name: str, value: Any) -> None:
    """Remember."""
    st.session_state[name] = value


def kept(name: str, default: Any = None) -> Any:
    """What is remembered."""
    return st.session_state.get(name, default)


def take(name: str) -> Any:
    """What is remembered, once: it is forgotten with that. None where nothing is."""
    return st.session_state.pop(name, None)


def tell(name: str) -> None:
    """Say what the last press left behind: that it was done, or the Problem that it met."""
    said = take(name)
    if isinstance(said, Problem):
        show.problem(said)
    elif said:
        st.success(show.marked(str(said)))
