"""How an app's events read on the feed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from cartera.kit import verbs

if TYPE_CHECKING:
    from cartera.kit.models import Change
    from cartera.timeline.models import Event

Text = str | Promise


def whole_change(change: "Change") -> Mapping[str, Any]:
    """What a sentence may need of a verb on one account: what was before and what came after."""
    return {"before": change.before, "after": change.after}


@dataclass(frozen=True, kw_only=True)
class FeedKind:
    """How events of a kind (mostly a verb: "accounts.hand_over") read.

    `sentence(event)` says what happened, where the verb's label alone does not, without who and when, which the feed
    adds. `url(event)` leads to the rows behind it. `data(change)` picks what the sentence needs from the verb's history
    row; a verb on many accounts picks little, because every account's event carries it. `group` is "talk", "change" or
    "money".
    """

    kind: str
    icon: str
    sentence: Callable[["Event"], Text] = lambda event: verbs.label(event.kind)
    url: Callable[["Event"], str | None] = lambda event: None
    data: Callable[["Change"], Mapping[str, Any]] = whole_change
    group: str = "change"
