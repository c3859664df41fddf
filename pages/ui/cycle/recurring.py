"""Recurring revenue of a subscription client: the last month as cards and a bridge, the months as a table."""

from __future__ import annotations

from data.text import DASH, MINUS
from metrics.readings import subscription
from metrics.readings.subscription import SubscriptionReading
from metrics.sentences.said import Speech
from metrics.subscription import Month
from pages.ui import figures, reading, show
from pages.ui.figures import Card, Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

MODEL = "subscription"


def draw(view: View) -> None:
    """The whole part; nothing for a client of another business."""
    if view.client.facts.get("model") != MODEL:
        return
    with show.waiting():
        found = reading.of_facts(view, subscription.read, view.until, grouping=view.grouping, counter=view.counter)
    show.section(t("Recurring revenue"), help=t("MRR: what the payments that run on the last day of a month bring in an average month."))
    if found.headline is not None:
        show.text(current().note(found.headline))
    if found.why is None:
        _cards(found)
        _bridge(found)
        _months(found)
        show.notes(found.notes)


def _cards(found: SubscriptionReading) -> None:
    last, say = found.months[-1], current()
    money = Speech("money", found.currency, say)
    tone = "flat" if found.good is None else "good" if found.good else "bad"
    figures.cards(
        [
            Card("mrr", "MRR", money.short(last.end), say.month(last.until)),
            Card("nrr", "NRR", _share(last.nrr), t("with expansion")),
            Card("grr", "GRR", _share(last.grr), t("without expansion")),
            Card("churn", t("Customer churn"), _share(last.customer_churn), t(found.verdict) if found.verdict else "", tone),
            Card("quick", t("Quick ratio"), DASH if last.quick is None else say.multiple(last.quick), t("won over lost")),
            Card("arpa", "ARPA", DASH if last.arpa is None else money.short(last.arpa), t("per paying customer")),
        ],
        key="recurring",
    )


def _share(value: float | None) -> str:
    return DASH if value is None else current().share(value, 1)


def _bridge(found: SubscriptionReading) -> None:
    """The identity of the last month in one line."""
    last, money = found.months[-1], Speech("money", found.currency, current())
    said = {name: money.short(value) for name, value in _flows(last).items()}
    text = (
        "{start} at the start + {new} new + {expansion} expansion + {back} won back − {contraction} contraction − {churned} lost = {end}."
    )
    show.caption(t(text, **said))


def _flows(line: Month) -> dict[str, float]:
    return {
        "start": line.start,
        "new": line.new,
        "expansion": line.expansion,
        "back": line.reactivation,
        "contraction": line.contraction,
        "churned": line.churned,
        "end": line.end,
    }


def _months(found: SubscriptionReading) -> None:
    columns = [
        Column("start", t("Start")),
        Column("new", t("New")),
        Column("expansion", t("Expansion")),
        Column("back", t("Won back")),
        Column("contraction", t("Contraction")),
        Column("churned", t("Churned")),
        Column("end", "MRR"),
        Column("nrr", "NRR"),
        Column("grr", "GRR"),
        Column("churn", t("Customer churn")),
    ]
    rows = [_row(line, found.currency) for line in reversed(found.months)]
    figures.table(t("Month"), columns, rows, None, key="recurring_months", order=figures.AS_GIVEN, caption=t("Recurring revenue"))


def _row(line: Month, currency: str) -> Row:
    money, say = Speech("money", currency, current()), current()
    cells = [
        Cell(MINUS + money.short(value) if name in ("contraction", "churned") and value else money.short(value), value)
        for name, value in _flows(line).items()
    ]
    shares = [Cell(_share(value), value, absent=value is None) for value in (line.nrr, line.grr, line.customer_churn)]
    return Row(line.until.isoformat(), say.month(line.until), (*cells, *shares))
