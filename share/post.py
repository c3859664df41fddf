"""E-mail by the agency's own server: `SMTP_URL`, or `SMTP_HOST`, `SMTP_PORT`, `SMTP_USER` and `SMTP_PASSWORD`; the sender is `SMTP_FROM`.

They stand in the environment or in the file of secrets. The password goes to the server over TLS and nowhere else.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from data.errors import MissingSetting, Problem
from data.secret import Secret, stated

PATIENCE = 30.0
"""Unit: seconds that one step of the server may take."""
MOST = 20 * 1024 * 1024
"""Unit: bytes of attachments; most servers refuse more."""
_AT_ONCE, _LATER = 465, 587
_FIX = "Set SMTP_URL=smtps://user:password@smtp.example.com:465 and SMTP_FROM in the environment or in .streamlit/secrets.toml."


@dataclass(frozen=True)
class Attachment:
    """A file of a letter. `mime` is like `application/pdf`."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Server:
    """Where letters are handed in. `at_once`: TLS from the first byte, otherwise after a greeting."""

    host: str
    port: int
    user: str
    password: Secret
    sender: str
    at_once: bool

    @property
    def here(self) -> bool:
        """Whether it is on this very machine, where nobody listens in between."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def server() -> Server:
    """The agency's server. Raises MissingSetting, and Problem for settings that cannot be read."""
    url = _text("SMTP_URL")
    found = _from_url(url) if url else _from_parts()
    if not found.sender or "@" not in found.sender:
        raise MissingSetting("There is no {setting}.", "the environment, or .streamlit/secrets.toml", _FIX, setting="SMTP_FROM")
    return found


def ready() -> bool:
    """Whether anything is set at all."""
    return bool(_text("SMTP_URL") or _text("SMTP_HOST"))


def letter(sender: str, recipients: Sequence[str], subject: str, text: str, attachments: Sequence[Attachment]) -> EmailMessage:
    """A letter. Raises Problem where its files are too large for the post."""
    if sum(len(one.content) for one in attachments) > MOST:
        raise Problem("The files are larger than {most} MB together.", subject, "Send fewer formats.", most=MOST // 1024 // 1024)
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ", ".join(recipients), _line(subject)
    made["Date"], made["Message-ID"] = formatdate(localtime=False), make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    for one in attachments:
        kind, _, more = one.mime.partition("/")
        made.add_attachment(one.content, maintype=kind, subtype=more.partition(";")[0], filename=one.name)
    return made


def _line(text: str) -> str:
    """One line that says what the text says.

    NB: the library unpacks a word that looks packed (`=?utf-8?q?=0A…?=`) and writes what was inside as it stands, new lines and further
    headers included.
    """
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.replace("=?", "= ?").split())


def send(made: EmailMessage, where: Server) -> tuple[str, ...]:
    """Hand a letter in. Returns the addresses that the server refused while it took others. Raises Problem where it takes it for nobody."""
    try:
        with _talk(where) as talk:
            refused = talk.send_message(made)
    except (smtplib.SMTPException, OSError) as error:
        reason = where.password.mask(" ".join(str(error).split()))[:200]
        raise Problem(
            "The mail server did not take the letter: {reason}", "{host}", "Check SMTP_URL and SMTP_FROM, then press Send again.",
            reason=reason, host=where.host,
        ) from None
    return tuple(refused)


@contextmanager
def _talk(where: Server) -> Iterator[smtplib.SMTP]:
    """NB: without TLS nothing is said to another machine, whatever that server offers."""
    secure = ssl.create_default_context()
    if where.at_once:
        with smtplib.SMTP_SSL(where.host, where.port, timeout=PATIENCE, context=secure) as talk:
            yield _known(talk, where)
        return
    with smtplib.SMTP(where.host, where.port, timeout=PATIENCE) as talk:
        talk.ehlo()
        if not where.here or talk.has_extn("starttls"):
            talk.starttls(context=secure)
            talk.ehlo()
        yield _known(talk, where)


def _known(talk: smtplib.SMTP, where: Server) -> smtplib.SMTP:
    if where.user:
        talk.login(where.user, where.password.reveal())
    return talk


def _from_url(url: str) -> Server:
    try:
        said = urlsplit(url)
        port = said.port
    except ValueError:
        said, port = urlsplit(""), None
    if said.scheme not in ("smtp", "smtps") or not said.hostname:
        raise Problem("SMTP_URL cannot be read.", "SMTP_URL", _FIX)
    at_once = said.scheme == "smtps"
    user = unquote(said.username or "")
    password = Secret("SMTP_URL", unquote(said.password or ""))
    return Server(said.hostname, port or (_AT_ONCE if at_once else _LATER), user, password, _text("SMTP_FROM") or user, at_once)


def _from_parts() -> Server:
    host, port = _text("SMTP_HOST"), _text("SMTP_PORT") or str(_AT_ONCE)
    if not host:
        raise MissingSetting("There is no {setting}.", "the environment, or .streamlit/secrets.toml", _FIX, setting="SMTP_URL")
    if not port.isdecimal():
        raise Problem("SMTP_PORT is not a number.", "SMTP_PORT", _FIX)
    user, password = _text("SMTP_USER"), Secret("SMTP_PASSWORD", _text("SMTP_PASSWORD"))
    return Server(host, int(port), user, password, _text("SMTP_FROM") or user, int(port) == _AT_ONCE)


def _text(name: str) -> str:
    found = stated(name)
    return found.strip() if isinstance(found, str) else ""
