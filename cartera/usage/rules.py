"""What a message of a product-analytics client says: pure decisions, after Segment's specification of its calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

MANY = frozenset({"batch", "import", "again"})  # calls that bring several messages, each with its type
COUNTED = frozenset({"track", "page", "screen"})
KINDS = COUNTED | {"identify", "group", "alias"}
CALLS = (*sorted(KINDS), "batch", "import")
MESSAGE_LIMIT = 32 * 1024  # bytes of one message
BODY_LIMIT = 500 * 1024 + 2 * MESSAGE_LIMIT  # the clients count their messages, but not what stands around them
AHEAD = timedelta(hours=1)  # a clock may be so far ahead after correction: it counts as now
LONGEST_AGO = timedelta(days=3653)
LONGEST_ID, LONGEST_NAME = 200, 100
# Mail of these says nothing about where its owner works.
MAILBOXES = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.es",
        "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com",
    }
)  # fmt: skip


class PutAside(Exception):
    """The message cannot be counted; `reason` is one of models.Aside.Reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says.

    user and visitor: userId and anonymousId, of which at least one is there; group: the group it was sent in, or
    that a group call joins; name: what was used, "" for calls that only say who someone is; on: the day it happened
    (UTC); previous: whom an alias call calls the same as the user.
    """

    kind: str
    user: str
    visitor: str
    group: str
    name: str
    on: date
    traits: Mapping[str, Any]
    previous: str = ""


def read(given: Any, *, call: str, received: datetime, sent: datetime | None) -> Message:
    """What *given* says, received by *call* ("batch", "import", or the type itself). Raises PutAside."""
    if not isinstance(given, dict):
        raise PutAside("shape")
    kind = given.get("type") if call in MANY else call
    if kind not in KINDS:
        raise PutAside("kind" if isinstance(kind, str) else "shape")
    context = given.get("context")
    group = given.get("groupId") if kind == "group" else _of(context, "groupId") or given.get("groupId")
    user, visitor = identifier(given.get("userId")), identifier(given.get("anonymousId"))
    if not (user or visitor):
        raise PutAside("nobody")
    return Message(
        kind=kind,
        user=user,
        visitor=visitor,
        group=identifier(group),
        name=named(given, kind) if kind in COUNTED else "",
        on=happened(given, call=call, received=received, sent=sent).date(),
        traits=_traits(given, kind, context),
        previous=identifier(given.get("previousId")) if kind == "alias" else "",
    )


def identifier(given: Any) -> str:
    """An id as text: numbers are ids too; nothing for what is none. Raises PutAside if it is too long to be kept."""
    if given is None or isinstance(given, bool | dict | list):
        return ""
    text = str(given).replace("\x00", "").strip()
    if len(text) > LONGEST_ID:
        raise PutAside("long")
    return text


def named(given: Mapping[str, Any], kind: str) -> str:
    """What was used: the event's name, or the page's. Raises PutAside for a track call without one."""
    name = given.get("event") if kind == "track" else given.get("name") or given.get("category") or kind
    text = " ".join(str(name).replace("\x00", "").split())[:LONGEST_NAME] if isinstance(name, str | int | float) else ""
    if not text:
        raise PutAside("nameless")
    return text


def happened(given: Mapping[str, Any], *, call: str, received: datetime, sent: datetime | None) -> datetime:
    """When it happened by our clock: received − (sentAt − originalTimestamp), as Segment corrects the sender's clock.

    What is imported, or tried again, keeps its own time. Raises PutAside for a time that cannot be, or not be read.
    """
    said = given.get("originalTimestamp") or given.get("timestamp")
    if said is None:
        return received
    at = moment(said)
    own_sent = given.get("sentAt")
    sent = moment(own_sent) if own_sent is not None else sent
    try:
        at = at + (received - sent) if sent is not None and call not in ("import", "again") else at
    except OverflowError:
        raise PutAside("time") from None
    if at > received:
        if at > received + AHEAD:
            raise PutAside("future")
        return received
    if at < received - LONGEST_AGO:
        raise PutAside("old")
    return at


def moment(given: Any) -> datetime:
    """A moment as ISO 8601 writes it, in UTC unless it says otherwise. Raises PutAside when it is none."""
    try:
        at = datetime.fromisoformat(given)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise PutAside("time") from None


def sent_at(body: Any) -> datetime | None:
    """When a batch was sent by the sender's clock, if it says so readably."""
    try:
        return moment(body["sentAt"])
    except (PutAside, KeyError, TypeError):
        return None


def domain_of(text: Any) -> str:
    """The domain in a web address, a mail address or a domain: "acme.example" of "https://www.acme.example/x"."""
    if not isinstance(text, str):
        return ""
    host = text.strip().lower().rpartition("@")[2].partition("://")
    name = (host[2] or host[0]).partition("/")[0].partition(":")[0].removeprefix("www.")
    return name if "." in name and " " not in name and len(name) <= 120 else ""


def own_domain(email: str) -> str:
    """The domain of the company that a mail address belongs to; nothing for public mailboxes."""
    domain = domain_of(email) if "@" in email else ""
    return "" if domain in MAILBOXES else domain


def text_of(traits: Mapping[str, Any], *names: str, longest: int) -> str:
    """The first of the traits *names* that is a text."""
    for name in names:
        value = traits.get(name)
        if isinstance(value, str) and value.strip():
            return value.replace("\x00", "").strip()[:longest]
    return ""


def seats_of(traits: Mapping[str, Any]) -> int | None:
    """The number of seats that a group's traits tell (`seats`); None for none, or for what is no number of them."""
    value = traits.get("seats")
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 8:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000_000 else None


def _of(given: Any, name: str) -> Any:
    return given.get(name) if isinstance(given, dict) else None


def _traits(given: Mapping[str, Any], kind: str, context: Any) -> Mapping[str, Any]:
    traits = given.get("traits") if kind in ("identify", "group") else _of(context, "traits")
    return traits if isinstance(traits, dict) else {}
