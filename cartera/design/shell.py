"""What every page's shell needs: the navigation, the styles and scripts of the apps, and the date pretended."""

from typing import Any

from django.http import HttpRequest

from cartera.kit import clock
from cartera.kit.features import MY_WORK, SETTINGS, TEAM, MenuItem, features, offers


def menu_for(member: Any) -> dict[str, list[MenuItem]]:
    """The places that *member* may go to, by group, in order."""
    items = sorted((item for item in offers("menu") if item.visible(member)), key=lambda item: item.order)
    return {group: [item for item in items if item.group == group] for group in (MY_WORK, TEAM, SETTINGS)}


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    member = getattr(request, "member", None)
    return {
        "member": member,
        "menu": menu_for(member) if member else {},
        "stylesheets": [feature.stylesheet for feature in features() if feature.stylesheet],
        "scripts": [script for feature in features() for script in feature.scripts],
        "pretended_today": clock.pretended(),
    }
