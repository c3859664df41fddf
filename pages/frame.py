"""The frame around every page: the entrance, navigation, the shared bar, one error boundary."""

from __future__ import annotations

import streamlit as st

from pages.ui import address, bar, brand, entrance, errors, language, listing

st.set_page_config(page_title="Vitrina", page_icon="🪟", layout="wide", initial_sidebar_state="collapsed")
address.open()
language.resolve()
brand.draw()
if entrance.closed():
    entrance.page().run()
else:
    page = st.navigation(listing.pages(), position="top")
    with errors.boundary(page.url_path or listing.FIRST):
        bar.draw(page.url_path)
        page.run()
    bar.link()
address.close()
