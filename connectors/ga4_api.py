"""Google Analytics 4 as a service (Data API): which properties there are, and what of one is kept up to date.

Sessions and key events by day under the session's source and under the user's first one; users of days, weeks and months as such; what
Google Ads cost. Cohorts are not fetched: the store's own are made of orders and visits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from connectors import ga4_api_costs as costs
from connectors import ga4_api_people as people
from connectors import ga4_api_traffic as traffic
from connectors import ga4_names
from connectors.ga4_api_access import credentials
from connectors.ga4_api_management import blocked, check, key_events, properties, says, wrong
from connectors.ga4_api_reports import Property
from connectors.ga4_api_service import CREDENTIALS
from connectors.ga4_api_traffic import Asked
from connectors.live import Connected, Feed, Live, Settling
from connectors.web import Web
from data.batches import Note
from data.errors import Ask
from data.tables import SPEND, TRAFFIC

VAT = Ask("vat", "Does the site send revenue without VAT (net) or with it (gross)?", ("net", "gross"), "net")
COSTS = Ask("costs", "Load what Google Ads cost, where an Ads account is linked to the property?", ("yes", "no"), "yes")
_SETTLING = Settling(provisional=2, daily=4, weekly=35)
_ADS_BEGIN = 365 * 3 - 31
_TITLES = {ga4_names.SESSION: "sessions and key events by source", ga4_names.FIRST: "sessions and key events by first source"}


def feeds(web: Web, connected: Connected) -> Sequence[Feed]:
    """What to fetch for a property. Asks it for its metrics, which is also the proof that it may be read."""
    check(connected.account)
    answers, who = connected.answers, credentials(connected.answers)
    known, hidden = blocked(web, who, connected.account)
    of = Property(web, who, connected.account, answers.get("level", ""))
    asked = Asked(
        of, answers.get("timezone", "UTC"), answers.get("currency", ""), answers.get("vat", "net"), known - hidden.keys(), _unseen(hidden)
    )
    sums = [
        Feed(f"traffic_{scope}", title, TRAFFIC, of.id, partial(traffic.traffic, asked, scope), scope, traffic.BREAKDOWN,
             piece="month" if scope == ga4_names.SESSION else "quarter", settling=_SETTLING)
        for scope, title in _TITLES.items()
    ]
    return [*sums, *people.feeds(asked, _SETTLING), *_costs(asked, connected)]


def _unseen(hidden: Mapping[str, str]) -> tuple[Note, ...]:
    """NB: without the right to see money the service answers zeros, and no error."""
    if not hidden:
        return ()
    text = "These credentials may not see {metrics}; they are not loaded. Ask for a role without “No revenue” and “No cost” restrictions."
    return (Note("hidden", text, {"metrics": ", ".join(sorted(hidden))}),)


def _costs(asked: Asked, connected: Connected) -> list[Feed]:
    if connected.answers.get("costs", COSTS.default) != "yes" or costs.COST not in asked.metrics:
        return []
    fetch = partial(costs.costs, asked)
    return [Feed("costs", "costs of Google Ads", SPEND, asked.of.id, fetch, piece="quarter", settling=_SETTLING, oldest=_ADS_BEGIN)]


LIVE = Live("ga4_api", "Google Analytics 4, API", CREDENTIALS, properties, feeds, (VAT, COSTS), key_events, says, wrong)
