"""`hygiene`: which spend finds the visits it bought, and what is wrong with the tags of the rest."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

import click

from commands import show, spoken
from commands._reading import DAY, client_option, counter_option, footnotes, grouping_option, opened, period
from data.desk import campaigns
from data.desk.campaigns import Match
from data.door import workspace
from data.errors import NotAllowed, Problem
from data.tables import SPEND
from data.text import DASH, Words
from metrics.hygiene import FAULTS, NO_VISITS, Fault, Hygiene, read
from metrics.query import Query

_DAYS = 28
_WAYS = {
    "number": "by the campaign's number", "number in the tag": "by the number in the tag", "tags": "by UTM tags",
    "campaign": "by the campaign's name", "by hand": "matched by hand",
}


@click.command(name="hygiene")
@client_option
@click.option("--since", type=DAY, help="First day. [default: 28 days back from the last]")
@click.option("--until", type=DAY, help="Last day. [default: the last loaded]")
@counter_option
@click.option("--attribution", default="", help="Attribution model. [default: the best that the counter has recorded]")
@grouping_option
@click.option("--match", "matches", multiple=True, help="Remember what a tag means: 'tag=campaign', by name or number.")
@click.option("--forget", multiple=True, help="Forget what a tag was matched with. May be repeated.")
@show.format_option
def command(
    client: str, since: datetime | None, until: datetime | None, counter: str, attribution: str, grouping: str, matches: tuple[str, ...],
    forget: tuple[str, ...], form: str,
) -> None:
    """Set spend and visits side by side: by the campaign's number, by tags, by what was matched by hand.

    \b
    python vitrina.py hygiene --client tea-hedgehog
    python vitrina.py hygiene --client tea-hedgehog --match 'vk_spring=Spring 2026'
    """
    found = opened(client)
    if not found.settings.money:
        raise NotAllowed("Money is not shown to you.", "", "Ask the agency's owner to open it.")
    first, last, _ = period(found, (SPEND.name,), since, until, _DAYS)
    query = Query(("visits",), first, last, counter=counter, attribution=attribution, grouping=grouping)
    for tag in forget:
        campaigns.forget(workspace(), client, tag)
    if matches:
        known = read(query, found.store.run, found.settings).of(NO_VISITS)
        for one in matches:
            campaigns.put(workspace(), client, _match(one, known))
    hygiene = read(query, found.store.run, found.settings, campaigns.of(workspace(), client))
    rows = [_row(fault, hygiene) for fault in hygiene.faults]
    if form == "json":
        notes = [str(note) for note in hygiene.notes]
        return show.as_json({**asdict(hygiene), "notes": notes, "faults": rows, "share_met": hygiene.share_met})
    if form == "csv":
        return show.as_csv(rows, ("kind", "system", "source", "medium", "campaign", "campaign_id", "name", "cost", "share", "visits"))
    return _table(hygiene, rows, spoken(), query)


def _match(text: str, known: tuple[Fault, ...]) -> Match:
    """What a person has said a tag means: a campaign that is called so, or has that number. Raises Problem."""
    sent, equals, campaign = (part.strip() for part in text.partition("="))
    if not (sent and equals and campaign):
        raise Problem("A match is written tag=campaign: {text}", "--match", "For example: --match 'vk_spring=Spring 2026'", text=text)
    called = [fault for fault in known if campaign in (fault.campaign_id, fault.campaign, fault.name)]
    if not called:
        titles = ", ".join(dict.fromkeys(fault.title for fault in known)) or DASH
        raise Problem("No spend without visits is called {campaign}.", "--match", "It can be: {known}.", campaign=campaign, known=titles)
    return Match(sent, called[0].system, called[0].campaign_id, called[0].title)


def _row(fault: Fault, hygiene: Hygiene) -> dict[str, Any]:
    share = fault.cost / hygiene.cost if fault.cost is not None and hygiene.cost else None
    return {**asdict(fault), "share": share, "near": list(fault.near)}


def _table(hygiene: Hygiene, rows: list[dict[str, Any]], say: Words, query: Query) -> None:
    money = partial(say.money, currency=hygiene.currency)
    click.echo(say.period(query.since, query.until))
    met = sum(hygiene.met.values())
    click.echo(say.t("Spend that finds its visits: {met} of {cost} ({share})", met=money(met), cost=money(hygiene.cost),
                     share=say.share(hygiene.share_met)))
    for way, cost in hygiene.met.items():
        if cost:
            click.echo(f"  {say.t(_WAYS[way])}: {money(cost)}")
    visits = say.number(hygiene.paid_visits - hygiene.visits_met)
    click.echo(say.t("Paid visits that no spend knows: {visits} of {all}", visits=visits, all=say.number(hygiene.paid_visits)))
    if rows:
        titled = [{**row, "kind": say.t(FAULTS[row["kind"]]), "title": row["name"] or row["campaign"] or row["campaign_id"] or DASH,
                   "near": ", ".join(row["near"])} for row in rows]
        titles = {"kind": "What is wrong", "system": "System", "title": "Campaign", "medium": "Medium", "cost": "Spend", "share": "Share",
                  "visits": "Visits", "near": "Perhaps the tag"}
        show.as_table(titled, {key: say.t(text) for key, text in titles.items()}, {"cost": money, "share": say.share, "visits": say.number})
    footnotes(hygiene.notes)
