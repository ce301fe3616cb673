"""What conversations say should be done now: accounts that have not heard from us for longer than agreed."""

from datetime import UTC, date
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cartera.accounts.models import Account, AccountQuerySet, Contact
from cartera.accounts.offers import Candidate, Evidence
from cartera.team.models import Member
from cartera.timeline.touches import cadence

KEY = "timeline.silence"
MINUTES = 15
# How likely a client is to fall silent when nobody calls, where no score has said it yet: a mere prior.
PRIOR = 0.05


def silent(member: Member, today: date, accounts: AccountQuerySet) -> list[Candidate]:
    """Accounts whose next contact is overdue by the cadence of their tier. Two queries, however many there are.

    Left alone are accounts that are lost, and those all of whose people asked not to be contacted yet.
    """
    people = Contact.objects.known().filter(account=OuterRef("pk")).filter(Q(left_on=None) | Q(left_on__gt=today))
    closed = people.filter(do_not_contact_until__gt=today)
    open_ = people.filter(Q(do_not_contact_until=None) | Q(do_not_contact_until__lte=today))
    due = accounts.filter(next_touch_on__lt=today, last_touch_at__isnull=False).exclude(stage=Account.Stage.LOST)
    days = cadence()
    return [
        _candidate(account, today, days[account.tier])
        for account in due.exclude(Exists(closed) & ~Exists(open_)).order_by("next_touch_on", "pk")
    ]


def _candidate(account: Account, today: date, agreed: int) -> Candidate:
    assert account.last_touch_at is not None
    quiet = (today - account.last_touch_at.astimezone(UTC).date()).days
    said = {"quiet": quiet, "agreed": agreed}
    reason = ngettext(
        "No contact for %(quiet)s day; agreed is every %(agreed)s.",
        "No contact for %(quiet)s days; agreed is every %(agreed)s.",
        quiet,
    )
    return Candidate(
        account_id=account.pk,
        key=KEY,
        kind="lifecycle",
        title=_("Get in touch"),
        reason=reason % said,
        minutes=MINUTES,
        value=account.revenue or Decimal(0),
        currency=settings.CURRENCY,
        probability=PRIOR if account.silence_risk is None else float(account.silence_risk),
        evidence=[Evidence(label=_("Conversations"), url=reverse("timeline:feed", args=[account.pk]) + "?group=talk")],
    )


CANDIDATES = (silent,)
