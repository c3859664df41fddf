"""A provider of sign-in that asks for no password: it lists its people, and whoever presses a name is that person.

Written from OpenID Connect Core 1.0 and RFC 7636: discovery, authorization code with PKCE, a signed id_token, keys. What a client does
wrong (another redirect, a code used twice, a verifier that does not fit) is refused and noted in `refused`.

    python -m tests.fakes.oidc          the demo agency behind sign-in, with a person of every role (`make demo-locked`)
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.fakes.server import Fake, Request, Response, as_json

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT_ID, CLIENT_SECRET = "vitrina", "not-a-secret-of-anybody"
PEOPLE: Mapping[str, str] = {
    "olga@agency.example": "Olga Owner", "maria@agency.example": "Maria Manager", "sergey@agency.example": "Sergey Specialist",
    "klim@tea.example": "Klim Client", "nobody@elsewhere.example": "Nina Nobody",
}


@dataclass(frozen=True)
class Order:
    """What an authorization request has asked for."""

    redirect: str
    nonce: str
    challenge: str
    email: str


@dataclass
class Oidc(Fake):
    """The provider. `claims` are added to every token, to try odd ones."""

    people: Mapping[str, str] = field(default_factory=lambda: dict(PEOPLE))
    port: int = 0
    claims: dict[str, Any] = field(default_factory=dict)
    age: int = 0
    parallel = 100

    def __post_init__(self) -> None:
        super().__init__(self.port)
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._orders: dict[str, Order] = {}
        self.refused: list[str] = []

    def answer(self, request: Request) -> Response:
        ways = {
            "/.well-known/openid-configuration": self._discovery, "/authorize": self._authorize, "/as": self._as, "/token": self._token,
            "/keys": self._keys, "/leave": self._leave,
        }
        return ways[request.path](request) if request.path in ways else Response(404)

    def secrets(self, app: str = "http://127.0.0.1:{port}") -> str:
        """The section that a dashboard needs to sign people in here."""
        return "\n".join((
            "[auth]", f'redirect_uri = "{app}/oauth2callback"', f'cookie_secret = "{secrets.token_hex(32)}"', f'client_id = "{CLIENT_ID}"',
            f'client_secret = "{CLIENT_SECRET}"', f'server_metadata_url = "{self.address}/.well-known/openid-configuration"', "",
        ))

    def _discovery(self, request: Request) -> Response:
        own = self.address
        return as_json({
            "issuer": own, "authorization_endpoint": f"{own}/authorize", "token_endpoint": f"{own}/token", "jwks_uri": f"{own}/keys",
            "end_session_endpoint": f"{own}/leave", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        })

    def _authorize(self, request: Request) -> Response:
        asked = request.params
        if asked.get("client_id") != CLIENT_ID or not asked.get("redirect_uri", "").endswith("/oauth2callback"):
            return self._refuse("an unknown client or redirect")
        rows = "".join(
            f'<li><a href="/as?{escape(urlencode({**asked, "email": email}))}">{escape(name)} ({escape(email)})</a></li>'
            for email, name in self.people.items()
        )
        page = f"<!doctype html><meta charset=utf-8><title>Sign in</title><h1>Who are you?</h1><ul>{rows}</ul>"
        return Response(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _as(self, request: Request) -> Response:
        asked, code = request.params, secrets.token_urlsafe(16)
        self._orders[code] = Order(asked["redirect_uri"], asked.get("nonce", ""), asked.get("code_challenge", ""), asked["email"])
        return Response(302, b"", {"Location": f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"})

    def _token(self, request: Request) -> Response:
        said = dict(parse_qsl(request.body.decode()))
        order = self._orders.pop(said.get("code", ""), None)
        if order is None or order.redirect != said.get("redirect_uri"):
            return self._refuse("a code that was not given, or is used up")
        if not _known(request, said):
            return self._refuse("a client that does not know its secret")
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != order.challenge:
            return self._refuse("a verifier that does not fit")
        now = int(time.time()) - self.age
        claims = {
            "iss": self.address, "aud": CLIENT_ID, "sub": order.email, "iat": now, "exp": int(time.time()) + 3600, "nonce": order.nonce,
            "email": order.email, "email_verified": True, "name": self.people.get(order.email, ""), **self.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return as_json({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 3600, "id_token": token})

    def _keys(self, request: Request) -> Response:
        return as_json({"keys": [self._key.as_dict(private=False)]})

    def _leave(self, request: Request) -> Response:
        return Response(302, b"", {"Location": request.params.get("post_logout_redirect_uri", "/")})

    def _refuse(self, why: str) -> Response:
        self.refused.append(why)
        return as_json({"error": "invalid_request", "error_description": why}, 400)


def _known(request: Request, said: Mapping[str, str]) -> bool:
    """Whether the caller knows the secret, in the header or in the form."""
    kind, _, basic = request.headers.get("authorization", "").partition(" ")
    pair = base64.b64decode(basic).decode() if kind == "Basic" else f"{said.get('client_id')}:{said.get('client_secret')}"
    return pair == f"{CLIENT_ID}:{CLIENT_SECRET}"


# ------------------------------------------------------------------------------------------------------- the demo behind a lock

ROLES: Sequence[tuple[str, ...]] = (
    ("olga@agency.example", "--role", "owner"),
    ("maria@agency.example", "--role", "manager", "--client", "tea-hedgehog", "--client", "polar-contour"),
    ("sergey@agency.example", "--role", "specialist", "--no-money", "--client", "tea-hedgehog"),
    ("klim@tea.example", "--role", "client", "--client", "tea-hedgehog"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--provider-port", type=int, default=8599)
    chosen = parser.parse_args()
    home = os.environ.get("VITRINA_HOME") or str(ROOT / "data" / "store" / "locked")
    settings = {**os.environ, "VITRINA_HOME": home}
    with Oidc(port=chosen.provider_port) as provider, TemporaryDirectory() as folder:
        secret = Path(folder) / "secrets.toml"
        secret.write_text(provider.secrets(), encoding="utf-8")
        _vitrina(settings, "demo", "--if-empty")
        _add_people(settings)
        _send_a_document(settings, Path(folder))
        print(f"Sign in at http://127.0.0.1:{chosen.port} as one of: {', '.join(PEOPLE)}", flush=True)
        words = ("-m", "streamlit", "run", "dashboard.py", "--server.port", str(chosen.port), "--secrets.files", str(secret))
        code = subprocess.run([sys.executable, *words], cwd=ROOT, env=settings, check=False).returncode
    sys.exit(code)


def _vitrina(settings: Mapping[str, str], *words: str) -> str:
    ours = [sys.executable, "vitrina.py", *words]
    return subprocess.run(ours, cwd=ROOT, env=dict(settings), check=True, stdout=subprocess.PIPE, text=True).stdout


def _add_people(settings: Mapping[str, str]) -> None:
    known = {one["email"] for one in json.loads(_vitrina(settings, "people", "--format", "json"))}
    for email, *words in ROLES:
        if email not in known:
            _vitrina(settings, "people", "add", email, "--name", PEOPLE[email], *words)


def _send_a_document(settings: Mapping[str, str], folder: Path) -> None:
    """Something for the client's reader to read: last month, as it would have been sent."""
    # NB: the home folder is read when the workspace is opened, so not before it is known.
    os.environ.update(VITRINA_HOME=settings["VITRINA_HOME"])
    from data.desk import frozen
    from data.door import workspace

    desk = workspace()
    if frozen.of(desk, "tea-hedgehog"):
        return
    _vitrina(settings, "report", "--client", "tea-hedgehog", "--format", "json", "--lang", "ru", "--out", str(folder), "--force")
    made = json.loads(next(folder.glob("tea-hedgehog_*.json")).read_text(encoding="utf-8"))
    frozen.send(desk, frozen.put(desk, "tea-hedgehog", made), "klim@tea.example", ("html",))


if __name__ == "__main__":
    main()
