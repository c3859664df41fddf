"""The server's edge: who may speak to it, what it says about itself, what every answer tells the browser."""

from __future__ import annotations

import base64
import http.client
import os
import re
import socket
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from server import careful
from tests import browser

ROOT = Path(__file__).parents[2]
FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n--x--\r\n'
WEBSOCKET = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Protocol": "streamlit",
    "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
}
pytestmark = pytest.mark.promise("R30")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The dashboard over an empty home folder."""
    with browser.app(tmp_path_factory.mktemp("home") / "vitrina") as address:
        yield urlsplit(address).port or 0


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    said = {name.lower(): value for name, value in answer.getheaders()}
    found = Answer(answer.status, said, b"" if answer.status == 101 else answer.read())
    connection.close()
    return found


# ------------------------------------------------------------------------------------------------------------ who may speak


ORIGINS = {
    "another site": "http://evil.example",
    "another site over TLS": "https://evil.example",
    "a file on a disk": "null",
    "a name that begins like ours": "http://127.0.0.1.evil.example",
    "a name that ends like ours": "http://evil-localhost.example",
    "ours as a password": "http://127.0.0.1@evil.example",
    "an extension": "chrome-extension://abcdefghijklmnop",
    "nonsense": "://",
}


@pytest.mark.parametrize("attack", ORIGINS)
def test_a_page_of_another_site_gets_no_session(attack: str, port: int) -> None:
    assert ask(port, "/_stcore/stream", **WEBSOCKET, Origin=ORIGINS[attack]).status == 403
    assert ask(port, "/_stcore/stream", **WEBSOCKET, Origin=f"http://127.0.0.1:{port}").status == 101


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "a@127.0.0.1"])
def test_a_name_that_was_bent_to_this_machine_gets_no_session(host: str, port: int) -> None:
    """DNS rebinding: evil.example answers with 127.0.0.1, so its page and we are one origin to the browser. The host tells."""
    assert ask(port, "/_stcore/stream", **WEBSOCKET, Host=host, Origin=f"http://{host}").status == 403


UPLOADS = {
    "without a token": {},
    "with a token of one's own": {"X-Xsrftoken": "abc"},
    "with a token and no cookie": {"X-Xsrftoken": "2|fc107b37|0526766af9654b722ab01e1323a2879f|1795469663"},
    "with two that differ": {"X-Xsrftoken": "abc", "Cookie": "_streamlit_xsrf=abd"},
    "with a cookie alone": {"Cookie": "_streamlit_xsrf=2|fc107b37|0526766af9654b722ab01e1323a2879f|1795469663"},
}


@pytest.mark.parametrize("attack", UPLOADS)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_upload_without_the_pages_own_token_is_refused(attack: str, method: str, port: int) -> None:
    answer = ask(
        port, "/_stcore/upload_file/session/file", method, FORM, **{"Content-Type": "multipart/form-data; boundary=x", **UPLOADS[attack]}
    )
    assert answer.status == 403 and silent(answer)


def test_an_upload_into_a_session_that_is_not_there_is_refused(port: int) -> None:
    """With a token that fits, but for nobody: nothing is kept."""
    cookie = ask(port, "/_stcore/health").headers["set-cookie"].split(";")[0]
    answer = ask(
        port, "/_stcore/upload_file/nobody/..", "PUT", FORM, **{"Content-Type": "multipart/form-data; boundary=x", "Cookie": cookie,
                                                               "X-Xsrftoken": cookie.partition("=")[2]},
    )
    assert 400 <= answer.status < 500 and silent(answer)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "JEFF"])
def test_a_method_that_nothing_answers_is_refused(method: str, port: int) -> None:
    answer = ask(port, "/", method)
    assert answer.status in (400, 404, 405) and silent(answer)


def test_another_site_is_not_told_that_it_may_read(port: int) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/share/x"):
        allowed = ask(port, path, Origin="http://evil.example").headers.get("access-control-allow-origin", "")
        assert allowed not in ("*", "http://evil.example", "null")


# -------------------------------------------------------------------------------------------------------- what is told


PATHS = {
    "a climb": "/static/../../../../etc/passwd",
    "a climb in disguise": "/static/..%2f..%2f..%2fetc/passwd",
    "a climb in double disguise": "/static/%252e%252e/%252e%252e/etc/passwd",
    "a climb of Windows": "/static/..%5c..%5cboot.ini",
    "a climb among media": "/media/../../workspace.sqlite",
    "a climb among components": "/component/vitrina_grid/../../../etc/passwd",
    "a climb among uploads": "/_stcore/upload_file/../../etc",
    "a climb among links": "/share/../workspace.sqlite",
    "an absolute path": "/static//etc/passwd",
    "a server of a neighbour": "//evil.example/x",
    "a zero byte": "/static/index%00.html",
    "half a letter": "/%c0%ae%c0%ae/etc/passwd",
    "the workspace": "/workspace.sqlite",
    "a client's store": "/clients/shop/current",
    "secrets": "/.streamlit/secrets.toml",
    "the source": "/dashboard.py",
    "git": "/.git/config",
    "a door for makers": "/_stcore/agent/openapi.json",
    "a script to be run": "/_stcore/script-health-check",
    "a very long path": "/" + "a" * 60_000,
    "a very long question": "/?" + "a=1&" * 10_000,
    "metrics for whoever comes by a proxy": "/_stcore/metrics",
}
_TELLS = re.compile(
    rb"root:|SQLite format|client_id|\[auth\]|Traceback|File \"/|site-packages|streamlit/\d|starlette/\d|uvicorn/\d|Python/\d|duckdb|"
    + re.escape(str(ROOT).encode())
)


def silent(answer: Answer) -> bool:
    """Whether an answer says nothing of versions, paths and what is inside."""
    said = b"\n".join(f"{name}: {value}".encode() for name, value in answer.headers.items()) + b"\n" + answer.body
    return not _TELLS.search(said) and not re.search(r"\d+\.\d+", answer.headers.get("server", ""))


@pytest.mark.parametrize("attack", PATHS)
def test_a_path_that_leads_out_leads_nowhere(attack: str, port: int) -> None:
    answer = ask(port, PATHS[attack], X_Forwarded_For="203.0.113.7")
    shell = b'<div id="root">' in answer.body
    assert silent(answer) and (answer.status in (400, 403, 404, 414, 431) or (answer.status == 200 and shell))


RAW = {
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00",
    "two lengths": b"POST /share/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\nabcd",
    "a length and pieces": b"POST /share/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
    "a length below nothing": b"POST /share/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "a header of a megabyte": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"b" * 1_000_000 + b"\r\n\r\n",
    "a header in a header": b"GET /share/x HTTP/1.1\r\nHost: a\r\nX-A: b\nSet-Cookie: c=d\r\n\r\n",
    "a body of another size": b"POST /share/x HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nContent-Length: 99999999\r\n\r\n" + b"a" * 70_000,
}


@pytest.mark.parametrize("attack", RAW)
def test_bytes_that_are_no_request_are_refused_and_the_server_goes_on(attack: str, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        try:
            line.sendall(RAW[attack])
            line.shutdown(socket.SHUT_WR)
            said = line.recv(65_536)
        except OSError:  # it has hung up before it had read everything, which is its right
            said = b""
    assert not said or re.match(rb"HTTP/1\.1 4\d\d", said)
    assert not _TELLS.search(said)
    assert ask(port, "/_stcore/health").body == b"ok"


# ------------------------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("path", [
    "/", "/week", "/nonsense", "/_stcore/health", "/_stcore/host-config", "/share", "/share/x", "/favicon.png", "/static/none.js",
    "/media/none", "/health/live", "/static/../x",
])
def test_every_answer_tells_the_browser_what_it_may_do(path: str, port: int) -> None:
    headers = ask(port, path).headers
    policy = dict(one.split(" ", 1) for one in headers["content-security-policy"].split("; "))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] in ("SAMEORIGIN", "DENY"), "a frame of another site is refused"
    assert policy["frame-ancestors"] in ("'self'", "'none'")
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert headers["cross-origin-opener-policy"] == "same-origin" and "camera=()" in headers["permissions-policy"]
    assert "unsafe-inline" not in policy.get("script-src", "") and "unsafe-eval" not in policy.get("script-src", "")
    assert policy.get("object-src", policy["default-src"]) == "'none'"
    assert all("http" not in rule and "*" not in rule for rule in policy.values()), "no other host may be asked"


def test_the_policy_names_the_scripts_that_the_framework_starts(port: int) -> None:
    page = ask(port, "/").body
    scripts = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    assert scripts and all(careful.named(script) in ask(port, "/").headers["content-security-policy"] for script in scripts)


def test_the_switches_that_protect_are_on() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["showErrorDetails"] == "none" and config["client"]["showErrorLinks"] is False
    server = config["server"]
    assert server["enableXsrfProtection"] is server["enableCORS"] is True
    assert server["enableAgentApi"] is server["runOnSave"] is config["runner"]["magicEnabled"] is False
    assert server["address"] == "127.0.0.1" and server["maxUploadSize"] <= 300 and server["maxMessageSize"] <= 50
    assert config["browser"]["gatherUsageStats"] is False


@pytest.mark.browser
@pytest.mark.skipif(
    browser.chromium() is None and os.environ.get("VITRINA_BROWSER") != "required",
    reason="there is no Chromium here; .ci/chromium installs it, and VITRINA_BROWSER=required makes this a failure",
)
def test_a_page_of_another_site_cannot_frame_us(port: int, tmp_path: Path) -> None:
    trap = tmp_path / "trap.html"
    trap.write_text(f'<iframe src="http://127.0.0.1:{port}/" width="900" height="600"></iframe>', encoding="utf-8")
    with browser.browser() as chromium:
        page = browser.open_page(chromium)
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text))
        page.goto(trap.as_uri())
        page.wait_for_timeout(500)
        assert page.frames[1].locator("[data-testid=stApp]").count() == 0
        page.context.close()
    assert any("frame" in one.lower() for one in said), said
