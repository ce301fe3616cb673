"""How the verbs of usage read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="usage.make_key", label=_("Write key made"), words={"ending": _("ends in")}),
    Verb(key="usage.revoke_key", label=_("Write key revoked")),
    Verb(key="usage.tie", label=_("Workspace tied to an account"), words={"account": _("account")}),
    Verb(key="usage.ignore", label=_("Workspace left out")),
    Verb(key="usage.try_again", label=_("Messages tried again"), words={"messages": _("messages")}),
    Verb(key="usage.forget", label=_("User of the product erased"), words={"person": _("number")}),
)
