from django.urls import path

from cartera.kit import views

app_name = "kit"
urlpatterns = [
    path("undo/<int:change_id>/", views.undo_change, name="undo"),
    path("history/", views.history, name="history"),
    path("history/completion/", views.history_completion, name="history_completion"),
    path("settings/jobs/", views.jobs, name="jobs"),
]
