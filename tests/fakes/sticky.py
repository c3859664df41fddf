"""A reverse proxy that keeps a visitor with one app by a cookie, and sends them to another when that one is gone."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

COOKIE = "replica"
_HEAD = 64 * 1024


class Sticky:
    """Listens on a port of its own before some apps on this machine. One connection stays with one app."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.port = ports, 0
        self._turn = 0
        self._loop = asyncio.new_event_loop()

    async def _serve(self, started: threading.Event) -> None:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=_HEAD)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            with suppress(asyncio.CancelledError):
                await server.serve_forever()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._passed(reader, writer)
        finally:
            writer.close()

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found = await self._reach(_wanted(head))
        if found is None:
            return writer.write(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
        place, inner, outer = found
        try:
            outer.write(head.replace(b"\r\n", b"\r\nX-Forwarded-For: 203.0.113.7\r\n", 1))
            await asyncio.gather(_pipe(reader, outer), _answer(place, inner, writer))
        finally:
            outer.close()

    async def _reach(self, wanted: int | None) -> tuple[int, asyncio.StreamReader, asyncio.StreamWriter] | None:
        """The app that the cookie names, or the next one that answers."""
        if wanted is None:
            wanted, self._turn = self._turn % len(self.ports), self._turn + 1
        for step in range(len(self.ports)):
            place = (wanted + step) % len(self.ports)
            with suppress(OSError):
                return place, *await asyncio.open_connection("127.0.0.1", self.ports[place], limit=_HEAD)
        return None


def _wanted(head: bytes) -> int | None:
    found = re.search(rb"(?im)^cookie:.*\b" + COOKIE.encode() + rb"=(\d)", head)
    return int(found[1]) if found else None


async def _answer(place: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(head.replace(b"\r\n", f"\r\nSet-Cookie: {COOKIE}={place}; Path=/\r\n".encode(), 1))
    await _pipe(reader, writer)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    writer.close()


@contextmanager
def proxy(ports: list[int]) -> Iterator[int]:
    """A sticky proxy before the apps on these ports. Yields its own port."""
    made, started = Sticky(ports), threading.Event()
    task = made._loop.create_task(made._serve(started))
    thread = threading.Thread(target=lambda: _run(made._loop, task), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield made.port
    finally:
        made._loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    loop.run_until_complete(task)
    loop.run_until_complete(_ended())
    loop.close()


async def _ended() -> None:
    """End what is left. NB: a transport that is closed lets go of its socket in the next turn of the loop."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.sleep(0.1)
