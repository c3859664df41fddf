"""Two apps on one store behind a proxy that keeps everybody with one of them; one of the two dies."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from benchmarks.crowd import foreign
from pages.ui import locks
from tests.fakes.sticky import COOKIE, proxy
from tests.servers import agency, dashboard, free_port
from tests.visitor import Answer, Visitor

FILE = b"Date,utm_source,utm_medium,utm_campaign,\"Cost, RUB excl. VAT\"\n2026-03-01,yandex,cpc,x,10\n"


@pytest.mark.promise("R24")
def test_the_users_of_a_killed_replica_are_back_with_their_view(tmp_path: Path) -> None:
    home, marks = agency(tmp_path)
    ports = [free_port(), free_port()]

    async def visit(address: str, kill: signal.Signals, processes: list) -> None:  # type: ignore[type-arg]
        visitors = [Visitor(address, "", {"client": marks[place].client, "lang": "en"}) for place in range(2)]
        for visitor in visitors:
            await visitor.get("/")
            await visitor.open()
            await visitor.look()
        assert [visitor.cookies[COOKIE] for visitor in visitors] == ["0", "1"]
        for visitor in visitors:
            await visitor.press("chosen_period", visitor.controls["chosen_period"][1].options[0])
            assert await visitor.upload("costs.csv", FILE) == 204
            assert (await visitor.download("Download CSV")).startswith(b"\xef\xbb\xbf")
        first, second = visitors
        assert [(await first.get(path))[0] for path in ("/metrics", "/_stcore/metrics", "/health/ready")] == [404, 404, 200]
        before, view = await first.look(), first.parameters
        processes[0].send_signal(kill)
        processes[0].wait(30)
        with pytest.raises(ConnectionClosed):
            await first.look()
        again = await _back(first)
        assert first.cookies[COOKIE] == "1" and again.cards == before.cards and first.parameters == view
        assert foreign(again, marks[0], marks) == [] and (await second.look()).cards
        assert await first.upload("costs.csv", FILE) == 204
        for visitor in visitors:
            await visitor.close()

    said = {locks.OPEN_TO_ALL: locks.SAID}
    with dashboard(home, ports[0], **said) as one, dashboard(home, ports[1], **said) as other, proxy(ports) as port:
        asyncio.run(visit(f"http://127.0.0.1:{port}", signal.SIGKILL, [one, other]))


async def _back(visitor: Visitor) -> Answer:
    """What a browser does when its connection is lost: it connects again with the address that it shows."""
    again = Visitor(visitor.address, visitor.page, {name: values[0] for name, values in visitor.parameters.items()})
    again.cookies = visitor.cookies
    visitor.__dict__.update(again.__dict__)
    await visitor.open()
    return await visitor.look()
