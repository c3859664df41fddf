"""The pages there are: every `pages/NN_name.py`. The number gives the order, the name the title and the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from data.settings import ROOT
from pages.ui.language import t

FIRST = "channels"
"""The page that opens at `/`. NB: it has no address of its own beside that."""


@dataclass(frozen=True)
class Listed:
    """A page: its name in the address, its title in English, its file."""

    name: str
    title: str
    file: str


def listed() -> list[Listed]:
    """In the order of the numbers."""
    found = sorted((ROOT / "pages").glob("[0-9][0-9]_*.py"))
    return [Listed(path.stem[3:], path.stem[3:].replace("_", " ").capitalize(), path.name) for path in found]


def pages() -> list[Any]:
    """The pages for the navigation, titled in the viewer's language."""
    return [st.Page(page.file, title=t(page.title), url_path=page.name, default=page.name == FIRST) for page in listed()]


def file_of(name: str) -> str:
    """The file of a page, for a link from one page to another."""
    return next(page.file for page in listed() if page.name == name)
