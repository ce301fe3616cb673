"""Our own people can be found by name, address and team."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cartera.search.offers import Searchable
from cartera.team.models import Member

SEARCHABLES = [
    Searchable(
        key="member",
        label=_("Our people"),
        model=Member,
        title=lambda member: member.name,
        text=lambda member: member.email,
        detail=lambda member: member.email,
        url=lambda hit: reverse("team:member", args=[hit.pk]),
        icon="circle-user-round",
    ),
]
