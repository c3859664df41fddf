"""Evening Class: invented on-line lessons by subscription for adults, since lately also for children. Figures at full
scale."""

from __future__ import annotations

from data.demo import channels as from_
from data.demo.plan import Goal, Journey, Line, Paid, Plan, Touch

_DOMAIN = "evening-class.example"
_ALL = {"adults": 0.86, "kids": 0.14}
_OLD = {"adults": 1.0}

LINES = (
    Line("adults", "/courses/", 690),
    Line("kids", "/kids/", 890, curve="launch", rate=1.2),
)

_DIRECT = (
    Touch(
        "yd_brand", from_.campaign(
            "80251190", "Бренд | Поиск", "Search", ("вечерний класс", "вечерний класс вход"),
        ), 4, _ALL,
        rate=2.0, bounce=0.08, phone=0.5, home=0.7, back=0.42, pull=0.1, loyal=0.03, paid=Paid(14, 0.18),
    ),
    Touch(
        "yd_courses", from_.campaign(
            "80251204", "Курсы для взрослых | Поиск", "Search", ("онлайн курсы рисования", "уроки вечером онлайн"),
        ),
        14, _OLD, rate=1.5, bounce=0.18, phone=0.56, growth=1.05, paid=Paid(40, 0.065),
    ),
    Touch(
        "yd_network", from_.campaign("80251231", "РСЯ | Хобби", "Context", ()), 15, _OLD,
        rate=0.5, bounce=0.36, phone=0.78, back=0.22, paid=Paid(17, 0.0055),
    ),
    Touch(
        "yd_return", from_.campaign("80251247", "РСЯ | Ретаргетинг", "Context", ()), 0, _ALL,
        rate=1.3, bounce=0.18, phone=0.66, pull=0.09, paid=Paid(22, 0.008),
    ),
    Touch(
        "yd_kids", from_.campaign(
            "84470915", "Дети | Поиск", "Search", ("рисование для детей онлайн", "кружок онлайн для ребёнка"),
        ),
        17, {"kids": 1.0}, rate=1.5, bounce=0.2, phone=0.7, paid=Paid(44, 0.06),
    ),
    Touch(
        "yd_kids_network", from_.campaign("84470938", "Дети | РСЯ", "Context", ()), 22, {"kids": 1.0},
        rate=0.5, bounce=0.36, phone=0.82, back=0.22, paid=Paid(20, 0.0055),
    ),
)

_PAID = (
    Touch(
        "vk_ads", from_.vk_ads("vk_adults_interests", ("teacher_video", "before_after")), 11, _OLD,
        rate=0.8, bounce=0.3, phone=0.86, back=0.25, paid=Paid(30, 0.01, sheet=True),
    ),
    Touch(
        "tg_posts", from_.telegram_posts("tg_teachers", ("hobby_daily", "risuem_doma")), 6, _ALL,
        rate=1.1, bounce=0.22, phone=0.84, curve="posts", paid=Paid(36, 0.02, sheet=True, weekly=True),
    ),
    Touch(
        "google_ads", from_.google_ads("kz_search_courses"), 4, _OLD,
        rate=0.9, bounce=0.22, phone=0.62, paid=Paid(32, 0.05, sheet=True), cities=("Almaty", "Astana"),
    ),
)

_FREE = (
    Touch(
        "yandex", from_.yandex(), 24, _ALL, rate=1.0, bounce=0.19, phone=0.58, home=0.25, growth=1.06, pull=0.18,
        loyal=0.09,
    ),
    Touch(
        "google", from_.google(), 15, _ALL, rate=0.9, bounce=0.2, phone=0.58, home=0.25, growth=0.97, pull=0.08,
        loyal=0.05,
    ),
    Touch(
        "direct", from_.direct(), 13, _ALL, rate=1.0, bounce=0.2, phone=0.5, home=0.6, back=0.36, pull=0.44, loyal=0.62,
    ),
    Touch("vk", from_.vk(), 4, _ALL, rate=0.8, bounce=0.24, phone=0.84, pull=0.02, loyal=0.01),
    Touch(
        "telegram", from_.telegram(), 5, _ALL, rate=1.3, bounce=0.16, phone=0.84, back=0.4, pull=0.03, loyal=0.05,
        curve="telegram",
    ),
    Touch(
        "email", from_.email(("lesson_reminder", "trial_day_5", "month_digest")), 0, _ALL, rate=1.5, bounce=0.1,
        phone=0.55, pull=0.07, loyal=0.2,
    ),
    Touch(
        "referral", from_.sites("hobby-reviews.example", "parents-club.example", "teacher-blog.example"), 5, _ALL,
        rate=1.0, bounce=0.2,
    ),
    Touch("dzen", from_.dzen(), 4, _OLD, rate=0.3, bounce=0.36, phone=0.82, back=0.14),
    Touch("assistants", from_.assistants(), 5, _ALL, rate=1.6, bounce=0.12, phone=0.5, curve="assistants", back=0.34),
    Touch("inside", from_.inside(_DOMAIN), 0.5, _ALL, pull=0.01, loyal=0.01),
)

SUBSCRIPTION = Plan(
    slug="evening-class", name="Evening Class", name_ru="Вечерний Класс", model="subscription",
    domain=_DOMAIN, counter="94560218", login="evening-class-ads", timezone="Europe/Moscow", utc_hours=3,
    season="school", hours="evening",
    touches=(*_DIRECT, *_PAID, *_FREE),
    lines=LINES,
    acts=("", "register", "trial", "pay", "renew"),
    goals=(
        Goal("325119401", "Trial started", "Пробный период", ("trial",)),
        Goal("325119402", "First payment", "Первая оплата", ("pay",), money=True),
        Goal("325119403", "Renewal", "Продление", ("renew",), money=True),
        Goal("325119404", "Registration", "Регистрация", ("register", "trial")),
        Goal("325119411", "Trial: adults", "Пробный период: взрослые", ("trial",), "adults"),
        Goal("325119412", "Trial: children", "Пробный период: дети", ("trial",), "kids"),
        Goal("325119421", "First payment: adults", "Первая оплата: взрослые", ("pay",), "adults"),
        Goal("325119422", "First payment: children", "Первая оплата: дети", ("pay",), "kids"),
    ),
    key_goals=("325119402", "325119401"),
    journey=Journey(gap=1.8, spread=1.1, stick=0.22, rate=0.027, by_visit=(0.8, 1.2, 1.3), phone_rate=0.85, most=12),
    cities={
        "Moscow": 24, "Saint Petersburg": 11, "": 7, "Kazan": 4, "Novosibirsk": 4, "Yekaterinburg": 4,
        "Almaty": 3.4, "Astana": 2, "Nizhny Novgorod": 3, "Krasnodar": 3, "Samara": 2.6, "Ufa": 2.4, "Chelyabinsk": 2.2,
        "Rostov-na-Donu": 2.2, "Minsk": 2, "Perm": 2, "Voronezh": 2, "Volgograd": 1.6, "Krasnoyarsk": 1.6,
        "Tyumen": 1.4, "Vladivostok": 1.2, "Tomsk": 1,
    },
    warm_up=400, order_prefix="EC-", sheet_kind="english", ga_property="Evening Class - GA4",
    thanks={"trial": "/welcome/", "pay": "/account/paid/", "renew": "/account/", "register": "/welcome/"},
)
