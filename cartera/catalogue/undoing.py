"""Which of the catalogue's verbs can be taken back."""

from cartera.catalogue import operations
from cartera.kit.undo import Undo

UNDO = (
    Undo(verb="catalogue.edit", run=operations.undo_edit),
    Undo(verb="catalogue.archive", run=operations.undo_archive),
    Undo(verb="catalogue.restore", run=operations.undo_archive),
)
