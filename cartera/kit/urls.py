from django.urls import path

from cartera.kit import views

app_name = "kit"
urlpatterns = [
    path("undo/<int:change_id>/", views.undo_change, name="undo"),
]
