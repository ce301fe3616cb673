"""What can be wrong with a file as a whole; each error knows its place, as far as there is one."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Unreadable(Exception):
    """The file cannot be imported as it is. `line` and `column` count from 1; 0 is unknown."""

    def __init__(self, message: str | Promise, *, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column

    def __str__(self) -> str:
        if self.line and self.column:
            return _("Line %(line)s, column %(column)s: %(message)s") % self._parts()
        if self.line:
            return _("Line %(line)s: %(message)s") % self._parts()
        return str(self.message)

    def _parts(self) -> dict[str, object]:
        return {"line": self.line, "column": self.column, "message": self.message}


class Undecided(Unreadable):
    """The file can be read in two ways, and a person has to say which. `heading` is the column in question."""

    def __init__(self, message: str | Promise, *, heading: str, line: int = 0) -> None:
        super().__init__(message, line=line)
        self.heading = heading
