"""Documents that go out by themselves: which one, to whom, when, and whether somebody looks at it before."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.desk import METADATA, history, new_id
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_deliveries = sa.Table(
    "deliveries",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("template", sa.String, nullable=False),
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("formats", sa.String, nullable=False),
    sa.Column("recipients", sa.Text, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("hold", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("entered", sa.DateTime, nullable=False),
)
CHANGED = "delivery"
TEMPLATES = ("week", "month", "quarter")
LAST_DAY = 28
"""The last day of a month on which a delivery may be due: every month has it."""
MOST_RECIPIENTS = 20
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Delivery:
    """A document by e-mail, again and again. `day` is the weekday (1 is Monday) of a weekly one, the day of the month of the others;
    `at` the time on the client's clock. With `hold` somebody presses Send each time; without, only when the checks are red.
    """

    template: str
    day: int
    at: str
    formats: tuple[str, ...]
    recipients: tuple[str, ...]
    language: str
    hold: bool = True
    active: bool = True
    entered: datetime | None = None
    id: int | None = None

    def moment(self, now: datetime, zone: str) -> datetime:
        """The last time at which it was due by `now`, with its zone. Unit: `now` is aware."""
        here = now.astimezone(ZoneInfo(zone))
        day = here.date()
        while not self._falls(day) or self._on(day, zone) > here:
            day -= timedelta(days=1)
        return self._on(day, zone)

    def following(self, now: datetime, zone: str) -> datetime:
        """The next time at which it is due after `now`."""
        day = now.astimezone(ZoneInfo(zone)).date()
        while not self._falls(day) or self._on(day, zone) <= now:
            day += timedelta(days=1)
        return self._on(day, zone)

    def _falls(self, day: date) -> bool:
        if self.template == "week":
            return day.isoweekday() == self.day
        return day.day == self.day and (self.template != "quarter" or day.month % 3 == 1)

    def _on(self, day: date, zone: str) -> datetime:
        hour, minute = self.at.split(":")
        return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=ZoneInfo(zone))


def of(workspace: Workspace, client: str) -> tuple[Delivery, ...]:
    """A client's deliveries, in the order in which they were entered."""
    chosen = sa.select(_deliveries).where(_deliveries.c.client == client).order_by(_deliveries.c.id)
    with workspace.engine.connect() as connection:
        return tuple(_delivery(row) for row in connection.execute(chosen))


def put(workspace: Workspace, client: str, delivery: Delivery, who: str = "") -> Delivery:
    """Write a new delivery (no id), or one that is there anew. Raises Problem."""
    delivery = replace(delivery, recipients=tuple(dict.fromkeys(one.strip() for one in delivery.recipients if one.strip())))
    _check(delivery)
    with workspace.engine.begin() as connection:
        if delivery.id is None:
            entered = history.now()
            added = connection.execute(sa.insert(_deliveries).values(client=client, entered=entered, **_values(delivery)))
            history.record(connection, who, client, CHANGED, None, _values(delivery))
            return replace(delivery, id=new_id(added), entered=entered)
        before = _present(connection, client, delivery.id)
        if _values(before) != _values(delivery):
            connection.execute(sa.update(_deliveries).where(_deliveries.c.id == delivery.id).values(_values(delivery)))
            history.record(connection, who, client, CHANGED, _values(before), _values(delivery))
    return replace(delivery, entered=before.entered)


def remove(workspace: Workspace, client: str, delivery: int, who: str = "") -> None:
    """Stop a delivery for good. Raises Problem when this client has no such delivery."""
    with workspace.engine.begin() as connection:
        before = _present(connection, client, delivery)
        connection.execute(sa.delete(_deliveries).where(_deliveries.c.id == delivery))
        history.record(connection, who, client, CHANGED, _values(before), None)


def addresses(text: str) -> tuple[str, ...]:
    """E-mail addresses as people type them: with commas, semicolons, blanks or line ends between."""
    return tuple(one for one in re.split(r"[\s,;]+", text) if one)


def _present(connection: sa.Connection, client: str, delivery: int) -> Delivery:
    this = sa.select(_deliveries).where(_deliveries.c.client == client, _deliveries.c.id == delivery)
    row = connection.execute(this).first()
    if row is None:
        raise Problem("There is no delivery {delivery}.", client, "Open the page anew: somebody may have removed it.", delivery=delivery)
    return _delivery(row)


def _check(one: Delivery) -> None:
    if one.template not in TEMPLATES:
        fix = "Choose one of: {known}."
        raise Problem("There is no template {name}.", "--template", fix, name=one.template, known=", ".join(TEMPLATES))
    last = 7 if one.template == "week" else LAST_DAY
    if not 1 <= one.day <= last:
        raise Problem("{day} is no day of a delivery.", one.template, "Give a number from 1 to {last}.", day=one.day, last=last)
    if not _TIME.fullmatch(one.at):
        raise Problem("{at} is not a time.", "--at", "Give hours and minutes: 06:00.", at=one.at)
    if not one.formats:
        raise Problem("A delivery needs a format.", one.template, "Choose at least one: PPTX, PDF, HTML, XLSX.")
    if not 1 <= len(one.recipients) <= MOST_RECIPIENTS:
        what = "A delivery goes to {most} people at most, and to one at least."
        raise Problem(what, one.template, "Give their e-mail addresses.", most=MOST_RECIPIENTS)
    for address in one.recipients:
        if len(address) > 254 or not _ADDRESS.fullmatch(address):
            raise Problem("{address} is no e-mail address.", one.template, "Write it as name@example.com.", address=address)


def _values(delivery: Delivery) -> dict[str, Any]:
    values = {name: value for name, value in asdict(delivery).items() if name not in ("id", "entered")}
    return values | {"formats": ",".join(delivery.formats), "recipients": ",".join(delivery.recipients)}


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        row.template, row.day, row.at, tuple(row.formats.split(",")), tuple(row.recipients.split(",")), row.language, row.hold, row.active,
        row.entered, row.id,
    )
