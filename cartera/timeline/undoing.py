"""Which of timeline's verbs can be taken back."""

from cartera.kit.undo import Undo
from cartera.timeline import operations

UNDO = (
    Undo(verb="timeline.log", run=operations.undo_log),
    Undo(verb="timeline.edit", run=operations.undo_edit),
    Undo(verb="timeline.withdraw", run=operations.undo_withdraw),
)
