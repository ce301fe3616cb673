"""How the verbs of health read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="health.switch_on", label=_("Scorecard switched on")),
    Verb(key="health.score", label=_("Every account scored"), words={"changed": _("scores that changed")}),
)
