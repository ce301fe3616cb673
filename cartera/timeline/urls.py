from django.urls import path

from cartera.timeline import views

app_name = "timeline"
urlpatterns = [
    path("log/", views.log, name="log"),
    path("accounts/<int:account_id>/composer/", views.composer, name="composer"),
    path("accounts/<int:account_id>/feed/", views.feed, name="feed"),
    path("accounts/<int:account_id>/contact/", views.contact, name="contact"),
    path("interactions/<int:interaction_id>/", views.interaction, name="interaction"),
    path("interactions/<int:interaction_id>/before/", views.before, name="before"),
    path("interactions/<int:interaction_id>/edit/", views.edit, name="edit"),
    path("interactions/<int:interaction_id>/withdraw/", views.withdraw, name="withdraw"),
    path("settings/rhythm/", views.rhythm, name="rhythm"),
]
