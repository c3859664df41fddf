"""What an invented client is made of: sources as the counter writes them, touches, product lines, goals. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_UTM = ("", "", "", "", "")


@dataclass(frozen=True)
class Source:
    """One combination of source fields, spelled as Metrica's logs spell them.

    `utm` is source, medium, campaign, content, term. `weight` and `phone_weight` say how often the touch takes this
    form on a computer and on a phone.
    """

    traffic: str
    referer: str = ""
    host: str = ""
    engine_root: str = ""
    engine: str = ""
    ad_system: str = "ya_undefined"
    network: str = ""
    messenger: str = ""
    recommender: str = ""
    utm: tuple[str, str, str, str, str] = NO_UTM
    campaign_id: str = ""
    campaign_name: str = "0"
    group_id: str = "0"
    platform: str = ""
    weight: float = 1.0
    phone_weight: float = 1.0

    @property
    def significant(self) -> bool:
        """Whether the "last significant" attribution may stop here."""
        return self.traffic not in ("direct", "internal", "saved")


@dataclass(frozen=True)
class Paid:
    """What a touch costs. `cpc` in roubles net of VAT on the first day; `sheet` puts it into the cost sheet, not the
    Direct workbook.

    `weekly` books a week's money on its Tuesday, as placements are paid; `curve` names a story that bends the price.
    """

    cpc: float
    ctr: float
    sheet: bool = False
    inflation: float = 1.12
    curve: str = ""
    weekly: bool = False


@dataclass(frozen=True)
class Touch:
    """One way to come to the site. A Direct campaign is one touch.

    `arrivals` new people on an average day of the first year; `growth` times a year; `lines` their interest by product
    line; `rate` chance to convert against the client's average; `bounce`, `phone`, `home` shares of visits; `back`
    chance of one more visit; `pull` and `loyal` weights when those who know the site come again before and after they
    have bought; `curve` and `rate_curve` name stories that bend volume and conversion; `months` restricts it to a
    season, `cities` to places.
    """

    key: str
    sources: tuple[Source, ...]
    arrivals: float
    lines: Mapping[str, float]
    rate: float = 1.0
    bounce: float = 0.22
    phone: float = 0.6
    home: float = 0.1
    back: float = 0.3
    growth: float = 1.0
    pull: float = 0.0
    loyal: float = 0.0
    curve: str = ""
    rate_curve: str = ""
    months: tuple[int, ...] = ()
    paid: Paid | None = None
    cities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A product line: where it lives on the site, the curve of its demand, its median price and how widely prices
    spread."""

    key: str
    path: str
    price: float
    spread: float = 0.6
    curve: str = ""
    rate: float = 1.0
    again: float = 1.0


@dataclass(frozen=True)
class Goal:
    """A goal of the counter: which acts reach it, for which line (any when empty), and whether it carries money."""

    id: str
    name: str
    name_ru: str
    acts: tuple[str, ...]
    line: str = ""
    money: bool = False


@dataclass(frozen=True)
class Journey:
    """How people decide. Median `gap` between visits in days, its log `spread`; chance to `stick` to the first way of
    coming; average conversion `rate` of a visit and its shape over the first, second and later visits; most visits one
    person makes."""

    gap: float
    spread: float
    stick: float
    rate: float
    by_visit: tuple[float, float, float]
    phone_rate: float
    most: int


@dataclass(frozen=True)
class Plan:
    """An invented client, whole. `acts` are what may happen in a visit, in the order of its weight; place 0 is
    "nothing"."""

    slug: str
    name: str
    name_ru: str
    model: str
    domain: str
    counter: str
    login: str
    timezone: str
    utc_hours: int
    season: str
    hours: str
    touches: tuple[Touch, ...]
    lines: tuple[Line, ...]
    goals: tuple[Goal, ...]
    acts: tuple[str, ...]
    key_goals: tuple[str, ...]
    journey: Journey
    cities: Mapping[str, float]
    warm_up: int
    order_prefix: str = ""
    revenue_vat: str = "net"
    direct_vat: str = "net"
    sheet_vat: str = "net"
    sheet_kind: str = "russian"
    ga_property: str = ""
    thanks: Mapping[str, str] = field(default_factory=dict)
    mistags: bool = False

    def touch(self, key: str) -> int:
        """Place of a touch."""
        return next(place for place, touch in enumerate(self.touches) if touch.key == key)

    def act(self, key: str) -> int:
        """Place of an act."""
        return self.acts.index(key)
