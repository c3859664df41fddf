"""Ways to come to a site, in the exact spelling of Metrica's source fields."""

from __future__ import annotations

from dataclasses import replace

from data.demo.plan import Source


def yandex() -> tuple[Source, ...]:
    """Unpaid Yandex results: the search page, its mobile form and the application."""
    page = Source(
        "organic", "https://yandex.ru/", engine_root="yandex", engine="yandex_search", weight=0.94, phone_weight=0.4,
    )
    mobile = replace(page, engine="yandex_mobile", weight=0.04, phone_weight=0.42)
    return page, mobile, replace(page, engine="yandex_mobile_app", weight=0.02, phone_weight=0.18)


def google() -> tuple[Source, ...]:
    """Unpaid Google results, with a trickle of other engines."""
    page = Source(
        "organic", "https://www.google.com/", engine_root="google", engine="google_search", weight=0.93,
        phone_weight=0.96,
    )
    bing = Source("organic", "https://www.bing.com/", engine_root="bing", engine="bing", weight=0.05, phone_weight=0.01)
    duck = Source(
        "organic", "https://duckduckgo.com/", engine_root="duckduckgo", engine="duckduckgo", weight=0.02,
        phone_weight=0.03,
    )
    return page, bing, duck


def direct() -> tuple[Source, ...]:
    """Typed in, bookmarked, or without a trace."""
    return (Source("direct"),)


def inside(domain: str) -> tuple[Source, ...]:
    """Visits that seem to begin on the site itself, and from saved pages."""
    page = Source("internal", f"https://{domain}/", weight=0.9, phone_weight=0.8)
    return page, Source("saved", weight=0.1, phone_weight=0.2)


def campaign(number: str, name: str, platform: str, terms: tuple[str, ...], groups: int = 2) -> tuple[Source, ...]:
    """A Yandex Direct campaign, tagged by its template: utm_campaign is its number, utm_content the ad's.

    `platform` is Search or Context (the advertising network). Without terms auto-targeting brings the visits.
    """
    found = []
    for group in range(groups):
        for place, term in enumerate(terms or ("---autotargeting",)):
            banner = str(int(number) * 37 % 9_000_000_000 + 1_000_000_000 + group * 17 + place * 3)
            found.append(Source(
                "ad",
                "https://yandex.ru/" if platform == "Search" else "https://yabs.yandex.ru/",
                ad_system="ya_direct",
                utm=("yandex", "cpc", number, banner, term),
                campaign_id=number,
                campaign_name=name,
                group_id=str(int(number) * 11 % 900_000_000 + 5_000_000_000 + group),
                platform=platform,
                weight=1.0 / (1 + group + place),
                phone_weight=1.0 / (1 + group + place),
            ))
    return tuple(found)


def vk_ads(name: str, ads: tuple[str, ...]) -> tuple[Source, ...]:
    """Paid visits from VK, tagged by hand."""
    return tuple(
        Source(
            "ad", "https://away.vk.com/", ad_system="vkontakte", utm=("vk", "cpc", name, ad, ""),
            weight=1 / (1 + place),
        )
        for place, ad in enumerate(ads)
    )


def google_ads(name: str) -> tuple[Source, ...]:
    """Paid visits from Google search."""
    return (Source("ad", "https://www.google.com/", ad_system="google_adwords", utm=("google", "cpc", name, "", "")),)


def vk() -> tuple[Source, ...]:
    """Unpaid visits from the VK community, with a little of Odnoklassniki."""
    page = Source("social", "https://away.vk.com/", network="vkontakte", weight=0.9, phone_weight=0.9)
    return page, Source("social", "https://ok.ru/", network="odnoklassniki", weight=0.1, phone_weight=0.1)


def telegram() -> tuple[Source, ...]:
    """Unpaid visits from the company's own Telegram channel: half of them lose their referrer to the application's."""
    web = Source("messenger", "https://t.me/", messenger="telegram", weight=0.7, phone_weight=0.3)
    return web, replace(web, referer="android-app://org.telegram.messenger/", weight=0.3, phone_weight=0.7)


def telegram_posts(name: str, channels: tuple[str, ...]) -> tuple[Source, ...]:
    """Paid placements in other people's Telegram channels, tagged by hand."""
    return tuple(
        Source(
            "messenger", "https://t.me/", messenger="telegram", utm=("telegram", "post", name, channel, ""),
            weight=1 / (1 + place),
        )
        for place, channel in enumerate(channels)
    )


def email(letters: tuple[str, ...]) -> tuple[Source, ...]:
    """Letters to subscribers and buyers."""
    return tuple(
        Source("email", utm=("newsletter", "email", letter, "", ""), weight=1 / (1 + place))
        for place, letter in enumerate(letters)
    )


def sites(*hosts: str) -> tuple[Source, ...]:
    """Links on other sites, the first the strongest."""
    return tuple(
        Source("referral", f"https://{host}/", host=host, weight=1 / (1 + place), phone_weight=1 / (1 + place))
        for place, host in enumerate(hosts)
    )


def assistants() -> tuple[Source, ...]:
    """AI assistants. ChatGPT tags its links itself; the others come as plain referrals."""
    chat = Source(
        "referral", "https://chatgpt.com/", host="chatgpt.com", utm=("chatgpt.com", "", "", "", ""), weight=0.5,
        phone_weight=0.4,
    )
    alice = Source("referral", "https://alice.yandex.ru/", host="alice.yandex.ru", weight=0.22, phone_weight=0.38)
    others = (("perplexity.ai", 0.12), ("chat.deepseek.com", 0.1), ("gemini.google.com", 0.06))
    return chat, alice, *(
        Source("referral", f"https://{host}/", host=host, weight=weight, phone_weight=weight) for host, weight in others
    )


def dzen() -> tuple[Source, ...]:
    """Articles recommended by Dzen."""
    return (Source("recommend", "https://dzen.ru/", recommender="zen_yandex"),)


def broken() -> tuple[Source, ...]:
    """What visits from Direct look like while a redirect eats their tags: bare macros, nothing, a bare referral."""
    literal = Source(
        "ad", "https://yandex.ru/", ad_system="ya_direct",
        utm=("yandex", "cpc", "{campaign_id}", "{ad_id}", "{keyword}"), weight=0.45,
    )
    nothing = Source("direct", weight=0.35)
    bare = Source("referral", "https://yandex.ru/", host="yandex.ru", weight=0.2)
    return literal, nothing, bare
