"""Where a GA4 session came from: what its events carry, in the order in which it is to be trusted.

    1  Google's own record of the session's last click, across channels        4  parameters of an event
    2  the same record of Google Ads, or of manual tags                        5  tags in the address of a page
    3  what an event has collected                                             6  the referring site; after that, direct

Click ids repair what tags leave out: an advert's click counts as organic in many properties. What an event carries beats the word
`(direct)`, wherever in the session it stands. A source without a medium (links opened from a mail program on a telephone) is weak: it
yields to anything whole.

Source: Google Analytics help, BigQuery Export traffic source data; the repairs are those of two widely used open models of the export.
"""

from __future__ import annotations

from connectors.ga4_events_forms import Form
from data.engine import quoted
from data.tables import ORIGIN_NAMES

_LAST_CLICK = "session_traffic_source_last_click"
_CARRIED = ("source", "medium", "campaign", "campaign_id", "content", "term", "given")
_NOWHERE = "'', '(direct)', '(not set)'"
_EMPTY = "('', '(not set)', '(data not available)')"
_CLICKS = {
    "google": ("google", "cpc", ""), "bing": ("bing", "cpc", ""), "yandex": ("yandex", "cpc", ""),
    "shopping": ("google", "organic", "Shopping Free Listings"),
}
_CLICK_IDS = (
    ("google", ("gclid", "gbraid", "wbraid", "dclid", "gclsrc")), ("bing", ("msclkid",)), ("yandex", ("yclid",)),
    ("shopping", ("srsltid",)),
)
_SEARCH = r"^(?:www\.|m\.)?(google|yandex|bing|duckduckgo|baidu|ecosia|rambler)\.[a-z.]+$"


def evidence(form: Form) -> dict[str, str]:
    """Expressions over the columns of a form. Shape: name -> a struct of what is carried, null where nothing is."""
    click = f"{_LAST_CLICK}.cross_channel_campaign"
    given = f"coalesce({form.field(click + '.default_channel_group')}, {form.field(click + '.primary_channel_group')})"
    tier3 = _carried(
        *(form.field(f"collected_traffic_source.manual_{name}")
          for name in ("source", "medium", "campaign_name", "campaign_id", "content", "term"))
    )
    tier4 = _carried(*(form.param(name) for name in ("source", "medium", "campaign", "campaign_id", "content", "term")))
    page = form.param("page_location")
    tagged = f"CASE WHEN contains({page}, 'utm_') THEN {page} END"
    tier5 = _carried(*(_query(tagged, f"utm_{name}") for name in ("source", "medium", "campaign", "id", "content", "term")))
    return {
        "recorded": _record(form, click, given),
        "recorded_ads": f"coalesce({_ads(form)}, {_record(form, _LAST_CLICK + '.manual_campaign')})",
        "collected": tier3, "tagged": tier4, "addressed": tier5,
        "referred": _referred(form),
        "click": _click(form),
        "acquired": _carried(*(form.field(f"traffic_source.{name}") for name in ("source", "medium", "name"))),
    }


def _carried(*values: str) -> str:
    """What is carried, of values in the order of _CARRIED; null where no source, medium or campaign is."""
    filled = " OR ".join(_filled(value) for value in values[:3])
    return f"CASE WHEN {filled} THEN {_said(*values)} END"


def _said(*values: str) -> str:
    return _struct(**{name: f"coalesce({value}, '')" for name, value in zip(_CARRIED, values, strict=False)})


def _filled(value: str) -> str:
    return f"coalesce({value}, '') NOT IN {_EMPTY}"


def _record(form: Form, path: str, given: str = "''") -> str:
    """Google's record of the session, where it names a source."""
    names = ("source", "medium", "campaign_name", "campaign_id", "content", "term")
    values = [form.field(f"{path}.{name}") for name in names]
    return f"CASE WHEN {_filled(values[0])} THEN {_said(*values, given)} END"


def _ads(form: Form) -> str:
    path = f"{_LAST_CLICK}.google_ads_campaign"
    name, number = form.field(f"{path}.campaign_name"), form.field(f"{path}.campaign_id")
    google = _struct(source="'google'", medium="'cpc'", campaign=f"coalesce({name}, '')", campaign_id=f"coalesce({number}, '')")
    return f"CASE WHEN {_filled(name)} OR {_filled(number)} THEN {google} END"


def _query(address: str, name: str) -> str:
    """A parameter of an address, decoded; null where it has none."""
    found = f"regexp_extract({address}, '[?&#]{name}=([^&#]*)', 1)"
    return f"nullif(url_decode(replace({found}, '+', ' ')), '')"


def _click(form: Form) -> str:
    """Whose click id the event carries."""
    page = form.param("page_location")
    whens = []
    for system, ids in _CLICK_IDS:
        carried = [form.param(name) for name in ids]
        carried += [form.field(f"collected_traffic_source.{name}") for name in ids if name in ("gclid", "dclid", "srsltid")]
        held = " OR ".join(f"{one} IS NOT NULL" for one in carried)
        whens.append(f"WHEN {held} OR regexp_matches({page}, '[?&](?:{'|'.join(ids)})=[^&#]') THEN {quoted(system)}")
    return f"CASE {' '.join(whens)} END"


def host(address: str) -> str:
    """Host of an address in lower case, without www; null where there is none."""
    return f"nullif(regexp_replace(lower(regexp_extract({address}, '^[a-zA-Z]+://([^/?#:]+)', 1)), '^www\\.', ''), '')"


def _referred(form: Form) -> str:
    """The site that referred to the page; a struct of empty texts where it is the own one or none, null where the event has no page."""
    page, came = form.param("page_location"), host(form.param("page_referrer"))
    known = f"regexp_extract({came}, '{_SEARCH}', 1)"
    outside = f"{came} IS NOT NULL AND {came} <> coalesce({host(page)}, '')"
    source = f"CASE WHEN {outside} THEN coalesce(nullif({known}, ''), {came}) ELSE '' END"
    medium = f"CASE WHEN NOT ({outside}) OR {came} IS NULL THEN '' WHEN {known} <> '' THEN 'organic' ELSE 'referral' END"
    referrer = f"CASE WHEN {outside} THEN {came} ELSE '' END"
    opening = f"{form.field('event_name')} IN ('session_start', 'first_visit')"
    site = f"{{source: {source}, medium: {medium}, referrer: {referrer}}}"
    return f"CASE WHEN {page} IS NOT NULL AND ({outside} OR NOT {opening}) THEN {site} END"


# ---------------------------------------------------------------------------------------------------------------- sessions


def of_session() -> dict[str, str]:
    """What counts of each kind of evidence in a session, over the columns of its events: of several the first that is not null.

    A tag counts whole, with a source and a medium, and not where it says direct; what is left of tags is `weak`.
    """
    tags = ("collected", "tagged", "addressed")
    whole = {name: f"CASE WHEN {name}.medium <> '' AND {name}.source NOT IN ({_NOWHERE}) THEN {name} END" for name in tags}
    any_tag = f"coalesce({', '.join(tags)})"
    weak = f"CASE WHEN {any_tag}.source NOT IN ('(direct)', '(not set)') THEN {any_tag} END"
    return {name: name for name in ("recorded", "recorded_ads", "referred", "click", "acquired")} | whole | {"weak": weak}


def picked() -> str:
    """What the session's evidence comes to, over columns named as in `of_session`. Shape: a struct of what is carried."""
    referred = f"CASE WHEN referred.source <> '' THEN {_struct(source='referred.source', medium='referred.medium')} END"
    direct = _struct(source="'(direct)'", medium="'(none)'")
    return f"coalesce(recorded, recorded_ads, collected, tagged, addressed, weak, {referred}, {direct})"


def _struct(**values: str) -> str:
    """A struct of what is carried, empty where nothing is given."""
    return "{" + ", ".join(f"{name}: {values.get(name, quoted(''))}" for name in _CARRIED) + "}"


def origin() -> str:
    """The struct of ORIGIN_FIELDS of a session, over `picked`, `recorded`, `referred` and `click`."""
    repaired = (
        f"recorded IS NULL AND click IS NOT NULL AND (picked.source IN ({_NOWHERE}) OR "
        "picked.medium IN ('', 'organic', '(none)', '(not set)') OR picked.campaign = '(organic)' OR "
        "coalesce(collected, tagged, addressed, recorded_ads) IS NULL)"
    )
    clicked = {
        name: "CASE click " + " ".join(f"WHEN {quoted(system)} THEN {quoted(said[place])}" for system, said in _CLICKS.items()) + " END"
        for place, name in enumerate(("source", "medium", "campaign"))
    }
    own = "CASE WHEN picked.campaign IN ('(organic)', '(direct)', '(referral)', '(not set)') THEN '' ELSE picked.campaign END"
    values = {
        "referrer": "CASE WHEN picked.medium = 'referral' AND picked.source = referred.source THEN referred.referrer ELSE '' END",
        "source": f"CASE WHEN {repaired} THEN {clicked['source']} ELSE picked.source END",
        "medium": f"CASE WHEN {repaired} THEN {clicked['medium']} ELSE picked.medium END",
        "campaign": f"CASE WHEN {repaired} THEN coalesce(nullif({own}, ''), {clicked['campaign']}) ELSE picked.campaign END",
        "campaign_id": "picked.campaign_id",
        "given_channel": "picked.given",
    }
    return _origin(values)


def first_origin() -> str:
    """The struct of ORIGIN_FIELDS of how the user was first acquired, over `acquired`; null where the export does not say."""
    values = {name: f"acquired.{name}" for name in ("source", "medium", "campaign")}
    return f"CASE WHEN acquired IS NOT NULL THEN {_origin(values)} END"


def _origin(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {values.get(name, quoted(''))}" for name in ORIGIN_NAMES) + "}"
