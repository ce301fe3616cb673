"""The bands that a health score falls into, each with a word and a shape, so that colour never speaks alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Band:
    key: str
    word: str | Promise
    icon: str
    least: float


GOOD = Band("good", pgettext_lazy("health", "Healthy"), "circle-check", 70)
WATCH = Band("watch", pgettext_lazy("health", "Watch"), "triangle-alert", 40)
BAD = Band("bad", pgettext_lazy("health", "At risk"), "octagon-alert", 0)
UNKNOWN = Band("neutral", _("No score"), "circle-dashed", 0)


def band(score: float | None) -> Band:
    """The band of *score* (0-100, high is good); None has a band of its own, it is not zero."""
    if score is None:
        return UNKNOWN
    return next(one for one in (GOOD, WATCH, BAD) if score >= one.least or one is BAD)
