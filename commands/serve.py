"""`serve`: pull all clients at set times and send the documents that are due, for as long as it runs."""

from __future__ import annotations

import logging
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import click

from commands import spoken
from data import clock, log, schedule, settings, zones
from data.door import workspace
from data.errors import Problem
from data.schedule import Schedule
from share import sending

_DAY = timedelta(days=1)
_STEP = 20.0
"""Unit: seconds slept at once. NB: a sleeping computer stops the clock that sleeps are measured by, so the time is looked at often."""
_GRACE = 20.0
_LOOK, _PAUSE = timedelta(minutes=1), timedelta(minutes=15)
"""How often it is looked for documents that are due; and how long it waits after one went wrong."""


@click.command(name="serve")
@click.option("--every", default="24h", show_default=True, help="How often: 24h, 6h, 30m, 7d.")
@click.option("--at", default="06:00", show_default=True, help="Time of the day from which it is counted.")
@click.option("--timezone", "zone", default="", help="Time zone of that time. [default: the computer's]")
@click.option("--now", "at_once", is_flag=True, help="Pull once at the start too.")
def command(every: str, at: str, zone: str, at_once: bool) -> None:
    """Pull all clients at set times: `pull --all` in a process of its own, one at a time; and `deliver` when a document is due.

    A time that was slept through (a closed laptop) is made up for once. Stops cleanly when it is told to (SIGTERM, Ctrl+C).
    """
    step, start, where = period(every), time_of_day(at), _zone(zone)
    stop = _Stop()
    plan = Schedule(clock.now() if at_once else following(clock.now(), step, start, where), every)
    try:
        while not stop.told:
            schedule.keep(plan)
            click.echo(spoken().t("Next pull: {moment}", moment=f"{plan.due.astimezone(where):%Y-%m-%d %H:%M %Z}"), err=True)
            if not _deliver_until(plan.due, stop):
                break
            done = _pull(plan, stop)
            plan = replace(done, due=following(clock.now(), step, start, where))
    finally:
        schedule.forget()
    click.echo(spoken().t("Stopped."), err=True)


def _pull(plan: Schedule, stop: _Stop) -> Schedule:
    """Pull everybody; the plan with what became of it. What the pull writes to the log is found under the id of this round."""
    begun = replace(plan, begun=clock.now())
    schedule.keep(begun)
    with log.work("round") as own:
        code = stop.run(_vitrina("pull", "--all"), log.inherited(own))
        if code and not stop.told:
            log.event("pull ended with problems", logging.WARNING, code=code)
            click.echo(spoken().t("The pull ended with exit code {code}; the lines above say why.", code=code), err=True)
    return replace(begun, ended=clock.now(), code=code)


def _deliver_until(due: datetime, stop: _Stop) -> bool:
    """Wait until `due` and send what comes due meanwhile; False when it was told to stop. What goes wrong is not tried at once again."""
    look = clock.now()
    while wait(min(due, look), stop):
        now = clock.now()
        if now >= due:
            return True
        code = stop.run(_vitrina("deliver")) if sending.anything(workspace(), now) else 0
        look = now + (_PAUSE if code else _LOOK)
    return False


def _vitrina(*words: str) -> list[str]:
    """A command of ours, as a process."""
    return [sys.executable, str(settings.ROOT / "vitrina.py"), *words]


def period(text: str) -> timedelta:
    """`24h`, `30m`, `7d`. Raises Problem when it is none, or does not fit into a day evenly."""
    found = re.fullmatch(r"\s*(\d+)\s*([mhd])\s*", text)
    step = timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])}) if found else timedelta()
    if step < timedelta(minutes=5) or (_DAY % step if step < _DAY else step % _DAY):
        raise Problem(
            "{every} cannot be a schedule.", "--every", "Give minutes, hours or days that fit into a day evenly: 30m, 6h, 24h, 7d.",
            every=text,
        )
    return step


def time_of_day(text: str) -> timedelta:
    """`06:00` as the time since midnight. Raises Problem."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Problem("{at} is not a time.", "--at", "Give hours and minutes: 06:00.", at=text)
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


def _zone(name: str) -> tzinfo:
    if name:
        zones.check(name)
        return ZoneInfo(name)
    return clock.now().astimezone().tzinfo or UTC


def following(now: datetime, step: timedelta, start: timedelta, where: tzinfo) -> datetime:
    """The first time after `now`. Times are counted on the clock on the wall: summer time moves no pull, an hour that does not exist is
    the one after it, and an hour that comes twice is taken once."""
    day = now.astimezone(where).date() - timedelta(days=1)
    while True:
        for moment in _of_day(day, step, start, where):
            if moment > now:
                return moment
        day += _DAY


def _of_day(day: date, step: timedelta, start: timedelta, where: tzinfo) -> list[datetime]:
    """The times of one day, UTC. Longer steps than a day are counted in days since a fixed one, so that a restart keeps them."""
    if step >= _DAY and day.toordinal() % step.days:
        return []
    count = 1 if step >= _DAY else _DAY // step
    midnight = datetime(day.year, day.month, day.day)
    return sorted((midnight + start + n * step).replace(tzinfo=where).astimezone(UTC) for n in range(count))


class _Stop:
    """What SIGTERM and Ctrl+C do: end the wait, and the pull that is running. A pull that is ended so goes on next time where it was."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    @property
    def told(self) -> bool:
        return self._told.is_set()

    def sleep(self, seconds: float) -> None:
        """Sleep until told to stop, at most so long."""
        self._told.wait(seconds)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._told.set()
        if self.child:
            self.child.terminate()

    def run(self, words: list[str], environment: Mapping[str, str] | None = None) -> int:
        """Run a command to its end; its exit code."""
        with subprocess.Popen(words, cwd=Path.cwd(), env=environment) as self.child:
            while True:
                try:
                    code = self.child.wait(_GRACE)
                    break
                except subprocess.TimeoutExpired:
                    if self.told:
                        self.child.kill()
        self.child = None
        return code


def wait(due: datetime, stop: _Stop) -> bool:
    """Wait until `due`; False when it was told to stop before."""
    while not stop.told:
        left = (due - clock.now()).total_seconds()
        if left <= 0:
            return True
        stop.sleep(min(left, _STEP))
    return False
