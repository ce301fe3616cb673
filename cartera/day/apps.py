from django.utils.translation import gettext_lazy as _

from cartera.kit.features import MY_WORK, Feature, MenuItem


class Day(Feature):
    name = "cartera.day"
    verbose_name = _("Today")
    verbs = "verbs.VERBS"
    stylesheet = "day/day.css"
    menu = (MenuItem(label=_("Today"), url_name="day:today", icon="sun", group=MY_WORK, order=10, key="t"),)
    feed = "feed.KINDS"
    undo = "operations.UNDO"
