"""Said above every page: that the newest data of a client is damaged, and how old what stands in for it is."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from data.errors import StoreDamaged
from data.workspace import Client
from pages.ui import escape, store
from pages.ui.language import current


def draw(clients: Mapping[str, Client]) -> None:
    """A banner for each of these clients whose newest version is damaged. Where none is sound the page itself says so."""
    for client in clients.values():
        try:
            found = store.agency().store(client).damage()
        except StoreDamaged:
            continue
        if found:
            said = f"{store.name(client, current().language)}: {current().note(found.note())}"
            st.warning(escape.markdown(said), icon=":material/healing:")
