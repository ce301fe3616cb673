from django.urls import path

from cartera.health.views import account, scorecards

app_name = "health"
urlpatterns = [
    path("accounts/<int:account_id>/health/", account.account, name="account"),
    path("accounts/<int:account_id>/health/panel/", account.panel, name="panel"),
    path("accounts/<int:account_id>/health/again/", account.again, name="again"),
    path("settings/scorecard/", scorecards.scorecard, name="scorecard"),
    path("settings/scorecard/score/", scorecards.score_all, name="score_all"),
]
