"""How the verbs of conversations read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account
from cartera.imports.offers import COUNTS
from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="timeline.log", label=_("Conversation written down")),
    Verb(key="timeline.log_many", label=_("Conversations written down")),
    Verb(key="timeline.edit", label=_("Conversation corrected")),
    Verb(key="timeline.withdraw", label=_("Conversation withdrawn")),
    Verb(key="timeline.restore", label=_("Conversation brought back")),
    Verb(key="timeline.set_cadence", label=_("Rhythm of contact set"), words=dict(Account.Tier.choices)),
    Verb(key="timeline.import", label=_("Conversations taken from a file"), words=COUNTS),
)
