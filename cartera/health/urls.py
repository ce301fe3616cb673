from django.urls import path

from cartera.health.views import account, disagreements, drafts, opinions, previews, scorecards

app_name = "health"
urlpatterns = [
    path("accounts/<int:account_id>/health/", account.account, name="account"),
    path("accounts/<int:account_id>/health/panel/", account.panel, name="panel"),
    path("accounts/<int:account_id>/health/again/", account.again, name="again"),
    path("settings/scorecards/", scorecards.scorecards, name="scorecards"),
    path("settings/scorecards/new/", scorecards.start, name="start"),
    path("settings/scorecards/score/", scorecards.score_all, name="score_all"),
    path("settings/scorecards/segments/new/", scorecards.segment, name="add_segment"),
    path("settings/scorecards/segments/order/", scorecards.order_segments, name="order_segments"),
    path("settings/scorecards/segments/<int:place>/", scorecards.segment, name="segment"),
    path("settings/scorecards/segments/<int:place>/drop/", scorecards.drop_segment, name="drop_segment"),
    path("settings/scorecards/<int:family_id>/", scorecards.scorecard, name="scorecard"),
    path("settings/scorecards/<int:family_id>/draft/", drafts.draft, name="draft"),
    path("settings/scorecards/versions/<int:card_id>/", drafts.version, name="version"),
    path("settings/scorecards/versions/<int:card_id>/order/", drafts.order, name="order"),
    path("settings/scorecards/versions/<int:card_id>/throw-away/", drafts.throw_away, name="throw_away"),
    path("settings/scorecards/versions/<int:card_id>/measures/", drafts.measures, name="measures"),
    path("settings/scorecards/versions/<int:card_id>/measures/<str:measure>/", drafts.spread, name="spread"),
    path("settings/scorecards/versions/<int:card_id>/factors/<str:measure>/", drafts.factor, name="factor"),
    path("settings/scorecards/versions/<int:card_id>/factors/<str:measure>/drop/", drafts.drop_factor, name="drop"),
    path("settings/scorecards/versions/<int:card_id>/preview/", previews.preview, name="preview"),
    path("settings/scorecards/versions/<int:card_id>/switch-on/", previews.switch_on, name="switch_on"),
    path("settings/scorecards/versions/<int:card_id>/call-off/", previews.call_off, name="call_off"),
    path("accounts/<int:account_id>/health/pulse/", opinions.pulse, name="pulse"),
    path("accounts/<int:account_id>/health/override/", opinions.override, name="override"),
    path("accounts/<int:account_id>/health/override/end/", opinions.end_override, name="end_override"),
    path("disagreements/", disagreements.page, name="disagreements"),
]
