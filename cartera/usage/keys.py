"""Which write keys are good. A process remembers for a moment what it asked the database."""

import secrets
import time
from hashlib import sha256

from cartera.usage.models import WriteKey

REMEMBERED = 10.0  # seconds after which a key that was revoked is refused by every process
PREFIX = "cw_"
_known: dict[str, tuple[int, float]] = {}


def new() -> str:
    """A key that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(24)


def digest(key: str) -> str:
    """What is kept of a key. It is long and random, so a plain hash cannot be guessed backwards."""
    return sha256(key.encode()).hexdigest()


def known(key: str) -> int | None:
    """The id of the write key, or None if it is not one or was revoked."""
    looks = digest(key)
    found = _known.get(looks)
    if found and found[1] > time.monotonic():
        return found[0]
    pk = WriteKey.objects.filter(digest=looks, revoked_at=None).values_list("pk", flat=True).first() if key else None
    if pk is None:
        _known.pop(looks, None)
        return None
    _known[looks] = (pk, time.monotonic() + REMEMBERED)
    return pk


def forget() -> None:
    """Ask the database again about every key: one was revoked."""
    _known.clear()
