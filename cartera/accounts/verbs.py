"""How the verbs of accounts read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.models import Account, Closing, Stewardship
from cartera.imports.offers import COUNTS
from cartera.kit.verbs import Verb

VERBS = (
    Verb(key="accounts.open", label=_("Account opened")),
    Verb(key="accounts.open_many", label=_("Accounts opened")),
    Verb(key="accounts.edit", label=_("Account edited")),
    Verb(key="accounts.move_stage", label=_("Stage changed")),
    Verb(key="accounts.set_many", label=_("Tier or stage changed"), models=(Account,)),
    Verb(key="accounts.tag", label=_("Tags changed"), words={"tags": None, "add": _("added"), "remove": _("removed")}),
    Verb(key="accounts.hand_over", label=_("Handed over"), words={"from": _("from whom"), "name": _("to whom")}),
    Verb(key="accounts.assign", label=_("Steward added"), models=(Stewardship,), words={"name": None}),
    Verb(key="accounts.end_stewardship", label=_("A stewardship ended"), models=(Stewardship,), words={"name": None}),
    Verb(key="accounts.close", label=_("The client left"), models=(Closing,)),
    Verb(key="accounts.reopen", label=_("The client came back")),
    Verb(key="accounts.merge", label=_("Accounts merged"), words={"name": _("merged with")}),
    Verb(
        key="accounts.keep_apart",
        label=_("Looked at as a duplicate: it is none"),
        words={"name": _("not the same as")},
    ),
    Verb(key="accounts.add_contact", label=_("Person added")),
    Verb(key="accounts.edit_contact", label=_("Person edited")),
    Verb(key="accounts.contact_left", label=_("Person left the company")),
    Verb(key="accounts.leave_alone", label=_("Person not to be contacted for a while")),
    Verb(
        key="accounts.merge_contacts", label=_("Two entries of a person became one"), words={"name": _("merged with")}
    ),
    Verb(key="accounts.save_view", label=_("View saved")),
    Verb(key="accounts.drop_view", label=_("View removed")),
    Verb(key="accounts.define_field", label=_("Own field set up"), words={"order": None}),
    Verb(key="accounts.drop_field", label=_("Own field removed"), words={"order": None}),
    Verb(key="accounts.import", label=_("Taken from a file of accounts"), words=COUNTS),
    Verb(key="accounts.import_contacts", label=_("People taken from a file"), words=COUNTS),
    Verb(key="accounts.import_stewardship", label=_("Stewards taken from a file"), words=COUNTS),
)
