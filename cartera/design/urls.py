from django.urls import path

from cartera.design import views

app_name = "design"
urlpatterns = [
    path("design/", views.gallery, name="gallery"),
    path("design/panel/", views.panel, name="panel"),
    path("language/", views.language, name="language"),
    path("preferences/", views.preferences, name="preferences"),
]
