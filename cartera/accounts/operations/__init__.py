"""Every verb that changes accounts, their people and their stewards; one file for each kind."""

from cartera.accounts.operations.closing import close, reopen, undo_close, undo_reopen
from cartera.accounts.operations.editing import (
    define_field,
    drop_field,
    edit,
    move_stage,
    set_many,
    tag,
    undo_edit,
    undo_set_many,
    undo_tag,
)
from cartera.accounts.operations.figures import keep_figures
from cartera.accounts.operations.merging import (
    keep_apart,
    merge,
    merge_contacts,
    undo_keep_apart,
    undo_merge,
    undo_merge_contacts,
)
from cartera.accounts.operations.opening import open_account, open_many
from cartera.accounts.operations.people import add_contact, edit_contact, leave_alone, mark_left, undo_contact
from cartera.accounts.operations.stewarding import (
    assign,
    end_stewardship,
    hand_over,
    hand_over_each,
    undo_stewards,
    with_wrong_lead,
)
from cartera.accounts.operations.views import drop_view, save_view, undo_drop_view
from cartera.kit.undo import Undo

__all__ = [
    "UNDO", "add_contact", "assign", "close", "define_field", "drop_field", "drop_view", "edit", "edit_contact",
    "end_stewardship", "hand_over", "hand_over_each", "keep_apart", "keep_figures", "leave_alone", "mark_left", "merge",
    "merge_contacts", "move_stage", "open_account", "open_many", "reopen", "save_view", "set_many", "tag",
    "with_wrong_lead",
]  # fmt: skip

UNDO = [
    Undo(verb="accounts.edit", run=undo_edit),
    Undo(verb="accounts.move_stage", run=undo_edit),
    Undo(verb="accounts.set_many", run=undo_set_many),
    Undo(verb="accounts.tag", run=undo_tag),
    Undo(verb="accounts.hand_over", run=undo_stewards),
    Undo(verb="accounts.assign", run=undo_stewards),
    Undo(verb="accounts.end_stewardship", run=undo_stewards),
    Undo(verb="accounts.close", run=undo_close),
    Undo(verb="accounts.reopen", run=undo_reopen),
    Undo(verb="accounts.merge", run=undo_merge),
    Undo(verb="accounts.merge_contacts", run=undo_merge_contacts),
    Undo(verb="accounts.keep_apart", run=undo_keep_apart),
    Undo(verb="accounts.edit_contact", run=undo_contact),
    Undo(verb="accounts.contact_left", run=undo_contact),
    Undo(verb="accounts.leave_alone", run=undo_contact),
    Undo(verb="accounts.drop_view", run=undo_drop_view),
]
