"""GA4 downloads of channels and of sources stand beside each other: each question goes to the one that knows, nothing doubles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from connectors import intake
from data.warehouse import Warehouse
from metrics import Query, Settings, ask

DAYS = date(2026, 3, 1), date(2026, 3, 31)


def test_a_download_of_channels_and_one_of_sources_stand_side_by_side(tmp_path: Path) -> None:
    rule = "# ----------------------------------------\n"
    banner = f"{rule}# Acquisition\n{rule}#\n# All Users\n# Start date: 20260301\n# End date: 20260331\n"
    tables = {
        "channels.csv": "Session primary channel group,Sessions,Engaged sessions\nPaid Search,70,40\nDirect,30,10\n",
        "sources.csv": "Session source / medium,Sessions,Engaged sessions\nyandex / cpc,60,30\n(direct) / (none),30,10\nbing / cpc,8,4\n",
    }
    store = Warehouse(tmp_path / "store")
    for name, table in tables.items():
        path = tmp_path / name
        path.write_text(banner + table, encoding="utf-8")
        [series] = intake.sort([path]).series
        loaded = store.load(intake.read(intake.resolve(series, intake.Known(stated={"account": "site", "timezone": "Europe/Moscow"}))))
        assert not [note for one in loaded for note in one.notes if note.kind in ("poorer", "less")]

    def visits(*by: str) -> dict[str, float]:
        frame = ask(Query(("visits",), *DAYS, by=by), store.run, Settings()).frame
        return dict(zip(frame[by[0]], frame["visits"], strict=True))

    assert visits("source") == {"yandex": 60, "(direct)": 30, "bing": 8}
    assert sorted(visits("channel").values()) == [30, 70]
    total = ask(Query(("visits",), *DAYS), store.run, Settings()).total
    assert total["visits"] == 100
