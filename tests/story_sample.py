"""A story with everything in it that a document may have to show: all kinds of charts, long names, empty cells, thirty rows, no data.

`told(language)` is the rich one, `silent(language)` one with nothing loaded. The client and the figures are invented.
"""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, date, datetime

from data.text import DASH, Words, words
from reports.story import Block, Cell, Chart, Column, Figure, Row, Series, Story, Table, Theme

HOSTILE = '=HYPERLINK("http://evil.example";"Sale") <script>alert(1)</script> {brace} & \'quote\' \x07 [b]'
"""A campaign's name as an attacker would write it."""

CHANNELS = (
    ("Контекстная реклама", "Paid search", 412_000.0, 31_240, 418, 0.0134, 985.65, 3.41),
    (
        "Социальные сети – таргетированная реклама ВКонтакте",
        "Paid social – targeted advertising in VK",
        268_500.0,
        22_870,
        181,
        0.0079,
        1483.43,
        1.62,
    ),
    ("Органический поиск", "Organic search", 0.0, 40_115, 506, 0.0126, None, None),
    ("Прямые заходы", "Direct", 0.0, 12_903, 240, 0.0186, None, None),
    ("Почтовые рассылки", "Email", 18_000.0, 4_420, 96, 0.0217, 187.5, 9.05),
    ("Партнёрские программы", "Affiliates", 54_300.0, 2_204, None, None, None, None),
)
"""Russian name, English name, spend, visits, leads, conversion rate, cost per lead, ROAS; None where nothing is known."""

MONTHS = tuple(date(2025 + (month + 3) // 12, (month + 3) % 12 + 1, 1) for month in range(12))
"""April 2025 to March 2026."""


def told(language: str) -> Story:
    """The rich story."""
    return Told(words(language)).story()


def silent(language: str) -> Story:
    """A story of a client with nothing loaded: cards, charts and tables that hold no figure."""
    say = Told(words(language))
    none = Figure("N-1", "visits", say.of("Визиты", "Visits"), None, DASH, "count")
    chart = Chart(
        "line",
        say.of("Визиты по неделям", "Visits by week"),
        ("1", "2"),
        (Series(say.of("Визиты", "Visits"), (None, None)),),
        "count",
        say.of("Данных нет", "There is no data"),
    )
    bare = Chart("bar", say.of("Лиды по каналам", "Leads by channel"), (), (), "count", say.of("Данных нет", "There is no data"))
    table = Table(say.of("Каналы", "Channels"), (Column("visits", say.of("Визиты", "Visits"), "count"),), ())
    block = Block(
        "traffic",
        "kpi",
        say.of("За период ничего не загружено", "Nothing is loaded for the period"),
        cards=(none,),
        charts=(chart, bare),
        tables=(table,),
        notes=(say.of("Нет ни одного источника.", "There is no source."),),
    )
    return say.story((block,))


def picture(width: int = 96, height: int = 32, colour: tuple[int, int, int] = (16, 112, 96)) -> bytes:
    """A PNG of one colour, as a client's logo."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Told:
    """Says the sample in one language."""

    def __init__(self, say: Words) -> None:
        self.words = say

    def of(self, russian: str, english: str) -> str:
        return russian if self.words.russian else english

    def text(self, unit: str, value: float | None) -> str:
        if value is None:
            return DASH
        written = {
            "money": lambda: self.words.money(value, "RUB"),
            "share": lambda: self.words.share(value, 2 if value < 0.1 else 1),
            "multiple": lambda: self.words.multiple(value),
            "seconds": lambda: self.words.seconds(value),
            "number": lambda: self.words.number(value, 2),
            "count": lambda: self.words.number(value),
        }
        return written[unit]()

    def cell(self, unit: str, value: float | None, change: str = "", tone: str = "flat") -> Cell:
        return Cell(value, self.text(unit, value), change, tone)

    def series(self, name: str, unit: str, values: tuple[float | None, ...], role: str = "now", tones: tuple[str, ...] = ()) -> Series:
        return Series(name, values, role, tuple(self.text(unit, value) for value in values), tones)

    def column(self, key: str, russian: str, english: str, unit: str) -> Column:
        return Column(key, self.of(russian, english), unit)

    def story(self, blocks: tuple[Block, ...] | None = None) -> Story:
        of = self.of
        said = blocks or (
            self.cover(),
            self.summary(),
            self.course(),
            self.why(),
            self.channels(),
            self.share(),
            self.campaigns(),
            self.cohorts(),
            self.actions(),
            self.plan(),
            self.appendix(),
        )
        return Story(
            "sosna",
            of("Мебельная мастерская «Северная сосна»", "Northern Pine furniture"),
            of("Отчёт за март 2026", "Report for March 2026"),
            of("Интернет-магазин и заявки на замер", "Online shop and measuring requests"),
            "month",
            self.words.language,
            "RUB",
            date(2026, 3, 1),
            date(2026, 3, 31),
            datetime(2026, 4, 2, 6, 30, tzinfo=UTC),
            17,
            said,
            (date(2026, 2, 1), date(2026, 2, 28)),
            Theme("#107060", picture(), of("Агентство «Полярный день»", "Polar Day agency")),
            (of("Яндекс Метрика, счётчик 1010101", "Yandex.Metrica, counter 1010101"), of("Яндекс Директ", "Yandex Direct"), "VK"),
        )

    def cover(self) -> Block:
        return Block(
            "cover",
            "cover",
            self.of("Отчёт за март 2026", "Report for March 2026"),
            speaker=(self.of("Здороваемся и напоминаем цель квартала.", "Greet, and recall the aim of the quarter."),),
        )

    def figures(self) -> tuple[Figure, ...]:
        of = self.of
        wanted = (
            ("visits", "Визиты", "Visits", "count", 113_752.0, "+4,1 %", "+4.1%", "good"),
            ("leads", "Лиды", "Leads", "count", 1_441.0, "+12,8 %", "+12.8%", "good"),
            ("cpa", "Стоимость лида (CPA)", "Cost per lead (CPA)", "money", 522.41, "+12,0 %", "+12.0%", "bad"),
            ("spend", "Расход", "Spend", "money", 752_800.0, "+26,3 %", "+26.3%", "flat"),
            ("drr", "Доля рекламных расходов (ДРР)", "Ad cost share", "share", 0.1873, "−0,4 п. п.", "−0.4 pp", "good"),
            ("roas", "ROAS", "ROAS", "multiple", 3.07, "в пределах шума", "within noise", "flat"),
            ("aov", "Средний чек", "Average order value", "money", 34_120.0, "", "", "flat"),
        )
        cards = tuple(
            Figure(
                f"S-{place}",
                key,
                of(russian, english),
                value,
                self.text(unit, value),
                unit,
                of(up, rise),
                tone,
                of("к февралю 2026", "against February 2026") if up else "",
                of(f"Код S-{place}: {russian}", f"Code S-{place}: {english}"),
            )
            for place, (key, russian, english, unit, value, up, rise, tone) in enumerate(wanted, 1)
        )
        return (*cards, Figure("S-8", "ltv", of("LTV за год", "LTV in a year"), None, DASH, "money"))

    def summary(self) -> Block:
        of = self.of
        lead = (
            of(
                "CPA выросла на 12 % до 522 ₽, в основном потому, что ВКонтакте забрала 9 пунктов расхода при вдвое меньшей конверсии; "
                "остальное – в пределах шума.",
                "CPA grew by 12% to 522 ₽, mostly because VK took 9 points of spend at half the conversion rate; the rest is within noise.",
            ),
            of("План по лидам выполнен на 103 %, бюджет – на 98 %.", "The plan for leads is met by 103%, the budget by 98%."),
        )
        return Block(
            "summary",
            "summary",
            of("Лидов стало больше на 12,8 %, но каждый подорожал до 522 ₽", "Leads grew by 12.8%, but each now costs 522 ₽"),
            lead,
            self.figures(),
            notes=(of("Директ: данные за 31 марта неполные.", "Direct: 31 March is partial."),),
            speaker=(of("Начните с лидов: план выполнен.", "Start with leads: the plan is met."), "S-1, S-2, S-3"),
            bullets=(of("Вернуть ставки ВКонтакте к февральским", "Take VK bids back to February's"),),
        )

    def course(self) -> Block:
        of = self.of
        labels = tuple(self.words.month(month) for month in MONTHS)
        now = (980.0, 1010.0, 1044.0, None, 1102.0, 1187.0, 1240.0, 1301.0, 1422.0, 1190.0, 1277.0, 1441.0)
        year = tuple(value * 0.82 if value else 900.0 for value in now)
        line = Chart(
            "line",
            of("Лиды по месяцам", "Leads by month"),
            labels,
            (
                self.series(of("Этот год", "This year"), "count", now),
                self.series(of("Год назад", "A year ago"), "count", year, "year"),
                self.series(of("План", "Plan"), "count", tuple(1000.0 + 35 * month for month in range(12)), "plan"),
            ),
            "count",
            of("Лиды растут с апреля; за июль данных нет.", "Leads grow since April; there is no data for July."),
        )
        return Block(
            "course",
            "trend",
            of("Лиды идут выше плана третий месяц подряд", "Leads run above plan for the third month"),
            charts=(line,),
            lead=(of("Провал в июле – перенос счётчика, а не спрос.", "The gap in July is the counter's move, not demand."),),
        )

    def why(self) -> Block:
        of = self.of
        labels = (
            of("Февраль", "February"),
            of("Объём визитов", "Volume of visits"),
            of("Доля каналов", "Mix of channels"),
            of("Конверсия", "Conversion rate"),
            of("Цена клика", "Price of a click"),
            of("Март", "March"),
        )
        steps = (466.4, -12.1, 61.9, -18.3, 24.51, 522.41)
        chart = Chart(
            "waterfall",
            of("Из чего сложилось изменение CPA", "What the change of CPA is made of"),
            labels,
            (self.series("CPA", "money", steps, "now", ("flat", "good", "bad", "good", "bad", "flat")),),
            "money",
            of("CPA: 466 ₽ → 522 ₽.", "CPA: 466 ₽ → 522 ₽."),
            note=of("Слагаемые дают изменение целиком.", "The parts add up to the change."),
        )
        below = Chart(
            "waterfall",
            of("Прибыль после рекламы", "Profit after advertising"),
            labels,
            (
                self.series(
                    of("Прибыль", "Profit"),
                    "money",
                    (40_000.0, -70_000.0, 12_000.0, 5_000.0, 3_000.0, -10_000.0),
                    "now",
                    ("flat", "bad", "good", "good", "good", "flat"),
                ),
            ),
            "money",
            of("Через ноль.", "Through zero."),
        )
        return Block(
            "why",
            "why",
            of("CPA выросла из-за доли ВКонтакте: +62 ₽ из +56 ₽", "CPA grew because of VK's share: +62 ₽ of +56 ₽"),
            charts=(chart, below),
            lead=(
                of(
                    "Цена клика добавила 25 ₽, конверсия вернула 18 ₽.",
                    "The price of a click added 25 ₽, the conversion rate gave 18 ₽ back.",
                ),
            ),
        )

    def channels(self) -> Block:
        of = self.of
        columns = (
            self.column("spend", "Расход", "Spend", "money"),
            self.column("visits", "Визиты", "Visits", "count"),
            self.column("leads", "Лиды", "Leads", "count"),
            self.column("cr", "Конверсия", "Conversion rate", "share"),
            self.column("cpa", "CPA", "CPA", "money"),
            self.column("roas", "ROAS", "ROAS", "multiple"),
        )
        tones = ("good", "bad", "flat", "flat", "good", "flat")
        rows = tuple(
            Row(
                of(one[0], one[1]),
                tuple(
                    self.cell(
                        column.unit, value, of("+12 %", "+12%") if place == 4 and value else "", tone if place == 4 and value else "flat"
                    )
                    for place, (column, value) in enumerate(zip(columns, one[2:], strict=True))
                ),
            )
            for one, tone in zip(CHANNELS, tones, strict=True)
        )
        total = Row(
            of("Всего", "Total"),
            tuple(
                self.cell(column.unit, value)
                for column, value in zip(columns, (752_800.0, 113_752.0, 1_441.0, 0.0127, 522.41, 3.07), strict=True)
            ),
        )
        table = Table(of("Каналы за март", "Channels in March"), columns, rows, total, ("spend", "visits", "leads"))
        names = tuple(of(one[0], one[1]) for one in CHANNELS)
        bar = Chart(
            "bar",
            of("Лиды по каналам", "Leads by channel"),
            names,
            (
                self.series(of("Март", "March"), "count", tuple(one[4] for one in CHANNELS)),
                self.series(of("Февраль", "February"), "count", (390.0, 92.0, 470.0, 231.0, 94.0, None), "before"),
            ),
            "count",
            of("Больше всего лидов даёт органический поиск.", "Organic search gives most leads."),
        )
        return Block(
            "channels",
            "channels",
            of("Поиск кормит, ВКонтакте съедает", "Search feeds, VK eats"),
            charts=(bar,),
            tables=(table,),
            notes=(of("Расход без НДС.", "Spend is net of VAT."),),
        )

    def share(self) -> Block:
        of = self.of
        names = tuple(of(one[0], one[1]) for one in CHANNELS[:5])
        spread = Chart(
            "map",
            of("Доля расхода и доля лидов", "Share of spend and share of leads"),
            names,
            (
                self.series(of("Доля расхода", "Share of spend"), "share", (0.547, 0.357, 0.0, 0.0, 0.024)),
                self.series(of("Доля лидов", "Share of leads"), "share", (0.29, 0.126, 0.351, 0.167, 0.067)),
                self.series(of("Расход", "Spend"), "money", (412_000.0, 268_500.0, 0.0, 0.0, 18_000.0)),
            ),
            "share",
            of("Правее диагонали – дорогие каналы.", "Right of the diagonal are the dear channels."),
            (of("Доля расхода", "Share of spend"), of("Доля лидов", "Share of leads")),
        )
        labels = tuple(self.words.month(month) for month in MONTHS[-6:])
        parts = Chart(
            "stacked",
            of("Расход по каналам", "Spend by channel"),
            labels,
            tuple(
                self.series(of(one[0], one[1]), "money", tuple(one[2] * (0.7 + 0.06 * month) for month in range(6)), "part")
                for one in CHANNELS
                if one[2]
            ),
            "money",
            of("Расход растёт.", "Spend grows."),
        )
        return Block(
            "share",
            "share",
            of("ВКонтакте берёт 36 % расхода и даёт 13 % лидов", "VK takes 36% of spend and gives 13% of leads"),
            charts=(spread, parts),
        )

    def campaigns(self) -> Block:
        """Thirty rows, the first named by an attacker."""
        of = self.of
        columns = (
            self.column("spend", "Расход", "Spend", "money"),
            self.column("clicks", "Клики", "Clicks", "count"),
            self.column("ctr", "CTR", "CTR", "share"),
            self.column("time", "Время на сайте", "Time on site", "seconds"),
            self.column("depth", "Глубина просмотра", "Pages per visit", "number"),
            self.column("state", "Состояние", "State", "text"),
        )
        state = Cell(None, of("идёт", "running"))
        rows = tuple(
            Row(
                HOSTILE
                if not place
                else of(
                    f"Поиск | кухни на заказ | Санкт-Петербург и область | {place:02d}",
                    f"Search | fitted kitchens | Saint Petersburg and region | {place:02d}",
                ),
                (
                    self.cell("money", 20_000.0 - 600 * place),
                    self.cell("count", 900.0 - 25 * place),
                    self.cell("share", 0.05 - 0.001 * place),
                    self.cell("seconds", 185.0 - place),
                    self.cell("number", 3.5 - 0.05 * place),
                    Cell(None, "=1+1") if not place else state,
                ),
            )
            for place in range(30)
        )
        spent, clicks = sum(20_000.0 - 600 * place for place in range(30)), sum(900.0 - 25 * place for place in range(30))
        total = Row(
            of("Всего", "Total"),
            (
                self.cell("money", spent),
                self.cell("count", clicks),
                self.cell("share", 0.0391),
                self.cell("seconds", 172.0),
                self.cell("number", 2.9),
                Cell(None, ""),
            ),
        )
        return Block(
            "campaigns",
            "campaigns",
            of("Половину расхода берут девять кампаний из тридцати", "Nine of thirty campaigns take half of the spend"),
            tables=(Table(of("Кампании / март: [все]?", "Campaigns / March: [all]?"), columns, rows, total, ("spend", "clicks")),),
            lead=(HOSTILE,),
        )

    def cohorts(self) -> Block:
        of = self.of
        labels = tuple(of(f"{month}-й месяц", f"Month {month}") for month in range(6))
        rows = tuple(
            self.series(
                self.words.month(MONTHS[6 + start]),
                "share",
                tuple([1.0, 0.31, 0.22, 0.18, 0.15, 0.14][: 6 - start]) + (None,) * start,
                "part",
            )
            for start in range(6)
        )
        heat = Chart(
            "heat",
            of("Удержание по месяцу первого заказа", "Retention by month of the first order"),
            labels,
            rows,
            "share",
            of("Треть покупателей возвращается через месяц.", "A third of the buyers is back after a month."),
        )
        return Block(
            "cohorts",
            "lifecycle",
            of("Каждый третий покупатель возвращается через месяц", "Every third buyer is back after a month"),
            charts=(heat,),
        )

    def actions(self) -> Block:
        of = self.of
        columns = (
            self.column("owner", "Кто", "Who", "text"),
            self.column("due", "Срок", "Due", "text"),
            self.column("verdict", "Итог", "Verdict", "text"),
        )
        rows = (
            Row(
                of("Отключить площадки ВКонтакте с CPA выше 2 000 ₽", "Switch off VK placements above 2,000 ₽ per lead"),
                (
                    Cell(None, of("Анна", "Anna")),
                    Cell(None, self.words.day(date(2026, 3, 10))),
                    Cell(None, of("Сработало", "Worked"), tone="good"),
                ),
            ),
            Row(
                of("Новая посадочная «Кухни»", "New landing page for kitchens"),
                (
                    Cell(None, of("Пётр", "Peter")),
                    Cell(None, self.words.day(date(2026, 3, 20))),
                    Cell(None, of("Рано судить", "Too early")),
                ),
            ),
        )
        return Block(
            "actions",
            "actions",
            of("Одно из двух решений уже сработало", "One of two decisions has already worked"),
            tables=(Table(of("Что сделали", "What we did"), columns, rows),),
            bullets=(
                of("Отключённые площадки вернули 31 тыс. ₽", "The placements switched off gave 31K ₽ back"),
                of("О посадочной скажем через две недели", "The landing page needs two more weeks"),
            ),
        )

    def plan(self) -> Block:
        of = self.of
        return Block(
            "plan",
            "plan",
            of("В апреле: 1 500 лидов не дороже 500 ₽", "April: 1,500 leads at 500 ₽ at most"),
            bullets=tuple(
                of(
                    f"{place}. Шаг плана, у которого есть владелец, срок и ожидаемый результат: CPA ниже на {place} %",
                    f"{place}. A step that has an owner, a date and an expected effect: CPA down by {place}%",
                )
                for place in range(1, 15)
            ),
        )

    def appendix(self) -> Block:
        of = self.of
        columns = (self.column("meaning", "Что это", "Meaning", "text"), self.column("formula", "Формула", "Formula", "text"))
        long = of(
            "Сколько стоит один лид: расход рекламных систем без НДС, делённый на число лидов, которые клиент считает лидами. "
            "Меньше – лучше, но дешёвый лид без продаж ничего не стоит.",
            "What a lead costs: spend of the ad systems net of VAT, divided by what the client counts as leads. "
            "Less is better, but a cheap lead that never buys is worth nothing.",
        )
        rows = tuple(
            Row(of(russian, english), (Cell(None, long), Cell(None, of("расход / лиды", "spend / leads"))))
            for russian, english in (
                ("CPA", "CPA"),
                ("ДРР", "Ad cost share"),
                ("ROAS", "ROAS"),
                ("Конверсия", "Conversion rate"),
                ("Средний чек", "Average order value"),
                ("LTV", "LTV"),
                ("Визиты", "Visits"),
            )
        )
        return Block(
            "appendix",
            "appendix",
            of("Как мы считаем", "How we count"),
            tables=(Table(of("Определения", "Definitions"), columns, rows),),
            notes=(of("Атрибуция: последний значимый переход.", "Attribution: last significant click."),),
        )
