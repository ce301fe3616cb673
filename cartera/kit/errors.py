"""The two ways in which Cartera says no. A middleware turns both into an answer that people can read."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


class NotAllowed(PermissionDenied):
    """The member has no right to do this."""


class Refused(Exception):
    """The request makes no sense in the present state; `message` says why and what to do, translated."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
