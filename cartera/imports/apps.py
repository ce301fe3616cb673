from typing import Any

from django.utils.translation import gettext_lazy as _

from cartera.kit.features import SETTINGS, Feature, MenuItem


def _may_import(member: Any) -> bool:
    from cartera.imports import queries

    return queries.may_import(member)


class Imports(Feature):
    name = "cartera.imports"
    verbose_name = _("Imports")
    verbs = "verbs.VERBS"
    stylesheet = "imports/imports.css"
    scripts = ("imports/drop.js",)
    menu = (
        MenuItem(
            label=_("Imports"),
            url_name="imports:list",
            icon="upload",
            group=SETTINGS,
            order=20,
            key="i",
            visible=_may_import,
        ),
    )
