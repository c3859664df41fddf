"""The header of a sheet of orders: what its columns are called, and which of the world's statuses are ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors import spend
from connectors.grid import Grid, label, locate

_MEDIUM = ("utm_medium", "utmmedium", "utm medium", "medium")
_CAMPAIGN = ("utm_campaign", "utmcampaign", "utm campaign", "кампания", "campaign")
_UPLOAD: Mapping[str, Sequence[str]] = {
    "order_id": ("id",),
    "placed": ("create_date_time",),
    "client_key": ("client_uniq_id",),
    "phone": ("phones",),
    "email": ("emails",),
    "phone_md5": ("phones_md5",),
    "email_md5": ("emails_md5",),
    "client": ("client_ids",),
    "status": ("order_status",),
    "revenue": ("revenue",),
    "goods_cost": ("cost",),
    "currency": ("currency",),
}
SHEET: Mapping[str, Sequence[str]] = {
    "order_id": ("номер заказа", "№ заказа", "id заказа", "код заказа", "order id", "order_id", "orderid", "order number", "order no",
                 "номер сделки", "№ сделки", "id сделки", "deal id", "deal_id"),
    "number": ("id",),
    "deal": ("сделка", "deal"),
    "placed": ("дата заказа", "дата создания заказа", "дата создания сделки", "дата создания", "создан", "создана", "дата и время", "дата",
               "order date", "order_date", "created at", "created_at", "date created", "created", "datetime", "date"),
    "client_key": ("id клиента", "код клиента", "customer id", "customer_id", "client id", "client_id"),
    "customer": ("клиент", "покупатель", "заказчик", "основной контакт", "контакт", "customer", "client", "buyer", "contact"),
    "phone": ("телефон", "телефон клиента", "телефон покупателя", "мобильный телефон", "рабочий телефон", "phone", "phone number"),
    "email": ("e-mail", "email", "почта", "электронная почта", "e-mail клиента", "email клиента", "рабочий email"),
    "client": ("ym_client_id", "ym clientid", "clientid метрики", "metrica clientid", "_ym_uid", "ym_uid"),
    "revenue": ("выручка", "сумма заказа", "сумма сделки", "стоимость заказа", "сумма", "бюджет сделки", "бюджет", "доход", "revenue",
                "order total", "order value", "order amount", "total price", "total", "budget"),
    "status": ("статус заказа", "статус сделки", "этап сделки", "стадия сделки", "статус", "этап", "стадия", "order status", "order_status",
               "deal stage", "status", "stage"),
    "refund": ("сумма возврата", "возврат", "возвраты", "возвращено", "refund amount", "refund", "refunds", "refunded"),
    "goods_cost": ("себестоимость", "себестоимость заказа", "себестоимость товаров", "cost of goods", "cost of goods sold", "cogs",
                   "goods cost", "goods_cost"),
    "lead_day": ("дата обращения", "дата первого обращения", "дата лида", "дата заявки", "lead date", "first contact", "enquiry date"),
    "closed_day": ("дата закрытия", "дата закрытия сделки", "дата оплаты", "дата продажи", "дата завершения", "closed at", "close date",
                   "closed date", "won date", "date paid", "paid at"),
    "term_days": ("срок", "срок подписки", "срок в днях", "срок в месяцах", "срок дней", "срок месяцев", "период оплаты", "период подписки",
                  "оплачено до", "оплачен до", "подписка до", "term", "term_days", "term days", "term months", "billing period",
                  "billing_period", "paid until", "paid_until", "paid through", "subscription term"),
    "qualified": ("квалифицирован", "квалифицирована", "квалифицированный", "квалифицированный лид", "квалификация", "целевой",
                  "целевой лид", "целевая заявка", "qualified", "qualified lead", "is qualified", "sql", "mql"),
    "answered": ("дата первого ответа", "время первого ответа", "первый ответ", "дата ответа", "дата первого звонка", "первый звонок",
                 "first response", "first reply", "first response at", "first call", "answered at"),
    "answer_time": ("время реакции", "время ответа", "скорость ответа", "скорость реакции", "время до первого ответа", "response time",
                    "first response time", "speed to lead", "time to first response"),
    "commission": ("комиссия", "комиссия площадки", "комиссия маркетплейса", "вознаграждение", "вознаграждение площадки", "commission",
                   "marketplace fee", "marketplace commission", "platform fee"),
    "currency": ("валюта", "код валюты", "currency", "currency code"),
    "source": ("utm_source", "utmsource", "utm source", "источник", "источник заказа", "источник сделки", "source"),
    "medium": _MEDIUM,
    "campaign": _CAMPAIGN,
}
_NUMBERS = ("order_id", "number", "deal")
"""Where an order's number may stand, best first: `id` may be anything, and a deal's name is none where there is an id."""

CYCLE = ("lead_day", "closed_day")
"""Where a deal's cycle begins and ends."""
TAGS = ("source", "medium", "campaign")
MONEY = ("revenue", "refund", "goods_cost", "commission")
PRIVATE = ("client_key", "customer", "phone", "email", "phone_md5", "email_md5", "client")
"""Columns that tell who bought."""
TEXTS = ("order_id", "client_key", "customer", "phone", "email", "phone_md5", "email_md5", "client", "status", *TAGS)
STATUSES: Mapping[str, Sequence[str]] = {
    "paid": ("paid", "оплачен", "оплачена", "оплачено", "оплата получена", "выполнен", "выполнена", "выполнено", "успешно", "завершен",
             "завершена", "доставлен", "получен", "выдан", "успешно реализовано", "сделка успешна", "completed", "complete", "done",
             "delivered", "fulfilled", "won", "closed won", "success"),
    "open": ("open", "in_progress", "in progress", "новый", "новая", "новое", "в работе", "в обработке", "принят", "не оплачен",
             "ожидает оплаты", "первичный контакт", "переговоры", "принимают решение", "согласование договора", "new", "pending",
             "processing"),
    "cancelled": ("cancelled", "canceled", "отменен", "отменена", "отменено", "отмена", "отказ", "возврат", "возвращен",
                  "закрыто и не реализовано", "сделка провалена", "lost", "closed lost", "refunded", "returned"),
    "spam": ("spam", "спам"),
}
STATUS = {spelling: status for status, spellings in STATUSES.items() for spelling in spellings}
_ADVERTISING = (*spend.CLICK_NAMES, *spend.IMPRESSION_NAMES)


def located(rows: Sequence[Sequence[Any]]) -> Grid | None:
    found = locate(rows, _UPLOAD, lambda places: "order_id" in places and "placed" in places) or locate(rows, SHEET, _is_sheet)
    if found is None or any(label(column).name in _ADVERTISING for column in found.others):
        return None
    return _one_number(found)


def _is_sheet(places: Mapping[str, int]) -> bool:
    """A bare `id` is an order's number only beside a status and a customer."""
    crm = "status" in places and any(name in places for name in ("client_key", "customer", "phone", "email"))
    numbered = "order_id" in places or "deal" in places or ("number" in places and crm)
    return numbered and "placed" in places and "revenue" in places


def _one_number(grid: Grid) -> Grid:
    """The same with the best of its number columns as `order_id` and the others among those that nobody asked for."""
    best, *rest = (name for name in _NUMBERS if name in grid.places)

    def renamed(named: Mapping[str, Any]) -> dict[str, Any]:
        return {"order_id" if name == best else name: value for name, value in named.items() if name not in rest}

    return replace(
        grid, places=renamed(grid.places), labels=renamed(grid.labels), written=renamed(grid.written),
        others=(*(grid.written[name] for name in rest), *grid.others),
    )


def is_upload(grid: Grid) -> bool:
    return grid.labels["placed"].name in _UPLOAD["placed"]
