"""What was done, in words. Each app says, beside its operations, how its verbs read in the history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartera.kit.features import offers


@dataclass(frozen=True, kw_only=True)
class Verb:
    """*key* stands in the history ("accounts.hand_over"); *label* says what was done, without who, to what and when.

    What was before and after is named by *words*, else by the fields of the subject's model and of *models*. A name
    that none of them knows, or that *words* gives None, is the verb's own note for taking it back, not for readers.
    """

    key: str
    label: str | Promise
    models: tuple[type[Model], ...] = ()
    words: Mapping[str, str | Promise | None] = field(default_factory=dict)


@cache
def offered() -> dict[str, Verb]:
    """The verbs of all apps, by key."""
    return {verb.key: verb for verb in offers("verbs")}


def label(key: str) -> str | Promise:
    """What was done, in words; the bare key of a verb whose app is gone."""
    return offered()[key].label if key in offered() else key


VERBS = (Verb(key="kit.demo_built", label=_("Demonstration company built"), words={"company": _("company")}),)
