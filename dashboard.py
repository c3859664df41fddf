"""The dashboard's server: `streamlit run dashboard.py`. What people see starts in `pages/frame.py`.

NB: the two are apart on purpose. Streamlit runs every file of a `pages/` folder beside its script as a page of its own, without the
frame, until the frame has run once; beside `pages/frame.py` there is no such folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from data import log
from data.errors import Problem
from data.text import words
from pages.ui import errors, locks, waking
from server import routes as watching
from server import stopping
from server.careful import Careful
from share import routes


@asynccontextmanager
async def logged(app: st.App) -> AsyncIterator[None]:
    """The server's own lines and its libraries' become ours, as soon as they have made their loggers."""
    log.start("stderr")
    stopping.gently()
    waking.up()
    log.event("server started")
    yield
    log.event("server stopped")


def settled() -> None:
    """Refuse to start where everybody would see everything and nobody has said so."""
    try:
        locks.check(st.get_option("server.address"))
    except Problem as problem:
        sys.stderr.write("\n".join(filter(None, words(os.environ.get("LANG", "en")[:2].lower()).problem(problem))) + "\n")
        raise SystemExit(2) from None


settled()
app = st.App(
    Path(__file__).resolve().parent / "pages" / "frame.py", routes=[*routes.routes(), *watching.routes()],
    middleware=[Middleware(Careful), Middleware(locks.Locked), Middleware(watching.Inside)], on_script_error=errors.shown, lifespan=logged,
)

if __name__ == "__main__":
    app.run()
