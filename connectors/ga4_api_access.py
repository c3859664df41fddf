"""Who asks Google Analytics: a service account, or a person's refresh token; either is turned into an access token of an hour.

`GA4_CREDENTIALS` holds the JSON that Google gives out (or the path of its file, or a table of secrets.toml): `"type":
"service_account"` with a private key, or `"type": "authorized_user"` with client_id, client_secret and refresh_token.

Source: developers.google.com/identity, OAuth 2.0 for server to server applications; RFC 7523 and RFC 6749 section 5.2.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from google.auth import crypt, jwt
from google.auth.exceptions import GoogleAuthError

from connectors.ga4_api_service import CREDENTIALS, GET_CREDENTIALS
from connectors.live import Answers
from connectors.pace import Rate
from connectors.refusals import WHERE, BadRequest, ExpiredToken, WrongToken
from connectors.shape import Shape
from connectors.web import Again, Answer, Api, Call, Web
from data.errors import MissingSetting, Problem
from data.secret import Secret, stated

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""What the assertion is for, also where the request goes through another address."""
NEEDED = {"service_account": ("client_email", "private_key"), "authorized_user": ("client_id", "client_secret", "refresh_token")}
_LIFE, _SPARE = 3600, 300
"""Unit: seconds that an assertion lives, and before which an access token is renewed."""
_PLACE = "the environment, or .streamlit/secrets.toml"
_AGAIN = "Sign in again with the Google account, or make a new key, and put it into {setting}."


@dataclass(frozen=True)
class Credentials:
    """What stands under a setting. `kind` is service_account or authorized_user."""

    name: str
    kind: str
    held: Mapping[str, str] = field(repr=False)

    @property
    def mark(self) -> str:
        """Tells one from another, and does not lead back to it."""
        return hashlib.sha256(json.dumps(dict(self.held), sort_keys=True).encode()).hexdigest()[:12]


def credentials(answers: Answers) -> Credentials:
    """Those of `GA4_CREDENTIALS`, or of the setting that was named when the property was connected. Raises MissingSetting."""
    name = answers.get("token") or CREDENTIALS
    found = stated(name)
    if not found:
        raise MissingSetting("There is no {setting}.", _PLACE, GET_CREDENTIALS, setting=name)
    held = found if isinstance(found, Mapping) else _parsed(name, found.strip())
    kind = str(held.get("type", ""))
    if kind not in NEEDED or not all(isinstance(held.get(one), str) and held[one] for one in NEEDED[kind]):
        raise MissingSetting(
            "{setting} does not hold the credentials of a service account or of a Google login.", _PLACE, GET_CREDENTIALS, setting=name
        )
    return Credentials(name, kind, {one: str(held[one]) for one in NEEDED[kind]})


def _parsed(name: str, text: str) -> Mapping[str, Any]:
    """NB: errors of the parser are not chained: they would quote the key."""
    try:
        written = text if text.startswith("{") else Path(text).expanduser().read_text(encoding="utf-8")
        found = json.loads(written)
    except OSError:
        raise MissingSetting("The file that {setting} names cannot be read.", _PLACE, GET_CREDENTIALS, setting=name) from None
    except ValueError:
        raise MissingSetting("{setting} is not JSON.", _PLACE, GET_CREDENTIALS, setting=name) from None
    return found if isinstance(found, dict) else {}


# ---------------------------------------------------------------------------------------------------------- access tokens


@dataclass(frozen=True)
class _Granted:
    token: Secret
    until: float


_GRANTED: WeakKeyDictionary[Web, dict[str, _Granted]] = WeakKeyDictionary()


def ask(web: Web, who: Credentials, call: Call) -> Any:
    """The document of a call, asked with an access token; one that is no longer accepted is renewed once."""
    signed = _signed(web, who, call)
    try:
        return web.json(signed)
    except WrongToken:
        _GRANTED.get(web, {}).pop(who.mark, None)
        return web.json(_signed(web, who, call))


def _signed(web: Web, who: Credentials, call: Call) -> Call:
    return replace(call, secret=_token(web, who), scheme="Bearer", login=who.mark)


def _token(web: Web, who: Credentials) -> Secret:
    granted, now = _GRANTED.setdefault(web, {}), web.clock.now()
    if who.mark not in granted or granted[who.mark].until < now:
        granted[who.mark] = _grant(web, who, now)
    return granted[who.mark].token


def _grant(web: Web, who: Credentials, now: float) -> _Granted:
    form = _assertion(who, now) if who.kind == "service_account" else {"grant_type": "refresh_token", **who.held}
    call = Call(OAUTH, "/token", form=form, method="POST", account=who.name, secret=None, login=who.mark)
    answer = Shape(web.json(call), OAUTH.title, who.name)
    return _Granted(Secret(who.name, answer.text("access_token")), now + answer.whole("expires_in") - _SPARE)


def _assertion(who: Credentials, now: float) -> Mapping[str, str]:
    """What a service account says to be given a token: a note signed with its key."""
    try:
        signer = crypt.RSASigner.from_string(who.held["private_key"])  # type: ignore[no-untyped-call]
    except (ValueError, GoogleAuthError):
        raise MissingSetting("The private key in {setting} is damaged.", _PLACE, GET_CREDENTIALS, setting=who.name) from None
    claims = {"iss": who.held["client_email"], "scope": SCOPE, "aud": AUDIENCE, "iat": int(now), "exp": int(now) + _LIFE}
    signed = jwt.encode(signer, claims)  # type: ignore[no-untyped-call]
    return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed.decode()}


def _judge(answer: Answer, call: Call) -> Again | Problem | None:
    """Refusals of the token service. NB: only its two documented fields are quoted, so that nothing that was sent comes back."""
    if answer.status >= 500:
        return None
    document = answer.document()
    found = document if isinstance(document, dict) else {}
    kind, text = str(found.get("error", "")), str(found.get("error_description", ""))[:200]
    facts = {**call.facts, "setting": call.account, "said": f"{kind} {text}".strip() or f"{answer.status}"}
    if "iat" in text or "timeframe" in text:
        return WrongToken(
            "Google does not accept the key in {setting}, because this computer's clock is wrong: {said}", WHERE,
            "Set the computer's clock, then pull again.", **facts,
        )
    if kind == "invalid_grant" and "expired or revoked" in text.lower():
        return ExpiredToken("The sign-in in {setting} has expired or was withdrawn.", WHERE, _AGAIN, **facts)
    if kind in ("invalid_grant", "invalid_client", "unauthorized_client") or answer.status in (401, 403):
        return WrongToken("Google does not accept what stands in {setting}: {said}", WHERE, _AGAIN, **facts)
    return BadRequest(
        "{service} does not take the request: {said}", WHERE, "Nothing of it was loaded. Update Vitrina, or report this text.", **facts
    )


OAUTH = Api(
    "google_oauth", "Google sign-in", "GOOGLE_OAUTH_URL", "https://oauth2.googleapis.com", (Rate(5, 1, "login"),), _judge, parallel=1,
    tries=4,
)
