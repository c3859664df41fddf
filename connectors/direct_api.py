"""Yandex Direct as a service: which advertisers a token may read, and their spend by campaign and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial

from connectors.direct_api_reports import Advertiser, spent
from connectors.direct_api_service import API, TOKEN, token, watch
from connectors.live import Account, Answers, Connected, Feed, Live, Settling
from connectors.refusals import NoGrant, changed
from connectors.shape import Shape
from connectors.web import Call, Web
from data.secret import Secret
from data.tables import SPEND

_PAGE = 2000
_SETTLING = Settling(provisional=1, daily=4, weekly=21)
_YEARS = 3
"""Statistics go back so many years before the first of this month."""
_FIELDS = ["Login", "ClientInfo", "Currency"]


def advertisers(web: Web, answers: Answers) -> Sequence[Account]:
    """The clients of an agency; the login itself where it is none."""
    key = token(answers)
    try:
        found = [_account(one, agency=True) for one in _pages(web, key, "agencyclients", {"SelectionCriteria": {"Archived": "NO"}})]
    except NoGrant:
        found = [_account(one, agency=False) for one in _pages(web, key, "clients", {})]
    return sorted(found, key=lambda one: (one.name.lower(), one.id))


def _account(one: Shape, agency: bool) -> Account:
    """NB: days of Direct's statistics are Moscow's, wherever the advertiser is."""
    says = {"timezone": "Europe/Moscow", "currency": one.text("Currency"), **({"agency": "yes"} if agency else {})}
    return Account(one.text("Login"), one.get("ClientInfo"), "agency" if agency else "own", says)


def _pages(web: Web, key: Secret, what: str, params: dict[str, object]) -> Iterator[Shape]:
    start = 0
    while True:
        asked = {"method": "get", "params": {**params, "FieldNames": _FIELDS, "Page": {"Limit": _PAGE, "Offset": start}}}
        call = Call(API, f"/json/v5/{what}", secret=key, method="POST", scheme="Bearer", body=asked, headers={"Accept-Language": "en"})
        answer = web.ask(call)
        watch(web, call, answer)
        result = Shape(answer.document(), API.title, what).part("result")
        yield from result.parts("Clients") if result.held.get("Clients") else []
        following = result.whole("LimitedBy") if "LimitedBy" in result.held else 0
        if not following:
            return
        if following <= start:
            raise changed(API.title, what, "LimitedBy", following)
        start = following


def feeds(web: Web, connected: Connected) -> Sequence[Feed]:
    """Spend, as far back as there are statistics."""
    answers = connected.answers
    whose = Advertiser(token(answers), connected.account, answers.get("agency") == "yes", answers.get("currency", "RUB"))
    today = datetime.fromtimestamp(web.clock.now(), UTC).date()
    oldest = (today - date(today.year - _YEARS, today.month, 1)).days - 1
    return [Feed("spend", "spend by campaign", SPEND, connected.account, partial(spent, whose), settling=_SETTLING, oldest=oldest)]


LIVE = Live("direct_api", "Yandex Direct, API", TOKEN, advertisers, feeds)
