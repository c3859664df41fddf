"""Deliveries: what is due is made, frozen and checked; green and amber go out, red or "hold" waits for a person's press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from data.desk import deliveries, frozen, parcels
from data.desk.deliveries import Delivery
from data.desk.frozen import Copy
from data.desk.parcels import FAILED, SENDING, SENT, TRIES, WAITING, Parcel
from data.errors import Problem
from data.text import Words, words
from data.workspace import Client, Workspace
from reports import templates
from reports.exporters import exporter
from reports.preflight import RED
from reports.story import Story, plain, story
from share import post
from share.post import Attachment

LATE = timedelta(days=3)
"""What was due longer ago is not made up for: nobody waits for it any more."""
AGAIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Due:
    """A delivery whose time has come, and the days that its document is about."""

    client: Client
    delivery: Delivery
    days: tuple[date, date]


@dataclass(frozen=True)
class Made:
    """What became of one delivery or parcel: its state, and the reasons in words."""

    client: str
    title: str
    days: tuple[date, date]
    state: str
    reasons: tuple[str, ...] = ()


Build = Callable[[Due], Story]
"""Makes a document; handed in by the door that may open stores."""


def due(workspace: Workspace, now: datetime) -> tuple[Due, ...]:
    """What should go out by now and has not been taken in hand. Unit: `now` is aware."""
    return tuple(
        Due(client, one, days)
        for client in workspace.clients() for one in deliveries.of(workspace, client.slug)
        if one.active and (days := _days(one, client, now)) and one.id is not None and not parcels.known(workspace, one.id, days)
    )


def tried_again(workspace: Workspace, now: datetime) -> tuple[Parcel, ...]:
    """What the post did not take and may take now: after a while, and longer each time."""
    found = (one for client in workspace.clients() for one in parcels.of(workspace, client.slug, FAILED))
    return tuple(one for one in found if one.tries < TRIES and one.at.replace(tzinfo=UTC) + one.tries * AGAIN <= now)


def anything(workspace: Workspace, now: datetime) -> bool:
    """Whether there is anything to make or to send by now."""
    return bool(due(workspace, now) or tried_again(workspace, now))


def deliver(workspace: Workspace, one: Due, build: Build) -> Made | None:
    """Make one document and send it, or let it wait; None when another process has it in hand.

    What cannot be made gives its period back, to be tried at the next run. Raises Problem.
    """
    assert one.delivery.id is not None
    slug = one.client.slug
    parcel = parcels.begin(workspace, slug, one.delivery.id, one.days, one.delivery.formats, one.delivery.recipients)
    if parcel is None:
        return None
    try:
        made = build(one)
        copy = frozen.put(workspace, slug, plain(made), who=_WHO)
    except BaseException:
        parcels.forget(workspace, parcel)
        raise
    red = tuple(check.said for check in made.checks if check.light == RED)
    parcels.move(workspace, parcel, WAITING, red, copy.id, _WHO)
    if red or one.delivery.hold:
        return Made(slug, copy.title, one.days, WAITING, red)
    return send(workspace, parcels.again(workspace, parcel), _WHO)


def send(workspace: Workspace, parcel: Parcel, who: str = "") -> Made:
    """Send a parcel that waits, or that the post did not take. Raises Problem where it is not to be sent any more."""
    copy = next((one for one in frozen.of(workspace, parcel.client) if one.id == parcel.frozen), None)
    if copy is None or not parcels.move(workspace, parcel, SENDING, (), None, who):
        raise Problem("This document is already on its way, or gone.", parcel.client, "Open the page anew.")
    sending = parcels.again(workspace, parcel)
    days = (parcel.since, parcel.until)
    try:
        refused = _hand_in(workspace, copy, sending)
    except Problem as problem:
        what, _, fix = words(copy.language).problem(problem)
        parcels.move(workspace, sending, FAILED, (f"{what} {fix}".strip(),), None, who)
        return Made(parcel.client, copy.title, days, FAILED, (what,))
    told = words(copy.language).t("The mail server refused some addresses: {addresses}", addresses=", ".join(refused))
    reasons = (told,) if refused else ()
    parcels.move(workspace, sending, SENT, reasons, None, who)
    frozen.send(workspace, copy, ", ".join(one for one in parcel.recipients if one not in refused), parcel.formats, who)
    return Made(parcel.client, copy.title, days, SENT, reasons)


def files(copy: Copy, kept: Story, formats: Sequence[str]) -> tuple[Attachment, ...]:
    """A frozen document as files. Raises Problem for a format that there is not."""
    name = f"{copy.client}_{copy.since}_{copy.until}"
    found = (exporter(one) for one in formats)
    return tuple(Attachment(f"{name}.{one.extension}", one.mime, one.write(kept)) for one in found)


def text_of(kept: Story, say: Words) -> str:
    """The words of the letter: greeting, the document's name, its first sentences."""
    summary = next((block for block in kept.blocks if block.kind == "summary"), None)
    lines = [say.t("Good day!"), say.t("{title} is attached.", title=f"{kept.title} ({kept.subtitle})")]
    lines += [summary.title, *summary.lead] if summary else []
    lines += [kept.theme.agency] if kept.theme.agency else []
    return "\n\n".join(lines) + "\n"


_WHO = "deliver"


def _days(one: Delivery, client: Client, now: datetime) -> tuple[date, date] | None:
    """The days of the document that is due: those before its moment. None where that moment came before the delivery was entered."""
    moment = one.moment(now, client.timezone)
    if one.entered is None or moment < one.entered.replace(tzinfo=UTC) or now - moment > LATE:
        return None
    return templates.days(one.template, moment.date() - timedelta(days=1))


def _hand_in(workspace: Workspace, copy: Copy, parcel: Parcel) -> tuple[str, ...]:
    """Returns the addresses that the server refused."""
    where = post.server()
    kept = story(frozen.story(workspace, copy.client, copy.id))
    text, attached = text_of(kept, words(copy.language)), files(copy, kept, parcel.formats)
    return post.send(post.letter(where.sender, parcel.recipients, f"{kept.name}: {kept.title}", text, attached), where)

