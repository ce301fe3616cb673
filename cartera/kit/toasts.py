"""Short notes that appear over the page: Django's messages, some of them with an Undo button."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

UNDO = "undo-"


@dataclass(frozen=True)
class Toast:
    """What the shell draws; `level` is "success", "info", "warning" or "error"; `undo_url` takes a POST."""

    level: str
    text: str
    undo_url: str | None = None


def pending(request: HttpRequest) -> list[Toast]:
    """The notes that wait for this member, taken out of the queue."""
    return [
        Toast(message.level_tag, str(message.message), _undo_url(message.extra_tags or ""))
        for message in messages.get_messages(request)
    ]


def _undo_url(tags: str) -> str | None:
    for tag in tags.split():
        if tag.startswith(UNDO):
            return reverse("kit:undo", args=[int(tag.removeprefix(UNDO))])
    return None
