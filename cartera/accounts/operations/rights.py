"""Every verb asks here whether it may be done; `by=None` is Cartera itself (the terminal, jobs, the demo)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cartera.accounts.models import Account, AccountQuerySet
from cartera.kit.errors import NotAllowed
from cartera.team.models import Member
from cartera.team.queries import circle, may


def require(by: Member | None, verb: str, accounts: AccountQuerySet | Account | None = None) -> None:
    """Raise NotAllowed unless *by* may do *verb* on each of *accounts*."""
    if by is not None and not may(by, verb, sees_account=accounts is None or _sees(by, accounts)):
        raise NotAllowed(_("You may not do this with these accounts."))


def day_of(at: datetime) -> date:
    """The date of *at* where the reader is; stewardships count in days."""
    return timezone.localdate(at)


def _sees(member: Member, accounts: AccountQuerySet | Account) -> bool:
    if isinstance(accounts, Account):
        accounts = Account.objects.filter(pk=accounts.pk)
    if circle(member) == "everyone" and member.is_active:
        return True
    return not accounts.exclude(pk__in=Account.objects.visible_to(member).order_by().values("pk")).exists()
