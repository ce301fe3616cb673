"""Which of the verbs of health can be taken back."""

from cartera.health import operations
from cartera.health.operations import opinions
from cartera.kit.undo import Undo

UNDO = (
    Undo(verb="health.edit_draft", run=operations.undo_edit),
    Undo(verb="health.throw_away", run=operations.undo_throw_away),
    Undo(verb="health.rename", run=operations.undo_rename),
    Undo(verb="health.switch_on", run=operations.undo_switch_on),
    Undo(verb="health.assign", run=operations.undo_assign),
    Undo(verb="health.pulse", run=opinions.undo_pulse),
    Undo(verb="health.override", run=opinions.undo_override),
    Undo(verb="health.end_override", run=opinions.undo_end_override),
    Undo(verb="health.switch_risk", run=operations.undo_switch_risk),
)
