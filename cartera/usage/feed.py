"""How what is done about usage reads on an account's feed; what the product reports itself is not news."""

from django.utils.translation import gettext as _

from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind


def _tied(event: Event) -> str:
    if event.data["after"]["account"] == event.account_id:
        return _("The workspace “%s” of the product belongs to this account") % event.subject
    return _("The workspace “%s” of the product no longer belongs to this account") % event.subject


KINDS = (FeedKind(kind="usage.tie", icon="activity", sentence=_tied),)
