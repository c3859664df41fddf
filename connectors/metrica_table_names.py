"""What Metrica's web interface calls its columns, sources, engines and devices, and what they are to us. Compared in lower case.

Source: real exports in Russian; English names of metrics and sources as the interface's own API gives them, the rest as its help does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.files import names
from connectors.values import currency, plain
from data.tables import ATTRIBUTIONS, TAGGED

TOTALS = (
    "итого и средние", "итого и среднее", "итого", "всего", "total and average", "total and averages", "totals and averages", "totals",
    "total",
)
UNKNOWN = frozenset((
    "не определено", "не указано", "не определен", "не определён", "undefined", "not defined", "not specified", "unspecified",
))

TIME, GOAL, DETAIL = "time", "goal", "detail"
_DIMENSIONS: Mapping[str, Sequence[str]] = {
    TIME: (
        "интервал дат визита", "дата визита", "день визита", "неделя визита", "месяц визита", "квартал визита", "год визита",
        "interval of visit dates", "visit date interval", "date of visit", "visit date", "date of session", "session date", "day of visit",
        "week of visit", "month of visit",
    ),
    "traffic_source": ("источник трафика", "traffic source"),
    DETAIL: ("источник трафика (детально)", "traffic source (detailed)", "traffic source (in detail)", "traffic source detail"),
    "placement": ("тип площадки", "platform type", "placement type"),
    "engine": ("поисковая система", "search engine", "социальная сеть", "social network", "мессенджер", "messenger",
               "рекомендательная система", "recommendation system"),
    "ad_system": ("рекламная система", "advertising system", "ad system", "advertising platform"),
    "referrer": ("переходы с сайтов", "сайт", "домен реферера", "referring site", "referral source"),
    "source": ("utm source", "utm_source"),
    "medium": ("utm medium", "utm_medium"),
    "campaign": ("utm campaign", "utm_campaign"),
    "campaign_name": (
        "кампания яндекс.директа", "кампания яндекс директа", "кампания директа", "yandex.direct campaign", "direct campaign",
    ),
    "device": ("тип устройства", "device type", "device category"),
    "country": ("страна", "country"),
    "city": ("город", "city"),
    "landing": ("страница входа", "entry page", "landing page", "login page"),
    "age": ("возраст", "age"),
    "sex": ("пол", "gender", "sex"),
    GOAL: ("достигнутая цель", "цель", "goal", "goal reached", "achieved goal"),
}
ORIGINS = ("traffic_source", DETAIL, "placement", "engine", "ad_system", "referrer", "source", "medium", "campaign", "campaign_name")
PARTIAL = frozenset(("engine", "ad_system", "referrer", "campaign_name"))
"""Breakdowns of the reports on one kind of source alone."""
TAGS = frozenset(("source", "medium", "campaign"))
MAY_BE_UNKNOWN = TAGS | {"country", "city", "landing", "age", "sex"}
"""Breakdowns that Metrica's reports cover only as far as they are known."""
BREAKDOWNS = ("origin", TAGGED, "device", "country", "city", "landing", "age", "sex", GOAL)

COUNTS: Mapping[str, Sequence[str]] = {
    "visits": ("визиты", "visits", "sessions"),
    "users": ("посетители", "users", "visitors"),
    "new_users": ("новые посетители", "new users", "new visitors"),
    "page_views": ("просмотры", "pageviews", "page views"),
    "orders": ("количество покупок", "покупки", "number of purchases", "purchases"),
}
RATES: Mapping[str, Sequence[str]] = {
    "new_share": (
        "доля новых посетителей", "percentage of new visitors", "percentage of new users", "share of new users", "new user share",
    ),
    "bounce_rate": ("отказы", "bounce rate", "bounces"),
}
MEANS: Mapping[str, Sequence[str]] = {"depth": ("глубина просмотра", "page depth", "view depth", "depth")}
DURATIONS: Mapping[str, Sequence[str]] = {"duration": ("время на сайте", "time on site", "visit duration")}
MONEY: Mapping[str, Sequence[str]] = {"revenue": ("доход", "revenue")}
OF_A_GOAL: Mapping[str, Sequence[str]] = {
    "reaches": ("достижения цели", "достижение цели", "goal reaches", "goal completions", "goals reached", "goal conversions"),
    "goal_visits": ("целевые визиты", "target visits", "goal visits", "target sessions", "converted sessions", "goal sessions"),
    "goal_rate": ("конверсия", "conversion", "conversion rate"),
}
PLAIN_METRICS = {spelling: name for kind in (COUNTS, RATES, MEANS, DURATIONS, MONEY) for name, known in kind.items() for spelling in known}
_GOAL_METRICS = {spelling: name for name, known in OF_A_GOAL.items() for spelling in known}
_DIMENSION = {spelling: name for name, known in _DIMENSIONS.items() for spelling in known}
SURE = frozenset((
    *COUNTS["users"][:1], *RATES["bounce_rate"][:1], *MEANS["depth"][:2], *DURATIONS["duration"][:2], *OF_A_GOAL["reaches"][:1],
    *OF_A_GOAL["goal_visits"][:2], *RATES["new_share"][:2],
))
"""Columns that only Metrica calls so."""
FOREIGN = frozenset((
    "показы", "клики", "расход", "затраты", "impressions", "clicks", "cost", "spend", "engaged sessions", "engagement rate", "key events",
))
"""Columns of an ad system, of spend or of GA4: a table that has them is not one of visits alone, or not Metrica's."""

_API_DIMENSIONS: Mapping[str, str] = {
    "date": TIME, "datetime": TIME, "day": TIME, "startofweek": TIME, "startofmonth": TIME, "startofquarter": TIME, "startofyear": TIME,
    "dateperiodday": TIME,
    "trafficsource": "traffic_source", "sourceengine": DETAIL, "advengine": "ad_system", "searchengine": "engine",
    "searchengineroot": "engine", "socialnetwork": "engine", "messenger": "engine", "recommendationsystem": "engine",
    "referalsource": "referrer", "directplatformtype": "placement", "directclickorder": "campaign_name",
    "utmsource": "source", "utmmedium": "medium", "utmcampaign": "campaign",
    "devicecategory": "device", "regioncountry": "country", "regioncity": "city", "starturl": "landing", "ageinterval": "age",
    "gender": "sex", "goal": GOAL,
}
_API_METRICS: Mapping[str, str] = {
    "visits": "visits", "users": "users", "newusers": "new_users", "pageviews": "page_views", "ecommercepurchases": "orders",
    "percentnewvisitors": "new_share", "bouncerate": "bounce_rate", "pagedepth": "depth", "avgvisitdurationseconds": "duration",
    "avgvisitdurationsec": "duration", "sumgoalreachesany": "reaches", "anygoalconversionrate": "goal_rate", "anygoalvisits": "goal_visits",
    "goalreaches": "reaches", "goalvisits": "goal_visits", "goalconversionrate": "goal_rate",
}
_API = re.compile(r"^ym:s:(?P<field>.+)$")
_API_GOAL = re.compile(r"^goal(?P<goal>\d+)(?P<what>reaches|visits|conversionrate)$")
_API_REVENUE = re.compile(r"^ecommerce(?P<currency>[a-z]{3})?(?:converted)?revenue$")
_MODELS = {spelling.lower(): a.key for a in ATTRIBUTIONS for spelling in a.metrica}
_FLAT = frozenset(("adv_engine", "advengine", "traffic_source", "trafficsource", "avg_visit_duration_seconds", "avg_visit_duration_sec",
                   "source_engine", "percent_new_visitors"))
"""Names of the API that a script writes without their prefix, and that no other system has."""

_UNIT = re.compile(r",\s*(?P<unit>%|[^\s,]{1,6}\.?)$")
_NAMED = (
    re.compile(r"^(?P<what>[^(]+?)\s*\((?P<goal>.+)\)\s*(?:,\s*\S{1,6})?$"),
    re.compile(r"^(?P<what>[^«\"“]+?)\s*(?P<goal>[«\"“].+[»\"”])\s*(?:,\s*\S{1,6})?$"),
    re.compile(r"^(?P<what>[^:]+?)\s*[:–—]\s+(?P<goal>.+?)(?:,\s*%)?$"),
    re.compile(r"^(?P<goal>.+?)\s*[:–—]\s+(?P<what>[^:–—,]+?)(?:,\s*%)?$"),
)
_NUMBERED = re.compile(r"(?:^|\b(?:id|goal|цель)\s+|№\s*)(\d{5,})\s*$", re.IGNORECASE)
"""A goal that is called by its number, which is what logs call it."""


@dataclass(frozen=True)
class Heading:
    """What a column is: a breakdown, a metric, or neither. `goal` is the goal a metric belongs to, where the header names it."""

    dimension: str = ""
    metric: str = ""
    goal: str = ""
    percent: bool = False
    currency: str = ""
    attribution: str = ""


def heading(cell: Any) -> Heading:
    """NB: `Страница входа, ур. 2` is not the landing page, so units are cut from the names of metrics only."""
    spelled = names((cell,))[0]
    if spelled in _DIMENSION:
        return Heading(dimension=_DIMENSION[spelled])
    if named := _of_a_goal(" ".join(str(cell).replace("\u00a0", " ").split())):
        return named
    unit = _UNIT.search(spelled)
    said = unit["unit"] if unit else ""
    bare = spelled[: unit.start()] if unit else spelled
    known = PLAIN_METRICS.get(bare) or _GOAL_METRICS.get(bare, "")
    return Heading(metric=known, percent=said == "%", currency=currency(said)) if known else _of_api(spelled)


def _of_a_goal(text: str) -> Heading | None:
    """A metric with the goal it belongs to: `Конверсия (Заявка)`, `Достижения цели «Заявка»`, `Заявка: целевые визиты`."""
    for pattern in _NAMED:
        if (found := pattern.match(text)) and (metric := _GOAL_METRICS.get(found["what"].strip().lower(), "")):
            goal = found["goal"].strip(" «»\"'“”")
            number = _NUMBERED.search(goal)
            return Heading(metric=metric, goal=number[1] if number else goal)
    return None


def _of_api(spelled: str) -> Heading:
    """A name of the Reporting API, as it is (`ym:s:lastsignTrafficSource`) or as a script spells it (`traffic_source`)."""
    prefixed = _API.match(spelled)
    bare = (prefixed["field"] if prefixed else spelled).replace("_", "").replace("<attribution>", "")
    model = next((one for one in sorted(_MODELS, key=len, reverse=True) if prefixed and bare.startswith(one.replace("_", ""))), "")
    for field, attribution in ((bare, ""), (bare.removeprefix(model.replace("_", "")), _MODELS.get(model, ""))):
        named = field if field in _API_DIMENSIONS else field.removesuffix("name")
        if named in _API_DIMENSIONS:
            return Heading(dimension=_API_DIMENSIONS[named], attribution=attribution)
    if found := _API_GOAL.match(bare):
        return Heading(metric=_API_METRICS[f"goal{found['what']}"], goal=found["goal"], percent=found["what"] == "conversionrate")
    if (sold := _API_REVENUE.match(bare)) and prefixed:
        return Heading(metric="revenue", currency=(sold["currency"] or "").upper())
    metric = _API_METRICS.get(bare, "")
    return Heading(metric=metric, percent=bool(prefixed) and metric in (*RATES, "goal_rate"))


def of_one_hand(spelled: Iterable[str]) -> bool:
    """Whether all columns are names of the API, or none is: a dictionary of its names is no table of visits."""
    prefixed = [bool(_API.match(cell)) for cell in spelled if cell]
    return all(prefixed) or not any(prefixed)


def is_sure(spelled: str) -> bool:
    """Whether only Metrica calls a column so."""
    return spelled.startswith(tuple(SURE)) or spelled in _FLAT or bool(_API.match(spelled))


# ------------------------------------------------------------------------------------------------------------- values

TRAFFIC_SOURCES: Mapping[str, Sequence[str]] = {
    "organic": ("переходы из поисковых систем", "search engine traffic", "search engines"),
    "ad": ("переходы по рекламе", "ad traffic", "advertising traffic", "ads"),
    "direct": ("прямые заходы", "direct traffic"),
    "referral": ("переходы по ссылкам на сайтах", "link traffic", "referral traffic"),
    "internal": ("внутренние переходы", "internal traffic"),
    "saved": ("переходы с сохранённых страниц", "переходы с сохраненных страниц", "cached page traffic", "saved page traffic"),
    "social": ("переходы из социальных сетей", "social network traffic"),
    "email": ("переходы с почтовых рассылок", "mailing traffic", "email traffic", "newsletter traffic"),
    "messenger": ("переходы из мессенджеров", "messenger traffic"),
    "recommend": ("переходы из рекомендательных систем", "recommendation system traffic", "recommendation systems traffic"),
    "qrcode": ("переходы по qr-кодам", "переходы по qr кодам", "qr code traffic"),
    "external": ("внешние переходы", "external traffic", "external link traffic"),
    "undefined": tuple(sorted(UNKNOWN)),
}
_TRAFFIC_SOURCE = {label: key for key, labels in TRAFFIC_SOURCES.items() for label in labels}
_BY_DETAIL = {"organic": "engine", "social": "engine", "messenger": "engine", "recommend": "engine", "ad": "ad_system",
              "referral": "referrer", "external": "referrer"}
_ENGINES = (
    ("organic", re.compile(r"^(?:яндекс|yandex)\b"), "yandex"),
    ("organic", re.compile(r"^google\b"), "google"),
    ("organic", re.compile(r"^bing\b"), "bing"),
    ("organic", re.compile(r"^(?:mail\.ru|@mail\.ru|поиск mail)"), "mail_ru"),
    ("organic", re.compile(r"^rambler\b"), "rambler"),
    ("organic", re.compile(r"^duckduckgo\b"), "duckduckgo"),
    ("", re.compile(r"^(?:вконтакте|vkontakte|vk(?:\.com)?)$"), "vkontakte"),
    ("", re.compile(r"^(?:одноклассники|odnoklassniki|ok\.ru)$"), "odnoklassniki"),
    ("", re.compile(r"^(?:telegram|whatsapp|viber|youtube|instagram|facebook|twitter|pinterest|rutube|skype)\b"), ""),
    ("recommend", re.compile(r"^(?:дзен|яндекс[. ]дзен|dzen|yandex[. ]zen)\b"), "zen_yandex"),
    ("recommend", re.compile(r"^google discover\b"), "google_discover"),
)
_AD_SYSTEMS = (
    (re.compile(r"^(?:яндекс|yandex)[.: ]+(?:директ|direct)\b"), "ya_direct"),
    (re.compile(r"^google[. ]?(?:ads|adwords)\b"), "google_adwords"),
    (re.compile(r"^(?:вконтакте|vkontakte)\b"), "vkontakte"),
    (re.compile(r"^vk(?:[. ](?:реклама|ads))?$"), "vk_ads"),
    (re.compile(r"^(?:mytarget|таргет@mail\.ru)"), "mytarget"),
    (re.compile(r"^telegram\b"), "telegram"),
    (re.compile(r"^(?:avito|авито)\b"), "avito"),
    (re.compile(r"^(?:facebook|meta)\b"), "facebook"),
)
_DEVICES = {
    "пк": "desktop", "компьютеры": "desktop", "десктопы": "desktop", "pc": "desktop", "pcs": "desktop", "desktop": "desktop",
    "смартфоны": "phone", "смартфон": "phone", "smartphones": "phone", "smartphone": "phone", "phones": "phone", "mobile phones": "phone",
    "планшеты": "tablet", "планшет": "tablet", "tablets": "tablet", "tablet": "tablet",
    "тв": "tv", "телевизоры": "tv", "tv": "tv", "smart tv": "tv",
}
_SEXES = {"мужской": "male", "мужчины": "male", "male": "male", "men": "male",
          "женский": "female", "женщины": "female", "female": "female", "women": "female"}
_PLACEMENTS = {"поиск": "search", "поисковая": "search", "поисковые": "search", "search": "search",
               "сети": "network", "тематическая": "network", "тематические": "network", "контекст": "network", "network": "network",
               "networks": "network", "context": "network"}


def text(cell: Any) -> str:
    """A cell as words: unusual spaces and hyphens made plain, empty where the source does not know."""
    said = plain(cell)
    said = " ".join((str(cell) if said is None else said).replace("\u2011", "-").split())
    return "" if said.lower() in UNKNOWN else said


def is_total(cell: Any) -> bool:
    """Whether a cell labels the row of totals."""
    return " ".join(str(cell).split()).lower() in TOTALS


def place(dimension: str, cell: Any) -> str:
    """What the store keeps of a breakdown that is a column of its own."""
    said = text(cell)
    if dimension == "device":
        return _DEVICES.get(said.lower(), said.lower())
    if dimension == "sex":
        return _SEXES.get(said.lower(), said)
    return _page(said) if dimension == "landing" else said


def _page(address: str) -> str:
    return re.split(r"[?#]", address.split("://", 1)[-1], maxsplit=1)[0].rstrip("/")


def origin(cells: Mapping[str, Any]) -> dict[str, str]:
    """The fields of origin of one row. The detail column is an engine, an ad system or a site, as the traffic source says."""
    said = {name: text(cell) for name, cell in cells.items()}
    found = {name: said[name] for name in ("source", "medium", "campaign", "campaign_name", "referrer") if said.get(name)}
    kind = ""
    if "traffic_source" in cells:
        label = " ".join(str(cells["traffic_source"]).split()).lower()
        found["traffic_source"] = kind = _TRAFFIC_SOURCE.get(label, said["traffic_source"])
    detail = _BY_DETAIL.get(kind, "engine")
    found |= {name: said[name] for name in ("engine", "ad_system") if said.get(name)}
    if said.get(DETAIL):
        found.setdefault(detail, said[DETAIL])
    if "engine" in found:
        found["engine"] = _engine(found["engine"], kind)
    if "ad_system" in found:
        found["ad_system"] = next((key for pattern, key in _AD_SYSTEMS if pattern.match(found["ad_system"].lower())), found["ad_system"])
    if "referrer" in found:
        found["referrer"] = found["referrer"].lower()
    if "placement" in said:
        found["placement"] = _PLACEMENTS.get(said["placement"].lower(), said["placement"].lower())
    return found


def _engine(label: str, kind: str) -> str:
    """An engine by its id where we know it; search engines by their root, as Metrica's logs have them."""
    for only, pattern, key in _ENGINES:
        if only in ("", kind) and (found := pattern.match(label.lower())):
            return key or found[0]
    return label
