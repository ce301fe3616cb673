from django.utils.translation import gettext_noop

from cartera.kit.features import Feature

# What Django says on our pages and has no Spanish for yet; found here, it gets ours.
OF_DJANGO = [gettext_noop("- Select an option -")]


class Design(Feature):
    name = "cartera.design"
    verbs = "verbs.VERBS"
    scripts = ("design/main.js",)
