from django.urls import path

from cartera.day import views

app_name = "day"
urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.today, name="today"),
    path("today/beside/", views.beside, name="beside"),
    path("today/people/", views.people, name="people"),
    path("today/<int:account_id>/done/", views.done, name="done"),
    path("today/<int:account_id>/snooze/", views.snooze, name="snooze"),
    path("today/<int:account_id>/not-today/", views.not_today, name="not_today"),
]
