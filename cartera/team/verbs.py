"""How the verbs of the team read in the history."""

from django.utils.translation import gettext_lazy as _

from cartera.imports.offers import COUNTS
from cartera.kit.verbs import Verb
from cartera.team.models import Absence, Post, Qualification, Requirement

VERBS = (
    Verb(key="team.found", label=_("First administrator arrived")),
    Verb(key="team.hire", label=_("Person added to the team"), models=(Post,)),
    Verb(key="team.invite", label=_("Invitation sent")),
    Verb(key="team.accept", label=_("Invitation accepted")),
    Verb(key="team.edit_person", label=_("Personal details changed")),
    Verb(key="team.edit_profile", label=_("Own details changed")),
    Verb(key="team.leave", label=_("Left the company")),
    Verb(key="team.deactivate", label=_("Access closed")),
    Verb(key="team.reactivate", label=_("Access opened again")),
    Verb(key="team.make_administrator", label=_("Made an administrator")),
    Verb(key="team.end_administrator", label=_("No longer an administrator")),
    Verb(key="team.promote", label=_("Promoted"), models=(Post,)),
    Verb(key="team.change_rung", label=_("Moved to another rung"), models=(Post,)),
    Verb(key="team.move", label=_("Given a new post"), models=(Post,)),
    Verb(key="team.undo_post", label=_("New post taken back"), models=(Post,)),
    Verb(key="team.pass_on", label=_("Reports to somebody else"), models=(Post,)),
    Verb(key="team.record_absence", label=_("Absence noted"), models=(Absence,)),
    Verb(key="team.cancel_absence", label=_("Absence cancelled"), models=(Absence,)),
    Verb(key="team.restore_absence", label=_("Absence brought back"), models=(Absence,)),
    Verb(key="team.qualify", label=_("Qualification noted"), models=(Qualification,)),
    Verb(key="team.disqualify", label=_("Qualification removed"), models=(Qualification,)),
    Verb(key="team.undo_qualify", label=_("Qualification put back as it was"), models=(Qualification,)),
    Verb(key="team.add_rung", label=_("Rung added")),
    Verb(key="team.edit_rung", label=_("Rung changed")),
    Verb(key="team.remove_rung", label=_("Rung removed")),
    Verb(key="team.ask_for", label=_("Rung asks for a qualification"), models=(Requirement,)),
    Verb(key="team.ask_no_more", label=_("Rung no longer asks for a qualification"), models=(Requirement,)),
    Verb(key="team.ask_again", label=_("Rung asks for a qualification again"), models=(Requirement,)),
    Verb(key="team.add_team", label=_("Team added")),
    Verb(key="team.edit_team", label=_("Team changed")),
    Verb(key="team.remove_team", label=_("Team removed")),
    Verb(key="team.import", label=_("People of ours taken from a file"), words=COUNTS),
)
