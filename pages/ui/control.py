"""Choices that are kept in the address: one of a few, one of many, any number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import streamlit as st

from pages.ui import address
from pages.ui.language import t


def pick(name: str, label: str, options: Mapping[str, str], default: str, width: int, always: bool = False) -> str:
    """One of many, without a visible label. `always` keeps it in the address even when it is the default."""
    key = address.single(name, options, default)
    chosen: str = st.selectbox(
        label, list(options), format_func=lambda value: options.get(value, value), key=key, placeholder=label, label_visibility="collapsed",
        width=width,
    )
    address.keep(name, chosen, shown=always or chosen != default)
    return chosen


def pick_labelled(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """One of many, in a form of filters. With fewer than two options there is nothing to choose and nothing is drawn."""
    if len(options) < 2:
        return default
    key = address.single(name, options, default)
    chosen: str = st.selectbox(label, list(options), format_func=lambda value: options.get(value, value), key=key)
    address.keep(name, chosen, shown=chosen != default)
    return chosen


def switch(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """One of a few, all of them in sight."""
    key = address.single(name, options, default)
    st.segmented_control(
        label, list(options), format_func=lambda value: options.get(value, value), key=key, required=True, label_visibility="collapsed"
    )
    chosen: str = st.session_state[key]
    address.keep(name, chosen, shown=chosen != default)
    return chosen


def several(name: str, label: str, options: Mapping[str, str], everything: str) -> tuple[str, ...]:
    """Any number, none meaning all."""
    if len(options) < 2:
        return ()
    key = address.several(name, options)
    chosen = st.multiselect(label, list(options), format_func=lambda value: options.get(value, value), key=key, placeholder=everything)
    address.keep(name, *chosen)
    return tuple(chosen)


def titled(titles: Mapping[str, str], nothing: str = "") -> Callable[[str], str]:
    """How a control names its options, in the viewer's language; `nothing` names the empty one.

    NB: the words are looked up now. A control may be asked for its options when no viewer is there whose language would be known.
    """
    said = {key: t(title) for key, title in titles.items()} | {"": nothing}
    return lambda key: said.get(key, key)


def free(name: str) -> str:
    """A text that no control shows: which row is opened. It stays in the address until something else is put in its place."""
    key: str = st.session_state[address.free(name)]
    address.keep(name, *([key] if key else []))
    return key


def kept(name: str, options: Collection[str], default: str) -> str:
    """What a control that is drawn further down will hold."""
    chosen: str = st.session_state[address.single(name, options, default)]
    return chosen
