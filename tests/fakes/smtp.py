"""A mail server in a thread: takes letters, or refuses them as it was told to, and keeps all that was said to it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Smtp:
    """`refuse` names addresses that are not taken; `down` says no to every letter."""

    port: int = 0
    refuse: tuple[str, ...] = ()
    down: bool = False
    said: list[str] = field(default_factory=list)
    taken: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Smtp]:
    """One server on a free port of this machine."""
    told = Smtp()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _talk(self, told)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def _talk(to: socketserver.StreamRequestHandler, told: Smtp) -> None:
    def answer(line: str) -> None:
        to.wfile.write(f"{line}\r\n".encode())

    whom: list[str] = []
    answer("220 fake")
    while line := to.rfile.readline().decode().strip():
        told.said.append(line)
        word = line.split()[0].upper()
        if word == "EHLO":
            answer("250-fake\r\n250 AUTH PLAIN")
        elif word == "AUTH":
            answer("235 welcome")
        elif word == "RCPT":
            address = line.partition("<")[2].partition(">")[0]
            known = address not in told.refuse
            whom += [address] if known else []
            answer("250 ok" if known else "550 nobody here")
        elif word == "DATA":
            answer("354 go on")
            body = b"".join(iter(to.rfile.readline, b".\r\n"))
            if told.down:
                answer("554 not today, secret-of-the-post")
            else:
                told.taken.append((tuple(whom), message_from_bytes(body, policy=policy.default)))
                answer("250 taken")
        elif word == "QUIT":
            answer("221 bye")
            return
        else:
            answer("250 ok")
            whom = [] if word in ("RSET", "MAIL") else whom
