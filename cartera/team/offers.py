"""What apps above may offer about a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from cartera.team.models import Member


@dataclass(frozen=True, kw_only=True)
class MemberPanel:
    """A panel on a member's page: the view `url_name` gets the member's id, checks who asks, and renders a fragment.

    One with `on_leaving` is shown, too, where the member's leaving is recorded: what has to be handed over.
    """

    key: str
    title: str | Promise
    url_name: str
    order: int
    icon: str = ""
    on_leaving: bool = False
    visible: Callable[[Member, Member], bool] = lambda asking, person: True


@dataclass(frozen=True, kw_only=True)
class MemberFigure:
    """A short text beside every person on the chart and in the list, such as the size of their book.

    `values(member_ids, asking=…, today=…)` gives the text of those whose figure *asking* may see, in a constant
    number of queries.
    """

    key: str
    label: str | Promise
    order: int
    values: Callable[..., Mapping[int, Any]]


def figures_of(
    figures: Iterable[MemberFigure], member_ids: list[int], *, asking: Member, today: date
) -> dict[int, list[tuple[str | Promise, Any]]]:
    """The figures of each member, as pairs of label and text, in order."""
    found: dict[int, list[tuple[str | Promise, Any]]] = {}
    for figure in sorted(figures, key=lambda figure: figure.order):
        for pk, text in figure.values(member_ids, asking=asking, today=today).items():
            found.setdefault(pk, []).append((figure.label, text))
    return found
