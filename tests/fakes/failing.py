"""The dashboard with pages beside its own that go wrong: every `*.py` of the folder in VITRINA_TEST_PAGES, under its name.

    python -m uvicorn tests.fakes.failing:app
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import app
from pages.ui import listing

__all__ = ["app"]

_ours = listing.pages


def _with_failing() -> list[Any]:
    found = sorted(Path(os.environ["VITRINA_TEST_PAGES"]).glob("*.py"))
    return [*_ours(), *(st.Page(path, title=path.stem, url_path=path.stem) for path in found)]


listing.pages = _with_failing
