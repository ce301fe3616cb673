"""Which of the verbs of contracts can be taken back."""

from cartera.contracts import operations
from cartera.kit.undo import Undo

UNDO = tuple(
    Undo(verb=verb, run=operations.undo_set)
    for verb in ("contracts.mark_paid", "contracts.unmark", "contracts.set_due")
)
