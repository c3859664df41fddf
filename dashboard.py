"""The dashboard's server: `streamlit run dashboard.py`. What people see starts in `pages/frame.py`.

NB: the two are apart on purpose. Streamlit runs every file of a `pages/` folder beside its script as a page of its own, without the
frame, until the frame has run once; beside `pages/frame.py` there is no such folder.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from pages.ui import errors
from share import routes

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
)


class Careful:
    """Adds to every answer the headers that keep a browser from guessing types, framing us elsewhere and telling others our addresses.

    An answer that says so itself, and stricter, is left as it is.
    """

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                known = {name.lower() for name, _ in said}
                message["headers"] = [*said, *(pair for pair in HEADERS if pair[0] not in known)]
            await send(message)

        await self.app(scope, receive, careful)


app = st.App(
    Path(__file__).resolve().parent / "pages" / "frame.py", routes=routes.routes(), middleware=[Middleware(Careful)],
    on_script_error=errors.shown,
)

if __name__ == "__main__":
    app.run()
