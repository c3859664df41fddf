"""A client's secret for hashing, sealed with a pass phrase before it leaves the house in a backup.

With the secret and the hashes somebody could try all telephone numbers there are, so the two should not travel together in the open.
The pass phrase becomes as many bytes as the secret has, by scrypt over random bytes that are drawn anew each time, and these are laid
over it; 32 more bytes sign it, so that a wrong pass phrase is told from a right one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets

from data.errors import Problem
from data.secret import Secret

_COST = {"n": 2**15, "r": 8, "p": 1}
_MEMORY = 64 * 1024 * 1024
_MARK = 32


def sealed(secret: str, key: Secret) -> str:
    """The secret as text that tells nothing without the pass phrase."""
    drawn, plain = secrets.token_bytes(32), secret.encode("ascii")
    pad, signing = _pads(key, drawn, len(plain))
    laid = bytes(one ^ other for one, other in zip(plain, pad, strict=True))
    return json.dumps({"drawn": drawn.hex(), "sealed": laid.hex(), "mark": _signed(signing, drawn, laid)})


def opened(text: str, key: Secret) -> str:
    """The secret again. Raises Problem for another pass phrase, or a text that was written into."""
    try:
        said = json.loads(text)
        drawn, laid, mark = bytes.fromhex(said["drawn"]), bytes.fromhex(said["sealed"]), str(said["mark"])
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("The sealed secret is damaged.", "salt", "Restore from another backup.") from error
    pad, signing = _pads(key, drawn, len(laid))
    if not hmac.compare_digest(_signed(signing, drawn, laid), mark):
        raise Problem(
            "The pass phrase does not open this backup.", "VITRINA_BACKUP_KEY", "Set the one that was set when the backup was taken."
        )
    return bytes(one ^ other for one, other in zip(laid, pad, strict=True)).decode("ascii")


def _pads(key: Secret, drawn: bytes, length: int) -> tuple[bytes, bytes]:
    made = hashlib.scrypt(key.reveal().encode(), salt=drawn, maxmem=_MEMORY, dklen=length + _MARK, **_COST)
    return made[:length], made[length:]


def _signed(signing: bytes, drawn: bytes, laid: bytes) -> str:
    return hmac.new(signing, drawn + laid, hashlib.sha256).hexdigest()
