"""Traffic and engagement."""

from metrics.rows import Metric

ALL = ("shop", "leads", "subscription", "b2b")
METRICA = "Yandex.Metrica, help: visits, bounces, new visitors"
GA4 = "Google Analytics 4, help: sessions and engagement"

ROWS: tuple[Metric, ...] = (
    Metric(
        "visits", "Visits",
        "How many times people came. A visit ends after 30 minutes without activity, in Metrica and in Google Analytics alike.",
        over="visits", unit="count", section="traffic", better="up", models=ALL, cite=METRICA,
        edge="One counter only: two counters see the same visits and are never added. The last three days still grow a little.",
        levers="Budget, positions in search, posts and seeding, brand demand.",
        misreading="Traffic grew, and nobody looked at whether it was worth having. Read it beside conversions.",
        example=({"visits": 1200}, 1200),
    ),
    Metric(
        "users", "Visitors",
        "How many different browsers came in exactly this period. Counted anew for every period and slice, never added up.",
        over="users", unit="count", section="traffic", better="up", models=ALL, cite=METRICA,
        edge="Visits without a cookie belong to nobody and are left out. One person with a phone and a laptop is two.",
        levers="Reach: new channels, wider audiences, publications.",
        misreading="Daily visitors added up over a month. In one real quarter that gave 3 466 instead of 2 540.",
        example=({"users": 2540}, 2540),
    ),
    Metric(
        "new_users", "New visitors", "Visitors who came for the first time ever, counted by their first visit.",
        over="new_visits", unit="count", section="traffic", better="up", models=ALL, cite=METRICA,
        edge="A cleared cookie makes an old friend new; browsers that limit cookies inflate the figure.",
        levers="Awareness: video, network ads, seeding, search by non-brand queries.",
        misreading="A loyal audience with cleaned cookies is read as growth.",
        example=({"new_visits": 310}, 310),
    ),
    Metric(
        "new_share", "Share of new visitors", "Which part of the visitors had never been here before.",
        over="new_visits", under="users", unit="share", section="traffic", better="neutral", models=ALL, cite=METRICA,
        edge="Undefined without visitors. Over a long period it rises by itself, because each visitor is new once.",
        levers="Mix of media: acquisition raises it, e-mail and retargeting lower it.",
        misreading="High is good. It is at launch; for a mature product a falling share may mean a loyal base.",
        example=({"new_visits": 150, "users": 200}, 0.75),
    ),
    Metric(
        "returning_share", "Share of returning visitors", "Which part of the visitors had been here before.",
        over="users - new_visits", under="users", unit="share", section="traffic", better="neutral", models=ALL, cite=METRICA,
        edge="Somebody who came first and returned in the same period counts as new.",
        levers="E-mail, retargeting, content worth returning for, a useful account area.",
        misreading="Employees and partners who open the site every day are taken for loyal customers.",
        example=({"new_visits": 150, "users": 200}, 0.25),
    ),
    Metric(
        "page_views", "Page views", "How many pages were opened.",
        over="page_views", unit="count", section="traffic", better="neutral", models=ALL,
        edge="A single-page application counts one unless it reports virtual pages.",
        levers="Navigation, related content, internal search.",
        misreading="More pages look like more interest; people may simply not find what they came for.",
        example=({"page_views": 5400}, 5400),
    ),
    Metric(
        "depth", "Pages per visit", "How many pages an average visit opens.",
        over="page_views", under="visits", unit="number", section="traffic", better="neutral", models=ALL,
        edge="Undefined without visits.",
        levers="Structure of the site, links between pages, speed.",
        misreading="Deep is good. A lost visitor is deep too, and a landing page that sells at once is shallow.",
        example=({"page_views": 900, "visits": 300}, 3.0),
    ),
    Metric(
        "avg_time", "Time per visit", "How long an average visit lasts.",
        over="seconds", under="visits", unit="seconds", section="traffic", better="neutral", models=ALL,
        edge="Nothing marks the end of the last page, so the figure is always somewhat low.",
        levers="Content, video, calculators, comparison tables.",
        misreading="The mean of daily means: a quiet Sunday then weighs as much as a busy Monday.",
        example=({"seconds": 18500, "visits": 100}, 185.0),
    ),
    Metric(
        "bounce_rate", "Bounce rate",
        "Which part of the visits ended at once. Metrica: one page, under 15 seconds, no event. GA4: a session that did not engage.",
        over="bounces", under="visits", unit="share", section="traffic", better="down", models=ALL, cite=METRICA,
        edge="The threshold of 15 seconds can be changed in the counter; a change makes periods incomparable.",
        levers="Speed of the landing page, a page that keeps the promise of the ad, cleaning of placements.",
        misreading="Metrica's bounce compared with Google's: they are different definitions of one word.",
        example=({"bounces": 30, "visits": 200}, 0.15),
    ),
    Metric(
        "engagement_rate", "Engagement rate",
        "Which part of the visits engaged. GA4: longer than 10 seconds, or a key event, or two pages. Metrica: did not bounce.",
        over="engaged", under="visits", unit="share", section="traffic", better="up", models=ALL, cite=GA4,
        edge="For Metrica it is simply the complement of the bounce rate.",
        levers="Relevance of the ad to the page, clarity of the first screen.",
        misreading="A page with a video that plays by itself looks engaging.",
        example=({"engaged": 170, "visits": 200}, 0.85),
    ),
    Metric(
        "unknown_share", "Share without a source", "Which part of the visits names no source: direct, internal, not determined.",
        over="unknown_visits", under="visits", unit="share", section="traffic", better="down", models=ALL,
        edge="By the channel rules. Above a quarter, every division of results between channels stands on sand.",
        levers="Tags on every link in letters, messengers, posts and QR codes; redirects that keep tags.",
        misreading="Direct visits are read as loyalty; much of it is links without tags.",
        example=({"unknown_visits": 300, "visits": 1200}, 0.25),
    ),
)
