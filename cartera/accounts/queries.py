"""Questions about accounts that span tables."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import ngettext

from cartera.accounts.models import Account, AccountQuerySet
from cartera.design import bands, reader
from cartera.engine import groups
from cartera.team.models import Member


def get_visible(member: Member, account_id: int) -> Account:
    """The account, if *member* may see it; otherwise it does not exist for them."""
    for account in Account.objects.visible_to(member).order_by().filter(pk=account_id):
        return account
    raise Http404


def above(account: Account, member: Member) -> Account | None:
    """The group that *account* is part of, if *member* sees it."""
    return Account.objects.visible_to(member).filter(pk=account.parent_id).first() if account.parent_id else None


def children(account: Account, member: Member) -> AccountQuerySet:
    """The parts of the group *account* that *member* sees, those of most revenue first."""
    return Account.objects.visible_to(member).filter(parent=account).select_related("lead").order_by("-revenue", "name")


@dataclass(frozen=True)
class GroupHealth:
    """How what is below an account stands: `summary` counts `count` accounts, `worst` is the one of lowest health."""

    summary: groups.Group
    count: int
    worst: Account | None


def group_health(account: Account, member: Member) -> GroupHealth | None:
    """How the accounts below *account* that *member* sees stand, however deep; None when there are none. One query."""
    found = Account.objects.visible_to(member).below(account).order_by("-revenue", "pk")
    parts = list(found.only("pk", "name", "health", "revenue"))
    if not parts:
        return None
    summary = groups.summary([p.health for p in parts], [p.revenue for p in parts], line=bands.WATCH.least)
    return GroupHealth(summary, len(parts), None if summary.worst is None else parts[summary.worst])


def book(person: Member, asking: Member) -> dict[str, Any]:
    """How many accounts *person* leads among those that *asking* sees, and what they are worth."""
    accounts = Account.objects.visible_to(asking).filter(lead=person)
    healths = accounts.order_by().values_list("health", flat=True)
    return {"healths": list(healths), "revenue": accounts.aggregate(sum=Sum("revenue"))["sum"]}


def books(member_ids: list[int], *, asking: Member, today: date) -> dict[int, str]:
    """How many accounts each of the members leads among those that *asking* sees, and their revenue, in words."""
    accounts = Account.objects.visible_to(asking).filter(lead__in=member_ids).order_by()
    found = accounts.values_list("lead").annotate(count=Count("pk"), revenue=Sum("revenue"))
    return {lead: _book(count, revenue) for lead, count, revenue in found}


def _book(count: int, revenue: Decimal | None) -> str:
    size = ngettext("%(count)s account", "%(count)s accounts", count) % {"count": reader.number(count)}
    return size if not revenue else f"{size} · {reader.money_short(revenue, settings.CURRENCY)}"
