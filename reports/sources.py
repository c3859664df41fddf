"""Whose figures these are, as a reader knows it: `Yandex.Metrica, counter 45231030` and not the name under which an account is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from data.text import Words
from metrics.result import Receipt

_SERVICES = {
    "metrica": "Yandex.Metrica", "direct": "Yandex Direct", "vk": "VK Ads", "google_ads": "Google Ads", "ga4": "Google Analytics 4",
    "ua": "Universal Analytics", "crm": "Orders from a shop or a CRM", "offline": "Offline conversions for Metrica", "cost": "Cost sheet",
    "plain": "A sheet of your own",
}
"""By how the names of connectors begin."""


def named(receipt: Receipt, accounts: Iterable[str], say: Words) -> tuple[str, ...]:
    """The accounts by the service that they belong to; with their own names only where two of one service would look alike."""
    services = {load.account: service for load in receipt.loads if (service := _service(load.source))}
    every = {account for several in receipt.accounts.values() for account in several}
    alike = Counter(_called(account, services, say) for account in every)
    return tuple(dict.fromkeys(_shown(account, services, alike, say) for account in accounts))


def _service(source: str) -> str:
    return next((title for prefix, title in _SERVICES.items() if source.startswith(prefix)), "")


def _called(account: str, services: dict[str, str], say: Words) -> str:
    """A counter by its number, which is the name that everybody knows it by."""
    service = services.get(account, "")
    if not service:
        return say.written(account)
    if account.isdigit():
        text = "{service}, counter {number}" if service == _SERVICES["metrica"] else "{service}, No. {number}"
        return say.t(text, service=service, number=account)
    return say.t(service)


def _shown(account: str, services: dict[str, str], alike: Counter[str], say: Words) -> str:
    called = _called(account, services, say)
    return called if alike[called] < 2 else f"{called} ({say.written(account)})"
