"""Questions about accounts that span tables."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import ngettext

from cartera.accounts.models import Account, AccountQuerySet
from cartera.design import reader
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


def group_health(parts: list[Account]) -> tuple[Account | None, Decimal | None]:
    """The worst of *parts*, and their health weighted by revenue; unknown ones count in neither."""
    known = [(part.health, part) for part in parts if part.health is not None]
    weights = [(health, part.revenue) for health, part in known if part.revenue]
    total = sum((revenue for _health, revenue in weights), Decimal())
    _health, worst = min(known, key=lambda pair: pair[0], default=(None, None))
    return worst, sum((h * r for h, r in weights), Decimal()) / total if total else None


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
