"""The shop's sign, top left: our own drawing, so that nothing is asked of another host."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO

import streamlit as st
from PIL import Image

from data.desk import looks
from data.workspace import Client
from pages.ui import design, store
from pages.ui.language import t

_SIGN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 28" height="28" role="img" aria-label="{name}">
<path d="M3 9 L5.5 3 H22.5 L25 9 Z" fill="{accent}"/>
<path d="M4.5 11 V25 H23.5 V11" fill="none" stroke="{accent}" stroke-width="2"/>
<path d="M9 22 V17.5 M14 22 V14.5 M19 22 V19" stroke="{accent}" stroke-width="2.4" stroke-linecap="round"/>
<text x="33" y="20.5" font-family="{font}" font-size="17" font-weight="600" fill="{ink}">{name}</text>
</svg>
"""
# An image does not see the page's fonts: only those of the machine.
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_ROW = (160, 48)
"""Unit: pixels, twice as many as are shown."""
_LOGO = """<img src="data:{kind};base64,{bytes}" alt="{name}" style="height:30px;max-width:110px;object-fit:contain;display:block">"""


def of_client(client: Client, name: str) -> None:
    """The client's logo beside its name; nothing where it has none."""
    logo = looks.of(store.agency(), client.slug).logo
    if logo is not None:
        kind = "image/png" if logo.startswith(b"\x89PNG") else "image/jpeg"
        said = escape(t("Logo of {client}", client=name), quote=True)
        st.html(_LOGO.format(kind=kind, bytes=b64encode(logo).decode("ascii"), name=said), width="content")


def rows() -> dict[str, str]:
    """The clients' logos as they stand in rows of a table. Shape: client -> an address that holds the picture."""
    return {client: _small(logo) for client, logo in looks.logos(store.agency()).items()}


@st.cache_data(max_entries=300, show_spinner=False)
def _small(logo: bytes) -> str:
    """Nothing for a picture that is broken inside: it was taken for one by its head."""
    shown = BytesIO()
    try:
        with Image.open(BytesIO(logo)) as picture:
            picture.thumbnail(_ROW)
            picture.convert("RGBA").save(shown, "PNG")
    except OSError:
        return ""
    return f"data:image/png;base64,{b64encode(shown.getvalue()).decode('ascii')}"


def ink() -> str:
    """The colour of words in pictures that do not follow the page's theme by themselves."""
    return design.INK_ON_DARK if st.context.theme.type == "dark" else design.INK


def draw() -> None:
    st.logo(_SIGN.format(name=t("Vitrina"), ink=ink(), accent=design.NOW, font=_FONT, width=116), size="medium")
