"""Whose figures these are, as a reader knows it: `Yandex.Metrica, counter 45231030` and not the name under which an account is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from data.batches import Note
from data.text import Words
from metrics.provenance import files
from metrics.result import Receipt
from metrics.statements import Run, Statement

_SERVICES = {
    "metrica": "Yandex.Metrica", "direct": "Yandex Direct", "vk": "VK Ads", "google_ads": "Google Ads", "ga4": "Google Analytics 4",
    "ua": "Universal Analytics", "crm": "Orders from a shop or a CRM", "offline": "Offline conversions for Metrica", "cost": "Cost sheet",
    "plain": "A sheet of your own",
}
"""By how the names of connectors begin."""


def named(receipt: Receipt, accounts: Iterable[str], say: Words) -> tuple[str, ...]:
    """The accounts by the service that they belong to; with their own names only where two of one service would look alike."""
    services = _services((load.account, load.source) for load in receipt.loads)
    return _spoken(accounts, {account for several in receipt.accounts.values() for account in several}, services, say)


def services(run: Run) -> Mapping[str, str]:
    """The service behind each account of the store, whether or not a figure rests on it; empty where it is not known."""
    loads = Statement(files()).answer(run)
    pairs = list(zip(loads["account"].tolist(), loads["source"].tolist(), strict=True))
    return {account: "" for account, _ in pairs} | _services(pairs)


_TOLD = {
    "Visits of {counter} are counted; {others} are not added to them.":
        "Visits come from {counter}. Those of other sources are not added: {others}.",
    "Orders of {account} are counted; orders of {others} are not added to them.":
        "Orders come from {account}. Those of other sources are not added: {others}.",
    "Spend of {account}: not loaded for {n} of {of} days.": "Spend, {account}: not loaded for {n} of {of} days.",
    "No visits of the counter {counter} are loaded.": "No visits are loaded: {counter}.",
}
"""How a note reads with the names that readers know, which are longer than a counter's number."""


def told(note: Note, known: Mapping[str, str], say: Words) -> str:
    """A note in words, its accounts by the names that readers know."""
    facts = {}
    for key in ("account", "counter", "others"):
        if key in note.facts:
            meant = [account for account in known if f", {account}, " in f", {note.facts[key]}, "]
            facts[key] = "; ".join(_spoken(meant, known, known, say)) or note.facts[key]
    return say.note(replace(note, text=_TOLD.get(note.text, note.text), facts={**note.facts, **facts}) if facts else note)


def _spoken(accounts: Iterable[str], every: Iterable[str], services: Mapping[str, str], say: Words) -> tuple[str, ...]:
    alike = Counter(_called(account, services, say) for account in every)
    return tuple(dict.fromkeys(_shown(account, services, alike, say) for account in accounts))


def _services(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Where an account was filled by several connectors, the service that stands first in the list above."""
    order = list(_SERVICES.values())
    known: dict[str, str] = {}
    for account, source in pairs:
        service = _service(source)
        if service and (account not in known or order.index(service) < order.index(known[account])):
            known[account] = service
    return known


def _service(source: str) -> str:
    return next((title for prefix, title in _SERVICES.items() if source.startswith(prefix)), "")


def _called(account: str, services: Mapping[str, str], say: Words) -> str:
    """A counter by its number, which is the name that everybody knows it by."""
    service = services.get(account, "")
    if not service:
        return say.written(account)
    if account.isdigit():
        text = "{service}, counter {number}" if service == _SERVICES["metrica"] else "{service}, No. {number}"
        return say.t(text, service=service, number=account)
    return say.t(service)


def _shown(account: str, services: Mapping[str, str], alike: Counter[str], say: Words) -> str:
    called = _called(account, services, say)
    return called if alike[called] < 2 else f"{called} ({say.written(account)})"
