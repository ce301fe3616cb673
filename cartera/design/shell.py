"""What every page's shell needs: the navigation, the styles and scripts of the apps, and the date pretended."""

import json
from functools import cache
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe

from cartera.kit import clock
from cartera.kit.features import MY_WORK, SETTINGS, TEAM, MenuItem, features, offers


def menu_for(member: Any) -> dict[str, list[MenuItem]]:
    """The places that *member* may go to, by group, in order."""
    items = sorted((item for item in offers("menu") if item.visible(member)), key=lambda item: item.order)
    return {group: [item for item in items if item.group == group] for group in (MY_WORK, TEAM, SETTINGS)}


def adds_for(member: Any) -> list[MenuItem]:
    """What *member* may add from anywhere, in order."""
    return sorted((item for item in offers("adds") if item.visible(member)), key=lambda item: item.order)


@cache
def import_map() -> SafeString:
    """The apps' ES modules by their plain names ("design/toasts.js"): so modules find each other's hashed files."""
    finder = AppDirectoriesFinder()
    labels = {feature.label for feature in features()}
    names = sorted(path for path, _storage in finder.list([]) if path.endswith(".js") and path.split("/")[0] in labels)
    return mark_safe(json.dumps({"imports": {name: static(name) for name in names}}))


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    member = getattr(request, "member", None)
    return {
        "member": member,
        "menu": SimpleLazyObject(lambda: menu_for(member) if member else {}),
        "adds": SimpleLazyObject(lambda: adds_for(member) if member else []),
        "stylesheets": [feature.stylesheet for feature in features() if feature.stylesheet],
        "scripts": [script for feature in features() for script in feature.scripts],
        "import_map": SimpleLazyObject(import_map),
        "pretended_today": clock.pretended(),
    }
