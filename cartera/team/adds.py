"""What can be added from anywhere."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, MenuItem


def _administers(member: Any) -> bool:
    return member.is_administrator


ADDS = [
    MenuItem(
        label=_("Someone of our people"),
        url_name="team:hire",
        icon="user-plus",
        group=SETTINGS,
        order=90,
        visible=_administers,
    )
]
