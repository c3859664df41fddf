"""Recurring revenue in a table: a month a row, from the start to the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from functools import partial
from typing import Any

import click

from commands import show, spoken
from commands._reading import as_data, footnotes, say
from metrics.readings.subscription import SubscriptionReading
from metrics.subscription import SHARES, Month

_NAMES = (*(field.name for field in fields(Month)), *SHARES)


def recurring(reading: SubscriptionReading, form: str) -> None:
    """The months as people or programs want them."""
    if form == "json":
        return show.as_json(as_data(reading))
    if form == "csv":
        return show.as_csv([asdict(line) for line in reading.months], _NAMES)
    say(reading.headline)
    if reading.verdict:
        click.echo(spoken().t("Churn against the three months before: {word}.", word=spoken().t(reading.verdict)))
    _table(reading)
    return footnotes(reading.notes)


def _table(reading: SubscriptionReading) -> None:
    if not reading.months:
        return
    words = spoken()
    money, share = partial(words.money, currency=reading.currency), partial(words.share, digits=1)
    titles = {
        "until": words.t("Month"),
        "start": words.t("Start"),
        "new": words.t("New"),
        "expansion": words.t("Expansion"),
        "reactivation": words.t("Won back"),
        "contraction": words.t("Contraction"),
        "churned": words.t("Churned"),
        "end": words.t("MRR"),
        "paying": words.t("Paying"),
        "nrr": "NRR",
        "grr": "GRR",
        "customer_churn": words.t("Customer churn"),
        "quick": words.t("Quick ratio"),
        "arpa": "ARPA",
    }
    formats: dict[str, Callable[[Any], str]] = dict.fromkeys(titles, money)
    formats |= {"until": words.month, "paying": words.number, "quick": words.multiple}
    formats |= dict.fromkeys(("nrr", "grr", "customer_churn"), share)
    click.echo("")
    show.as_table([asdict(line) for line in reading.months], titles, formats)
