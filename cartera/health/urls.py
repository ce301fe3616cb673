from django.urls import path

from cartera.health import views

app_name = "health"
urlpatterns = [
    path("accounts/<int:account_id>/health/", views.account, name="account"),
    path("accounts/<int:account_id>/health/panel/", views.panel, name="panel"),
    path("accounts/<int:account_id>/health/again/", views.again, name="again"),
    path("settings/scorecard/", views.scorecard, name="scorecard"),
    path("settings/scorecard/score/", views.score_all, name="score_all"),
]
