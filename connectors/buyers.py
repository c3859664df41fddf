"""Who bought, without knowing who: a phone, an e-mail or a name becomes a hash that is the same in every file.

The hash is keyed with a secret of the client: with other clients the same person has another one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

SALT = "salt"
"""The name under which a reader finds the client's secret among its answers."""


def visitor(text: str) -> int | None:
    """A client id of Metrica; None where the text is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,20}", text) and int(text) < 2**64 else None


def customer(text: Mapping[str, str], salt: str = "") -> str:
    """Who bought: the shop's own id, else a phone or an e-mail as a hash, else a name as a hash, else the browser, else nobody known."""
    own = text["client_key"] or ("" if _is_name(text["customer"]) else text["customer"])
    if own:
        return _unnamed(own, salt)
    digests = (first(text["phone_md5"]), first(text["email_md5"]))
    person = next(filter(None, (_phone(text["phone"]), _email(text["email"]), *digests, text["customer"])), "")
    return hashed(person, salt) if person else first(text["client"]) or nobody(text["order_id"])


def _is_name(customer: str) -> bool:
    """Words are a name. One word with a digit in it is an id."""
    return not ("@" in customer or _holds_phone(customer) or re.fullmatch(r"[\w#./:-]*\d[\w#./:-]*", customer))


def _holds_phone(text: str) -> bool:
    return bool(re.search(r"(?<!\d)\d{10,15}(?!\d)", re.sub(r"(?<=\d)[\s().-]+(?=\d)", "", text)))


def _unnamed(key: str, salt: str) -> str:
    """A shop's own id of a customer as it is, unless a phone or an e-mail serves as one."""
    if "@" in key:
        return hashed(_email(key) or key, salt)
    return hashed(_phone(key) or key, salt) if _holds_phone(key) else key


def nobody(order_id: str) -> str:
    return f"order {order_id}"


def hashed(value: str, salt: str = "") -> str:
    """A person's phone, e-mail or name as the store may keep it: HMAC-SHA-256, first 16 hex digits, case and spaces aside."""
    return hmac.new(salt.encode(), " ".join(value.lower().split()).encode(), hashlib.sha256).hexdigest()[:16]


def first(several: str) -> str:
    """The first of several values in one cell."""
    return next((one.strip() for one in re.split(r"[,;\n]", several) if one.strip()), "")


def _phone(several: str) -> str:
    """Digits with the country's code: `8 (900) 123-45-67` and `900 1234567` are Russian. Empty where there is no phone."""
    digits = re.sub(r"\D", "", first(several))
    if len(digits) == 11 and digits[0] == "8":
        return "7" + digits[1:]
    if len(digits) == 10 and digits[0] == "9":
        return "7" + digits
    return digits if 7 <= len(digits) <= 15 else ""


def _email(several: str) -> str:
    address = first(several).lower()
    return address if "@" in address else ""
