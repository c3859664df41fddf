"""The running server: what it tells whom, what it writes down, what a failing page does to others, how it ends and comes back."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crowd import App, Crowd, Watermark, foreign, meter
from tests.servers import agency, copied, dashboard, free_port
from tests.small_store import spend
from tests.visitor import Answer, Visitor

Agency = tuple[Path, tuple[Watermark, ...]]
ABROAD = {"X-Forwarded-For": "203.0.113.7"}
CANARY = "canary-7731"
PAGES = {
    "raises": f"raise RuntimeError('{CANARY} in /srv/secret/place')",
    "broken": f"import {CANARY.replace('-', '_')}_is_no_module",
    "unwritten": "this is no Python",
    "long": """
import time, duckdb
from pathlib import Path
place = Path({place!r})
(place / "asked").touch()
while not (place / "let-go").exists():
    duckdb.connect().execute("SELECT sum(hash(i)) FROM range(20000000) t(i)").fetchall()
(place / "answered").touch()
""",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    return agency(tmp_path_factory.mktemp("agency"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place")


@pytest.fixture
def place(here: Path) -> Path:
    """Where the long page says how far it is; nothing of an earlier test."""
    for path in here.iterdir():
        path.unlink()
    return here


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, here: Path) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (folder / f"{name}.py").write_text(text.replace("{place!r}", repr(str(here))), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def served(whole: Agency, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """One server for all that do not end it: its address and its home."""
    home, port = copied(whole[0], tmp_path_factory.mktemp("served")), free_port()
    with dashboard(home, port, pages):
        yield f"http://127.0.0.1:{port}", home


def log_of(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "app.log").read_text(encoding="utf-8").splitlines()]


async def seen(address: str, page: str = "", **query: str) -> Answer:
    async with Visitor(address, page, query) as visitor:
        return await visitor.look()


# ------------------------------------------------------------------------------------------------------- what it tells whom


def test_strangers_learn_whether_it_is_up_and_nothing_else(served: tuple[str, Path]) -> None:
    here, stranger = Visitor(served[0]), Visitor(served[0], headers=ABROAD)

    async def ask() -> None:
        assert await stranger.get("/health/live") == (200, b"ok")
        assert await stranger.get("/health/ready") == (200, b'{"state":"ok"}')
        for path in ("/metrics", "/_stcore/metrics", "/_stcore/metrics/"):
            assert (await stranger.get(path))[0] in (403, 404)
        status, said = await here.get("/health/ready")
        known = json.loads(said)
        assert status == 200 and set(known["clients"]) == {"alder", "birch", "cedar"} and known["clients"]["alder"]["readable"]
        assert (await here.get("/_stcore/metrics"))[0] == 200

    asyncio.run(ask())


def test_a_scraper_is_told_runs_by_page_questions_errors_stores_and_memory(served: tuple[str, Path]) -> None:
    async def ask() -> str:
        await seen(served[0], "", client="alder")
        await seen(served[0], "raises", client="alder")
        return (await Visitor(served[0]).get("/metrics"))[1].decode()

    told = asyncio.run(ask())
    samples = [line for line in told.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+', line) for line in samples)
    for part in ('vitrina_run_seconds_count{page="channels"}', "vitrina_query_seconds_count", 'vitrina_store_version{client="birch"}',
                 'vitrina_errors_total{kind="fault",page="raises"}', "process_resident_memory_bytes", "vitrina_disk_free_bytes"):
        assert any(line.startswith(part) for line in samples), part
    assert "active_sessions" not in told


# -------------------------------------------------------------------------------------------------------- a failing page


@pytest.mark.promise("R31")
def test_a_fault_is_whole_in_the_log_and_only_its_number_on_the_screen(served: tuple[str, Path]) -> None:
    answer = asyncio.run(seen(served[0], "raises", client="alder", lang="en"))
    number = re.search(r"number ([0-9a-f]{8})", answer.text)
    assert number and CANARY.encode() not in answer.raw and b"/srv/secret" not in answer.raw and b"Traceback" not in answer.raw
    lines = [line for line in log_of(served[1]) if line.get("run") == number[1] and line["level"] == "error"]
    assert len(lines) == 1 and f"RuntimeError: {CANARY} in /srv/secret/place" in lines[0]["error"] and lines[0]["page"] == "raises"


@pytest.mark.parametrize("page", ["raises", "broken", "unwritten"])
def test_a_failing_page_takes_no_other_page_down(served: tuple[str, Path], page: str) -> None:
    async def look() -> tuple[Answer, Answer]:
        async with Visitor(served[0], page, {"client": "alder", "lang": "en"}) as visitor:
            failed = await visitor.look()
            return failed, await seen(served[0], "", client="birch")

    failed, good = asyncio.run(look())
    assert failed.text.count("Something broke here") <= 1 and "Alder" in failed.text and CANARY not in failed.text
    assert dict(good.cards)["visits"]


def test_one_broken_client_store_leaves_the_others_and_the_portfolio(whole: Agency, tmp_path: Path) -> None:
    home, port = copied(whole[0], tmp_path), free_port()
    for path in (home / "clients" / "alder").glob("*.duckdb"):
        path.write_bytes(b"no database any more")
    with dashboard(home, port):
        async def look() -> tuple[Answer, Answer, Answer, Any]:
            address = f"http://127.0.0.1:{port}"
            broken, good = await seen(address, "", client="alder", lang="en"), await seen(address, "", client="birch", lang="en")
            return broken, good, await seen(address, "portfolio", lang="en"), json.loads((await Visitor(address).get("/health/ready"))[1])

        broken, good, portfolio, health = asyncio.run(look())
    assert not broken.cards and "Traceback" not in broken.text and str(home) not in broken.text
    assert dict(good.cards)["visits"] and "Birch" in portfolio.text and "Cedar" in portfolio.text
    assert health["state"] == "degraded" and not health["clients"]["alder"]["readable"] and health["clients"]["birch"]["readable"]


# ------------------------------------------------------------------------------------------------------------------ crowd


@pytest.mark.promise("R22")
def test_those_who_press_at_once_see_their_own_client_and_leave_nothing_behind(whole: Agency, served: tuple[str, Path]) -> None:
    port = int(served[0].rpartition(":")[2])

    async def press() -> Crowd:
        crowd = Crowd([App(port, 0)], whole[1], ["channels"])
        async with AsyncExitStack() as stack:
            await crowd.arrive(4, stack, 0.0)
            before = meter(port, "process_resident_memory_bytes")
            for _ in range(3):
                await crowd.together(4)
            assert (meter(port, "process_resident_memory_bytes") - before) / 1e6 < 200
        for one in range(6):
            await seen(served[0], "glossary", client=whole[1][one % 3].client)
        return crowd

    crowd = asyncio.run(press())
    assert crowd.seen.foreign == [] and crowd.seen.faults == 0 and crowd.seen.checked == 16
    for _ in range(100):
        if meter(port, "active_sessions", "/_stcore/metrics") == 0:
            return
        time.sleep(0.1)
    raise AssertionError("sessions are left over")


def test_the_watermark_would_tell(whole: Agency, served: tuple[str, Path]) -> None:
    answer = asyncio.run(seen(served[0], "", client="alder"))
    own, other, _ = whole[1]
    assert own.client == "alder" and foreign(answer, own, whole[1]) == [] and len(foreign(answer, other, whole[1])) >= 3


@pytest.mark.promise("R23")
def test_others_are_answered_while_a_long_question_runs(served: tuple[str, Path], place: Path) -> None:
    async def look() -> list[Answer]:
        async with Visitor(served[0], "long", {"client": "alder"}) as slow, Visitor(served[0], "", {"client": "birch"}) as other:
            await slow.begin()
            while not (place / "asked").exists():
                await asyncio.sleep(0.02)
            answers = [await other.look(), await other.press("chosen_compare", list(other.controls["chosen_compare"][1].options)[-1])]
            assert not (place / "answered").exists()
            (place / "let-go").touch()
            await slow.end()
            return answers

    first, second = asyncio.run(look())
    assert first.cards and second.cards and (place / "answered").exists()


# --------------------------------------------------------------------------------------------------------- ending, coming back


@pytest.mark.promise("R02")
def test_a_server_killed_among_running_questions_comes_back_by_itself(
    whole: Agency, pages: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, port = copied(whole[0], tmp_path), free_port()
    address = f"http://127.0.0.1:{port}"

    async def asked(process: Any) -> None:
        async with AsyncExitStack() as stack:
            for place_of_one in range(6):
                query = {"client": whole[1][place_of_one % 3].client, "compare": "year"}
                visitor = await stack.enter_async_context(Visitor(address, "long" if place_of_one else "", query))
                await visitor.begin()
            while not (place / "asked").exists():
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait(30)

    with dashboard(home, port, pages) as process:
        asyncio.run(asked(process))
    for path in place.iterdir():
        path.unlink()
    with dashboard(home, port, pages):
        again = asyncio.run(seen(address, "", client="birch", compare="year"))
        monkeypatch.setenv("VITRINA_HOME", str(home))
        from data.door import workspace
        from tests.small_store import day

        store = workspace().store(workspace().client("birch"))
        version = store.version()
        store.load([spend([(day(1), {"campaign": "x"}, 1)], (day(1), day(1)), "ads", currency="KZT")])
        assert store.version() == version + 1
    assert again.cards and foreign(again, whole[1][1], whole[1]) == []


def test_told_to_stop_the_server_lets_running_answers_end_and_is_not_ready_meanwhile(
    whole: Agency, pages: Path, place: Path, tmp_path: Path
) -> None:
    home, port = copied(whole[0], tmp_path), free_port()

    async def look(process: Any) -> Answer:
        async with Visitor(f"http://127.0.0.1:{port}", "long", {"client": "alder"}) as visitor:
            await visitor.begin()
            while not (place / "asked").exists():
                await asyncio.sleep(0.02)
            process.terminate()
            status, said = 200, b""
            while status == 200:
                status, said = await visitor.get("/health/ready")
            assert (status, json.loads(said)["state"]) == (503, "stopping")
            (place / "let-go").touch()
            return await visitor.end()

    with dashboard(home, port, pages) as process:
        asyncio.run(look(process))
        process.wait(30)
    assert (place / "answered").exists()
    assert [line["unfinished"] for line in log_of(home) if line["event"] == "server stops"] == [0]
