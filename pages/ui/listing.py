"""The pages there are: every `pages/NN_name.py`. The number gives the order, the name the title and the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st

from data.roles import Power
from data.settings import ROOT
from pages.ui import locks, who
from pages.ui.language import t

FIRST = "channels"
"""The page that opens at `/`; its own name in an address leads there."""


NEEDS: Mapping[str, Power] = MappingProxyType({
    "portfolio": Power.LOOK, "week": Power.LOOK, "channels": Power.LOOK, "economics": Power.MONEY, "life_cycle": Power.LOOK,
    "audience": Power.LOOK, "plan": Power.MONEY, "explore": Power.LOOK, "report": Power.DOCUMENT, "data": Power.LOOK,
    "glossary": Power.LOOK, "people": Power.ADMINISTER, "documents": Power.READ_SENT,
})
"""What a person needs to open a page. A page that is not named here opens for owners alone."""
PEOPLE, READERS = "people", "documents"
"""Pages of a house with locks: who may see what; and what was sent, for those who read nothing else (others have the Report page)."""


@dataclass(frozen=True)
class Listed:
    """A page: its name in the address, its title in English, its file."""

    name: str
    title: str
    file: str


def listed() -> list[Listed]:
    """In the order of the numbers."""
    found = sorted((ROOT / "pages").glob("[0-9][0-9]_*.py"))
    names = {path.stem[3:]: path.name for path in found if locks.on() or path.stem[3:] not in (PEOPLE, READERS)}
    return [Listed(name, name.replace("_", " ").capitalize(), file) for name, file in names.items()]


def pages() -> list[Any]:
    """The pages for the navigation that are open to the viewer, titled in the viewer's language."""
    found = [page for page in listed() if opens(page.name)]
    first = next((page for page in found if page.name == FIRST), found[0])
    shown = [_page(page, "" if page is first else page.name) for page in found]
    return [*shown, st.Page(partial(_go, first), title=t(first.title), url_path=first.name, visibility="hidden")]


def _page(page: Listed, address: str) -> Any:
    return st.Page(page.file, title=t(page.title), url_path=address, default=not address)


def _go(first: Listed) -> None:
    """The first page under its own name in an address: it stands at `/`, with the same view."""
    st.switch_page(first.file, query_params={name: st.query_params.get_all(name) for name in st.query_params})


def opens(name: str) -> bool:
    """Whether a page is open to whoever looks."""
    person = who.person()
    if name == READERS:
        return person.may(Power.READ_SENT) and not person.may(Power.LOOK)
    return person.may(NEEDS.get(name, Power.ADMINISTER))


def file_of(name: str) -> str:
    """The file of a page, for a link from one page to another."""
    return next(page.file for page in listed() if page.name == name)
