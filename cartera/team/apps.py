from django.utils.translation import gettext_lazy as _

from cartera.kit.features import TEAM, Feature, MenuItem


class Team(Feature):
    name = "cartera.team"
    verbose_name = _("Team")
    menu = (MenuItem(label=_("People"), url_name="team:chart", icon="network", group=TEAM, order=90, key="p"),)
