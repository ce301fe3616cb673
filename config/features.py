"""The one list of Cartera's apps, lowest floor first. An app may use only the apps above its line in this file."""

FEATURES = [
    "cartera.kit.apps.Kit",
    "cartera.design.apps.Design",
    "cartera.imports.apps.Imports",
    "cartera.lake.apps.Lake",
    "cartera.search.apps.Search",
    "cartera.team.apps.Team",
    "cartera.accounts.apps.Accounts",
    "cartera.timeline.apps.Timeline",
    "cartera.usage.apps.Usage",
    "cartera.catalogue.apps.Catalogue",
    "cartera.contracts.apps.Contracts",
    "cartera.health.apps.Health",
    "cartera.day.apps.Day",
]
