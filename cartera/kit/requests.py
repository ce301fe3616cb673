"""A request as our pages receive it."""

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """Sent by a member (the team's middleware says who), and by htmx or not (its middleware says so)."""

    member: Any
    htmx: HtmxDetails
    LANGUAGE_CODE: str
