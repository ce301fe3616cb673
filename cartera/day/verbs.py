"""How what is decided about reasons on Today reads in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.day.models import Dismissal
from cartera.kit.verbs import Verb

VERBS = (
    Verb(key=f"day.{Dismissal.Kind.DONE}", label=_("Reason on Today dealt with")),
    Verb(key=f"day.{Dismissal.Kind.SNOOZE}", label=_("Reason on Today put off")),
    Verb(key=f"day.{Dismissal.Kind.NOT_TODAY}", label=_("Reason kept off today's plan")),
)
