from django.utils.translation import gettext_lazy as _

from cartera.kit.features import MY_WORK, SETTINGS, Feature, MenuItem


class Contracts(Feature):
    name = "cartera.contracts"
    verbose_name = _("Contracts")
    verbs = "verbs.VERBS"
    menu = (
        MenuItem(label=_("Invoices"), url_name="contracts:invoices", icon="receipt", group=MY_WORK, order=50, key="i"),
        MenuItem(
            label=_("Currencies"),
            url_name="contracts:rates",
            icon="coins",
            group=SETTINGS,
            order=50,
            visible=lambda member: member.is_administrator,
        ),
    )
    stylesheet = "contracts/contracts.css"
    account_panels = "panels.PANELS"
    candidates = "candidates.CANDIDATES"
    demo = "demo.BUILDERS"
    facts = "facts.FACTS"
    feed = "feed.KINDS"
    filters = "filters.QUALIFIERS"
    imports = "imports.KINDS"
    jobs = "jobs.JOBS"
    measures = "measures.MEASURES"
    outcomes = "outcomes.OUTCOMES"
    search = "searching.SEARCHABLES"
    undo = "undoing.UNDO"
