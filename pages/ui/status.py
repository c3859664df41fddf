"""How fresh the figures are, in one small line on every page: loaded until, last load, next load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors import pulling
from data import clock, schedule
from data.errors import StoreDamaged
from data.workspace import Client
from pages.ui import store
from pages.ui.language import t
from pages.ui.view import View


def of_view(view: View) -> str:
    """The line of one client; empty while nothing is loaded and nothing will be. Until when is left out where the bar says it already."""
    published = view.store.current()
    said = [t("loaded until {day}", day=view.loaded[1])] if view.loaded and view.counted == view.until else []
    said += _loads(published.made_at if published else None, [view.client], view.client.timezone)
    return " · ".join(said)


def of_all(clients: Mapping[str, Client]) -> str:
    """The line of a page that looks at all clients: the newest load of any of them, on the clock of the first."""
    if not clients:
        return ""
    made = max(filter(None, map(_made, clients.values())), default=None)
    return " · ".join(_loads(made, clients.values(), next(iter(clients.values())).timezone))


def _made(client: Client) -> datetime | None:
    """When the newest version was published; None where there is none, or none that can be read, which the client's own pages say."""
    try:
        found = store.agency().store(client).current()
    except StoreDamaged:
        return None
    return found.made_at if found else None


def _loads(made: datetime | None, clients: Iterable[Client], zone: str) -> list[str]:
    return [*([t("last load {moment}", moment=_moment(made, zone))] if made else []), *_next(clients, zone)]


def _next(clients: Iterable[Client], zone: str) -> list[str]:
    """When the scheduler loads again; nothing for clients that are loaded by hand, or where no scheduler runs."""
    plan = schedule.read()
    if plan is None or not any(pulling.connected(one.slug, store.agency().accounts(one.slug)) for one in clients):
        return []
    if plan.running:
        return [t("loading now")]
    if plan.missed:
        return [t("the load planned {moment} did not start", moment=_moment(plan.due, zone))]
    return [t("next {moment}", moment=_moment(plan.due, zone))]


def _moment(at: datetime, zone: str) -> str:
    """A moment on the client's clock, by its day's name where it is near."""
    there, now = at.astimezone(ZoneInfo(zone)), clock.now().astimezone(ZoneInfo(zone))
    days, time = (there.date() - now.date()).days, f"{there:%H:%M}"
    if days == 0:
        return t("today at {time}", time=time)
    if abs(days) == 1:
        return t("tomorrow at {time}", time=time) if days > 0 else t("yesterday at {time}", time=time)
    return t("{day} at {time}", day=there.date(), time=time)
