"""How the verbs of contracts read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.imports.offers import COUNTS
from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="contracts.issue", label=_("Invoice written")),
    Verb(key="contracts.issue_many", label=_("Invoices written")),
    Verb(key="contracts.mark_paid", label=_("Invoice paid")),
    Verb(key="contracts.unmark", label=_("Invoice not paid after all")),
    Verb(key="contracts.set_due", label=_("Due date changed")),
    Verb(key="contracts.set_rate", label=_("Exchange rate set")),
    Verb(key="contracts.import", label=_("Invoices taken from a file"), words=COUNTS),
)
