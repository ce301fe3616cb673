"""What a member's day holds: the reasons that all apps offer for their accounts, ranked and fitted into their hours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from urllib.parse import urlencode

import numpy as np
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from cartera.accounts.models import Account, AccountQuerySet, Contact
from cartera.accounts.offers import Candidate
from cartera.contracts.figures import RateTable
from cartera.day import rules
from cartera.day.models import Dismissal
from cartera.engine import ranking
from cartera.kit import clock
from cartera.kit.features import offers
from cartera.team.models import Absence, Member

SHOWN = 20  # lines; the others are counted until they are asked for


@dataclass(frozen=True)
class Line:
    """One account on the plan: the reason that ranks first, what else there is about it, and what is at stake.

    `money` and `expected` (money × probability) are in the plan's currency, None where unknown.
    """

    account_id: int
    main: Candidate
    also: tuple[Candidate, ...]
    money: Decimal | None
    expected: Decimal | None
    account: Account | None = None
    contact: Contact | None = None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return (self.main, *self.also)

    @property
    def keys(self) -> str:
        return ",".join(candidate.key for candidate in self.candidates)

    @property
    def query(self) -> str:
        """What the forms of its decisions begin with."""
        return urlencode({"keys": self.keys, "minutes": self.minutes, "subject": self.main.title})

    @property
    def keys_query(self) -> str:
        """The same for decisions that only put the reasons off."""
        return urlencode({"keys": self.keys})

    @property
    def minutes(self) -> int:
        return max(candidate.minutes for candidate in self.candidates)

    @property
    def deadline(self) -> date | None:
        return min((found.deadline for found in self.candidates if found.deadline), default=None)


@dataclass(frozen=True)
class Plan:
    """A day's work for a member: what fits into the free minutes, and what comes after it.

    `at_stake` and `covered` count each account once, with the largest expected loss among its reasons.
    """

    day: rules.Day | None
    currency: str
    planned: list[Line] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    further: int = 0
    put_off: int = 0

    at_stake: Decimal = Decimal(0)
    covered: Decimal = Decimal(0)
    unknown: int = 0

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.planned)

    @property
    def company_currency(self) -> str:
        """What figures kept on accounts are in."""
        return settings.CURRENCY

    @property
    def is_empty(self) -> bool:
        return not self.planned and not self.rest


def plan(member: Member, *, accounts: AccountQuerySet, today: date, at: datetime, most: int = SHOWN) -> Plan:
    """Plan *member*'s day over *accounts*, with its first *most* lines; queries do not grow with either."""
    day = rules.working_day(hours_of(member, today), today=today, clock=_time_of_day(member, at))
    candidates = [found for offer in offers("candidates") for found in offer(member, today, accounts)]
    standing, put_off = _without_dismissed(candidates, member=member, today=today, at=at)
    currency = currency_of(standing)
    lines = ranked(standing, rates=_rates(standing, currency, today))
    fits = rules.fit([line.minutes for line in lines], day.free if day else 0)
    planned = [line for line, fit in zip(lines, fits, strict=True) if fit]
    rest = [line for line, fit in zip(lines, fits, strict=True) if not fit]
    shown = _with_accounts([*planned, *rest][:most])
    return Plan(
        day=day,
        currency=currency,
        planned=shown[: len(planned)],
        rest=shown[len(planned) :],
        further=len(lines) - len(shown),
        put_off=put_off,
        at_stake=_sum(lines),
        covered=_sum(planned),
        unknown=sum(line.expected is None for line in lines),
    )


def hours_of(member: Member, today: date) -> rules.Hours:
    """When *member* works, and when they are away from *today* on."""
    away = Absence.objects.filter(member=member, last_day__gte=today).values_list("first_day", "last_day")
    return rules.Hours(
        start=member.works_from,
        end=member.works_until,
        days=frozenset(int(day) for day in member.working_days),
        away=tuple(away),
    )


def ranked(candidates: Iterable[Candidate], *, rates: Mapping[str, Decimal | None]) -> list[Line]:
    """One line an account, best first: the largest expected loss among its reasons ÷ the longest time one takes."""
    by_account: dict[int, list[Candidate]] = {}
    for found in sorted(candidates, key=lambda found: (found.account_id, found.key)):
        by_account.setdefault(found.account_id, []).append(found)
    lines = [_line(found, rates) for found in by_account.values()]
    order = ranking.rank(
        [np.nan if line.money is None else float(line.money) for line in lines],
        [line.main.probability for line in lines],
        [line.minutes for line in lines],
        [line.account_id for line in lines],
    ).order
    return [lines[place] for place in order.tolist()]


def currency_of(candidates: Iterable[Candidate]) -> str:
    """The one currency that all is in, or the company's when there are several."""
    found = {candidate.currency for candidate in candidates if candidate.currency}
    return found.pop() if len(found) == 1 else settings.CURRENCY


def in_charge_of(member: Member) -> AccountQuerySet:
    """The accounts that *member*'s day is about: all they see but those that have left."""
    return Account.objects.visible_to(member).exclude(stage=Account.Stage.LOST)


def _time_of_day(member: Member, at: datetime) -> time | None:
    """The member's clock; a pretended day counts whole, because nobody lives through it."""
    if clock.pretended():
        return None
    return timezone.localtime(at).time().replace(tzinfo=None)


def _without_dismissed(
    candidates: list[Candidate], *, member: Member, today: date, at: datetime
) -> tuple[list[Candidate], int]:
    decided = Dismissal.objects.in_force(member=member, day=today, at=at)
    off = set(decided.order_by().values_list("account_id", "key"))
    standing = [found for found in candidates if (found.account_id, found.key) not in off]
    return standing, len(candidates) - len(standing)


def _rates(candidates: Iterable[Candidate], currency: str, today: date) -> dict[str, Decimal | None]:
    """What each currency is worth in *currency* today, None without a rate; one query, and none for a single one."""
    found = {candidate.currency for candidate in candidates}
    if found <= {currency}:
        return {currency: Decimal(1)}
    table = RateTable(currency)
    return {one: table.on(one, today) for one in found}


def _money(candidate: Candidate, rates: Mapping[str, Decimal | None]) -> Decimal | None:
    rate = rates.get(candidate.currency)
    return None if candidate.value is None or rate is None else candidate.value * rate


def _line(candidates: list[Candidate], rates: Mapping[str, Decimal | None]) -> Line:
    """The reason with the largest expected loss first, of equals the one whose key comes first."""
    money = {id(found): _money(found, rates) for found in candidates}
    losses = {id(found): _expected(found, money[id(found)]) for found in candidates}
    main, *also = sorted(candidates, key=lambda found: -(losses[id(found)] or Decimal(-1)))
    return Line(main.account_id, main, tuple(also), money[id(main)], losses[id(main)])


def _expected(candidate: Candidate, money: Decimal | None) -> Decimal | None:
    return None if money is None else max(money, Decimal(0)) * Decimal(str(candidate.probability))


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((line.expected for line in lines if line.expected is not None), Decimal(0))


def _with_accounts(lines: list[Line]) -> list[Line]:
    """*lines* with their accounts, and the person with the most to say in each who may be contacted."""
    ids = [line.account_id for line in lines]
    contacts = _whom_to_ask_for(ids)
    accounts = {pk: contact.account for pk, contact in contacts.items()}
    if alone := [pk for pk in ids if pk not in accounts]:
        accounts |= Account.objects.select_related("lead").in_bulk(alone)
    return [replace(line, account=accounts[line.account_id], contact=contacts.get(line.account_id)) for line in lines]


def _whom_to_ask_for(account_ids: list[int]) -> dict[int, Contact]:
    people = Contact.objects.present().filter(account__in=account_ids).exclude(consent=False)
    free = people.filter(Q(do_not_contact_until=None) | Q(do_not_contact_until__lte=clock.today()))
    best: dict[int, Contact] = {}
    for person in free.select_related("account__lead").order_by("account_id", F("power").asc(nulls_first=True), "pk"):
        best[person.account_id] = person
    return best
