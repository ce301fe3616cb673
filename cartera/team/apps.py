from typing import Any

from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, TEAM, Feature, MenuItem


def _administers(member: Any) -> bool:
    return member.is_administrator


def _administers_the_demonstration(member: Any) -> bool:
    from cartera.kit.demo import is_marked  # it has models, which are not there yet while apps are being found

    return member.is_administrator and is_marked()


class Team(Feature):
    name = "cartera.team"
    verbose_name = _("Team")
    verbs = "verbs.VERBS"
    menu = (
        MenuItem(label=_("People"), url_name="team:chart", icon="network", group=TEAM, order=90, key="p"),
        MenuItem(
            label=_("People and ladder"),
            url_name="team:settings",
            icon="user-round-cog",
            group=SETTINGS,
            order=10,
            visible=_administers,
        ),
        MenuItem(
            label=_("Demonstration company"),
            url_name="team:demonstration",
            icon="eraser",
            group=SETTINGS,
            order=90,
            visible=_administers_the_demonstration,
        ),
    )
    search = "search.SEARCHABLES"
    adds = "adds.ADDS"
    undo = "operations.undoing.UNDO"
    stylesheet = "team/team.css"
    scripts = ("team/people.js",)
    demo = "demo.BUILDERS"
    imports = "imports.KINDS"
