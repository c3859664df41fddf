"""Where the program goes by itself: to the services that it knows, and never where a setting, a redirect or a disguise would lead it."""

from __future__ import annotations

import ast
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import direct_api_service, ga4_api_access, ga4_api_service, metrica_api_service
from connectors.addresses import checked
from connectors.pace import Rate
from connectors.refusals import AnswerChanged
from connectors.web import Api, Call, Web
from data.errors import MissingSetting, Problem
from data.secret import Secret
from data.text import words
from share import post
from tests.fakes.server import Fake, Request, Response, as_json

ROOT = Path(__file__).parents[2]
TOKEN = "y0_canary_7341"
ATTACKS = {
    "a file": "file:///etc/passwd",
    "a file behind a host": "file://api.example.com/etc/passwd",
    "another scheme": "gopher://api.example.com",
    "a script": "javascript:alert(1)",
    "data": "data:text/plain,hello",
    "no scheme": "//api.example.com",
    "a token in the open": "http://api.example.com",
    "keys of the cloud": "http://169.254.169.254",
    "keys of the cloud over TLS": "https://169.254.169.254",
    "keys of the cloud as a number": "http://2852039166",
    "keys of the cloud in sixteens": "http://0xa9fea9fe",
    "keys of the cloud in parts": "https://0xa9.0xfe.0xa9.0xfe",
    "keys of the cloud in eights": "https://0251.0376.0251.0376",
    "keys of the cloud in six": "https://[::ffff:169.254.169.254]",
    "keys of the cloud by name": "http://metadata",
    "keys of the cloud by its whole name": "https://metadata.google.internal.",
    "a neighbour by its link": "https://[fe80::1]",
    "nobody": "https://0.0.0.0",
    "everybody": "https://224.0.0.1",
    "this machine in short": "http://127.1",
    "a name and a password": "https://api.example.com:443@evil.example",
    "a password": "https://me:pw@api.example.com",
    "a question": "https://evil.example/?x=",
    "a fragment": "https://evil.example/#",
    "a backslash": "https://evil.example\\@api.example.com",
    "a new line": "https://api.example.com\r\nHost: evil.example",
    "a blank": "https://api.example.com evil",
    "a host of another alphabet": "https://аpi.example.com",
    "a port that is none": "https://api.example.com:99999",
    "nothing": "https://",
}
SERVICES = (metrica_api_service.API, direct_api_service.API, ga4_api_service.API, ga4_api_service.ADMIN, ga4_api_access.OAUTH)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_setting_that_leads_elsewhere_is_refused_before_anything_is_sent(attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: pytest.fail("somebody was looked up"))
    for service in SERVICES:
        monkeypatch.setenv(service.setting, ATTACKS[attack])
        with pytest.raises(MissingSetting) as caught:
            service.base()
        said = " ".join(words("en").problem(caught.value))
        assert service.setting in said
        assert not any(one in said for one in ("pw", "evil", "169", "passwd")), "an address may hold a password: it is not quoted"


@pytest.mark.parametrize("address", [
    "https://api-metrika.yandex.net", "https://gateway.agency.example:8443/metrika", "http://127.0.0.1:8080", "http://localhost:1",
    "http://fake-metrica:8080", "http://[::1]:9", "https://10.0.0.5", "https://xn--80ak6aa92e.com",
])
def test_an_address_of_a_service_is_taken(address: str) -> None:
    assert checked(address, "X") == address


# ------------------------------------------------------------------------------------------------------------- redirects


class Twin(Fake):
    """A service like any other."""

    def answer(self, request: Request) -> Response:
        return as_json({})


@pytest.fixture
def pair() -> Iterator[tuple[Twin, Twin]]:
    with Twin() as here, Twin() as there:
        yield here, there


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("leads", ["{there}/steal", "//127.0.0.1:{port}/steal", "file:///etc/passwd", "/stay", "javascript:alert(1)"])
def test_a_redirect_takes_the_token_nowhere(
    status: int, leads: str, pair: tuple[Twin, Twin], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = pair
    where = leads.format(there=there.address, port=there.address.rpartition(":")[2])
    here.faults.before = lambda request: Response(status, b"", {"Location": where})
    monkeypatch.setenv("TWIN_URL", here.address)
    api = Api("twin", "Twin", "TWIN_URL", "https://twin.example", (Rate(100, 1, "login"),), lambda answer, call: None)
    with pytest.raises(AnswerChanged) as caught:
        Web(tmp_path).json(Call(api, "/moved", secret=Secret("TWIN_TOKEN", TOKEN)))
    assert len(here.requests) == 1 and there.requests == []
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example/x", "evil", ""])
def test_a_path_never_names_another_host(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="slash"):
        _ = Call(metrica_api_service.API, path).address


def test_only_these_files_open_connections() -> None:
    """A new door to the outside has to come by here."""
    libraries = {"requests", "urllib3", "http", "socket", "smtplib", "ftplib", "httpx", "aiohttp", "websockets", "paramiko", "imaplib"}
    found = set()
    for path in ROOT.glob("[!.]*/**/*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("tests/", "benchmarks/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(one.partition(".")[0] in libraries or one.startswith("urllib.request") for one in names):
                found.add(name)
    assert found <= {"connectors/web.py", "connectors/bodies.py", "share/post.py", *ASKING_OURSELVES}


ASKING_OURSELVES = {"commands/health.py"}


# ------------------------------------------------------------------------------------------------------------------ post


SERVERS = (
    "http://smtp.example.com", "file:///etc/passwd", "smtp.example.com:465", "smtps://", "smtps://smtp.example.com:99999",
    "smtps://smtp.example.com:x", "javascript:alert(1)", "smtps://[::1",
)


@pytest.mark.parametrize("address", SERVERS)
def test_a_mail_server_that_is_none_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", address)
    monkeypatch.setenv("SMTP_FROM", "a@example.com")
    with pytest.raises(Problem):
        post.server()


def test_a_password_for_the_post_is_not_told_when_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", f"smtps://user:{TOKEN}@127.0.0.1:1")
    monkeypatch.setenv("SMTP_FROM", "a@example.com")
    server = post.server()
    with pytest.raises(Problem) as caught:
        post.send(post.letter(server.sender, ["b@example.com"], "x", "y", ()), server)
    assert TOKEN not in str(caught.value) and TOKEN not in repr(server)
