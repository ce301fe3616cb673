"""Which of usage's verbs can be taken back."""

from cartera.kit.undo import Undo
from cartera.usage import operations

UNDO = (
    Undo(verb="usage.revoke_key", run=operations.undo_revoke_key),
    Undo(verb="usage.tie", run=operations.undo_tie),
    Undo(verb="usage.ignore", run=operations.undo_ignore),
)
