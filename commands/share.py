"""`share`: answer share links, and nothing else, on a port of its own: the only one that needs to be seen from outside."""

from __future__ import annotations

import click
import uvicorn
from starlette.applications import Starlette

from commands import spoken
from share import routes


@click.command(name="share")
@click.option("--port", type=click.IntRange(1, 65535), default=8502, show_default=True, help="Port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for every one.")
def command(port: int, host: str) -> None:
    """Serve the documents that were shared by link, and nothing else.

    The dashboard serves the same links, but it shows everything to whoever reaches it. Put this port behind the address that clients see,
    name that address in SHARE_URL, and leave the dashboard inside.
    """
    click.echo(spoken().t("Share links are answered at {address}", address=f"http://{host}:{port}{routes.PATH}/"), err=True)
    # NB: no log of accesses: addresses hold the tokens.
    uvicorn.run(application(), host=host, port=port, access_log=False, server_header=False, log_level="warning")


def application() -> Starlette:
    """The server without the dashboard."""
    return Starlette(routes=routes.everything())
