"""Downloads of Google Ads and answers of the Direct Reports service become spend to the kopeck, and their totals are never added up."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Understood, understand
from data.batches import Batch
from data.errors import BadFile, MissingAnswer
from tests.stored import SAMPLES, shared

STATED = {"account": "account", "vat": "net", "currency": "RUB"}
GOOGLE = 'Campaign report\n"March 1, 2026 - March 31, 2026"\n'
GOOGLE_HEADER = "Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"
DIRECT_HEADER = "CampaignId\tCampaignName\tImpressions\tClicks\tCost\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "report"
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **stated: str) -> list[Batch]:
    """One file, every question answered; what the file says itself comes first."""
    known = understand(path)
    return known.source.read([known.head], {**STATED, **known.says.facts, **stated})


def asked(known: Understood) -> list[str]:
    return [ask.option for ask in known.says.asks]


def notes(batches: list[Batch]) -> list[str]:
    return [str(note) for batch in batches for note in batch.notes]


def costs(batches: list[Batch]) -> dict[str, Decimal]:
    return {row["origin"]["campaign_name"]: row["cost"] for batch in batches for row in batch.rows.to_pylist()}


# ----------------------------------------------------------------------------------------------- Google Ads, real files


def test_a_real_campaign_report_adds_up_once_and_says_where_its_total_differs() -> None:
    path = shared("google_ads/gads_campaign_report_inr.csv")
    known = understand(path)
    [batch] = read(path)
    rows = batch.rows.to_pylist()
    assert known.source.name == "google_ads" and known.says.facts == {"currency": "INR"}
    assert asked(known) == ["account", "vat"]
    assert [(row["cost"], row["clicks"], row["impressions"], row["claimed"]) for row in rows] == [
        (Decimal("904.26"), 1934, 20287, 15), (Decimal("1661.67"), 20127, 25881, 0),
    ]
    assert sum(row["cost"] for row in rows) == Decimal("2565.93")
    assert (batch.since, batch.until, batch.whole) == (date(2025, 7, 8), date(2025, 7, 31), True)
    [differs] = [note for note in notes([batch]) if "2565.92" in note]
    assert "2565.93" in differs and "Total: Campaigns" in differs
    assert any("interactions are loaded as clicks" in note for note in notes([batch]))


def test_a_real_report_of_ads_is_summed_to_campaigns_and_says_what_the_account_spent_besides() -> None:
    batches = read(shared("google_ads/gads_ad_report.csv"))
    assert sum(costs(batches).values()) == Decimal("117.06")
    assert costs(batches)["Bay Area Exterior Wood (Catch-all)"] == Decimal("25.98")
    assert [note for note in notes(batches) if "Total: All but removed" in note] == []
    assert [note for note in notes(batches) if "133.89" in note and "117.06" in note]


def test_a_real_report_without_rows_is_refused() -> None:
    with pytest.raises(BadFile, match="a header and no rows"):
        understand(shared("google_ads/gads_campaign_report_empty.csv"))


# --------------------------------------------------------------------------------------------------- Google Ads, shapes


def test_a_report_with_only_totals_or_only_a_header_is_refused(tmp_path: Path) -> None:
    for rows in ("", "Total: Campaigns,RUB,0,0,0.00,0.00\nTotal: Account,RUB,0,0,0.00,0.00\n"):
        with pytest.raises(BadFile, match="a header and no rows"):
            understand(written(tmp_path, GOOGLE + GOOGLE_HEADER + rows))


def test_a_report_without_cost_says_which_columns_to_add(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no column with the cost"):
        understand(written(tmp_path, GOOGLE + "Campaign status,Campaign,Impr.\nEnabled,Plates,5\n"))


def test_an_asset_report_is_refused_because_its_rows_overlap(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="once for every asset"):
        understand(written(tmp_path, "Asset report\nAll time\nAsset,Campaign,Impr.,Cost\nSale!,Plates,5,1.50\nNew,Plates,5,1.50\n"))


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ","), ("utf-16", "\t"), ("utf-16-le", "\t")])
def test_either_kind_of_csv_gives_the_same_rows(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([
        ["Campaign report"], ["March 1, 2026 - March 31, 2026"], GOOGLE_HEADER.strip().split(","),
        ["Plates, deep", "RUB", "1,200", "1,010", "1,234.50", " --"], ["Total: Account", "RUB", "1,200", "1,010", "1,234.50", " --"],
    ])
    [batch] = read(written(tmp_path, text.getvalue(), encoding))
    [row] = batch.rows.to_pylist()
    assert (row["impressions"], row["clicks"], row["cost"], row["claimed"]) == (1200, 1010, Decimal("1234.50"), None)
    assert notes([batch]) == []


def test_a_copy_saved_by_a_spreadsheet_reads_the_same(tmp_path: Path) -> None:
    commas = GOOGLE.replace("\n", ",,,,,\n") + GOOGLE_HEADER + "Plates,RUB,5,1,7.50,0\n,,,,,\nTotal: Account,RUB,5,1,7.50,0\n"
    book = tmp_path / "report.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for line, row in enumerate(csv.reader(io.StringIO(commas))):
            sheet.write_row(line, 0, [float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    for path in (written(tmp_path, commas), book):
        [batch] = read(path)
        [row] = batch.rows.to_pylist()
        assert (batch.since, batch.until, row["cost"], row["clicks"]) == (date(2026, 3, 1), date(2026, 3, 31), Decimal("7.5"), 1)
        assert notes([batch]) == []


def test_totals_are_compared_with_what_they_total(tmp_path: Path) -> None:
    header = "Campaign status,Campaign,Campaign type,Currency code,Clicks,Cost\n"
    rows = "Enabled,Plates,Search,RUB,1,5.00\nEnabled,Cups,Video,RUB,2,6.00\n"
    totals = "Total: Campaigns, --, --,RUB,3,11.00\nTotal: Search,,Search,RUB,1,5.01\n"
    totals += "Total: Video,,Video,RUB,3,6.00\nTotal: App,,App,RUB,9,9.00\n"
    told = [note for note in notes(read(written(tmp_path, GOOGLE + header + rows + totals))) if "total says" in note]
    assert [note.split(" the file")[0] for note in told] == ["Cost (Total: Search):", "Clicks (Total: Video):"]


def test_a_campaign_called_total_is_loaded_and_totals_are_not(tmp_path: Path) -> None:
    rows = "Total war,RUB,1,1,5.00,0\nTotal: war,RUB,1,1,6.00,0\nPlates,RUB,1,1,7.00,0\nTotal: Account,RUB,3,3,18.00,0\n"
    batches = read(written(tmp_path, GOOGLE + GOOGLE_HEADER + rows))
    assert costs(batches) == {"Total war": 5, "Total: war": 6, "Plates": 7}
    assert [note for note in notes(batches) if "18" in note] == []


def test_a_campaign_keeps_its_brackets_and_other_countings_are_not_taken_for_conversions(tmp_path: Path) -> None:
    header = "Campaign,Currency code,Cost (converted currency),Cost,Clicks,Conversions (by conv. time),Conversions\n"
    [batch] = read(written(tmp_path, GOOGLE + header + "Plates (sale),RUB,9.00,5.00,1,8.00,3.00\n"))
    assert costs([batch]) == {"Plates (sale)": 5}
    assert batch.rows["claimed"].to_pylist() == [3]


def test_days_are_asked_about_only_where_nothing_tells_them(tmp_path: Path) -> None:
    for banner, header, rest in (
        ("Campaign report\nAll time\n", GOOGLE_HEADER, ["period"]),
        ("Campaign report\n", GOOGLE_HEADER, ["period"]),
        ("July 2025\nAll time\n", GOOGLE_HEADER, ["period"]),
        ("Campaign report\nAll time\n", "Day," + GOOGLE_HEADER, []),
        (GOOGLE, GOOGLE_HEADER, []),
        ("", GOOGLE_HEADER.replace("Cost", "Interactions,Cost"), ["period"]),
    ):
        cells = {"Day": "2026-03-02", "Campaign": "Plates", "Currency code": "RUB"}
        row = ",".join(cells.get(name, "1") for name in header.strip().split(","))
        known = understand(written(tmp_path, banner + header + row + "\n"))
        assert (known.source.name, asked(known)) == ("google_ads", ["account", *rest, "vat"])
        if rest:
            with pytest.raises(MissingAnswer, match="--period"):
                read(known.head.path)


def test_a_currency_is_asked_about_only_where_a_row_names_none(tmp_path: Path) -> None:
    for first, second, fact, question in (("RUB", "RUB", "RUB", []), ("RUB", "USD", "", []), ("RUB", " --", "", ["currency"])):
        rows = f"Plates,{first},1,1,5.00,0\nCups,{second},1,1,6.00,0\n"
        path = written(tmp_path, GOOGLE + GOOGLE_HEADER + rows)
        known = understand(path)
        assert known.says.facts.get("currency", "") == fact
        assert asked(known) == ["account", "vat", *question]
        [batch] = read(path, currency="KZT") if not fact else read(path)
        assert {row["currency"] for row in batch.rows.to_pylist()} == {first, "KZT" if second == " --" else second}


def test_weeks_are_cut_to_the_range_of_the_report(tmp_path: Path) -> None:
    rows = "2026-02-23,Plates,RUB,1,1,5.00,0\n2026-03-02,Plates,RUB,1,1,6.00,0\n"
    batches = read(written(tmp_path, GOOGLE + "Week," + GOOGLE_HEADER + rows))
    assert [(batch.since, batch.until, batch.whole) for batch in batches] == [
        (date(2026, 3, 1), date(2026, 3, 1), False), (date(2026, 3, 2), date(2026, 3, 8), True),
    ]


def test_a_day_outside_the_range_and_an_empty_cost_are_named(tmp_path: Path) -> None:
    rows = "".join(f"2026-03-0{day},Plates,RUB,1,1,1.00,0\n" for day in range(1, 6))
    bad = "2026-04-01,Plates,RUB,1,1,5.00,0\n2026-03-06,Plates,RUB,7,1, --,0\n"
    batches = read(written(tmp_path, GOOGLE + "Day," + GOOGLE_HEADER + rows + bad))
    assert sum(row["cost"] for batch in batches for row in batch.rows.to_pylist()) == 5
    assert [note.split(",")[0] for note in notes(batches) if note.startswith("Line")] == [
        "Line 9 is not loaded: Day is “2026-04-01”", "Line 10 is not loaded: Cost is “--”",
    ]


# ------------------------------------------------------------------------------------------------------- Direct Reports


@pytest.mark.parametrize(("costs_written", "clicks", "micros"), [
    (("300.50", "0.00"), (3, 0), False),
    (("300500000", "0"), (3, 0), True),
    (("0", "0"), (3, 0), False),
    (("300", "200"), (3, 2), False),
    (("40000", "20000"), (3, 2), None),
    (("40000", "20000"), (0, 0), None),
    (("40000000000", "20000"), (0, 0), True),
    (("400", "200"), (0, 0), False),
])
def test_millionths_are_told_by_the_price_of_a_click_or_asked_about(
    costs_written: tuple[str, str], clicks: tuple[int, int], micros: bool | None, tmp_path: Path
) -> None:
    rows = "".join(f"{place}\tPlates\t9\t{click}\t{cost}\n" for place, (cost, click) in enumerate(zip(costs_written, clicks, strict=True)))
    path = written(tmp_path, '"R (2026-03-01 - 2026-03-31)"\n' + DIRECT_HEADER + rows)
    known = understand(path)
    assert ("money" in asked(known)) == (micros is None)
    if micros is None:
        with pytest.raises(MissingAnswer, match="--money"):
            read(path)
    total = sum(map(Decimal, costs_written))
    for answer, divisor in (("micros", 1_000_000), ("plain", 1)) if micros is None else (("", 1_000_000 if micros else 1),):
        [batch] = read(path, money=answer)
        assert sum(batch.rows["cost"].to_pylist()) == total / divisor


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**13), st.integers(1, 50)), min_size=1, max_size=8))
def test_any_sum_in_millionths_comes_back_to_the_sixth_decimal(spent: list[tuple[int, int]]) -> None:
    amounts = [amount + clicks * 100_000 for amount, clicks in spent]
    rows = "".join(f"{place}\tP\t9\t{clicks}\t{cost}\n" for place, (cost, (_, clicks)) in enumerate(zip(amounts, spent, strict=True)))
    text = '"R (2026-03-01 - 2026-03-31)"\n' + DIRECT_HEADER + rows + f"Total rows: {len(amounts)}\n"
    with tempfile.TemporaryDirectory() as folder:
        [batch] = read(written(Path(folder), text))
    assert sum(batch.rows["cost"].to_pylist()) == Decimal(sum(amounts)) / 1_000_000


def test_a_report_without_its_own_fields_is_known_by_its_frame(tmp_path: Path) -> None:
    table = "Date\tClicks\tCost\n2026-03-01\t5\t10.50\n"
    for text in (f'"R (2026-03-01 - 2026-03-31)"\n{table}', f"{table}Total rows: 1\n"):
        assert understand(written(tmp_path, text)).source.name == "direct_reports"
    assert understand(written(tmp_path, table)).source.name == "cost_sheet"


def test_quotation_marks_in_the_name_of_a_campaign_are_part_of_it(tmp_path: Path) -> None:
    rows = "".join(f"{number}\tPlates\t9\t3\t1.50\n" for number in range(60))
    rows += '60\t"Plates" sale\t9\t3\t1.50\n61\t"""Cups"" sale"\t9\t3\t1.50\n'
    batches = read(written(tmp_path, '"R (2026-03-01 - 2026-03-31)"\n' + DIRECT_HEADER + rows))
    assert set(costs(batches)) == {"Plates", '"Plates" sale', '"Cups" sale'}


def test_the_answer_may_still_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "report.tsv.gz"
    path.write_bytes(gzip.compress((SAMPLES / "direct_reports" / "micros" / "report.tsv").read_bytes()))
    [batch] = read(path)
    assert sum(batch.rows["cost"].to_pylist()) == Decimal("1500366")


def test_a_report_that_lost_rows_or_the_end_of_one_is_refused(tmp_path: Path) -> None:
    row = "1\tPlates\t9\t3\t1.50\n"
    for text, what in (
        (row + "Total rows: 2\n", "says that it has 2 rows, and the file has 1"),
        (row + "2\tCups\t9\n", "shorter than the header"),
        ("Total rows: 0\n", "a header and no rows"),
    ):
        with pytest.raises(BadFile, match=what):
            understand(written(tmp_path, DIRECT_HEADER + text))
    with pytest.raises(BadFile, match="no field Cost"):
        understand(written(tmp_path, "CampaignId\tClicks\n1\t5\n"))


def test_conversions_of_one_goal_are_claimed_and_of_several_are_not_added_up(tmp_path: Path) -> None:
    one = "CampaignId\tClicks\tCost\tConversions_5_LSCCD\n1\t5\t1.50\t2\n"
    [batch] = read(written(tmp_path, one), period="2026-03-01/2026-03-31")
    assert batch.rows["claimed"].to_pylist() == [2]
    several = "CampaignId\tClicks\tCost\tConversions_5_LSCCD\tConversions_6_LSCCD\n1\t5\t1.50\t2\t3\n"
    [batch] = read(written(tmp_path, several), period="2026-03-01/2026-03-31")
    assert batch.rows["claimed"].to_pylist() == [None]
    assert any("Conversions_5_LSCCD, Conversions_6_LSCCD" in note for note in notes([batch]))


def test_the_login_is_the_account_where_there_is_one_of_them(tmp_path: Path) -> None:
    for second, fact in (("tarelka", "tarelka"), ("chashka", "")):
        text = f"Date\tClientLogin\tClicks\tCost\n2026-03-01\ttarelka\t5\t1.50\n2026-03-01\t{second}\t5\t1.50\n"
        known = understand(written(tmp_path, text))
        assert known.says.facts.get("account", "") == fact
        assert ("account" in asked(known)) == (not fact)
