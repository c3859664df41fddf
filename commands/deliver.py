"""`deliver`: make and send the documents whose time has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import click

from commands import _asked as asked
from commands import complain, spoken
from commands.report import opened, template_of
from data import clock
from data.desk import deliveries
from data.desk.deliveries import Delivery
from data.desk.parcels import FAILED, SENT, WAITING
from data.door import workspace
from data.errors import Problem
from reports.build import build
from reports.story import Story
from share import sending
from share.sending import Due, Made

STATES = {SENT: "sent", WAITING: "waits for a press on the Report page", FAILED: "the post failed"}


@click.command(name="deliver")
@click.option("--list", "listing", is_flag=True, help="Only say what goes out and when.")
def command(listing: bool) -> int:
    """Make and send the documents whose time has come: what the Report page has set under Delivery.

    Checks come first: a document that they hold, and one that is to be looked at, waits for a press on the Report page. A document is
    sent once per period, however often this runs; the post is tried again when it failed. Exit code 2 says that something went wrong.
    """
    if listing:
        return _list()
    desk, now = workspace(), clock.now()
    work: list[Callable[[], Made | None]] = [partial(sending.send, desk, parcel, "deliver") for parcel in sending.tried_again(desk, now)]
    work += [partial(sending.deliver, desk, one, document) for one in sending.due(desk, now)]
    fine = [_done(one) for one in work]
    if not work:
        click.echo(spoken().t("Nothing is due."), err=True)
    return 0 if all(fine) else 2


def _done(work: Callable[[], Made | None]) -> bool:
    """Do one of them, and say what became of it; a trouble with one does not stop the others."""
    try:
        made = work()
    except Problem as problem:
        complain(problem)
        return False
    if made is not None:
        _tell(made)
    return made is None or made.state != FAILED


def document(one: Due) -> Story:
    """The document of a delivery, with the blocks that were chosen for the client. Raises Problem."""
    chosen: dict[str, Any] = {"client": one.client.slug, "counter": "", "attribution": "", "goals": "", "grouping": None}
    since, until = (datetime(day.year, day.month, day.day) for day in one.days)
    about = asked.About.of(chosen | {"since": since, "until": until})
    template = template_of(about, one.delivery.template)
    return build(opened(about, template, "", one.delivery.language), template)


def _tell(made: Made) -> None:
    say = spoken()
    click.echo(f"{made.client} · {made.title}: {say.t(STATES[made.state])}")
    for reason in made.reasons:
        click.echo(f"  ✗ {reason}")


def _list() -> int:
    desk, now = workspace(), clock.now()
    for client in desk.clients():
        for one in deliveries.of(desk, client.slug):
            facts = (client.slug, one.template, ", ".join(one.recipients), ", ".join(one.formats), _next(one, now, client.timezone))
            click.echo(" · ".join(facts))
    return 0


def _next(one: Delivery, now: datetime, zone: str) -> str:
    say = spoken()
    if not one.active:
        return say.t("on pause")
    moment = one.following(now, zone)
    return f"{say.day(moment.date())} {moment:%H:%M}"
