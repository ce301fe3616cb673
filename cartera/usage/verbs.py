"""How the verbs of usage read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="usage.make_key", label=_("Key for reporting made"), words={"ending": _("ends with")}),
    Verb(key="usage.revoke_key", label=_("Key for reporting revoked")),
    Verb(key="usage.tie", label=_("Workspace given to an account")),
    Verb(key="usage.ignore", label=_("Workspace left out, or let in again")),
    Verb(key="usage.try_again", label=_("Messages put aside tried again"), words={"messages": _("messages")}),
    Verb(key="usage.forget", label=_("Person of the product forgotten")),
)
