from django.utils.translation import gettext_lazy as _

from cartera.kit.features import MY_WORK, Feature, MenuItem


class Accounts(Feature):
    name = "cartera.accounts"
    verbose_name = _("Accounts")
    menu = (
        MenuItem(label=_("Accounts"), url_name="accounts:list", icon="building-2", group=MY_WORK, order=20, key="a"),
    )
    imports = "imports.KINDS"
    demo = "demo.BUILDERS"
    undo = "operations.UNDO"
    search = "search.SEARCHABLES"
