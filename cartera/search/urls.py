from django.urls import path

from cartera.search import views

app_name = "search"
urlpatterns = [
    path("search/", views.palette, name="palette"),
    path("search/all/", views.results, name="results"),
]
