"""What of the team's verbs can be taken back."""

from cartera.kit.undo import Undo
from cartera.team.operations import company, people, posts, records

UNDO = (
    Undo(verb="team.promote", run=posts.undo_promote),
    Undo(verb="team.change_rung", run=posts.undo_promote),
    Undo(verb="team.move", run=posts.undo_promote),
    Undo(verb="team.leave", run=people.undo_leave),
    Undo(verb="team.deactivate", run=people.undo_deactivate),
    Undo(verb="team.make_administrator", run=people.undo_administrator),
    Undo(verb="team.end_administrator", run=people.undo_administrator),
    Undo(verb="team.record_absence", run=records.undo_record_absence),
    Undo(verb="team.cancel_absence", run=records.undo_cancel_absence),
    Undo(verb="team.qualify", run=records.undo_qualify),
    Undo(verb="team.disqualify", run=records.undo_disqualify),
    Undo(verb="team.ask_no_more", run=company.undo_ask_no_more),
)
