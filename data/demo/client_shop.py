"""Tea Hedgehog: an invented Moscow shop of tea, teaware, presents and electric kettles. Figures at full scale."""

from __future__ import annotations

from data.demo import channels as from_
from data.demo.plan import Goal, Journey, Line, Paid, Plan, Touch

_DOMAIN = "tea-hedgehog.example"
_ALL = {"tea": 0.4, "teaware": 0.2, "gifts": 0.16, "kettles": 0.24}
_WARM = {"tea": 0.5, "teaware": 0.22, "gifts": 0.2, "kettles": 0.08}

LINES = (
    Line("tea", "/catalog/tea/", 1_950, 0.62, again=0.62, rate=1.1),
    Line("teaware", "/catalog/teaware/", 2_750, 0.68, again=0.18, rate=0.95),
    Line("gifts", "/catalog/gifts/", 2_500, 0.6, "gifts", again=0.16, rate=1.1),
    Line("kettles", "/catalog/kettles/", 4_300, 0.38, "fade", again=0.05, rate=1.45),
)

_DIRECT = (
    Touch(
        "yd_brand", from_.campaign("71204518", "Бренд | Поиск", "Search", ("чайный ёж", "чайный ёж магазин")), 6, _WARM,
        rate=1.7, bounce=0.08, phone=0.55, home=0.6, back=0.4, pull=0.1, loyal=0.1, paid=Paid(16, 0.16),
    ),
    Touch(
        "yd_tea", from_.campaign(
            "71204533", "Чай и улун | Поиск", "Search", ("купить улун", "китайский чай купить", 'чай "да хун пао"'),
        ),
        27, {"tea": 0.9, "teaware": 0.1}, rate=3.2, bounce=0.17, phone=0.6, growth=1.08, paid=Paid(35, 0.075),
    ),
    Touch(
        "yd_gifts", from_.campaign(
            "71890277", "Подарочные наборы | Поиск", "Search", ("подарочный набор чая", "подарок коллеге"),
        ),
        13, {"gifts": 1.0}, rate=3.4, bounce=0.17, phone=0.66, months=(2, 3, 9, 10, 11, 12), paid=Paid(36, 0.07),
    ),
    Touch(
        "yd_kettles", from_.campaign(
            "70811946", "Электрочайники | Поиск", "Search", ("электрочайник с терморегулятором",),
        ),
        14, {"kettles": 1.0}, rate=2.5, bounce=0.2, phone=0.55, paid=Paid(44, 0.06),
    ),
    Touch(
        "yd_goods", from_.campaign("72655103", "Товарная | Смарт", "Context", ()), 22, _ALL,
        rate=2.6, bounce=0.22, phone=0.68, growth=1.15, paid=Paid(27, 0.012),
    ),
    Touch(
        "yd_network", from_.campaign("71204561", "РСЯ | Интересы", "Context", ()), 36, _ALL,
        rate=1.05, bounce=0.36, phone=0.78, back=0.24, paid=Paid(12.5, 0.005),
    ),
    Touch(
        "yd_return", from_.campaign("71204588", "РСЯ | Ретаргетинг", "Context", ()), 0, _ALL,
        rate=1.0, bounce=0.16, phone=0.7, pull=0.1, loyal=0.04, paid=Paid(25, 0.009),
    ),
)

_PAID = (
    Touch(
        "vk_ads", from_.vk_ads("vk_tea_lookalike", ("video_tea", "carousel_gifts", "post_oolong")), 40,
        {"tea": 0.5, "teaware": 0.28, "gifts": 0.22}, rate=3.2, bounce=0.27, phone=0.86, back=0.24, pull=0.01,
        curve="vk_volume", rate_curve="vk_conversion", paid=Paid(14, 0.011, sheet=True, curve="vk_price"),
    ),
    Touch(
        "tg_posts", from_.telegram_posts("tg_posts", ("chai_i_knigi", "utro_s_chaem", "dom_i_uyut")), 8,
        {"tea": 0.6, "teaware": 0.2, "gifts": 0.2}, rate=2.4, bounce=0.22, phone=0.85, curve="posts",
        paid=Paid(28, 0.02, sheet=True, weekly=True),
    ),
    Touch(
        "price_site", from_.sites("market.yandex.ru"), 13, {"tea": 0.3, "teaware": 0.25, "kettles": 0.45},
        rate=1.25, bounce=0.2, phone=0.6, growth=1.05,
    ),
)

_FREE = (
    Touch(
        "yandex", from_.yandex(), 70, _ALL, rate=1.0, bounce=0.18, phone=0.62, home=0.16, back=0.3, growth=1.1,
        pull=0.2, loyal=0.14,
    ),
    Touch(
        "google", from_.google(), 34, _ALL, rate=0.85, bounce=0.2, phone=0.6, home=0.16, growth=0.95, pull=0.07,
        loyal=0.05,
    ),
    Touch(
        "direct", from_.direct(), 34, _WARM, rate=1.0, bounce=0.24, phone=0.55, home=0.55, back=0.36, pull=0.42,
        loyal=0.4,
    ),
    Touch("vk", from_.vk(), 8, _WARM, rate=0.7, bounce=0.26, phone=0.84, pull=0.015, loyal=0.02),
    Touch(
        "telegram", from_.telegram(), 8, _WARM, rate=1.2, bounce=0.17, phone=0.84, back=0.4, pull=0.03, loyal=0.04,
        curve="telegram",
    ),
    Touch(
        "email", from_.email(("weekly_digest", "back_in_stock", "birthday")), 0, _WARM, rate=1.4, bounce=0.15,
        phone=0.6, pull=0.08, loyal=0.11,
    ),
    Touch(
        "referral", from_.sites("tea-forum.example", "city-guide.example", "recipes-daily.example"), 10, _WARM,
        rate=0.8, bounce=0.24,
    ),
    Touch(
        "dzen", from_.dzen(), 9, {"tea": 0.8, "teaware": 0.2}, rate=0.3, bounce=0.34, phone=0.82, growth=0.9, back=0.15,
    ),
    Touch("assistants", from_.assistants(), 9, _ALL, rate=1.6, bounce=0.13, phone=0.5, curve="assistants", back=0.35),
    Touch("inside", from_.inside(_DOMAIN), 1, _WARM, pull=0.012, loyal=0.006),
)

SHOP = Plan(
    slug="tea-hedgehog", name="Tea Hedgehog", name_ru="Чайный Ёж", model="shop",
    domain=_DOMAIN, counter="91048273", login="tea-hedgehog-ads", timezone="Europe/Moscow", utc_hours=3,
    season="shop", hours="evening",
    touches=(*_DIRECT, *_PAID, *_FREE),
    lines=LINES,
    acts=("", "cart", "checkout", "order"),
    goals=(
        Goal("310445001", "Order placed", "Заказ оформлен", ("order",), money=True),
        Goal("310445002", "Added to cart", "Добавление в корзину", ("cart", "checkout", "order")),
        Goal("310445003", "Checkout opened", "Начало оформления", ("checkout", "order")),
        Goal("310445011", "Order: tea", "Заказ: чай", ("order",), "tea"),
        Goal("310445012", "Order: teaware", "Заказ: посуда", ("order",), "teaware"),
        Goal("310445013", "Order: gift sets", "Заказ: подарочные наборы", ("order",), "gifts"),
        Goal("310445014", "Order: electric kettles", "Заказ: электрочайники", ("order",), "kettles"),
    ),
    key_goals=("310445001",),
    journey=Journey(gap=2.6, spread=1.2, stick=0.22, rate=0.0102, by_visit=(0.7, 1.35, 1.5), phone_rate=0.8, most=12),
    cities={
        "Moscow": 30, "Saint Petersburg": 12, "": 6, "Yekaterinburg": 4, "Kazan": 4, "Novosibirsk": 3.6,
        "Nizhny Novgorod": 3, "Krasnodar": 3, "Samara": 2.6, "Chelyabinsk": 2.4, "Rostov-na-Donu": 2.4, "Ufa": 2.2,
        "Voronezh": 2, "Perm": 2, "Krasnoyarsk": 1.8, "Volgograd": 1.6, "Tyumen": 1.6, "Saratov": 1.4,
        "Yaroslavl": 1.3, "Tula": 1.2, "Himki": 1.2, "Mytischi": 1, "Balashiha": 1, "Podolsk": 1, "Hot'kovo": 0.3,
        "Minsk": 1.2, "Almaty": 0.8,
    },
    warm_up=420, order_prefix="TH-", revenue_vat="gross", sheet_vat="gross", sheet_kind="russian",
    thanks={"order": "/checkout/done/", "checkout": "/checkout/", "cart": "/cart/"},
)
