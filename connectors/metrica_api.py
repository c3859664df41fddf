"""Yandex.Metrica as a service: which counters there are, and what of a counter is kept up to date.

Visits come from the Logs API one by one, or as daily sums from the reports where a counter is too large or the logs are closed. Age and
sex, which visits do not tell, and costs always come from the reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from connectors import metrica_api_costs as costs
from connectors import metrica_api_logs as logs
from connectors import metrica_api_people as people
from connectors import metrica_api_traffic as traffic
from connectors import vat
from connectors.live import Connected, Feed, Live, Settling
from connectors.metrica_api_management import counters, goals
from connectors.metrica_api_service import TOKEN, token
from connectors.metrica_api_traffic import Asked
from connectors.web import Web
from data.errors import Ask
from data.tables import ATTRIBUTIONS, SPEND, TRAFFIC, VISITS

METHOD = Ask("method", "Visits one by one (logs), or only daily sums (reports)?", ("logs", "reports"), "logs")
MODEL = Ask("attribution", "Which attribution model for the sums of reports?", logs.SURVIVORS, "automatic")
DIRECT = Ask("direct_logins", "Logins of Yandex Direct whose costs Metrica shows, separated by commas; empty where Direct is loaded itself")
EXPENSES = Ask("expenses", "Load the expenses that were uploaded to the counter?", ("yes", "no"), "yes")
CURRENCY = Ask("currency", "In which currency are the orders?")
_VISITS = Settling(provisional=3, daily=7, weekly=21)
_SPEND = Settling(provisional=1, daily=4, weekly=21)
_EXPENSES_BEGIN = 365 * 5
_TITLES = {"origin,device,goal": "visits and goals by source", "age,goal": "visits by age", "sex,goal": "visits by sex"}


def feeds(web: Web, connected: Connected) -> Sequence[Feed]:
    """What to fetch for a counter. Asks it for its goals, which is also the proof that it may be read."""
    asked = _asked(connected, tuple(goals(web, connected)))
    by_logs = connected.answers.get("method", METHOD.default) == "logs"
    main = [_visits(asked, connected)] if by_logs else [_sums(asked, "origin,device,goal"), *people.feeds(asked)]
    return [*main, *(_sums(asked, one) for one in ("age,goal", "sex,goal")), *_costs(asked, connected)]


def _asked(connected: Connected, numbers: tuple[str, ...]) -> Asked:
    answers = connected.answers
    attribution = answers.get("attribution") or MODEL.default
    model = next(one.metrica[0] for one in ATTRIBUTIONS if one.key == attribution)
    return Asked(
        token(answers), connected.account, model, attribution, answers.get("currency", "RUB"), answers.get("vat", "net"), numbers
    )


def _visits(asked: Asked, connected: Connected) -> Feed:
    fetch = partial(logs.fetch, asked.key, asked.counter, connected.answers)
    return Feed("visits", "visits one by one", VISITS, asked.counter, fetch, settling=_VISITS)


def _sums(asked: Asked, breakdown: str) -> Feed:
    piece = "month" if "origin" in breakdown else "year"
    return Feed(
        breakdown, _TITLES[breakdown], TRAFFIC, asked.counter, partial(traffic.traffic, asked, breakdown), asked.attribution, breakdown,
        piece=piece, settling=_VISITS,
    )


def _costs(asked: Asked, connected: Connected) -> list[Feed]:
    found = []
    if connected.answers.get("expenses", EXPENSES.default) == "yes":
        found.append(Feed("expenses", "expenses", SPEND, asked.counter, partial(costs.expenses, asked), piece="quarter", settling=_SPEND,
                          oldest=_EXPENSES_BEGIN))
    logins = [login.strip() for login in connected.answers.get("direct_logins", "").split(",") if login.strip()]
    found += [
        Feed(f"direct {login}", "costs of Direct", SPEND, login, partial(costs.direct, asked, login), piece="quarter", settling=_SPEND)
        for login in logins
    ]
    return found


LIVE = Live(
    "metrica_api", "Yandex.Metrica, API", TOKEN, counters, feeds, (METHOD, CURRENCY, vat.ASK, MODEL, EXPENSES, DIRECT), goals
)
