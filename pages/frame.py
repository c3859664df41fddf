"""The frame around every page: navigation, the shared bar, one error boundary."""

from __future__ import annotations

import streamlit as st

from pages.ui import address, bar, brand, errors, language, listing

st.set_page_config(page_title="Vitrina", page_icon="🪟", layout="wide", initial_sidebar_state="collapsed")
address.open()
language.resolve()
brand.draw()
page = st.navigation(listing.pages(), position="top")
with errors.boundary():
    bar.draw(page.url_path)
    page.run()
bar.link()
address.close()
