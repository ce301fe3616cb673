"""From the journal's frames to what is to be counted: messages read, doubles left out, days added up. No database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson

from cartera.usage import rules, seen
from cartera.usage.journal import Frame
from cartera.usage.rules import Message, PutAside

type Who = tuple[bool, str]  # whether anonymous, and the id


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that cannot be counted, as it is kept."""

    reason: str
    key_id: int
    received: datetime
    text: str


@dataclass
class Gathered:
    """What some frames say.

    days: how often (who, group, feature, day, whether imported) happened; people, groups: the traits told of them,
    later ones over earlier; member_of: the group that a user joined last; seen_in: one in which they did something;
    same: which visitor turned out to be which user; digests: of the messages that are counted, sorted; hours: (hour,
    key) -> what came in.
    """

    days: Counter[tuple[Who, str, str, date, bool]] = field(default_factory=Counter)
    people: dict[Who, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    member_of: dict[Who, str] = field(default_factory=dict)
    seen_in: dict[Who, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    aside: list[Rejected] = field(default_factory=list)
    hours: dict[tuple[datetime, int], Counter[str]] = field(default_factory=dict)
    digests: seen.Digests = field(default_factory=lambda: np.zeros(0, np.uint64))
    events: int = 0
    twice: int = 0


@dataclass(frozen=True, slots=True)
class _Given:
    """A message as it came."""

    frame: Frame
    message: Any
    sent: datetime | None


def gather(frames: Iterable[Frame], *, last_fold: int) -> Gathered:
    """Read *frames*; messages that came before (in them, or by *last_fold*) are left out."""
    given = [one for frame in frames for one in _messages(frame)]
    found = Gathered()
    fresh, found.digests = _fresh(given, last_fold)
    told: set[int] = set()
    for place, one in enumerate(given):
        hour = found.hours.setdefault((_hour(one.frame.received), one.frame.key_id), Counter())
        if not fresh[place]:
            hour["twice"] += 1
            continue
        try:
            _take(found, one)
            hour["events"] += 1
        except PutAside as why:
            hour["aside"] += 1
            found.aside.append(_rejected(one, why.reason))
            told.add(place)
    found.twice = sum(hour["twice"] for hour in found.hours.values())
    found.events = sum(hour["events"] for hour in found.hours.values())
    # What was put aside may be sent again, or be tried again after it was mended.
    found.digests = np.unique(np.array([_digest(one) for place, one in enumerate(given) if fresh[place]
                                        and place not in told and _id_of(one)], np.uint64))  # fmt: skip
    return found


def _messages(frame: Frame) -> Iterator[_Given]:
    body = orjson.loads(frame.body)
    if frame.call not in rules.MANY:
        yield _Given(frame, body, None)
        return
    sent = rules.sent_at(body)
    for message in body["batch"]:
        yield _Given(frame, message, sent)


def _id_of(one: _Given) -> str:
    found = one.message.get("messageId") if isinstance(one.message, dict) else None
    return found if isinstance(found, str) else ""


def _digest(one: _Given) -> int:
    return seen.digest(_id_of(one))


def _fresh(given: list[_Given], last_fold: int) -> tuple[np.ndarray, seen.Digests]:
    """Which messages are the first with their id; a message without one counts each time it comes."""
    named = np.array([bool(_id_of(one)) for one in given], bool)
    digests = np.array([_digest(one) for one in given if _id_of(one)], np.uint64)
    ids, first = np.unique(digests, return_index=True)
    is_first = np.zeros(len(digests), bool)
    is_first[first[seen.unseen(ids, last_fold)]] = True
    fresh = np.ones(len(given), bool)
    fresh[named] = is_first
    return fresh, ids


def _take(found: Gathered, one: _Given) -> None:
    if isinstance(one.message, dict) and len(one.frame.body) > rules.MESSAGE_LIMIT < len(orjson.dumps(one.message)):
        raise PutAside("large")
    message = rules.read(one.message, call=one.frame.call, received=one.frame.received, sent=one.sent)
    who = (False, message.user) if message.user else (True, message.visitor)
    found.people.setdefault(who, {})
    if message.kind == "group":
        _join(found, who, message)
    elif message.kind == "identify":
        found.people[who].update(message.traits)
    elif message.traits:
        found.people[who] = {**message.traits, **found.people[who]}
    if message.user and (visitor := message.previous or message.visitor):
        found.same[visitor] = message.user
    if message.group:
        found.groups.setdefault(message.group, {})
        found.seen_in.setdefault(who, message.group)
    if message.name:
        imported = one.frame.call == "import"
        found.days[who, message.group, message.name, message.on, imported] += 1


def _join(found: Gathered, who: Who, message: Message) -> None:
    if not message.group:
        raise PutAside("shape")
    found.member_of[who] = message.group
    found.groups.setdefault(message.group, {}).update(message.traits)


def _rejected(one: _Given, reason: str) -> Rejected:
    """The message as it is kept: with its type, and as long as it may be."""
    call = one.frame.call
    message = one.message if call in rules.MANY or not isinstance(one.message, dict) else {**one.message, "type": call}
    text = orjson.dumps(message).decode()[: rules.MESSAGE_LIMIT]
    return Rejected(reason, one.frame.key_id, one.frame.received, text)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def told(traits: Mapping[str, Any]) -> dict[str, str]:
    """What of *traits* is kept of a user or a group: name, mail address, web domain."""
    whole = rules.text_of(traits, "name", "company", longest=200)
    parts = " ".join(filter(None, (rules.text_of(traits, name, longest=90) for name in ("firstName", "lastName"))))
    domain = rules.domain_of(rules.text_of(traits, "domain", "website", longest=400))
    return {"name": whole or parts, "email": rules.text_of(traits, "email", longest=254), "domain": domain}
