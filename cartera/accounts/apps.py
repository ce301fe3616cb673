from django.utils.translation import gettext_lazy as _

from cartera.kit.features import MY_WORK, SETTINGS, Feature, MenuItem


class Accounts(Feature):
    name = "cartera.accounts"
    verbose_name = _("Accounts")
    verbs = "verbs.VERBS"
    facts = "facts.FACTS"
    measures = "measures.MEASURES"
    outcomes = "outcomes.OUTCOMES"
    menu = (
        MenuItem(label=_("Accounts"), url_name="accounts:list", icon="building-2", group=MY_WORK, order=20, key="a"),
        MenuItem(
            label=_("Own fields"), url_name="accounts:fields", icon="list-plus", group=SETTINGS, order=40,
            visible=lambda member: member.is_administrator,
        ),
    )  # fmt: skip
    stylesheet = "accounts/accounts.css"
    scripts = ("accounts/accounts.js",)
    account_panels = "panels.PANELS"
    member_panels = "panels.MEMBER_PANELS"
    member_figures = "panels.MEMBER_FIGURES"
    filters = "filters.QUALIFIERS"
    imports = "imports.KINDS"
    demo = "demo.BUILDERS"
    undo = "operations.UNDO"
    search = "search.SEARCHABLES"
