"""What a sheet of somebody's own can be, what its columns can be, and by which words they are proposed. A proposal; people decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors import spend
from connectors.cost_sheet import ALIASES as COSTS
from connectors.order_columns import SHEET as ORDERS


@dataclass(frozen=True)
class Role:
    """What a column can be. `holds` is day, number or text; `stems` are beginnings of words by which it is proposed, `names` whole headers.

    `many` columns of one sheet may have the role.
    """

    key: str
    title: str
    holds: str = "text"
    stems: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    needed: bool = False
    many: bool = False


@dataclass(frozen=True)
class Kind:
    """What a sheet is about. `says` are beginnings of words in its header that speak for it; `either`: one of these roles is needed."""

    key: str
    title: str
    roles: tuple[Role, ...]
    says: tuple[str, ...] = ()
    either: tuple[str, ...] = ()

    def role(self, key: str) -> Role | None:
        return next((role for role in self.roles if role.key == key), None)


_DAYS = ("дат", "date", "день", "day", "недел", "week", "месяц", "month", "период", "period", "created", "создан")


def _of(known: Mapping[str, Sequence[str]], key: str, title: str, *stems: str, holds: str = "text", needed: bool = False) -> Role:
    return Role(key, title, holds, stems, tuple(known.get(key, ())), needed)


_TAGS = (
    _of(ORDERS, "source", "Source (utm_source)", "utm_source", "источник", "source", "откуда"),
    _of(ORDERS, "medium", "Medium (utm_medium)", "utm_medium", "medium"),
    _of(ORDERS, "campaign", "Campaign (utm_campaign)", "utm_campaign", "кампани", "campaign"),
)
_BUYER = (
    _of(ORDERS, "client_key", "Customer's number"),
    _of(ORDERS, "customer", "Customer", "клиент", "покупател", "контакт", "customer", "client", "фио", "имя"),
    _of(ORDERS, "phone", "Customer's phone", "телефон", "phone", "тел"),
    _of(ORDERS, "email", "Customer's e-mail", "почт", "email", "e-mail", "mail"),
    _of(ORDERS, "client", "Metrica's ClientID", "clientid", "ym_uid"),
)
_DEALT = (
    _of(ORDERS, "qualified", "Whether the request is qualified", "квалиф", "целев", "qualif", holds=""),
    _of(ORDERS, "answered", "When it was first answered", "дата первого ответ", "первый ответ", "первый звонок", "first response",
        "first call", holds="day"),
    _of(ORDERS, "answer_time", "How long it waited for the first answer", "время реакц", "время ответ", "время до", "скорость ответ",
        "скорость реакц", "response time", "speed to lead", holds=""),
)
_CURRENCY = _of(ORDERS, "currency", "Currency", "валют", "currency")
_STATUS = _of(ORDERS, "status", "Status", "статус", "этап", "стади", "состоян", "status", "stage", "результат")
_PLACED = Role("placed", "Day", "day", _DAYS, tuple(ORDERS["placed"]), True)
_DAY = Role("day", "Day, week or month", "day", _DAYS, tuple(spend.DAY_NAMES), True)
_LAST = Role("last_day", "Last day", "day", ("дата окончания", "дата конца", "end", "конец", "окончани", "по"), tuple(COSTS["last_day"]))

KINDS: tuple[Kind, ...] = (
    Kind(
        "costs", "Costs of advertising",
        (
            _DAY, _LAST,
            _of(COSTS, "cost", "Spend", "расход", "затрат", "потрач", "списан", "стоимост", "сумм", "бюджет", "spend", "spent", "cost",
                "amount", "expense", "оплат", holds="number", needed=True),
            _of(COSTS, "campaign_id", "Campaign's number", "id кампани", "id_кампани", "campaign id", "campaign_id", "номер кампани"),
            _of(COSTS, "campaign", "Campaign", "кампани", "campaign", "объявлен", "группа", "блогер", "посев", "размещен"),
            _of(COSTS, "source", "Source (utm_source)", "utm_source", "источник", "source"),
            _of(COSTS, "medium", "Medium (utm_medium)", "utm_medium", "medium", "тип"),
            _of(COSTS, "ad_system", "Ad system", "площадк", "кабинет", "систем", "platform", "сервис", "канал", "channel"),
            _of(COSTS, "impressions", "Impressions", "показ", "impression", "impr", "shows", "просмотр", "views", holds="number"),
            _of(COSTS, "clicks", "Clicks", "клик", "click", "переход", holds="number"),
            _of(COSTS, "claimed", "Conversions by the ad system's own count", "конверс", "conversion", "лид", "результат", "заявк",
                holds="number"),
            _of(COSTS, "currency", "Currency", "валют", "currency"),
        ),
        ("расход", "затрат", "потрач", "списан", "бюджет", "spend", "spent", "cost", "expense", "показ", "impression", "клик", "click"),
    ),
    Kind(
        "orders", "Orders or deals",
        (
            _of(ORDERS, "order_id", "Order's number", "номер", "№", "id", "код", "order", "сделк", "deal", "заказ", "договор", needed=True),
            _of(ORDERS, "term_days", "How long the payment covers, or the day until which it is paid",
                "срок", "период оплат", "оплачено до",
                "paid until", "billing period", holds=""),
            *_DEALT,
            _of(ORDERS, "closed_day", "Day it was paid or closed", "дата закрыт", "дата оплат", "дата продаж", "закры", "closed", "paid",
                holds="day"),
            _of(ORDERS, "lead_day", "Day of the first contact", "дата обращ", "дата лид", "дата заявк", "обращен", "lead", "first contact",
                holds="day"),
            _PLACED,
            _of(ORDERS, "refund", "Refunded", "возврат", "возвращ", "верн", "refund", holds="number"),
            _of(ORDERS, "commission", "What the marketplace keeps", "комисс", "вознагражден", "commission", "marketplace fee",
                holds="number"),
            _of(ORDERS, "goods_cost", "Cost of goods", "себестоим", "закуп", "cogs", "cost of goods", holds="number"),
            _of(ORDERS, "revenue", "Sum", "сумм", "выручк", "бюджет", "стоимост", "итог", "цена", "чек", "revenue", "total",
                "amount", "price",
                "sum", "оплат", holds="number", needed=True),
            _STATUS, *_BUYER, _CURRENCY, *_TAGS,
        ),
        ("заказ", "сделк", "order", "deal", "договор", "выручк", "revenue", "чек", "покупател", "возврат", "себестоим"),
    ),
    Kind(
        "leads", "Leads",
        (
            *_DEALT,
            _PLACED,
            _of(ORDERS, "order_id", "Lead's number", "номер", "№", "id", "код", "lead id"),
            _STATUS, *_BUYER,
            _of(ORDERS, "revenue", "Value of the lead", "сумм", "ценност", "value", "бюджет", holds="number"),
            _CURRENCY, *_TAGS,
        ),
        ("лид", "заявк", "lead", "обращен", "звон", "телефон", "phone", "enquir", "inquir", "имя", "email", "почт"),
    ),
    Kind(
        "steps", "Steps of a funnel, counted by day",
        (
            _DAY, _LAST,
            Role("amount", "Money at the step", "number", ("сумм", "продаж", "sales", "выручк", "revenue", "оборот", "оплат", "amount"),
                 many=True),
            Role("reached", "How many reached the step", "number",
                 ("визит", "visit", "посещ", "контакт", "contact", "лид", "lead", "заявк", "предложен", "offer", "кп", "сделк",
                 "deal", "встреч",
                  "meeting", "звон", "call", "количеств", "кол-во", "count", "договор"), many=True),
            _CURRENCY,
        ),
        ("визит", "visit", "offer", "предложен", "встреч", "звон", "contact", "sales", "продаж"),
        ("reached", "amount"),
    ),
    Kind(
        "index", "Demand of the market, an index",
        (
            _DAY, _LAST,
            Role("phrase", "Phrase", "text", ("фраз", "phrase", "keyword", "ключ", "слов", "query", "запрос")),
            Role("region", "Region", "text", ("регион", "region", "город", "city", "geo")),
            Role("searches", "Number of searches", "number",
                 ("число запрос", "количество запрос", "запрос", "частот", "показов в месяц", "search", "volume", "count",
                 "абсолют", "queries"),
                 many=True),
            Role("level", "Level of an index", "number", ("индекс", "index", "уров", "level", "интерес", "interest", "популярн"),
                many=True),
        ),
        ("запрос", "фраз", "частот", "индекс", "index", "interest", "keyword", "search", "wordstat", "популярн", "доля от всех"),
        ("searches", "level"),
    ),
    Kind(
        "events", "Events: marks on the time line",
        (
            _DAY, _LAST,
            Role("kind", "Kind of event", "text", ("тип", "вид", "kind", "type", "категор", "чь")),
            Role("channel", "Channel", "text", ("канал", "channel")),
            Role("text", "What happened", "text",
                 ("событи", "event", "что", "описан", "коммент", "текст", "text", "note", "замет", "comment", "description",
                 "назван", "акци"),
                 needed=True),
        ),
        ("событи", "event", "описан", "коммент", "замет", "comment", "что произош", "конкурент", "акци"),
    ),
)
KEYS = tuple(kind.key for kind in KINDS)


def kind(key: str) -> Kind:
    return next(one for one in KINDS if one.key == key)
