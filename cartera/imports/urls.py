from django.urls import path

from cartera.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.runs, name="list"),
    path("imports/new/", views.new, name="new"),
    path("imports/template/<slug:kind_key>/", views.template, name="template"),
    path("imports/<int:run_id>/", views.run, name="run"),
    path("imports/<int:run_id>/progress/", views.progress, name="progress"),
    path("imports/<int:run_id>/columns/", views.columns, name="columns"),
    path("imports/<int:run_id>/reading/", views.reading, name="reading"),
    path("imports/<int:run_id>/start/", views.start, name="start"),
    path("imports/<int:run_id>/stop/", views.stop, name="stop"),
    path("imports/<int:run_id>/undo/", views.undo, name="undo"),
    path("imports/<int:run_id>/left-out/", views.left_out, name="left_out"),
]
