"""From a visit to a result."""

from metrics.rows import Metric

ALL = ("shop", "leads", "subscription", "b2b")

ROWS: tuple[Metric, ...] = (
    Metric(
        "conversions", "Conversions", "How many times the chosen goals were reached: forms, calls, orders, whatever the client counts.",
        over="reaches", unit="count", section="funnel", better="up", models=ALL,
        edge="One visit may reach a goal twice or several goals at once, so conversions may exceed visits.",
        levers="Offer, form, speed, mix of traffic, hours of the call centre.",
        misreading="A micro-goal (opened the contacts page) and a lead added together as if they were worth the same.",
        example=({"reaches": 84}, 84),
    ),
    Metric(
        "goal_visits", "Converted visits", "Visits in which at least one of the chosen goals was reached, each counted once.",
        over="goal_visits", unit="count", section="funnel", better="up", models=ALL,
        edge="Sums of several goals cannot be united when a source sends only daily totals: then choose one goal.",
        levers="The same as for conversions; repeated reaches within one visit change nothing here.",
        misreading="Compared with conversions as if they had to be equal: a visit with three reaches is still one visit.",
        example=({"goal_visits": 70}, 70),
    ),
    Metric(
        "cr", "Conversion rate", "Which part of the visits reached a chosen goal.",
        over="goal_visits", under="visits", unit="share", section="funnel", better="up", models=ALL,
        cite="Yandex.Metrica, help: conversion rate is goal visits divided by visits",
        edge="Visits with a reach, not reaches: so it cannot pass 100 %. Undefined without visits.",
        levers="Offer and price, first screen, length of the form, speed on phones, quality of traffic.",
        misreading="The mean of the channels' rates. Channels of 10/100 and 50/5000 make 1.18 %, not 5.5 %.",
        example=({"goal_visits": 60, "visits": 5100}, 60 / 5100),
    ),
    Metric(
        "cr_order", "Order conversion rate", "Orders per visit.",
        over="orders", under="visits", unit="share", section="funnel", better="up", models=("shop",),
        edge="Returned orders still count as orders; cancelled ones do not.",
        levers="Prices, stock, delivery terms, checkout without registration, payment methods.",
        misreading="It fell, and the shop is to blame. Look first whether the share of phones or of cold traffic grew.",
        example=({"orders": 25, "visits": 2000}, 0.0125),
    ),
    Metric(
        "conversion_share", "Share of conversions", "Which part of all conversions this row brought.",
        over="reaches", relative="share", unit="share", section="funnel", better="neutral", models=ALL,
        edge="Shares add up to 100 % over all rows, also those below the cut.",
        levers="Budget between channels.",
        misreading="Read without the share of spend beside it.",
        example=({"reaches": 30, "total reaches": 120}, 0.25),
    ),
    Metric(
        "buyers", "Buyers", "How many different customers ordered in exactly this period.",
        over="buyers", unit="count", section="funnel", better="up", models=("shop", "subscription"),
        edge="Customers by their id where the shop sends one, otherwise browsers. Counted anew per period, never added.",
        levers="Acquisition, return of old customers.",
        misreading="Monthly buyers added up to a year: regulars are counted up to twelve times.",
        example=({"buyers": 4418}, 4418),
    ),
    Metric(
        "frequency", "Orders per buyer", "How many orders an average buyer made in the period.",
        over="orders", under="buyers", unit="number", section="funnel", better="up", models=("shop",),
        edge="Grows with the length of the period by itself: compare equal periods only.",
        levers="Triggered letters, bonus programme, reminders about consumables.",
        misreading="A quarter compared with a month.",
        example=({"orders": 5690, "buyers": 4418}, 5690 / 4418),
    ),
)
