from django.utils.translation import gettext_lazy as _

from cartera.kit.features import MY_WORK, Feature, MenuItem


class Catalogue(Feature):
    name = "cartera.catalogue"
    verbose_name = _("Catalogue")
    verbs = "verbs.VERBS"
    menu = (MenuItem(label=_("Products"), url_name="catalogue:products", icon="package", group=MY_WORK, order=60),)
    demo = "demo.BUILDERS"
    imports = "imports.KINDS"
    search = "searching.SEARCHABLES"
    undo = "undoing.UNDO"
