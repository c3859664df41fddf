"""The language of this viewer: the one in the address, else the browser's, else English."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.text import Words, languages, words
from pages.ui import address

NAME = "lang"


def resolve() -> str:
    """Settle the language of this run before anything is drawn. Returns the session's key for its control."""
    return address.single(NAME, languages(), browser_language())


def browser_language() -> str:
    code = (st.context.locale or "").split("-")[0].lower()
    return code if code in languages() else "en"


def current() -> Words:
    """Words and formats of the viewer's language."""
    return words(st.session_state.get(f"chosen_{NAME}", browser_language()))


def t(text: str, **facts: Any) -> str:
    """The text in the viewer's language."""
    return current().t(text, **facts)
