"""Polar Contour: an invented Ural firm that designs, builds and services industrial refrigeration, at full scale."""

from __future__ import annotations

from data.demo import channels as from_
from data.demo.plan import Goal, Journey, Line, Paid, Plan, Touch

_DOMAIN = "polar-contour.example"
_ALL = {"rooms": 0.45, "chillers": 0.3, "upkeep": 0.25}

LINES = (
    Line("rooms", "/cold-rooms/", 270_000, 0.7),
    Line("chillers", "/chillers/", 420_000, 0.75, rate=0.8),
    Line("upkeep", "/maintenance/", 95_000, 0.55, rate=1.35),
)

_DIRECT = (
    Touch(
        "yd_brand", from_.campaign("68800312", "Бренд", "Search", ("полярный контур",)), 0.5, _ALL,
        rate=2.0, bounce=0.07, phone=0.3, home=0.7, back=0.6, pull=0.08, loyal=0.06, paid=Paid(38, 0.14),
    ),
    Touch(
        "yd_rooms", from_.campaign(
            "68800327", "Холодильные камеры | Поиск", "Search",
            ("холодильная камера под ключ", "монтаж холодильных камер"),
        ),
        4.2, {"rooms": 1.0}, rate=2.5, bounce=0.16, phone=0.34, back=0.46, paid=Paid(158, 0.06),
    ),
    Touch(
        "yd_chillers", from_.campaign(
            "68800341", "Чиллеры | Поиск", "Search", ("чиллер промышленный купить", "подбор чиллера"),
        ),
        2.6, {"chillers": 1.0}, rate=2.2, bounce=0.17, phone=0.3, back=0.48, growth=1.1, paid=Paid(188, 0.05),
    ),
    Touch(
        "yd_upkeep", from_.campaign(
            "69114870", "Обслуживание | Поиск", "Search", ("обслуживание холодильного оборудования",),
        ),
        2.2, {"upkeep": 1.0}, rate=2.2, bounce=0.15, phone=0.36, back=0.4, paid=Paid(118, 0.07),
    ),
    Touch(
        "yd_network", from_.campaign("69114902", "РСЯ | Пищевые производства", "Context", ()), 4.0, _ALL,
        rate=0.3, bounce=0.4, phone=0.6, back=0.28, paid=Paid(34, 0.0045),
    ),
    Touch(
        "yd_return", from_.campaign("69114933", "РСЯ | Ретаргетинг", "Context", ()), 0, _ALL,
        rate=1.2, bounce=0.18, phone=0.5, pull=0.07, loyal=0.02, paid=Paid(46, 0.008),
    ),
)

_PAID = (
    Touch(
        "catalogue", from_.sites("pulscen.ru"), 2.6, _ALL, rate=0.9, bounce=0.24, phone=0.35, back=0.4,
    ),
    Touch(
        "vk_ads", from_.vk_ads("vk_production_managers", ("case_dairy", "calc")), 1.8, _ALL,
        rate=0.4, bounce=0.36, phone=0.8, back=0.3, paid=Paid(62, 0.008, sheet=True),
    ),
    Touch(
        "tg_posts", from_.telegram_posts("tg_industry", ("holod_pro", "zavod_segodnya")), 1.6, _ALL,
        rate=0.8, bounce=0.25, phone=0.6, back=0.4, curve="posts", paid=Paid(85, 0.018, sheet=True, weekly=True),
    ),
)

_FREE = (
    Touch(
        "yandex", from_.yandex(), 9.2, _ALL, rate=1.0, bounce=0.2, phone=0.36, home=0.2, back=0.42, growth=1.12,
        pull=0.2, loyal=0.1,
    ),
    Touch(
        "google", from_.google(), 4.6, _ALL, rate=0.9, bounce=0.21, phone=0.3, home=0.2, back=0.42, growth=0.96,
        pull=0.08, loyal=0.04,
    ),
    Touch(
        "direct", from_.direct(), 4.2, _ALL, rate=1.0, bounce=0.22, phone=0.26, home=0.5, back=0.5, pull=0.5,
        loyal=0.52,
    ),
    Touch("vk", from_.vk(), 0.5, _ALL, rate=0.4, bounce=0.28, phone=0.8, pull=0.01),
    Touch(
        "telegram", from_.telegram(), 0.8, _ALL, rate=0.9, bounce=0.2, phone=0.6, back=0.5, pull=0.03, loyal=0.03,
        curve="telegram",
    ),
    Touch(
        "email", from_.email(("proposal", "cases_digest")), 0, _ALL, rate=1.3, bounce=0.12, phone=0.3, pull=0.07,
        loyal=0.28,
    ),
    Touch(
        "referral", from_.sites("cold-engineer.example", "food-expo.example", "ural-industry.example"), 2.2, _ALL,
        rate=1.0, bounce=0.2, phone=0.3, back=0.45,
    ),
    Touch("dzen", from_.dzen(), 0.7, _ALL, rate=0.2, bounce=0.4, phone=0.75, back=0.15),
    Touch("assistants", from_.assistants(), 1.6, _ALL, rate=1.7, bounce=0.12, phone=0.2, curve="assistants", back=0.5),
    Touch("inside", from_.inside(_DOMAIN), 0.2, _ALL, pull=0.012),
)

LEADS = Plan(
    slug="polar-contour", name="Polar Contour", name_ru="Полярный Контур", model="leads",
    domain=_DOMAIN, counter="88317654", login="polar-contour-direct", timezone="Asia/Yekaterinburg", utc_hours=5,
    season="office", hours="office",
    touches=(*_DIRECT, *_PAID, *_FREE),
    lines=LINES,
    acts=("", "price", "form", "call", "qualified", "contract"),
    goals=(
        Goal("287310101", "Request form sent", "Отправка заявки", ("form",)),
        Goal("287310102", "Call (call tracking)", "Звонок (коллтрекинг)", ("call",)),
        Goal("287310103", "Price list downloaded", "Скачивание прайса", ("price",)),
        Goal("287310104", "Lead qualified (CRM)", "Квалифицированный лид (CRM)", ("qualified",)),
        Goal("287310105", "Contract signed (CRM)", "Договор подписан (CRM)", ("contract",), money=True),
    ),
    key_goals=("287310101", "287310102"),
    journey=Journey(gap=6.5, spread=1.25, stick=0.18, rate=0.0118, by_visit=(0.35, 0.8, 1.7), phone_rate=0.7, most=25),
    cities={
        "Yekaterinburg": 22, "Moscow": 18, "Chelyabinsk": 11, "Perm": 9, "Tyumen": 9, "Ufa": 7, "": 6,
        "Saint Petersburg": 5, "Kazan": 4, "Surgut": 3, "Nizhny Novgorod": 2, "Samara": 2, "Novosibirsk": 2,
        "Kurgan": 2, "Astana": 1.5, "Almaty": 1,
    },
    warm_up=240, direct_vat="gross", sheet_vat="net", sheet_kind="metrica",
    thanks={"form": "/thanks/", "price": "/price/", "contract": "/portal/documents/", "qualified": "/portal/"},
    mistags=True,
)
