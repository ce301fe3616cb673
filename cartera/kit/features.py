"""What an app offers to the others. Django's own app registry is the registry; nothing is registered twice."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, ClassVar

from django.apps import AppConfig, apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string

MY_WORK, TEAM, SETTINGS = "my_work", "team", "settings"


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """A place in the navigation: `group` is MY_WORK, TEAM or SETTINGS; `key` the letter after `g`."""

    label: str | Promise
    url_name: str
    icon: str
    group: str
    order: int
    key: str = ""
    visible: Callable[[Any], bool] = lambda member: True


class Feature(AppConfig):
    """An app of Cartera. Each offer but the menu is the place, inside the app, of a sequence of offered objects."""

    default_auto_field = "django.db.models.BigAutoField"

    menu: ClassVar[tuple[MenuItem, ...]] = ()
    stylesheet: ClassVar[str] = ""
    scripts: ClassVar[tuple[str, ...]] = ()
    account_panels: ClassVar[str] = ""
    account_heads: ClassVar[str] = ""
    feed: ClassVar[str] = ""
    facts: ClassVar[str] = ""
    measures: ClassVar[str] = ""
    outcomes: ClassVar[str] = ""
    candidates: ClassVar[str] = ""
    imports: ClassVar[str] = ""
    filters: ClassVar[str] = ""
    search: ClassVar[str] = ""
    jobs: ClassVar[str] = ""
    demo: ClassVar[str] = ""
    verbs: ClassVar[str] = ""
    undo: ClassVar[str] = ""
    adds: ClassVar[str] = ""
    member_panels: ClassVar[str] = ""
    member_figures: ClassVar[str] = ""

    def has_urls(self) -> bool:
        return find_spec(f"{self.name}.urls") is not None


def features() -> list[Feature]:
    """All installed apps of Cartera, lowest floor first."""
    return [config for config in apps.get_app_configs() if isinstance(config, Feature)]


def offers(kind: str) -> list[Any]:
    """Everything that all apps offer of *kind* (the name of one of Feature's attributes), lowest floor first."""
    found: list[Any] = []
    for feature in features():
        if place := getattr(feature, kind):
            found.extend(place if kind == "menu" else import_string(f"{feature.name}.{place}"))
    return found
