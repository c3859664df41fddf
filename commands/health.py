"""`health`: whether the app could do its work on this machine; for people, and for what watches containers."""

from __future__ import annotations

import sys

import click

from commands import show, spoken
from data import clock, health
from data.health import DOWN, OK, Health

WORDS = {True: "yes", False: "no"}


@click.command(name="health")
@show.format_option
def command(form: str) -> None:
    """Look at the workspace, every client's newest version, the disk and the schedule.

    Exit code 0: all is well, or somebody should look; 2: nobody can be served.
    """
    found = health.look()
    rows = [
        {
            "client": slug, "version": one.version, "readable": one.readable, "damaged": one.damaged,
            "made_at": one.made_at, "files": one.files, "bytes": one.size,
            "age_hours": round((clock.now() - one.made_at).total_seconds() / 3600, 1) if one.made_at else None,
        }
        for slug, one in found.stores.items()
    ]
    if form == "json":
        show.as_json({"state": found.state, "workspace": found.workspace, "disk_free_bytes": found.free, "clients": rows})
    elif form == "csv":
        show.as_csv(rows, ("client", "version", "readable", "damaged", "made_at", "files", "bytes", "age_hours"))
    else:
        _say(found)
    if found.state == DOWN:
        sys.exit(2)


def _say(found: Health) -> None:
    say = spoken()
    click.echo(say.t("All is well") if found.state == OK else say.t("Not all is well"))
    click.echo(say.t("Workspace opens: {answer}", answer=WORDS[found.workspace]))
    room = say.t("Free on the disk: {size} MB", size=say.number(found.free / 1e6))
    click.echo(room if found.room else f"{room} ({say.t('too little for a load')})")
    for slug, one in found.stores.items():
        facts = {"client": slug, "version": one.version, "answer": WORDS[one.readable]}
        click.echo(say.t("{client}: version {version}, can be read: {answer}", **facts))
        if one.damaged:
            click.echo(say.t("{client}: the newest version is damaged, version {version} is served in its place", **facts))
    if found.schedule and found.schedule.missed:
        click.echo(say.t("A planned pull did not start: is `serve` running?"))
