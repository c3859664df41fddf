"""Metrica's Management API: which counters a login may read, and what a counter counts as a goal.

Source: yandex.com/dev/metrika, Management API: counters, goals, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.live import Account, Answers, Connected
from connectors.metrica_api_service import API, token
from connectors.shape import Shape
from connectors.web import Call, Web
from data.secret import Secret

_PAGE = 1000


def counters(web: Web, answers: Answers) -> Sequence[Account]:
    """Every living counter that the login may read, by name."""
    key, found, seen = token(answers), list[Account](), set[str]()
    while True:
        params = {"per_page": str(_PAGE), "offset": str(len(found) + 1), "permission": "own,view,edit", "status": "Active"}
        document = _shape(web, "/management/v1/counters", key, "", params)
        page = [_counter(one) for one in document.parts("counters")]
        fresh = [one for one in page if one.id not in seen]
        found += fresh
        seen.update(one.id for one in fresh)
        if not fresh or len(found) >= document.whole("rows"):
            return sorted(found, key=lambda one: (one.name.lower(), one.id))


def _counter(one: Shape) -> Account:
    """NB: the site stands in `site2`; the older `site` may be missing, and a counter may have no site at all."""
    site = one.part("site2").get("site") if "site2" in one.held else one.get("site")
    name = " · ".join(dict.fromkeys(filter(None, (one.get("name"), site))))
    zone = one.get("time_zone_name")
    return Account(one.text("id"), name, one.get("permission"), {"timezone": zone} if zone else {})


def goals(web: Web, connected: Connected) -> Mapping[str, str]:
    """Names of the counter's goals by number; the steps of a composite goal are goals too."""
    document = _shape(web, f"/management/v1/counter/{connected.account}/goals", token(connected.answers), connected.account)
    found: dict[str, str] = {}
    for goal in document.parts("goals"):
        found[goal.text("id")] = goal.get("name")
        steps = goal.parts("steps") if "steps" in goal.held else []
        found |= {step.text("id"): f"{goal.get('name')}: {step.get('name')}" for step in steps if "id" in step.held}
    return found


def _shape(web: Web, path: str, key: Secret, counter: str, params: Mapping[str, str] | None = None) -> Shape:
    return Shape(web.json(Call(API, path, params or {}, key, counter)), API.title, counter or path)
